"""``tanheng compare``: two results side by side, every difference with its reasons."""

import argparse
import json
from collections.abc import Iterator
from typing import Any

from tanheng.accounting.case import Case, load_case
from tanheng.accounting.compare import Comparison, Scope, compare
from tanheng.accounting.result import ResultDocument
from tanheng.accounting.run import run
from tanheng.cli.printing import width
from tanheng.kernel.errors import InputError
from tanheng.kernel.rounding import round_half_up
from tanheng.kernel.units import label
from tanheng.rules.package import load_standard

__all__ = ["comparison", "comparison_json", "comparison_text"]

_SHOWN = 0.005  # tCO2e; smaller parts are noise of two decimals and stand in the JSON only


def comparison(options: argparse.Namespace) -> int:
    """Compare two cases, one case under two standards, or two processes of one case."""
    cases = [load_case(path) for path in options.case]
    pairs = list(_chosen(cases, options.standard or [], options.process or []))
    paths = [*(options.process or []), "", ""][:2] if options.process else ["", ""]
    if len(options.process or []) == 1:
        paths = [options.process[0]] * 2
    docs = [_run(case, standard) for case, standard in pairs]
    found = compare(docs[0], docs[1], before_scope=Scope(paths[0]), after_scope=Scope(paths[1]))
    if options.json:
        print(json.dumps(comparison_json(found), ensure_ascii=False, indent=1, sort_keys=True))
    else:
        print("\n".join(comparison_text(found, (docs[0].data["title"], docs[1].data["title"]))))
    return 0


def _chosen(cases: list[Case], standards: list[str], processes: list[str]) -> Iterator[tuple[Case, str]]:
    """Yield case and standard of both sides.

    Raises
    ------
    InputError
        ``compare.two_needed`` where cases and standards do not make two results.
    """
    for name in standards:
        load_standard(name)
    names = [*standards] or ([*cases[0].standards[:2]] if len(cases) == 1 else [])
    if len(cases) == 1 and len(names) == 1 and len(processes) == 2:
        names *= 2
    fits = len(cases) <= 2 and (len(names) == 2 if len(cases) == 1 else len(names) <= 2)
    if not fits or len(processes) > 2:
        raise InputError("compare.two_needed", cases=len(cases), standards=len(names))
    for n in range(2):
        case = cases[n % len(cases)]
        own = names[n % len(names)] if names else next(iter(case.standards), "")
        if not own:
            raise InputError("case.no_standard", file=case.document.file)
        yield case, own


def _run(case: Case, standard: str) -> ResultDocument:
    return run(load_standard(standard), case.stream_set, period=case.period, as_of=case.as_of, title=case.title)


def comparison_json(found: Comparison) -> dict[str, Any]:
    """Return the comparison as plain data; parts [tCO2e] add up to the change of the total."""
    return {
        "names": list(found.names),
        "total": _change(found.total),
        "parts": [{"kind": part.kind, "zh": part.text, "value": part.value} for part in found.parts],
        "sources": [
            {
                "id": source.id, "zh": source.label, "before": source.before, "after": source.after,
                "difference": float(source.exact),
                "streams": [
                    {
                        "id": stream.key, "zh": stream.label, "before": stream.before, "after": stream.after,
                        "difference": float(stream.exact),
                        "reasons": [{"kind": p.kind, "value": p.value, "text": p.text} for p in stream.parts],
                    }
                    for stream in source.streams
                ],
            }
            for source in found.differences
        ],
        "rest": [{"kind": part.kind, "value": part.value, "text": part.text} for part in found.rest],
        "indicators": [_change(change) for change in found.indicators],
        "processes": [_change(change) for change in found.processes],
        "unit": found.total.unit,
    }  # fmt: skip


def _change(change: Any) -> dict[str, Any]:
    values = {"before": change.before, "after": change.after, "difference": change.change}
    return {"address": change.address, "zh": change.label, "unit": change.unit, **values}


def comparison_text(found: Comparison, titles: tuple[str, str]) -> Iterator[str]:
    """Yield the comparison as lines of text."""
    for name, title in zip(found.names, titles, strict=True):
        yield f"{name}：{title}"
    yield ""
    yield _row(found.total.label, found.total.before, found.total.after, found.total.change)
    for part in found.parts:
        if abs(part.value) >= _SHOWN:
            yield _row(f"  {part.text}", None, None, part.value)
    yield ""
    yield "按排放源与源流"
    for source in found.differences:
        yield _row(f"  {source.label}", source.before, source.after, float(source.exact))
        for stream in source.streams:
            reasons = [part for part in stream.parts if abs(part.value) >= _SHOWN]
            if reasons:
                yield _row(f"    {stream.label}", stream.before, stream.after, float(stream.exact))
            yield from (f"      {_number(part.value):>18}  {part.text}" for part in reasons)
    yield ""
    yield "指标"
    for change in found.indicators:
        yield _row(f"  {change.label} {label(change.unit)}", change.before, change.after, change.change, 4)


def _row(name: str, before: float | None, after: float | None, change: float | None, decimals: int = 2) -> str:
    columns = "".join(f"{_number(value, decimals):>18}" for value in (before, after, change))
    return f"{name}{' ' * max(1, 36 - width(name))}{columns}"


def _number(value: float | None, decimals: int = 2) -> str:
    return "" if value is None else f"{round_half_up(float(value), decimals):,}"
