"""What a later run needs to be compared with some months of this one: processes, gases and products month by month."""

from collections.abc import Mapping
from typing import Any

from tanheng.accounting.figures import add
from tanheng.accounting.processes import process_accounts, process_view
from tanheng.accounting.result import ResultDocument

__all__ = ["by_month"]


def by_month(document: ResultDocument) -> dict[str, Any]:
    """For `Run.views`: `processes`, `gases` and `denominators`, each `{month: {id: value}}`."""
    months = list(document.data["months"])
    return {
        "processes": {month: _processes(document, month) for month in months},
        "gases": {month: _gases(document, month) for month in months},
        "denominators": {month: _denominators(document, month) for month in months},
    }


def _processes(document: ResultDocument, month: str) -> dict[str, float | None]:
    data = document.data
    lines, of_processes = data["lines"], process_accounts(data)
    columns = zip(lines["account"], lines["month"], lines["process"], lines["value"], strict=True)
    inside = [(path, value) for account, when, path, value in columns if account in of_processes and when == month]
    paths, values = [path for path, _ in inside], [value for _, value in inside]
    view = process_view(paths, values, data["months"][month]["value"], data["shares"])
    # a process without a line in this month had nothing in it
    return {path: view[path]["value"] if path in view else 0.0 for path in data["processes"]}


def _gases(document: ResultDocument, month: str) -> dict[str, float | None]:
    lines = document.data["lines"]
    found: dict[str, list[float | None]] = {gas: [] for gas in document.data["gases"]}
    for account, when, gas, value in zip(lines["account"], lines["month"], lines["gas"], lines["value"], strict=True):
        if account == "enterprise" and when == month:
            found[gas].append(value)
    return {gas: add(values) for gas, values in found.items()}


def _denominators(document: ResultDocument, month: str) -> dict[str, float | None]:
    return {id: _denominator(rows, month) for id, rows in document.data["denominators"].items()}


def _denominator(rows: Mapping[str, Any], month: str) -> float | None:
    """The product of a month; None where none was reported."""
    here = [value for when, value in zip(rows["month"], rows["value"], strict=True) if when == month]
    return add(here) if here else None
