"""The case file: a plant's streams of a period and what is expected of them. Every fault is found in one pass."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tanheng.accounting.case_reader import Place, Reader
from tanheng.accounting.case_streams import ROLES, read_parameters, read_streams
from tanheng.kernel.catalogue import find_material
from tanheng.kernel.errors import Faults, InputError, NotFound, PeriodError, TanhengError, raise_faults
from tanheng.kernel.periods import Period
from tanheng.kernel.yaml_lines import MAX_BYTES, Document, parse_yaml
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
    try:
        with Path(path).open("rb") as file:
            content = file.read(MAX_BYTES + 1)  # enough to be refused as too large; a device file never ends
    except OSError as error:
        raise Faults(
            [InputError("case.unreadable_file", file=str(path), reason=error.strerror or str(error))]
        ) from error
    return parse_case(content, name=str(path))


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
    declared, records = read_streams(reader, top.get("streams"), period)
    parameters = read_parameters(reader, top.get("parameters"))
    as_of = reader.day(("as_of",), top.get("as_of"))
    expect = _expect(reader, top.get("expect"), chosen)
    raise_faults(sorted(reader.faults, key=lambda fault: int(str(fault.values.get("line", 0)))))
    return Case(
        title=str(top.get("title") or Path(name).stem),
        standards=chosen,
        period=period or Period.parse("2000"),
        as_of=as_of,
        stream_set=StreamSet(site, declared, records, parameters),
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
    return SiteInfo(
        province=str(site.get("province") or ""), part=str(site.get("part") or ""), main_product=product,
        name=str(site.get("name") or ""), options=options,
    )  # fmt: skip


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
