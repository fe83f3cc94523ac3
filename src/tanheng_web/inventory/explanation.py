"""What the panel 数从何来 says of one figure: from the node that `tanheng.accounting.explain` finds in the result."""

from dataclasses import dataclass, replace

from tanheng.accounting.explain import Child, Node, explain
from tanheng.kernel.periods import Period
from tanheng.kernel.quantities import glossary
from tanheng.rules import printers
from tanheng.rules.formula import Expression
from tanheng_web.common.figures import ENTERED, Figure, format_plain, unit_text
from tanheng_web.inventory.entries import Entry, entries_of
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

    name: str
    symbol: str
    sign: str
    label: str
    figure: Figure
    document: str = ""


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
    entered: str
    about: str
    inputs: tuple[Input, ...]
    more: tuple[Input, ...]
    facts: tuple[Fact, ...]
    versions: tuple[Version, ...]
    history: tuple[Entry, ...]

    @property
    def has_signs(self) -> bool:
        """Whether signs say anything: in a balance, or where something is taken off."""
        return self.node.kind == "balance" or any(each.sign == "−" for each in (*self.inputs, *self.more))

    @property
    def exact(self) -> str:
        """The value with full precision, for copying."""
        return "" if self.node.value is None else repr(float(self.node.value))


def explanation(run: Run, address: str, decimals: int) -> Explanation:
    """Explain a figure of a run; raises NotFound where the result has no such figure."""
    node = explain(document_of(run), address)
    inputs = tuple(_input(run, child, decimals) for child in _weightiest_first(node))
    return Explanation(
        node=node,
        figure=_figure(run, node.address, node.value, node.unit, node.label, _decimals(node, decimals), _states(node)),
        kind_zh=KINDS[node.kind],
        formula=_typeset(node, inputs),
        numbers=_with_numbers(node, inputs),
        entered=_entered(node),
        about=_about(run, node),
        inputs=inputs[:SHOWN_AT_ONCE],
        more=inputs[SHOWN_AT_ONCE:],
        facts=facts(node.provenance, node.origin, organisation_id=run.organisation_id),
        versions=_versions(run, node, decimals),
        history=_history(run, node),
    )


def _figure(
    run: Run, address: str, value: float | None, unit: str, label: str, decimals: int, states: tuple[str, ...] = ()
) -> Figure:
    return Figure(value, unit, decimals, run.pk, address, None, states, label, run.organisation_id)


def _decimals(node: Node, decimals: int) -> int:
    """Emissions as the standard rounds them, intensities finer, everything else as it was given."""
    if node.kind == "ratio":
        return max(decimals, 3)
    return decimals if node.unit == "tCO2e" else ENTERED


def _input(run: Run, child: Child, decimals: int) -> Input:
    shown = decimals if child.unit == "tCO2e" else ENTERED
    figure = _figure(run, child.address, child.value, child.unit, child.label, shown)
    if not child.address.startswith("input:"):
        return Input(child.symbol, _symbol(child.symbol), _sign(child.sign), child.label, figure)
    leaf = explain(document_of(run), child.address)
    figure = replace(figure, states=_states(leaf), written=_written(leaf))
    return Input(child.symbol, _symbol(child.symbol), _sign(child.sign), child.label, figure, _document(leaf))


def _written(leaf: Node) -> str:
    """How the standard writes a constant that is a ratio: 44/12."""
    return str(leaf.provenance.get("written") or "")


def _document(leaf: Node) -> str:
    """Which document gives a value that was not measured."""
    if leaf.origin not in ("enterprise_default", "standard_default", "library", "constant"):
        return ""
    found = leaf.provenance
    table = str(found.get("table") or "")
    name = found.get("document_no") or found.get("document") or found.get("standard") or found.get("note") or ""
    return " ".join(str(part) for part in (name, table) if part)


def _sign(sign: int) -> str:
    return "−" if sign < 0 else "+"


def _weightiest_first(node: Node) -> list[Child]:
    """Terms of a sum by weight, so that what matters stands on top; of a formula in the order it names them."""
    if node.expr:
        return sorted(node.children, key=lambda child: node.expr.find(child.symbol))
    if node.kind != "sum" or any(child.address.startswith("month:") for child in node.children):
        return list(node.children)
    return sorted(node.children, key=lambda child: -abs(child.value or 0.0))


def _symbol(symbol: str) -> str:
    known = glossary().get(symbol)
    return known.symbol if known else ""


def _typeset(node: Node, inputs: tuple[Input, ...]) -> str:
    """The expression as it was computed: with the sign of a deduction, the scale of units and the GWP in it."""
    if not node.expr:
        return ""
    written = {each.name: each.figure.written for each in inputs if each.figure.written}
    return printers.mathml(Expression.parse(node.expr), values=written)


def _with_numbers(node: Node, inputs: tuple[Input, ...]) -> str:
    if not node.expr or any(each.figure.value is None for each in inputs):
        return ""
    return printers.mathml(Expression.parse(node.expr), values={each.name: _put_in(each.figure) for each in inputs})


def _put_in(figure: Figure) -> str:
    return figure.written or f"{format_plain(figure.value or 0.0, 8)} {unit_text(figure.unit)}".strip()


def _entered(node: Node) -> str:
    """What stands in the cell, where it was given in another unit."""
    if node.entered is None:
        return ""
    value, unit = node.entered
    return f"{format_plain(value)} {unit_text(unit)}"


def _line_of(run: Run, node: Node) -> tuple[str, str] | None:
    """(stream, month) of the line that an input belongs to, or of the product that an intensity is divided by."""
    kind, _, rest = node.address.partition(":")
    if kind == "input":
        rows, number = document_of(run).data["lines"], rest.partition("/")[0]
    elif kind == "denominator" and "/" in rest:
        name, number = rest.split("/")[:2]
        rows = document_of(run).data["denominators"][name]
    else:
        return None
    return rows["stream"][int(number)], rows["month"][int(number)]


def _about(run: Run, node: Node) -> str:
    """Which stream and month an input is of: a label alone (期末库存量) would not say."""
    found = _line_of(run, node)
    if found is None:
        return ""
    stream, month = found
    return f"{document_of(run).data['labels']['streams'].get(stream, stream)}，{Period.parse(month).label_zh}"


def _states(node: Node) -> tuple[str, ...]:
    known = ("gap", "estimated", "default", "unchecked", "expired")
    return tuple(flag for flag in known if flag in node.flags)


def _history(run: Run, node: Node) -> tuple[Entry, ...]:
    """What was ever entered where this input came from, newest first; nothing where it was entered once."""
    line = _line_of(run, node)
    if line is None or node.kind not in ("input", "gap"):
        return ()
    key = node.address.rpartition("/")[2]
    found = entries_of(run.organisation_id, *line, "quantity" if key.isdigit() else key)
    return found if len(found) > 1 else ()


def _versions(run: Run, node: Node, decimals: int) -> tuple[Version, ...]:
    """The figure in the other runs of the same organisation, standard and period, newest first."""
    runs = Run.objects.light().filter(
        organisation=run.organisation_id, standard=run.standard, period=run.period, status=Run.Status.DONE
    )
    found = []
    for other in runs.select_related("created_by").order_by("-created_at")[:8]:
        value = value_at(other.summary, node.address)
        if value is not None:
            figure = _figure(other, node.address, value, node.unit, node.label, _decimals(node, decimals))
            found.append(Version(other, figure, other.pk == run.pk))
    return tuple(found) if len(found) > 1 else ()
