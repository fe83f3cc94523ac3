"""A result document opened for a report: its lines with what went into them, and figures by address."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from tanheng.accounting.figures import add
from tanheng.accounting.result import ResultDocument
from tanheng.kernel.catalogue import materials
from tanheng.kernel.roles import role_zh
from tanheng.reporting.figures import Fig, Made, grouped, significant
from tanheng.reporting.lines import Line, read_lines
from tanheng.rules.amounts import BASIS_SIGNS
from tanheng.rules.matching import OUTWARD_ROLES
from tanheng.rules.package import Standard

__all__ = ["Reading"]

INDICATOR_DECIMALS = 4  # what inventories print for tonnes per tonne
SHARE_DECIMALS = 1


class Reading:
    """A result document as a report reads it. Values are never computed anew, only found or added up."""

    def __init__(self, result: ResultDocument, standard: Standard, previous: ResultDocument | None = None) -> None:
        self.result = result
        self.standard = standard
        self.data: Mapping[str, Any] = result.data
        self.previous: Mapping[str, Any] | None = previous.data if previous else None
        self.decimals = standard.rounding.decimals

    @property
    def prescribes_processes(self) -> bool:
        """Whether the standard itself names the processes to report, so that the view is no analysis of ours."""
        return any(account.kinds and not account.beside for account in self.standard.accounts.values())

    # lines

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Every line with its inputs, in the order of the document."""
        return read_lines(self.data)

    def of_source(self, source: str, chosen: Sequence[str] = (), *, besides: Iterable[str] = ()) -> tuple[Line, ...]:
        """Return the lines of a source in the enterprise account, of some materials, or of all but some."""
        refused = set(besides)
        return tuple(
            line
            for line in self._enterprise
            if line.source == source and (not chosen or line.material in chosen) and line.material not in refused
        )

    @property
    def of_enterprise(self) -> tuple[Line, ...]:
        """The lines of the enterprise account."""
        return self._enterprise

    @cached_property
    def _enterprise(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.account == "enterprise")

    # names

    def stream_zh(self, stream: str) -> str:
        """Return the name of a stream as the enterprise calls it."""
        declared = self._declared.get(stream, {})
        return str(
            declared.get("label") or declared.get("material_zh") or self.material_zh(declared.get("material", stream))
        )

    @cached_property
    def _declared(self) -> Mapping[str, Mapping[str, Any]]:
        return {each["id"]: each for each in self.data["declared"]}

    def quantity_zh(self, symbol: str) -> str:
        """Return the Chinese name of a quantity or constant."""
        return str(self.data["labels"]["quantities"].get(symbol, symbol))

    @staticmethod
    def role_zh(role: str) -> str:
        """Return the Chinese name of a role."""
        return role_zh(role)

    def number(self, value: float | None) -> str:
        """Return a number that is no figure of the result as it is printed."""
        return grouped(value, self.decimals)

    @staticmethod
    def material_zh(material: str) -> str:
        """Return the Chinese name of a material."""
        found = materials().get(material)
        return found.zh if found else material

    # gaps

    def incomplete(self, lines: Iterable[Line]) -> bool:
        """Whether a quantity is missing of the streams of these lines."""
        return any(line.stream in self._quantity_gaps for line in lines)

    def missing(self, source: str | None, chosen: Sequence[str] = ()) -> bool:
        """Whether a source should take a stream of some materials of which nothing at all is known."""
        return source is not None and self._takes(source, self._quantity_gaps, chosen)

    def _takes(self, source: str, streams: Iterable[str], chosen: Sequence[str] = ()) -> bool:
        """Whether a source takes one of some streams that cross the boundary."""
        rules = self.standard.sources[source].take
        for decl in (self._declared[stream] for stream in streams if stream in self._declared):
            wanted = not decl["process"] and (not chosen or decl["material"] in chosen)
            direction = "out" if decl["role"] in OUTWARD_ROLES else decl["direction"]
            if wanted and any(rule.matches(decl["material"], decl["role"], direction) for rule in rules):
                return True
        return False

    def month_gap(self, source: str, month: str) -> bool:
        """Whether a source lacks something in a month."""
        gaps = {gap["stream"] for gap in self.data["gaps"] if gap["stream"] and gap["month"] in (month, None)}
        return bool(gaps) and self._takes(source, gaps)

    @cached_property
    def _quantity_gaps(self) -> frozenset[str]:
        """Streams of which an amount is missing, not only a factor."""
        amounts = (None, "quantity", *BASIS_SIGNS["net_consumption"])
        return frozenset(gap["stream"] for gap in self.data["gaps"] if gap["stream"] and gap["quantity"] in amounts)

    @cached_property
    def _gap_streams(self) -> frozenset[str]:
        return frozenset(gap["stream"] for gap in self.data["gaps"] if gap["stream"])

    def partial(self, address: str) -> bool:
        """Whether a sum lacks something, so that it holds only what is known."""
        if self.data["complete"]:
            return False
        filters = dict(part.partition(":")[::2] for part in address.split("+"))
        if "month" in filters and self.data["months"].get(filters["month"], {}).get("complete", True):
            return False
        if "stream" in filters:
            return filters["stream"] in self._gap_streams
        sources = [filters["source"]] if "source" in filters else None
        if "subtotal" in filters and sources is None:
            sources = list(self.standard.subtotals[filters["subtotal"]].sources)
        return sources is None or any(self._takes(source, self._gap_streams) for source in sources)

    # figures the result holds

    def part(self, address: str, *, previous: bool = False) -> Mapping[str, Any]:
        """Return ``{"value", "unit"}`` of a figure by its address; an address the result lacks counts nothing: 0."""
        data = self.previous if previous and self.previous is not None else self.data
        kind, _, name = address.partition(":")
        if address == "total":
            return dict(data["total"])
        if "+" in address:
            return {"value": self._crossing(address), "unit": data["total"]["unit"]}
        places = {
            "source": "sources",
            "subtotal": "subtotals",
            "gas": "gases",
            "month": "months",
            "process": "processes",
            "account": "accounts",
            "indicator": "indicators",
        }
        found = (
            next((each for each in data["streams"] if each["id"] == name), None)
            if kind == "stream"
            else data[places[kind]].get(name)
        )
        return dict(found) if found is not None else {"value": 0.0, "unit": data["total"]["unit"]}

    def _crossing(self, address: str) -> float | None:
        wanted = [part.partition(":")[::2] for part in address.split("+")]
        return add(line.value for line in self._enterprise if all(getattr(line, kind) == name for kind, name in wanted))

    def at(self, address: str, *, deduct: bool = False, decimals: int | None = None, previous: bool = False) -> Fig:
        """Return the figure of an address; a deduction is printed positive."""
        part = self.part(address, previous=previous)
        places = self.decimals if decimals is None else decimals
        if address.startswith("indicator:") and decimals is None:
            places = INDICATOR_DECIMALS
        value, scale = part["value"], -1.0 if deduct else 1.0
        shown = None if value is None else value * scale
        of = "previous" if previous else "result"
        return Fig(address, value, part["unit"], grouped(shown, places), scale, places, part["unit"], None, of)  # type: ignore[arg-type]

    def mass(self, address: str, gas: str) -> Fig:
        """Return the mass [t of gas] of a figure of one gas."""
        gwp = self.data["gases"].get(gas, {}).get("gwp", 1.0)
        fig = self.at(address)
        unit = f"t{gas}"
        return fig.scaled(1.0 / gwp, unit, self.decimals) if gwp != 1 else fig.scaled(1.0, unit, self.decimals)

    # figures made of others

    def share(self, part: str, whole: str = "total") -> Fig:
        """Return the share [%] of one figure in another."""
        return self._quotient("ratio", part, whole, self.part(part)["value"], self.part(whole)["value"])

    def change(self, address: str) -> Fig:
        """Return the change [%] against the year before; unknown without one."""
        before = self.part(address, previous=True)["value"] if self.previous is not None else None
        return self._quotient("change", address, address, self.part(address)["value"], before)

    def _quotient(self, rule: Any, first: str, second: str, a: float | None, b: float | None) -> Fig:
        made = Made(rule, (first, second))
        value = None if a is None or b is None else made.compute((a, b), ())
        text = grouped(None if value is None else value * 100, SHARE_DECIMALS)
        return Fig(made.address, value, "1", text, 100.0, SHARE_DECIMALS, "%", made)

    def total(self, lines: Sequence[Line], symbol: str = "quantity", less: Sequence[Line] = ()) -> Fig:
        """Return the sum of what is known of an input over lines [unit of the lines], minus that over others."""
        signed = [(1, line) for line in lines] + [(-1, line) for line in less]
        if len(signed) == 1 and signed[0][0] == 1:
            return self.entered(lines[0], symbol, self.decimals)
        known = [(sign, line) for sign, line in signed if line.symbols[symbol].value is not None]
        made = Made("sum", tuple(line.address(symbol) for _, line in known), tuple(sign for sign, _ in known))
        total = made.compute([line.symbols[symbol].value or 0.0 for _, line in known], ()) if known else None
        unit = signed[0][1].symbols[symbol].unit
        return Fig(made.address, total, unit, grouped(total, self.decimals), 1.0, self.decimals, unit, made)

    def mean(self, lines: Sequence[Line], symbol: str) -> Fig:
        """Return the mean of an input weighted by quantity; the value itself where all lines share it.

        Where quantities of both signs meet (bought and sold coke of different calorific value) a mean means nothing:
        it is unknown, and the streams are listed one by one in the chapter on factors.
        """
        lines = [line for line in lines if (value := line.find(symbol)) and value.value is not None] or lines[:1]
        found = [value for line in lines if (value := line.find(symbol))]
        if len({each.value for each in found}) == 1:
            return self.entered(lines[0], symbol)
        terms, weights = [each.value for each in found], [line.symbols["quantity"].value for line in lines]
        made = Made(
            "mean", tuple(line.address(symbol) for line in lines), (), tuple(line.address("quantity") for line in lines)
        )
        known = [weight for weight in weights if weight is not None]
        mean = made.compute([term or 0.0 for term in terms], known) if len(known) == len(weights) else None
        return Fig(made.address, mean, found[0].unit, significant(mean), 1.0, None, found[0].unit, made)

    def entered(self, line: Line, symbol: str, decimals: int | None = None) -> Fig:
        """Return one input of one line."""
        found = line.find(symbol)
        if found is None:
            raise KeyError(symbol)
        text = significant(found.value) if decimals is None else grouped(found.value, decimals)
        return Fig(line.address(symbol), found.value, found.unit, text, 1.0, decimals, found.unit)
