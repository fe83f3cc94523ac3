"""A result against what a case expects of it: to the last digit given, unless a wider tolerance states its reason."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tanheng.accounting.result import ResultDocument
from tanheng.kernel.errors import InputError, TanhengError
from tanheng.kernel.quantities import Quantity, parse_quantity
from tanheng.kernel.rounding import round_half_up
from tanheng.kernel.units import compatible, convert

__all__ = ["Difference", "differences"]

_FIGURES = ("sources", "subtotals", "accounts", "gases", "processes", "months", "indicators", "information")
_ADDRESS = {
    "sources": "source", "subtotals": "subtotal", "gases": "gas", "processes": "process", "months": "month",
    "indicators": "indicator", "streams": "stream", "accounts": "account", "information": "denominator",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is not as expected; ``address`` opens the figure."""

    place: str
    expected: str
    found: str
    address: str

    def zh(self) -> str:
        """Return one line for people."""
        return f"{self.place}：应为 {self.expected}，实为 {self.found}"


def differences(doc: ResultDocument, expect: Mapping[str, Any]) -> Iterator[Difference]:
    """Yield every difference between a result and what is expected of it."""
    tolerance = _tolerance(expect.get("tolerance"))
    yield from _figures(doc, expect, tolerance, wanted=True)
    yield from _figures(doc, expect.get("must_not") or {}, tolerance, wanted=False)
    yield from _origins(doc, expect.get("origins") or {})
    listed = [entry["stream"] for entry in doc.data["not_counted"]]
    for stream in expect.get("not_counted") or ():
        if stream not in listed:
            yield Difference(f"not_counted {stream}", "不计入", "未列出", f"stream:{stream}")
    if "complete" in expect and bool(expect["complete"]) != doc.data["complete"]:
        yield Difference("complete", str(expect["complete"]), str(doc.data["complete"]), "total")
    for name in ("gaps", "warnings"):
        for code in expect.get(name) or ():
            if code not in [entry["code"] for entry in doc.data[name]]:
                yield Difference(name, str(code), "没有", "total")


def _figures(
    doc: ResultDocument, expect: Mapping[str, Any], tolerance: Decimal | None, *, wanted: bool
) -> Iterator[Difference]:
    if "total" in expect:
        yield from _compare("total", "total", doc.data["total"], expect["total"], doc, tolerance, wanted)
    for group in _FIGURES:
        for key, given in (expect.get(group) or {}).items():
            address = f"{_ADDRESS[group]}:{key}"
            yield from _compare(f"{group} {key}", address, doc.data[group].get(key), given, doc, tolerance, wanted)
    for stream, given in (expect.get("streams") or {}).items():
        yield from _compare(
            f"streams {stream}", f"stream:{stream}", _stream(doc, stream), given, doc, tolerance, wanted
        )


def _stream(doc: ResultDocument, stream: str) -> Mapping[str, Any] | None:
    entries = [entry for entry in doc.data["streams"] if entry["id"] == stream]
    own = [entry for entry in entries if entry["account"] == "enterprise"] or entries
    if not own:
        return None
    values = [entry["value"] for entry in own]
    return {"value": None if None in values else sum(values), "unit": "tCO2e"}


def _compare(
    place: str, address: str, figure: Mapping[str, Any] | None, given: Any, doc: ResultDocument,
    tolerance: Decimal | None, wanted: bool,
) -> Iterator[Difference]:  # fmt: skip
    for each in given if isinstance(given, list) else [given]:
        entry = each if isinstance(each, dict) else {"value": each}
        own = _tolerance(entry.get("tolerance")) if "tolerance" in entry else tolerance
        text = str(entry.get("value"))
        try:
            expected = parse_quantity(text, default_unit=figure["unit"] if figure else "tCO2e")
            found = None if figure is None else _in_unit(figure, expected.unit, doc)
        except TanhengError as error:
            yield Difference(place, text, error.zh(), address)
            continue
        same = found is not None and _same(found, expected, own)
        if same != wanted and (wanted or found is not None):
            shown = (
                "没有这个数字"
                if figure is None
                else "未知（有缺口）"
                if found is None
                else f"{found!r} {expected.unit}"
            )
            yield Difference(place, text if wanted else f"不得为 {text}", shown, address)


def _same(found: float, expected: Quantity, tolerance: Decimal | None) -> bool:
    exponent = expected.value.as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) else 0
    if tolerance is not None:
        return abs(Decimal(repr(found)) - expected.value) <= tolerance
    return round_half_up(Decimal(f"{found:.15g}"), decimals) == expected.value


def _in_unit(figure: Mapping[str, Any], unit: str, doc: ResultDocument) -> float | None:
    """Return a figure in the unit expected; tCO2 is accepted where no other gas than CO2 has a part in the result."""
    value: float | None = figure["value"]
    if value is None:
        return None
    own = str(figure["unit"])
    if compatible(own, unit):
        return float(convert(value, own, unit))
    only_co2 = all(gas == "CO2" or not entry["value"] for gas, entry in doc.data["gases"].items())
    alias = own.replace("tCO2e", "tCO2")
    if only_co2 and compatible(alias, unit):
        return float(convert(value, alias, unit))
    raise InputError("unit.incompatible", unit=unit, expected=own)


def _tolerance(given: Any) -> Decimal | None:
    """Return an absolute tolerance; a wider one than the last digit must say why."""
    if given is None:
        return None
    if not isinstance(given, dict) or not given.get("reason") or "value" not in given:
        raise InputError("case.tolerance_reason")
    return parse_quantity(str(given["value"]), default_unit="1").value


def _origins(doc: ResultDocument, expect: Mapping[str, Any]) -> Iterator[Difference]:
    """Check that a default was really looked up: ``coke.carbon_content: standard_default``."""
    for key, origin in expect.items():
        stream, _, symbol = str(key).rpartition(".")
        entries = [entry for entry in doc.data["streams"] if entry["id"] == stream and symbol in entry["inputs"]]
        found = entries[0]["inputs"][symbol]["origin"] if entries else None
        if found != origin:
            yield Difference(f"origins {key}", str(origin), str(found or "没有这个输入"), f"stream:{stream}")
