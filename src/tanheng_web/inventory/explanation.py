"""What the panel 数从何来 says of one figure: built from the node that `tanheng.accounting.explain` finds in the result document."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tanheng.accounting.explain import Child, Node, explain

from tanheng.kernel.quantities import glossary
from tanheng.rules import printers
from tanheng.rules.package import Standard, load_standard
from tanheng_web.common.figures import Figure, format_number, format_plain, unit_text
from tanheng_web.inventory.models import Run
from tanheng_web.inventory.origins import Fact, facts
from tanheng_web.inventory.selectors import document_of, value_at

__all__ = ["Explanation", "Input", "Version", "explanation"]

KINDS = {
    "sum": "由以下各项相加",
    "formula": "由公式算出",
    "ratio": "由两个数相除",
    "balance": "由进、出、存平衡得出",
    "input": "录入或取用的数值",
    "gap": "缺口：还没有数值",
}
SHOWN_AT_ONCE = 40


@dataclass(frozen=True)
class Input:
    """One of the figures a figure is made of."""

    symbol: str
    sign: str
    label: str
    figure: Figure
    origin: str = ""


@dataclass(frozen=True)
class Version:
    """The same figure in another run of the same period."""

    run: Run
    figure: Figure
    is_this: bool


@dataclass(frozen=True)
class Explanation:
    """All that the panel shows."""

    node: Node
    figure: Figure
    kind_zh: str
    formula: str
    numbers: str
    source: str
    inputs: tuple[Input, ...]
    more: tuple[Input, ...]
    facts: tuple[Fact, ...]
    versions: tuple[Version, ...]

    @property
    def exact(self) -> str:
        """The value with full precision, for copying."""
        return "" if self.node.value is None else repr(float(self.node.value))


def explanation(run: Run, address: str, decimals: int) -> Explanation:
    """Explain a figure of a run; raises NotFound where the result has no such figure."""
    node = explain(document_of(run), address)
    standard = load_standard(run.standard)
    inputs = tuple(_input(run, child, decimals) for child in _weightiest_first(node))
    return Explanation(
        node=node,
        figure=_figure(
            run, node.address, node.value, node.unit, node.label, _decimals(node.kind, decimals), _states(node)
        ),
        kind_zh=KINDS[node.kind],
        formula=_typeset(node, standard),
        numbers=_with_numbers(node, standard),
        source=_source(node, standard),
        inputs=inputs[:SHOWN_AT_ONCE],
        more=inputs[SHOWN_AT_ONCE:],
        facts=facts(node.provenance, node.origin, organisation_id=run.organisation_id),
        versions=_versions(run, node, decimals),
    )


def _figure(
    run: Run, address: str, value: float | None, unit: str, label: str, decimals: int, states: tuple[str, ...] = ()
) -> Figure:
    return Figure(value, unit, decimals, run.pk, address, None, states, label, run.organisation_id)


def _decimals(kind: str, decimals: int) -> int:
    return max(decimals, 3) if kind == "ratio" else decimals


def _input(run: Run, child: Child, decimals: int) -> Input:
    entered = child.symbol not in ("", "value") and child.address.startswith(("input:", "cell:"))
    figure = _figure(run, child.address, child.value, child.unit, child.label, -1 if entered else decimals)
    return Input(_symbol(child.symbol), _sign(child.sign), child.label, figure)


def _sign(sign: Any) -> str:
    return {1: "+", -1: "−", "+": "+", "-": "−"}.get(sign, "")


def _weightiest_first(node: Node) -> list[Child]:
    """Terms of a sum by weight, so that what matters stands on top; a formula keeps its order."""
    if node.kind != "sum" or any(child.address.startswith("month:") for child in node.children):
        return list(node.children)
    return sorted(node.children, key=lambda child: -abs(child.value or 0.0))


def _symbol(symbol: str) -> str:
    known = glossary().get(symbol)
    return known.symbol if known else ""


def _formula(node: Node, standard: Standard) -> Any:
    return standard.formulas.get(node.formula_id) if node.formula_id else None


def _typeset(node: Node, standard: Standard) -> str:
    formula = _formula(node, standard)
    return printers.mathml(formula) if formula else ""


def _with_numbers(node: Node, standard: Standard) -> str:
    formula = _formula(node, standard)
    if formula is None or any(child.value is None for child in node.children):
        return ""
    return printers.mathml(formula, values={child.symbol: _put_in(child) for child in node.children if child.symbol})


def _put_in(child: Child) -> str:
    unit = unit_text(child.unit)
    return f"{format_plain(child.value or 0.0)} {unit}".strip()


def _source(node: Node, standard: Standard) -> str:
    formula = _formula(node, standard)
    if formula is None or formula.source is None:
        return ""
    source = formula.source
    place = [source.doc, source.clause and f"{source.clause} 条", source.equation and f"式 {source.equation}"]
    note = "" if source.checked else "二手来源，待核原文"
    return "　".join(part for part in (*place, note) if part)


def _states(node: Node) -> tuple[str, ...]:
    known = ("gap", "estimated", "default", "unchecked", "superseded")
    return tuple(flag for flag in known if flag in node.flags)


def _versions(run: Run, node: Node, decimals: int) -> tuple[Version, ...]:
    """The figure in the other runs of the same organisation, standard and period, newest first."""
    runs = Run.objects.light().filter(
        organisation=run.organisation_id, standard=run.standard, period=run.period, status=Run.Status.DONE
    )
    found = []
    for other in runs.select_related("created_by").order_by("-created_at")[:8]:
        value = value_at(other.summary, node.address)
        if value is not None:
            figure = _figure(other, node.address, value, node.unit, node.label, _decimals(node.kind, decimals))
            found.append(Version(other, figure, other.pk == run.pk))
    return tuple(found) if len(found) > 1 else ()


def precise(value: float | None, decimals: int) -> str:
    """A value for a sentence."""
    return format_number(value, decimals)


Values = Mapping[str, Any]
