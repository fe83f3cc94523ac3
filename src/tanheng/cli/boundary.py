"""``tanheng boundary`` and ``tanheng gases``: where boundary and data disagree, and which gases a standard counts."""

import argparse
from collections.abc import Mapping
from typing import Any

from tanheng.accounting.boundary import GasFamily, Unit, boundary_check, gas_families, unit_of
from tanheng.accounting.captive_power import captive_power
from tanheng.accounting.case import load_case
from tanheng.accounting.run import run
from tanheng.kernel.canonical_json import dumps
from tanheng.rules.package import Standard, load_standard
from tanheng.rules.streams import StreamDecl, StreamSet

__all__ = ["add_boundary"]


def add_boundary(several: "argparse._SubParsersAction[Any]") -> None:
    """Add both commands to the parser."""
    one = several.add_parser(
        "boundary",
        help="边界核对 check a boundary",
        description="列出算例的单元、阶段，边界与标准、源流不符之处，自备电厂的供电自给率。"
        " Units, stages, mismatches and own power supply of a case.",
    )
    one.add_argument("case", metavar="CASE.yaml", help="算例文件 case file")
    one.add_argument("--standard", metavar="ID", help="采用的标准，默认用算例所写 standard (default: the case's)")
    one.add_argument("--entity", default="", help="主体类型：legal_person、deemed_legal_person kind of entity")
    one.add_argument("--json", action="store_true", help="输出 JSON print JSON")
    one.set_defaults(run=boundary)
    two = several.add_parser(
        "gases",
        help="六类温室气体 the six families of gases",
        description="六类温室气体在标准中的排放源与潜势。Families of gases, their sources and potentials.",
    )
    two.add_argument("standard", metavar="ID", nargs="?", help="标准 standard")
    two.add_argument("--json", action="store_true", help="输出 JSON print JSON")
    two.set_defaults(run=gases)


def _units(streams: StreamSet, standard: Standard) -> list[Unit]:
    named: dict[str, str] = {process.zh: process.kind for process in standard.processes}
    own = streams.site.options.get("process_kinds")
    named |= {str(key): str(value) for key, value in own.items()} if isinstance(own, Mapping) else {}
    found: dict[str, Unit] = {}
    for decl in streams.declared:
        parts = decl.process.split("/") if decl.process else []
        for n in range(len(parts)):
            path = "/".join(parts[: n + 1])
            inside = [each.label or each.id for each in streams.declared if f"{each.process}/".startswith(f"{path}/")]
            above = found.get("/".join(parts[:n]))
            found.setdefault(path, unit_of(path, named.get(path, ""), above=above, streams=inside))
    return list(found.values())


def _facts(decl: StreamDecl) -> dict[str, str]:
    return {"label": decl.label or decl.id, "role": decl.role, "material": decl.material, "process": decl.process}


def boundary(options: argparse.Namespace) -> int:
    """Print units, mismatches and own supply; the exit code is 1 when something must be mended."""
    case = load_case(options.case)
    standard = load_standard(options.standard or case.standards[0])
    streams = case.stream_set
    units = _units(streams, standard)
    findings = boundary_check(
        units,
        entity=options.entity,
        name=streams.site.name or case.title,
        standard=standard,
        streams=[_facts(decl) for decl in streams.declared],
        kinds={unit.path: unit.kind for unit in units if not unit.level},
    )
    result = run(standard, streams, period=case.period, as_of=case.as_of)
    power = captive_power(result.data, standard=standard)
    if options.json:
        said = [{"severity": each.severity, "code": each.code, "text": each.sentence} for each in findings]
        rate = None if power is None or power.rate is None else float(power.rate)
        print(dumps({"units": [_row(unit) for unit in units], "findings": said, "own_supply": rate}).decode())
    else:
        _print(units, [f"{each.severity:<8} {each.sentence}" for each in findings], power.sentence if power else "")
    return int(any(each.severity == "error" for each in findings))


def _row(unit: Unit) -> dict[str, Any]:
    return {"path": unit.path, "type": unit.type, "system": unit.system, "stage": unit.stage, "inside": unit.is_inside}


def _print(units: list[Unit], findings: list[str], power: str) -> None:
    for unit in units:
        kind = unit.unit_type.zh if unit.unit_type else "未分类"
        print(f"{'  ' * unit.level}{unit.path}  {kind}  {unit.system_zh}  {unit.stage_zh}".rstrip())
    for text in [power, *findings]:
        if text:
            print(text)


def gases(options: argparse.Namespace) -> int:
    """Print the six families: sources of the standard, potentials it uses, how many are known."""
    standard = load_standard(options.standard) if options.standard else None
    families = gas_families(standard)
    if options.json:
        print(dumps([_family(family) for family in families]).decode())
        return 0
    for family in families:
        used = "，".join(f"{gas}={value:g}" for gas, value in family.gwp)
        sources = "、".join(family.sources) if family.sources else "标准不核算" if standard else ""
        known = "，".join(f"{gas}={value:g}" for gas, value in family.known)
        shown = f"{family.gwp_set} {used}" if used else f"IPCC-AR6 {known}"
        print("\t".join([family.id, family.zh, sources, shown]))
    return 0


def _family(family: GasFamily) -> dict[str, Any]:
    found = {"id": family.id, "zh": family.zh, "sources": list(family.sources), "gwp_set": family.gwp_set}
    return {**found, "gwp": dict(family.gwp), "known_ipcc_ar6": dict(family.known)}
