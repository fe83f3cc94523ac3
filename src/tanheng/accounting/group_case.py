"""A group in a file: its members with their case files, who holds what of whom, what they deliver to one another."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from tanheng.accounting.case import Case, load_case, read_content
from tanheng.accounting.case_reader import Place, Reader
from tanheng.accounting.consolidation_holdings import ConsolidationRule, Holding, check_holdings, consolidation_rule
from tanheng.accounting.consolidation_transfers import Declaration
from tanheng.kernel.catalogue import find_material
from tanheng.kernel.errors import Faults, TanhengError, raise_faults
from tanheng.kernel.periods import Period
from tanheng.kernel.yaml_lines import parse_yaml

__all__ = ["GroupCase", "GroupMember", "load_group"]

GROUP = "group"
_KEYS = ("title", "source", "note", "period", "rule", "members", "holdings", "transfers")
_RULE = ("threshold", "strict", "below")
_MEMBER = ("name", "case", "standard")
_HOLDING = ("owner", "member", "share", "operational_control", "financial_control", "kind", "from", "to", "document")
_TRANSFER = ("supplier", "receiver", "material", "period", "supplied", "received", "supplier_stream", "receiver_stream")
_BELOW = ("exclude", "proportional")


@dataclass(frozen=True)
class GroupMember:
    """A member: its name, its case; None: there is no result. ``standard`` stands in for the case's own."""

    name: str
    case: Case | None
    standard: str = ""


@dataclass(frozen=True)
class GroupCase:
    """A group that was read and checked; the group itself is called ``group`` among the owners."""

    title: str
    period: Period
    rule: ConsolidationRule
    members: Mapping[str, GroupMember]
    holdings: tuple[Holding, ...]
    declarations: tuple[Declaration, ...]


def load_group(path: str | Path) -> GroupCase:
    """Read a group file; case files are found beside it.

    Raises
    ------
    Faults
        Every fault with file, line and place: of the group file, of its case files, of holdings that cannot be.
    """
    reader = Reader(parse_yaml(read_content(path), name=str(path)))
    top = reader.mapping((), reader.document.data, _KEYS)
    period = _period(reader, ("period",), top.get("period"))
    members = _members(reader, top.get("members"), Path(path).parent)
    names = {GROUP: str(top.get("title") or "集团"), **{id: member.name for id, member in members.items()}}
    holdings = tuple(_holdings(reader, top.get("holdings"), names))
    declared = tuple(_declarations(reader, top.get("transfers"), names, period))
    rule = _rule(reader, top.get("rule"))
    raise_faults(reader.faults)
    check_holdings(holdings, names)
    assert period is not None
    return GroupCase(names[GROUP], period, rule, members, holdings, declared)


def _period(reader: Reader, place: Place, given: Any) -> Period | None:
    if given is None:
        reader.fault("case.missing_key", (), key="period", hint='例：period: "2025"')
        return None
    try:
        return Period.parse(str(given))
    except TanhengError as error:
        reader.add(error, place)
        return None


def _rule(reader: Reader, given: Any) -> ConsolidationRule:
    row = reader.mapping(("rule",), given, _RULE) if given is not None else {}
    if row.get("below", "exclude") not in _BELOW:
        reader.fault("case.wrong_type", ("rule", "below"), given=str(row["below"]), expected=" exclude 或 proportional")
    if "threshold" in row:
        row["threshold"] = _number(reader, ("rule", "threshold"), row["threshold"])
    return consolidation_rule(**row)


def _number(reader: Reader, place: Place, given: Any) -> Decimal:
    found = reader.number(place, given, "%")
    return Decimal(0) if found is None else Decimal(str(found.value)) * (100 if found.unit == "1" else 1)


def _members(reader: Reader, given: Any, folder: Path) -> dict[str, GroupMember]:
    if not isinstance(given, dict) or not given:
        hint = "成员企业，如 {steel: {name: 某钢厂, case: steel.yaml}}"
        reader.fault("case.missing_key", (), key="members", hint=hint)
        return {}
    found: dict[str, GroupMember] = {}
    for id, entry in given.items():
        place: Place = ("members", id)
        row = reader.mapping(place, entry if entry is not None else {}, _MEMBER)
        case = None
        if row.get("case"):
            try:
                case = load_case(folder / str(row["case"]))
            except Faults as error:
                reader.faults += error.faults
        found[str(id)] = GroupMember(str(row.get("name") or id), case, str(row.get("standard") or ""))
    return found


def _entries(reader: Reader, name: str, given: Any, keys: tuple[str, ...]) -> list[tuple[Place, dict[str, Any]]]:
    if given is not None and not isinstance(given, list):
        reader.fault("case.wrong_type", (name,), given=str(given)[:40], expected="列表")
        return []
    places: list[Place] = [(name, n) for n in range(len(given or ()))]
    return [(place, reader.mapping(place, entry, keys)) for place, entry in zip(places, given or (), strict=True)]


def _end(reader: Reader, place: Place, row: Mapping[str, Any], key: str, names: Mapping[str, str]) -> str:
    name = str(row.get(key) or "")
    if name not in names:
        reader.fault("case.wrong_type", (*place, key), given=name or key, expected="成员编号之一：" + "、".join(names))
    return name


def _holdings(reader: Reader, given: Any, names: Mapping[str, str]) -> list[Holding]:
    found: list[Holding] = []
    for place, row in _entries(reader, "holdings", given, _HOLDING):
        for key in ("operational_control", "financial_control"):
            if row.get(key) not in (None, True, False):
                reader.fault("case.wrong_type", (*place, key), given=str(row[key]), expected=" true 或 false")
        if row.get("share") is None:
            reader.fault("case.missing_key", place, key="share", hint="股权比例（%），如 share: 60")
        found.append(Holding(
            _end(reader, place, row, "owner", names), _end(reader, place, row, "member", names),
            _number(reader, (*place, "share"), row.get("share", 0)), row.get("operational_control"),
            row.get("financial_control"), str(row.get("kind") or "subsidiary"),
            reader.day((*place, "from"), row.get("from")), reader.day((*place, "to"), row.get("to")),
            str(row.get("document") or ""),
        ))  # fmt: skip
    return found


def _declarations(reader: Reader, given: Any, names: Mapping[str, str], period: Period | None) -> list[Declaration]:
    found: list[Declaration] = []
    for place, row in _entries(reader, "transfers", given, _TRANSFER):
        ends = [_end(reader, place, row, key, names) for key in ("supplier", "receiver")]
        try:
            material = find_material(str(row.get("material") or ""))
        except TanhengError as error:
            reader.add(error, (*place, "material"))
            continue
        when = str(row.get("period") or (period.key if period else ""))
        _period(reader, (*place, "period"), when)
        for key, supplies in (("supplied", True), ("received", False)):
            amount = None if row.get(key) is None else reader.number((*place, key), row[key], material.unit)
            if amount is not None:
                own, other = ends if supplies else ends[::-1]
                stream = str(row.get("supplier_stream" if supplies else "receiver_stream") or "")
                quantity = float(amount.value)
                found.append(Declaration(own, other, supplies, material.id, when, quantity, amount.unit, stream))
    return found
