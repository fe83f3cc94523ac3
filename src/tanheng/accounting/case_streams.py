"""The streams and shared parameters of a case file."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from tanheng.accounting.case_reader import Place, Reader
from tanheng.accounting.processes import check_paths
from tanheng.kernel.catalogue import Material, find_material
from tanheng.kernel.errors import InputError, PeriodError, TanhengError
from tanheng.kernel.periods import Month, Period
from tanheng.kernel.quantities import glossary
from tanheng.kernel.roles import roles
from tanheng.rules.factors import packaged
from tanheng.rules.streams import Given, Parameter, StreamDecl, StreamRecord
from tanheng.rules.table import BALANCE

__all__ = ["ROLES", "read_parameters", "read_streams"]

# what a stream may be used as (用途), as in the design
ROLES = tuple(roles())
_KEYS = (
    "id", "material", "material_zh", "label", "role", "direction", "process", "quantity", "months", "period", "values",
    "factor", "first_month", "last_month", "note", "site",
)  # fmt: skip
_PARTS = ("quantity", *BALANCE)
_PARAMETER = ("material", "process", "period", "rank", "note")


def read_streams(
    reader: Reader, given: Any, period: Period | None, sites: Collection[str] = ()
) -> tuple[tuple[StreamDecl, ...], tuple[StreamRecord, ...]]:
    """Return declarations and records of ``streams``; every fault is collected in ``reader``.

    ``sites`` are the names that a stream may give as its place.
    """
    if not isinstance(given, list) or not given:
        hint = "至少要有一条源流，如 - {id: coal, material: 烟煤, role: fuel, quantity: 1000 t}"
        reader.fault("case.missing_key", ("streams",) if given is not None else (), key="streams", hint=hint)
        return (), ()
    declared: dict[str, StreamDecl] = {}
    records: list[StreamRecord] = []
    seen: dict[tuple[str, str], Place] = {}
    for n, entry in enumerate(given):
        place: Place = ("streams", n)
        stream = reader.mapping(place, entry, _KEYS)
        decl, material = _declaration(reader, place, stream)
        decl = decl and replace(decl, site=_site(reader, (*place, "site"), stream.get("site"), decl, sites))
        found = list(_records(reader, place, stream, decl, material, period)) if decl and material else []
        if decl is None:
            _numbers_only(reader, (*place, "quantity"), stream.get("quantity"))
            continue
        known = declared.get(decl.id)
        if known is not None and _nature(known) != _nature(decl):
            reader.fault("case.stream_changed", place, stream=decl.id)
        for record in found:
            if (record.stream, record.period) in seen:
                other = reader.document.line(seen[(record.stream, record.period)])
                reader.fault("case.duplicate_stream", place, stream=record.stream, other_line=other)
            seen[(record.stream, record.period)] = place
        records += found
        declared[decl.id] = _joined(declared.get(decl.id), decl)
    return tuple(declared.values()), tuple(records)


def _numbers_only(reader: Reader, place: Place, given: Any) -> None:
    """Read the numbers of a stream whose material or role is unknown, so that their faults are said as well."""
    for name, cell in given.items() if isinstance(given, dict) else ():
        reader.number((*place, name), cell, "t")
    if given is not None and not isinstance(given, dict):
        reader.number(place, given, "t")


def _declaration(reader: Reader, place: Place, stream: Mapping[str, Any]) -> tuple[StreamDecl | None, Material | None]:
    for key, hint in (("id", "每条源流要有编号"), ("material", "物料编号或中文名"), ("role", "用途，如 fuel")):
        if stream.get(key) in (None, "") and stream:
            reader.fault("case.missing_key", place, key=key, hint=hint)
        elif isinstance(stream.get(key), list | dict):
            reader.fault("case.wrong_type", (*place, key), given=str(stream[key])[:40], expected="一个编号或名称")
            return None, None
    material = _material(reader, place, stream.get("material"))
    role, direction = str(stream.get("role") or ""), str(stream.get("direction") or "in")
    if role and role not in ROLES:
        reader.fault(
            "case.unknown_role", (*place, "role"), given=role, known=[f"{each}（{zh}）" for each, zh in roles().items()]
        )
    if direction not in ("in", "out"):
        reader.fault("case.wrong_type", (*place, "direction"), given=direction, expected=" in 或 out")
    first, last = (_month(reader, (*place, key), stream.get(key)) for key in ("first_month", "last_month"))
    if first is not None and last is not None and last < first:
        reader.add(PeriodError("period.reversed", first=str(first), last=str(last)), (*place, "last_month"))
    process = _process(reader, (*place, "process"), stream.get("process"))
    if stream.get("id") in (None, "") or material is None or role not in ROLES:
        return None, None
    if stream.get("period") is not None:
        first, last = _given_span(stream["period"], first, last)
    decl = StreamDecl(
        id=str(stream["id"]),
        material=material.id,
        role=role,
        direction=direction,
        process=process,
        material_zh=str(stream.get("material_zh") or ""),
        label=str(stream.get("label") or ""),
        first_month=first,
        last_month=last,
    )
    return decl, material


def _site(reader: Reader, place: Place, given: Any, decl: StreamDecl, known: Collection[str]) -> str:
    name = "" if given is None else str(given)
    if name and name not in known:
        reader.add(InputError("stream.unknown_site", stream=decl.id, site=name, known=list(known)), place)
    return name


def _process(reader: Reader, place: Place, given: Any) -> str:
    process = "" if given is None else str(given)
    try:
        check_paths([process])
    except TanhengError as error:
        reader.add(error, place)
    return process


def _given_span(text: Any, first: Month | None, last: Month | None) -> tuple[Month | None, Month | None]:
    """A stream that names its own period is expected in that period only."""
    try:
        span = Period.parse(str(text))
    except TanhengError:
        return first, last  # reported where the record is read
    return first or span.first, last or span.last


def _nature(decl: StreamDecl) -> tuple[str, ...]:
    return decl.material, decl.role, decl.direction, decl.process, decl.material_zh, decl.site


def _joined(known: StreamDecl | None, decl: StreamDecl) -> StreamDecl:
    """One stream may stand several times, once a period: it is then expected from the first to the last of them."""
    if known is None or known.first_month is None or decl.first_month is None:
        return decl if known is None else known
    last = max(known.last_month or decl.first_month, decl.last_month or decl.first_month)
    return replace(known, first_month=min(known.first_month, decl.first_month), last_month=last)


def _material(reader: Reader, place: Place, given: Any) -> Material | None:
    if not given:
        return None
    try:
        return find_material(str(given))
    except TanhengError as error:
        reader.add(error, (*place, "material"))
        return None


def _month(reader: Reader, place: Place, given: Any) -> Month | None:
    if given is None:
        return None
    try:
        return Month.parse(str(given))
    except TanhengError as error:
        reader.add(error, place)
        return None


def _records(
    reader: Reader, place: Place, stream: Mapping[str, Any], decl: StreamDecl, material: Material, period: Period | None
) -> Iterator[StreamRecord]:
    values = _values(reader, (*place, "values"), stream.get("values"), material)
    factor = _factor(reader, place, stream.get("factor"))
    if stream.get("months") is not None:
        if stream.get("quantity") is not None or stream.get("period") is not None:
            reader.fault("case.period_and_months", place)
        yield from _monthly(reader, (*place, "months"), stream["months"], decl, material, period, values, factor)
        return
    if stream.get("quantity") is None:
        reader.fault("case.missing_key", place, key="quantity", hint="例：quantity: 1000 t，或按月填 months")
        return
    key = period.key if period else ""
    if stream.get("period") is not None:
        inside = _inside(reader, (*place, "period"), stream["period"], period)
        if inside is None:
            return
        key = inside
    parts = _parts(reader, (*place, "quantity"), stream["quantity"], decl, material)
    yield StreamRecord(decl.id, key, parts, values, factor)


def _monthly(
    reader: Reader, place: Place, given: Any, decl: StreamDecl, material: Material, period: Period | None,
    values: Mapping[str, Given], factor: str | None,
) -> Iterator[StreamRecord]:  # fmt: skip
    if not isinstance(given, dict):
        reader.fault("case.wrong_type", place, given=str(given)[:40], expected="月份与数量，如 {2022-01: 96800 t}")
        return
    for text, cell in given.items():
        key = _inside(reader, (*place, text), text, period)
        if key is None:
            continue
        own, amount = values, cell
        if isinstance(cell, dict) and "values" in cell:
            own = {**values, **_values(reader, (*place, text, "values"), cell["values"], material)}
            amount = {name: part for name, part in cell.items() if name != "values"}
        yield StreamRecord(decl.id, key, _parts(reader, (*place, text), amount, decl, material), own, factor)


def _inside(reader: Reader, place: Place, text: Any, period: Period | None) -> str | None:
    try:
        span = Period.parse(str(text))
    except TanhengError as error:
        reader.add(error, place)
        return None
    if period is not None and not (span.first in period and span.last in period):
        reader.fault("case.month_outside", place, month=span.label_zh, period=period.label_zh)
        return None
    return span.key


def _parts(reader: Reader, place: Place, given: Any, decl: StreamDecl, material: Material) -> dict[str, Given]:
    """Return a quantity, or the balance it comes from."""
    if not isinstance(given, dict):
        found = reader.amount(place, given, material, decl.role, "quantity")
        return {} if found is None else {"quantity": found}
    parts: dict[str, Given] = {}
    for name, cell in given.items():
        if name not in _PARTS:
            reader.fault("case.unknown_part", (*place, name), given=name, known=_PARTS)
            continue
        amount = reader.amount((*place, name), cell, material, decl.role, name)
        if amount is not None:
            parts[name] = amount
    return parts


def _values(reader: Reader, place: Place, given: Any, material: Material | None) -> dict[str, Given]:
    if given is None:
        return {}
    if not isinstance(given, dict):
        reader.fault(
            "case.wrong_type", place, given=str(given)[:40], expected="键与值，如 {net_calorific_value: 25.1 GJ/t}"
        )
        return {}
    found = {name: reader.value((*place, name), name, cell, material) for name, cell in given.items()}
    return {name: value for name, value in found.items() if value is not None}


def _factor(reader: Reader, place: Place, given: Any) -> str | None:
    if given is None:
        return None
    try:
        return packaged().get(str(given)).id
    except TanhengError as error:
        reader.add(error, (*place, "factor"))
        return None


def read_parameters(reader: Reader, given: Any) -> tuple[Parameter, ...]:
    """Return the values that several streams share."""
    if given is None:
        return ()
    if not isinstance(given, list):
        reader.fault("case.wrong_type", ("parameters",), given=str(given)[:40], expected="列表")
        return ()
    places: dict[tuple[str | None, ...], Place] = {}
    found: list[Parameter] = []
    for n, entry in enumerate(given):
        for shared in _shared(reader, ("parameters", n), entry):
            place: Place = ("parameters", n, shared.quantity)
            key = (shared.material, shared.quantity, shared.process, shared.period, shared.rank)
            if key in places:
                said = {"material": shared.material, "quantity": shared.quantity}
                reader.add(InputError("parameter.duplicate", **said), place)
            places[key] = place
            found.append(shared)
    return tuple(found)


def _shared(reader: Reader, place: Place, given: Any) -> Iterator[Parameter]:
    entry = reader.mapping(place, given, (*_PARAMETER, *glossary()))
    material = _material(reader, place, entry.get("material"))
    rank = str(entry.get("rank") or "measured")
    if rank not in ("measured", "enterprise_default"):
        reader.fault("case.wrong_type", (*place, "rank"), given=rank, expected=" measured 或 enterprise_default")
    if material is None:
        if not entry.get("material"):
            reader.fault("case.missing_key", place, key="material", hint="物料编号或中文名")
        return
    period = None
    if entry.get("period") is not None:
        period = _inside(reader, (*place, "period"), entry["period"], None)
    process = str(entry["process"]) if entry.get("process") else None
    for name, cell in entry.items():
        if name not in _PARAMETER:
            value = reader.value((*place, name), name, cell, material)
            if value is not None:
                yield Parameter(material.id, name, value, process, period, rank)
