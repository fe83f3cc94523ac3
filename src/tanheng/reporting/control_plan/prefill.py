"""What the platform can say of a plan by itself: who, which facilities, which streams are counted how, from what."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tanheng.kernel.catalogue import materials
from tanheng.kernel.quantities import glossary
from tanheng.kernel.units import label
from tanheng.reporting.control_plan.spec import PlanSpec
from tanheng.reporting.entity import Entity
from tanheng.rules.matching import OUTWARD_ROLES
from tanheng.rules.models import Source, TakeRule
from tanheng.rules.package import Standard
from tanheng.rules.printers import text
from tanheng.rules.streams import StreamDecl

__all__ = ["Known", "prefill"]

_MEASURED, _DEFAULT = "实测值", "缺省值"


@dataclass(frozen=True)
class Known:
    """What the enterprise has told: who it is, its streams and the values it measures of each, its processes.

    ``facilities``: (name, process, kind of process, site) of every process and sub-process.
    """

    entity: Entity
    streams: tuple[StreamDecl, ...] = ()
    measured: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    facilities: tuple[tuple[str, str, str, str], ...] = ()
    on: date = date(2025, 1, 1)


def prefill(spec: PlanSpec, standard: Standard, known: Known) -> dict[str, Any]:
    """Return the answers that follow from what is known; items nobody can know stay empty.

    Returns
    -------
    dict
        ``{"sections": {section: {item: text or rows}}, "parameters": [{item: text or rows}, …]}``.
    """
    proposals = _Proposals(standard, known)
    sections = {
        section.id: {item.id: proposals.of(item.fill) for item in section.fields if item.fill}
        for section in spec.sections
    }
    return {"sections": sections, "parameters": list(proposals.parameters())}


class _Proposals:
    """Answers by what ``fill`` names."""

    def __init__(self, standard: Standard, known: Known) -> None:
        self.standard, self.known = standard, known
        self.taken = [(decl, found) for decl in known.streams if (found := _source_of(standard, decl)) is not None]

    def of(self, fill: str) -> Any:
        """Return a text or the rows of a table."""
        rows = {
            "products": self._products, "facilities": self._facilities, "excluded": self._excluded,
            "sources": self._sources,
        }.get(fill)  # fmt: skip
        if rows is not None:
            return list(rows())
        if fill == "boundary":
            names = "、".join(dict.fromkeys(process for _, process, _, _ in self.known.facilities))
            return f"以{self.known.entity.name}为核算主体。" + (f"生产系统包括：{names}。" if names else "")
        if fill == "systems":
            return "活动数据在碳衡平台填报、提交，由另一人审核；录入、修改和审核留有操作日志。"
        return str(getattr(self.known.entity, fill, ""))

    def _products(self) -> Iterator[list[str]]:
        names = [_name(decl) for decl in self.known.streams if decl.role == "product" and not decl.process]
        units = {_name(decl): _unit(decl) for decl in self.known.streams}
        for name in dict.fromkeys(names):
            yield [name, units[name], "", ""]

    def _facilities(self) -> Iterator[list[str]]:
        for number, (name, process, kind, site) in enumerate(self._by_kind(outside=False), 1):
            yield [f"F{number:02d}", name, "", site, process, "、".join(self._emits(process, name, kind)), "", ""]

    def _excluded(self) -> Iterator[list[str]]:
        for name, process, _, _ in self._by_kind(outside=True):
            if name == process:
                yield [name, "按所属行业指南另行核算，或不在本指南范围之内"]

    def _by_kind(self, *, outside: bool) -> Iterator[tuple[str, str, str, str]]:
        away = {kind for source in self.standard.sources.values() for kind in source.kinds}
        return (each for each in self.known.facilities if (each[2] in away) is outside)

    def _emits(self, process: str, name: str, kind: str) -> list[str]:
        path = process if name == process else f"{process}/{name}"
        here = [source for decl, (_, source, _) in self.taken if (decl.process + "/").startswith(path + "/")]
        return list(dict.fromkeys(source.zh for source in here)) or ([] if kind else ["—"])

    def _sources(self) -> Iterator[list[str]]:
        for source_id, source in self.standard.sources.items():
            for decl, (own, _, rule) in self.taken:
                if own != source_id or decl.process:
                    continue
                users = [each.process for each in self.known.streams if each.process and each.material == decl.material]
                formulas = [rule.formula] if rule.formula else [line.formula for line in source.lines]
                said = "；".join(text(self.standard.formulas[name]) for name in formulas)
                yield [source.zh, _name(decl), "、".join(dict.fromkeys(users)), said]

    def parameters(self) -> Iterator[dict[str, Any]]:
        """Yield one record for every quantity and value of a counted stream of the boundary."""
        for decl, (_, source, rule) in self.taken:
            if decl.process or source.kinds:
                continue
            product = decl.role in OUTWARD_ROLES
            kind = "生产数据" if product else "活动数据"
            what = "产量" if product else "消耗量"
            yield {"name": f"{_name(decl)}{what}", "unit": _unit(decl), "kind": kind}
            for symbol in self._symbols(source, rule):
                yield self._factor(decl, symbol)

    def _symbols(self, source: Source, rule: TakeRule) -> list[str]:
        formulas = [rule.formula] if rule.formula else [line.formula for line in source.lines]
        terms = [name for formula in formulas for name in self.standard.formulas[formula].terms]
        return [name for name in dict.fromkeys(terms) if name != "quantity" and name not in self.standard.constants]

    def _factor(self, decl: StreamDecl, symbol: str) -> dict[str, Any]:
        own = self.known.measured.get(decl.id, ())
        row = self.standard.parameters.find(symbol, decl.material, decl.role, self.known.on)
        known = glossary()[symbol]
        unit = f"{known.all_units[0]}" if row is None else row.unit
        record: dict[str, Any] = {"name": f"{_name(decl)}{known.zh}", "unit": label(unit), "kind": "排放因子"}
        if symbol in own:
            return {**record, "obtained": _MEASURED}
        if row is None:
            return {**record, "obtained": "", "method": "指南没有缺省值，须实测或取得证明"}
        cited = " ".join(part for part in (row.document, row.table) if part)
        return {**record, "obtained": _DEFAULT, "method": f"{row.text} {label(row.unit)}，{cited}（待核原文）"}


def _source_of(standard: Standard, decl: StreamDecl) -> tuple[str, Source, TakeRule] | None:
    """Return the source and the rule that take a stream, measured values first."""
    direction = "out" if decl.role in OUTWARD_ROLES else decl.direction
    for name, source in standard.sources.items():
        rules = [rule for rule in source.take if rule.matches(decl.material, decl.role, direction) and not source.kinds]
        if rules:
            plain: Sequence[TakeRule] = [rule for rule in rules if not rule.requires] or rules
            return name, source, plain[0]
    return None


def _name(decl: StreamDecl) -> str:
    found = materials().get(decl.material)
    return decl.label or decl.material_zh or (found.zh if found else decl.material)


def _unit(decl: StreamDecl) -> str:
    found = materials().get(decl.material)
    return label(found.unit) if found else ""
