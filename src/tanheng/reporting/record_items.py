"""One item of a stream on a record sheet: a part of its balance, an input, or its emission, by month and as a whole."""

from collections.abc import Sequence
from functools import cached_property

from tanheng.accounting.address import with_filter
from tanheng.accounting.figures import add
from tanheng.kernel.units import label
from tanheng.reporting.figures import Fig, Made, grouped
from tanheng.reporting.lines import Line, Value
from tanheng.reporting.reading import Reading
from tanheng.rules.amounts import BASIS_SIGNS

__all__ = ["Item", "obtained"]

_PARTS = frozenset(BASIS_SIGNS["net_consumption"])
_OBTAINED = {
    "measured": "实测值", "contracted": "其他（合同约定值）", "derived": "计算值", "computed": "计算值",
    "constant": "缺省值", "enterprise_default": "缺省值（企业）", "standard_default": "缺省值", "library": "缺省值",
}  # fmt: skip


def obtained(origins: Sequence[str]) -> str:
    """Return how values came to be: 实测值, 缺省值, 计算值, each named once."""
    return "、".join(dict.fromkeys(_OBTAINED.get(origin, origin) for origin in origins if origin))


class Item:
    """``take`` over the lines of one stream and account; several gases of a stream repeat the same inputs."""

    def __init__(self, reading: Reading, take: str, lines: Sequence[Line]) -> None:
        self.reading, self.take, self.all = reading, take, list(lines)
        self.lines = list({(line.month, line.process): line for line in reversed(self.all)}.values())[::-1]

    @property
    def symbol(self) -> str:
        """The input whose sources are told; an emission has none."""
        return "" if self.take == "emission" else "quantity" if self.take in (*_PARTS, "stock_change") else self.take

    @cached_property
    def is_given(self) -> bool:
        """Whether any line has it; an emission is always there, a net amount that was given directly once."""
        if self.take == "emission":
            return True
        if self.take == "stock_change":
            return any("closing_stock" in line.parts for line in self.lines)
        return bool(self._values(self.lines))

    @property
    def unit(self) -> str:
        """The unit of the item."""
        if self.take == "emission":
            return "tCO2" if {line.gas for line in self.all} == {"CO2"} else "tCO2e"
        if self.take == "stock_change":
            return Item(self.reading, "closing_stock", self.lines).unit
        return self._values(self.lines)[0][1].unit

    @property
    def origins(self) -> list[str]:
        """Origins of the values, each once."""
        if self.take in ("emission", "stock_change"):
            return ["computed"]
        return list(dict.fromkeys(value.origin for _, value in self._values(self.lines)))

    def month(self, month: str) -> Fig:
        """Return the figure of a month."""
        return self._fig([line for line in self.lines if line.month == month], month)

    def whole(self) -> Fig:
        """Return the figure of the period: first and last stock, weighted mean of a parameter, else the sum."""
        known = [line for line, _ in self._values(self.lines)]
        if self.take == "opening_stock":
            return self._fig(known[:1])
        if self.take == "closing_stock":
            return self._fig(known[-1:])
        return self._fig(self.lines)

    def _values(self, lines: Sequence[Line]) -> list[tuple[Line, Value]]:
        found = [(line, line.parts.get(self.take) if self.take in _PARTS else line.find(self.take)) for line in lines]
        return [(line, value) for line, value in found if value is not None]

    def _fig(self, lines: Sequence[Line], month: str = "") -> Fig:
        decimals = self.reading.decimals
        if self.take == "emission":
            return self._emission(month)
        if self.take == "stock_change":
            return self._change(lines)
        values = self._values(lines)
        if self.take not in (*_PARTS, "quantity"):
            known = [line for line, value in values if value.value is not None]
            return self.reading.mean(known, self.take) if known else _unknown(self.unit, decimals)
        paths = {True: f"quantity/{self.take}", False: "quantity"}
        terms = tuple(f"input:{line.index}/{paths[self.take in _PARTS]}" for line, _ in values)
        made = Made("sum", terms, (1,) * len(terms))
        total = add([value.value for _, value in values]) if values else None
        return Fig(made.address, total, self.unit, grouped(total, decimals), 1.0, decimals, self.unit, made)

    def _change(self, lines: Sequence[Line]) -> Fig:
        decimals, unit = self.reading.decimals, self.unit
        both = [line for line in lines if {"opening_stock", "closing_stock"} <= set(line.parts)]
        signed = [(line, part, sign) for line in both for part, sign in (("closing_stock", 1), ("opening_stock", -1))]
        terms = tuple(f"input:{line.index}/quantity/{part}" for line, part, _ in signed)
        made = Made("sum", terms, tuple(sign for *_, sign in signed))
        given = [line.parts[part].value for line, part, _ in signed]
        known = [value for value in given if value is not None]
        total = made.compute(known, ()) if signed and len(known) == len(given) else None
        return Fig(made.address, total, unit, grouped(total, decimals), 1.0, decimals, unit, made)

    def _emission(self, month: str) -> Fig:
        decimals, first = self.reading.decimals, self.all[0]
        chosen = [line.value for line in self.all if not month or line.month == month]
        value = add(chosen) if chosen else None
        rest = {"account": first.account, "source": first.source, "stream": first.stream}
        address = with_filter({**rest, **({"month": month} if month else {})})
        return Fig(address, value, "tCO2e", grouped(value, decimals), 1.0, decimals, label("tCO2e"))


def _unknown(unit: str, decimals: int) -> Fig:
    return Fig("", None, unit, grouped(None, decimals), 1.0, decimals, unit)
