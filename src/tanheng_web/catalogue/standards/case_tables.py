"""A worked case as tables a person reads: what flows, shared values, and every expected figure beside what came out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tanheng.accounting.case import Case
from tanheng.accounting.expect import differences
from tanheng.accounting.result import ResultDocument, sentence
from tanheng.kernel.catalogue import materials
from tanheng.kernel.errors import TanhengError
from tanheng.kernel.quantities import glossary, parse_quantity
from tanheng.kernel.roles import role_zh
from tanheng.kernel.rounding import round_half_up
from tanheng.kernel.units import compatible, convert, label
from tanheng.rules.package import Standard
from tanheng.rules.streams import Given, StreamDecl, StreamRecord
from tanheng_web.catalogue.standards.cases import FIGURES, GROUPS, figure_zh

__all__ = ["CaseTables", "ExpectedRow", "case_tables"]

LISTS = ("not_counted", "gaps", "warnings")
DIRECTIONS = {"in": "投入", "out": "产出"}
ORIGINS = {
    "measured": "实测值", "contracted": "合同、凭证值", "derived": "由实测值推算", "enterprise_default": "企业缺省值",
    "standard_default": "标准缺省值", "library": "因子库", "constant": "常数", "computed": "计算值",
}  # fmt: skip


@dataclass(frozen=True)
class FlowRow:
    """One stream in one period."""

    name: str
    id: str
    role: str
    direction: str
    process: str
    period: str
    quantity: tuple[str, ...]
    values: tuple[str, ...]


@dataclass(frozen=True)
class ExpectedRow:
    """A figure: what the original expects, what this standard expects, what came out."""

    place: str
    expected: str
    found: str
    difference: str
    holds: bool | None
    original: str = ""


@dataclass(frozen=True)
class CaseTables:
    """What a page shows of a case."""

    period: str
    site: tuple[tuple[str, str], ...]
    flows: tuple[FlowRow, ...]
    shared: tuple[tuple[str, str, str], ...]
    expected: tuple[ExpectedRow, ...]


def case_tables(
    case: Case, expect: Mapping[str, Any], standard: Standard | None, result: ResultDocument | None,
    original: Mapping[str, Any] | None = None,
) -> CaseTables:  # fmt: skip
    """The tables of a case; without a result nothing is said of what came out."""
    streams = {each.id: each for each in case.stream_set.declared}
    site, known = case.stream_set.site, glossary()
    product = materials()[site.main_product].zh if site.main_product in materials() else site.main_product
    facts = (("企业", site.name), ("省份", site.province), ("主要产品", product))
    shared = tuple(
        (materials()[each.material].zh, known[each.quantity].zh if each.quantity in known else each.quantity,
         _given_zh(each.given) + (f"（{each.process}）" if each.process else ""))
        for each in case.stream_set.parameters
    )  # fmt: skip
    names = {id: _name(stream) for id, stream in streams.items()}
    return CaseTables(
        case.period.label_zh,
        tuple(fact for fact in facts if fact[1]),
        tuple(_flow(record, streams[record.stream]) for record in case.stream_set.records),
        shared,
        tuple(_expected(expect, standard, result, original or {}, names)),
    )


def _name(stream: StreamDecl) -> str:
    return stream.label or stream.material_zh or materials()[stream.material].zh


def _flow(record: StreamRecord, stream: StreamDecl) -> FlowRow:
    values = [f"{_quantity_zh(name)} {_given_zh(given)}" for name, given in record.values.items()]
    if record.factor:
        values.append(f"因子 {record.factor}")
    amounts = [
        _given_zh(given) if name == "quantity" else f"{_quantity_zh(name)} {_given_zh(given)}"
        for name, given in record.quantity.items()
    ]
    direction = DIRECTIONS.get(stream.direction, stream.direction)
    return FlowRow(
        _name(stream), stream.id, role_zh(stream.role), direction, stream.process, record.period, tuple(amounts),
        tuple(values),
    )  # fmt: skip


def _quantity_zh(name: str) -> str:
    return glossary()[name].zh if name in glossary() else name


def _given_zh(given: Given) -> str:
    return f"{given.value:,.10g} {label(given.unit)}".strip()


def _expected(
    expect: Mapping[str, Any], standard: Standard | None, result: ResultDocument | None, original: Mapping[str, Any],
    names: Mapping[str, str],
) -> Iterator[ExpectedRow]:  # fmt: skip
    tolerance = {"tolerance": expect["tolerance"]} if "tolerance" in expect else {}
    for group, key, given in _entries(expect):
        if group in LISTS:
            yield _listed(group, key, result, names)
            continue
        before = original.get(group) if not key else (original.get(group) or {}).get(key)
        part = _refused(key, given) if group == "must_not" else {group: {key: given} if key else given}
        faults = None if result is None else list(differences(result, {**part, **tolerance}))
        found, apart = _found(result, group, key, given)
        if faults and not found:
            found = "、".join(fault.found for fault in faults)
        said = "" if before is None or before == given else _given_text(group, before)
        holds = None if faults is None else not faults
        place, wanted = _place(group, key, standard, names), _given_text(group, given)
        yield ExpectedRow(place, wanted, found or ("如期望" if holds else "—"), apart, holds, said)


def _place(group: str, key: str, standard: Standard | None, names: Mapping[str, str]) -> str:
    if group == "must_not":
        inner, _space, name = key.partition(" ")
        return f"{GROUPS[group]} {_place(inner, name, standard, names)}"
    if group == "streams":
        return f"{GROUPS[group]} {names.get(key, key)}"
    return _origin_zh(key, names) if group == "origins" else figure_zh(group, key, standard)


def _listed(group: str, key: str, result: ResultDocument | None, names: Mapping[str, str]) -> ExpectedRow:
    """A stream that is not to be counted, a gap or a notice that is to be said."""
    holds = None if result is None else not list(differences(result, {group: [key]}))
    if group == "not_counted":
        return ExpectedRow(names.get(key, key), "不计入", "不计入" if holds else "未列出", "", holds)
    entries = [] if result is None else [entry for entry in result.data[group] if entry["code"] == key]
    said = "；".join(dict.fromkeys(sentence(entry) for entry in entries[:3]))
    return ExpectedRow(GROUPS[group], "应说明", said or "没有", "", holds)


def _entries(expect: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Every expected thing with its group and key; without a key where the group is one thing."""
    for group, given in expect.items():
        if group == "tolerance":
            continue
        if group == "must_not":
            for inner, key, each in _entries(given or {}):
                yield group, f"{inner} {key}", each
        elif group in LISTS:
            yield from ((group, str(each), each) for each in given or ())
        elif isinstance(given, Mapping) and group != "total":
            yield from ((group, str(key), each) for key, each in given.items())
        else:
            yield group, "", given


def _refused(key: str, given: Any) -> dict[str, Any]:
    group, _space, name = key.partition(" ")
    return {"must_not": {group: {name: given} if name else given}}


def _origin_zh(key: str, names: Mapping[str, str]) -> str:
    stream, _dot, symbol = key.rpartition(".")
    return f"{names.get(stream, stream)}的{_quantity_zh(symbol)}取自"


def _given_text(group: str, given: Any) -> str:
    if isinstance(given, bool):
        return "是" if given else "否"
    if isinstance(given, list | tuple):
        return "、".join(_given_text(group, each) for each in given)
    if isinstance(given, Mapping):
        tolerance = given.get("tolerance")
        extra = (
            f"（允差 {tolerance.get('value')}：{tolerance.get('reason')}）" if isinstance(tolerance, Mapping) else ""
        )
        return f"{_given_text(group, given.get('value'))}{extra}"
    return ORIGINS.get(str(given), str(given)) if group == "origins" else _amount_text(str(given))


def _amount_text(text: str) -> str:
    try:
        amount = parse_quantity(text, default_unit="1")
    except TanhengError:
        return text
    return _signed(f"{amount.value:,f} {label(amount.unit)}")


def _signed(text: str) -> str:
    """A number with a true minus sign."""
    return text.strip().replace("-", "−", 1) if text.startswith("-") else text.strip()


def _found(result: ResultDocument | None, group: str, key: str, given: Any) -> tuple[str, str]:
    """What came out, in the unit expected, and how far it is from it; empty for what is no figure."""
    figure = None if result is None else _figure(result, group, key)
    if figure is None:
        return "", ""
    if figure["value"] is None:
        return "未知（有缺口）", ""
    first = given[0] if isinstance(given, list) and given else given
    text = str(first.get("value") if isinstance(first, Mapping) else first)
    unit = figure["unit"]
    try:
        wanted = parse_quantity(text, default_unit=unit)
    except TanhengError:
        return _signed(f"{figure['value']:,.10g} {label(unit)}"), ""
    own = next((each for each in (unit, unit.replace("tCO2e", "tCO2")) if compatible(each, wanted.unit)), None)
    if own is None:
        return _signed(f"{figure['value']:,.10g} {label(unit)}"), ""
    value = convert(figure["value"], own, wanted.unit)
    decimals = max(0, -int(wanted.value.as_tuple().exponent))
    apart = round_half_up(Decimal(f"{value:.15g}"), decimals) - wanted.value
    return _signed(f"{value:,.10g} {label(wanted.unit)}"), _signed(f"{apart:+,f}") if apart else "0"


def _figure(result: ResultDocument, group: str, key: str) -> Mapping[str, Any] | None:
    data = result.data
    if group == "total":
        return data["total"]
    if group == "streams":
        values = [each["value"] for each in data["streams"] if each["id"] == key and each["account"] == "enterprise"]
        values = values or [each["value"] for each in data["streams"] if each["id"] == key]
        return {"value": None if None in values else sum(values), "unit": "tCO2e"} if values else None
    return data[group].get(key) if group in FIGURES else None
