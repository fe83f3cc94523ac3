"""Places of a copied standard: the outline of what can be edited, and the form that mends a fault."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from tanheng.kernel.catalogue import materials
from tanheng.kernel.errors import TanhengError
from tanheng.kernel.quantities import glossary
from tanheng.kernel.roles import role_zh
from tanheng.rules.formula import Expression
from tanheng.rules.package_copy import data_of, rows_of
from tanheng.rules.package_copy_diff import place_zh, rule_zh
from tanheng.rules.printers import mathml
from tanheng_web.catalogue.models import StandardCopy

__all__ = ["NOT_COUNTED", "outline", "place_url", "table_names"]

NOT_COUNTED = "not_counted"  # stands for a source in the addresses of rules


def table_names(files) -> list[str]:
    """The tables of default values, in a fixed order: their place is their number in addresses."""
    return sorted(name for name in files if name.startswith("parameters/") and name.endswith(".csv"))


def _url(copy: StandardCopy, name: str, **values: object) -> str:
    return reverse(f"catalogue:{name}", kwargs={"org": copy.organisation_id, "copy": copy.pk, **values})


def place_url(copy: StandardCopy, file: str, path: Sequence) -> tuple[str, str]:
    """Words for a place and the form in which it is mended (the overview where there is none)."""
    words = place_zh(file, tuple(path), copy.files) if not file.endswith(".csv") else _row_words(copy, file, path)
    return words, _form_url(copy, file, path)


def _row_words(copy: StandardCopy, file: str, path: Sequence) -> str:
    rows = rows_of(copy.files, file)
    number = path[0] if path and isinstance(path[0], int) and 0 <= path[0] < len(rows) else None
    return _("缺省值") if number is None else f"{_('缺省值')} · {_row_name(rows[number])}"


def _form_url(copy: StandardCopy, file: str, path: Sequence) -> str:
    formulas, text = data_of(copy.files, "formulas.yaml"), data_of(copy.files, "standard.yaml")
    if file == "formulas.yaml" and path and path[0] in formulas:
        return _url(copy, "copy-formula", formula=path[0])
    if file in table_names(copy.files) and path and 0 <= path[0] < len(rows_of(copy.files, file)):
        return _url(copy, "copy-parameter", table=table_names(copy.files).index(file), row=path[0])
    if file == "standard.yaml" and path:
        if path[0] == "sources" and len(path) > 1 and path[1] in text.get("sources", {}):
            is_rule = len(path) > 3 and path[2] == "take"
            values = {"source": path[1], "number": path[3]} if is_rule else {"source": path[1]}
            return _url(copy, "copy-rule" if is_rule else "copy-source", **values)
        if path[0] == NOT_COUNTED and len(path) > 1:
            return _url(copy, "copy-rule", source=NOT_COUNTED, number=path[1])
        if path[0] == "rounding":
            return _url(copy, "copy-rounding")
        if path[0] == "indicators" and len(path) > 1 and path[1] in (text.get("indicators") or {}):
            return _url(copy, "copy-indicator", indicator=path[1])
        if path[0] in ("constants", "gwp"):
            return _url(copy, "copy-constants")
        return _url(copy, "copy-identity")
    return _url(copy, "copy")


def _row_name(row: dict[str, str]) -> str:
    quantity, material = row["quantity"], row["material"]
    named = glossary()[quantity].zh if quantity in glossary() else quantity
    what = materials()[material].zh if material in materials() else (material or _("任何物料"))
    return " · ".join(part for part in (named, what, role_zh(row["role"]) if row["role"] else "") if part)


def outline(copy: StandardCopy) -> dict[str, list]:
    """What can be edited, each with its words and address."""
    formulas, text = data_of(copy.files, "formulas.yaml"), data_of(copy.files, "standard.yaml")
    return {
        "formulas": [
            (entry.get("zh", name), _typeset(entry.get("expr", "")), _url(copy, "copy-formula", formula=name))
            for name, entry in formulas.items()
        ],
        "indicators": [
            (entry.get("zh", name), entry.get("unit", ""), _url(copy, "copy-indicator", indicator=name))
            for name, entry in (text.get("indicators") or {}).items()
        ],
        "sources": [_source(copy, name, source) for name, source in text["sources"].items()],
        "not_counted": [
            (rule_zh(rule), rule.get("reason", ""), _url(copy, "copy-rule", source=NOT_COUNTED, number=n))
            for n, rule in enumerate(text.get("not_counted") or [])
        ],
        "parameters": [
            (_row_name(row), row["value"], row["unit"], row["document"], _url(copy, "copy-parameter", table=t, row=n))
            for t, name in enumerate(table_names(copy.files))
            for n, row in enumerate(rows_of(copy.files, name))
        ],
    }


def _typeset(text: str) -> str:
    """An expression as an equation; one that is not readable as it was written."""
    try:
        return mark_safe(mathml(Expression.parse(text)))  # the printer escapes every text
    except TanhengError:
        return text


def _source(copy: StandardCopy, name: str, source: dict) -> dict:
    return {
        "zh": source.get("zh", name),
        "url": _url(copy, "copy-source", source=name),
        "add": _url(copy, "copy-rule", source=name, number=len(source["take"])),
        "rules": [
            (rule_zh(rule), rule.get("reason", ""), _url(copy, "copy-rule", source=name, number=n))
            for n, rule in enumerate(source["take"])
        ],
    }
