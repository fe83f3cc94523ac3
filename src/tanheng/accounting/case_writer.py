"""A stream set written as the data of a case file: approved months frozen as a case, without who entered what."""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from tanheng.accounting.result import ResultDocument
from tanheng.kernel.periods import Period
from tanheng.kernel.rounding import round_half_up
from tanheng.rules.streams import Given, Parameter, SiteInfo, StreamDecl, StreamRecord, StreamSet

__all__ = ["case_data", "expectation_of"]

_TONNES, _RATIOS = 2, 6  # decimals of what is expected


def case_data(streams: StreamSet, period: Period) -> dict[str, Any]:
    """Return period, sites, shared values and streams of a case; :func:`parse_case` reads the same numbers back."""
    by_stream: dict[str, list[StreamRecord]] = {}
    for record in streams.records:
        by_stream.setdefault(record.stream, []).append(record)
    own = [each for each in streams.parameters if each.stream is not None]
    flows = [_stream(decl, by_stream.get(decl.id, []), own) for decl in streams.declared if decl.id in by_stream]
    shared = [_parameter(each) for each in streams.parameters if each.stream is None]
    used = {decl.site for decl in streams.declared if decl.id in by_stream and decl.site}
    sites = {name: _place(place) for name, place in streams.places.items() if name in used}
    return {
        "period": period.key, "site": _site(streams.site), **({"sites": sites} if sites else {}),
        **({"parameters": shared} if shared else {}), "streams": flows,
    }  # fmt: skip


def _place(site: SiteInfo) -> dict[str, str]:
    return {key: value for key, value in (("province", site.province), ("part", site.part)) if value}


def _site(site: SiteInfo) -> dict[str, Any]:
    found = {"name": site.name, "province": site.province, "part": site.part, "main_product": site.main_product}
    options = json.loads(json.dumps(dict(site.options), default=str))  # choices of a database are more than text
    return {key: value for key, value in found.items() if value} | {"options": options}


def _stream(decl: StreamDecl, records: Iterable[StreamRecord], own: Iterable[Parameter]) -> dict[str, Any]:
    text = {"material_zh": decl.material_zh, "label": decl.label, "process": decl.process, "site": decl.site}
    months = {each.period: _cell(each, [p for p in own if p.stream == decl.id]) for each in records}
    factors = [each.factor for each in records if each.factor]
    return {
        "id": decl.id, "material": decl.material, "role": decl.role, "direction": decl.direction,
        **{key: value for key, value in text.items() if value},
        **({"factor": factors[0]} if factors else {}), "months": months,
    }  # fmt: skip


def _cell(record: StreamRecord, own: Iterable[Parameter]) -> dict[str, Any]:
    """The parts of the quantity and the values; what is shared by this stream alone stands with it."""
    values = {name: _value(given) for name, given in record.values.items()}
    for each in own:
        if each.period in (None, record.period, record.period[:4]):
            values.setdefault(each.quantity, _value(each.given))
    found: dict[str, Any] = {name: _amount(given) for name, given in record.quantity.items()}
    return {**found, "values": values} if values else found


def _parameter(each: Parameter) -> dict[str, Any]:
    where = {"process": each.process, "period": each.period, "rank": each.rank}
    known = {key: value for key, value in where.items() if value is not None}
    return {"material": each.material, **known, each.quantity: _amount(each.given)}


def _value(given: Given) -> Any:
    return {"value": _amount(given), "origin": "contracted"} if given.origin == "contracted" else _amount(given)


def _amount(given: Given) -> str:
    return f"{Decimal(repr(float(given.value))):f} {given.unit}".strip()


def expectation_of(result: ResultDocument) -> dict[str, Any]:
    """Return what a case expects so that this result, and no other to the printed digit, fulfils it."""
    data = result.data
    found: dict[str, Any] = {"complete": data["complete"]}
    if data["total"]["value"] is not None:
        found["total"] = _figure(data["total"], _TONNES)
    groups = [("sources", _TONNES), ("indicators", _RATIOS)] + (
        [("months", _TONNES)] if len(data["months"]) > 1 else []
    )
    for name, decimals in groups:
        figures = {key: _figure(each, decimals) for key, each in data[name].items() if each["value"] is not None}
        if figures:
            found[name] = figures
    return found


def _figure(figure: Mapping[str, Any], decimals: int) -> str:
    return f"{round_half_up(Decimal(repr(float(figure['value']))), decimals):f} {figure['unit']}"
