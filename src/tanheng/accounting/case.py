"""The case file: a plant's streams of a period and what is expected of them. Every fault is found in one pass."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from tanheng.accounting.case_reader import Place, Reader
from tanheng.accounting.case_streams import ROLES, read_parameters, read_streams
from tanheng.kernel.catalogue import find_material
from tanheng.kernel.errors import Faults, InputError, NotFound, PeriodError, TanhengError, raise_faults
from tanheng.kernel.periods import Period
from tanheng.kernel.yaml_lines import MAX_BYTES, Document, parse_yaml
from tanheng.rules.grids import grid_parts, plain_part, plain_province
from tanheng.rules.package import standards
from tanheng.rules.streams import SiteInfo, StreamSet

__all__ = ["ROLES", "Case", "load_case", "parse_case"]

_KEYS = (
    "title",
    "source",
    "kind",
    "citation",
    "note",
    "standard",
    "period",
    "as_of",
    "site",
    "sites",
    "parameters",
    "streams",
    "expect",
    "tolerance",
)
_SITE = ("name", "province", "part", "main_product", "options")
_EXPECT = (
    "total", "sources", "subtotals", "accounts", "information", "gases",
    "processes", "months", "indicators", "origins", "streams", "must_not",
    "not_counted", "complete", "gaps", "warnings", "tolerance",
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A case file that was read. ``expect`` is keyed by standard; ``document`` knows the lines."""

    title: str
    standards: tuple[str, ...]
    period: Period
    as_of: date | None
    stream_set: StreamSet
    expect: Mapping[str, Mapping[str, Any]]
    kind: str
    source: str
    document: Document


def load_case(path: str | Path) -> Case:
    """Read a case file.

    Raises
    ------
    Faults
        Every fault with ``file``, ``line`` and ``path`` (``streams[2].quantity.purchased``).
    """
    return parse_case(read_content(path), name=str(path))


def read_content(path: str | Path) -> bytes:
    """Return what a file holds, as much of it as is enough to be refused as too large: a device file never ends."""
    try:
        with Path(path).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Faults(
            [InputError("case.unreadable_file", file=str(path), reason=error.strerror or str(error))]
        ) from error


def parse_case(content: bytes, *, name: str = "") -> Case:
    """Read a case from its text; see :func:`load_case`."""
    document = parse_yaml(content, name=name)
    reader = Reader(document)
    if not isinstance(document.data, dict):
        raise Faults([InputError("case.not_a_mapping", file=name, line=1)])
    top = reader.mapping((), document.data, _KEYS)
    period = _period(reader, top)
    chosen = _standards(reader, top)
    site = _site(reader, top.get("site"))
    places = _sites(reader, top.get("sites"), site)
    declared, records = read_streams(reader, top.get("streams"), period, places)
    parameters = read_parameters(reader, top.get("parameters"))
    as_of = reader.day(("as_of",), top.get("as_of"))
    expect = _expect(reader, top.get("expect"), chosen)
    raise_faults(sorted(reader.faults, key=lambda fault: int(str(fault.values.get("line", 0)))))
    return Case(
        title=str(top.get("title") or Path(name).stem),
        standards=chosen,
        period=period or Period.parse("2000"),
        as_of=as_of,
        stream_set=StreamSet(site, declared, records, parameters, places),
        expect=expect,
        kind=str(top.get("kind") or ""),
        source=str(top.get("source") or ""),
        document=document,
    )


def _period(reader: Reader, top: Mapping[str, Any]) -> Period | None:
    if top.get("period") is None:
        reader.fault("case.missing_key", (), key="period", hint='例：period: "2022" 或 period: 2022-01')
        return None
    try:
        return Period.parse(str(top["period"]))
    except PeriodError as error:
        reader.add(error, ("period",))
        return None


def _standards(reader: Reader, top: Mapping[str, Any]) -> tuple[str, ...]:
    given = top.get("standard")
    many = given if isinstance(given, list) else [] if given is None else [given]
    known = [summary.id for summary in standards()]
    for n, name in enumerate(many):
        if name not in known:
            place: Place = ("standard", n) if isinstance(given, list) else ("standard",)
            reader.add(NotFound("standard.unknown", id=str(name), known=known), place)
    return tuple(str(name) for name in many)


def _site(reader: Reader, given: Any) -> SiteInfo:
    site = reader.mapping(("site",), given, _SITE) if given is not None else {}
    product = str(site.get("main_product") or "")
    if product:
        try:
            product = find_material(product).id
        except TanhengError as error:
            reader.add(error, ("site", "main_product"))
    options = site.get("options") or {}
    if not isinstance(options, dict):
        reader.fault("case.wrong_type", ("site", "options"), given=options, expected="键与值")
        options = {}
    try:
        options = json.loads(json.dumps(options, allow_nan=False, default=str))
    except ValueError:
        reader.fault("case.wrong_type", ("site", "options"), given=str(options)[:40], expected="文字与有限的数")
    province, part = _place(reader, ("site",), site)
    return SiteInfo(province, part, main_product=product, name=str(site.get("name") or ""), options=options)


def _place(reader: Reader, place: Place, given: Mapping[str, Any]) -> tuple[str, str]:
    """Return province and part; a part that the province does not have is a fault."""
    province, part = (str(given.get(key) or "") for key in ("province", "part"))
    part = plain_part(province, part)
    known = grid_parts().get(plain_province(province), {})
    if part and part not in known:
        said = {"province": province, "part": part, "known": [f"{name}（{zh}）" for name, zh in known.items()] or ["—"]}
        reader.fault("case.grid_part", (*place, "part"), **said)
    return province, part


def _sites(reader: Reader, given: Any, own: SiteInfo) -> dict[str, SiteInfo]:
    """Return the sites on other grids by name: a stream that names one takes the grid factor of its place."""
    found: dict[str, SiteInfo] = {}
    if given is not None and not isinstance(given, dict):
        meant = "厂区名称与位置，如 北区: {province: 内蒙古, part: 蒙东}"
        reader.fault("case.wrong_type", ("sites",), given=str(given)[:40], expected=meant)
        return found
    for name, entry in (given or {}).items():
        row = reader.mapping(("sites", name), entry, ("province", "part"))
        if row and not row.get("province"):
            reader.fault("case.missing_key", ("sites", name), key="province", hint="厂区所在省份决定电网因子")
        province, part = _place(reader, ("sites", name), row)
        found[str(name)] = replace(own, name=str(name), province=province, part=part)
    return found


def _expect(reader: Reader, given: Any, chosen: tuple[str, ...]) -> dict[str, Mapping[str, Any]]:
    """Return what is expected by standard; with one standard it stands without its id."""
    if given is None:
        return {}
    if not isinstance(given, dict):
        reader.fault("case.wrong_type", ("expect",), given=given, expected="键与值")
        return {}
    if given and all(key in chosen for key in given):
        return {key: reader.mapping(("expect", key), part, _EXPECT) for key, part in given.items()}
    found = reader.mapping(("expect",), given, _EXPECT)
    return dict.fromkeys(chosen, found) if chosen else {"": found}
