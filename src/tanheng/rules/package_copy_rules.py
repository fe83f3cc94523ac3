"""Which rule of a copied standard takes a stream, and moving a material from one rule to another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tanheng.kernel.errors import InputError

__all__ = ["NOT_COUNTED", "Taker", "report_row_added", "rule_put", "takers"]

NOT_COUNTED = "not_counted"
Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Taker:
    """A rule that takes a material in a use: of a source, or of what is not counted."""

    place: str
    number: int
    material: str
    rule: Mapping[str, Any]

    @property
    def is_explicit(self) -> bool:
        """Whether the rule names the material, so that it can be taken out of it."""
        return bool(self.rule.get("materials", "*") != "*")


def takers(text: Mapping[str, Any], role: str, materials: Iterable[str], direction: str = "") -> tuple[Taker, ...]:
    """Return the rules that take any of the materials in a use whatever was measured; the first of them wins.

    A rule that asks for a measured value or a named factor leaves the others their part and is no taker.
    """
    wanted = tuple(materials)
    places = [(name, source.get("take") or ()) for name, source in text.get("sources", {}).items()]
    places.append((NOT_COUNTED, text.get(NOT_COUNTED) or ()))
    return tuple(
        Taker(place, number, material, rule)
        for place, rules in places
        for number, rule in enumerate(rules)
        for material in wanted
        if _takes(rule, role, material, direction)
    )


def _takes(rule: Mapping[str, Any], role: str, material: str, direction: str) -> bool:
    chosen = rule.get("materials", "*")
    fits = chosen == "*" or material in chosen
    either = not direction or rule.get("direction") in (None, "", direction)
    return rule.get("role") == role and fits and either and not rule.get("requires") and not rule.get("names_factor")


def rule_put(text: Data, place: str, rule: Data, *, move: bool) -> Data:
    """Return ``standard.yaml`` with one more rule; with ``move`` its materials are first taken out of earlier rules.

    Raises
    ------
    InputError
        ``copy.rule_taken`` where another rule takes a material already and would go on doing so: the new rule would
        never come into play.
    """
    materials = rule.get("materials", "*")
    before = takers(text, rule["role"], materials, str(rule.get("direction") or "")) if materials != "*" else ()
    stuck = [each for each in before if not (move and each.is_explicit) and _hides(text, each, place)]
    if stuck:
        first = stuck[0]
        source = text["sources"].get(first.place, {}).get("zh", "不计入")
        raise InputError("copy.rule_taken", material=first.material, source=source, number=first.number + 1)
    moved = _without(text, rule, before) if move else text
    if place == NOT_COUNTED:
        return {**moved, NOT_COUNTED: [*(moved.get(NOT_COUNTED) or ()), rule]}
    source = moved["sources"][place]
    return {**moved, "sources": {**moved["sources"], place: {**source, "take": [*source["take"], rule]}}}


def _hides(text: Mapping[str, Any], taker: Taker, place: str) -> bool:
    """Whether a rule comes before a new one at the end of a place: what is not counted is asked last."""
    order = [*text.get("sources", {}), NOT_COUNTED]
    return taker.place == place or order.index(taker.place) < (order.index(place) if place in order else len(order) - 1)


def _without(text: Data, rule: Data, before: Iterable[Taker]) -> Data:
    """Take the materials of a rule out of those that named them; a rule that is left empty goes."""
    gone = set(rule["materials"])
    touched = {(each.place, each.number) for each in before if each.is_explicit}

    def kept(place: str, rules: Iterable[Data]) -> list[Data]:
        found = []
        for number, each in enumerate(rules):
            left = [name for name in each["materials"] if name not in gone] if (place, number) in touched else None
            if left is None or left:
                found.append(each if left is None else {**each, "materials": left})
        return found

    sources = {name: {**source, "take": kept(name, source["take"])} for name, source in text["sources"].items()}
    empty = [source["zh"] for name, source in sources.items() if text["sources"][name]["take"] and not source["take"]]
    if empty:
        raise InputError("copy.source_emptied", source=empty[0])
    return {**text, "sources": sources, NOT_COUNTED: kept(NOT_COUNTED, text.get(NOT_COUNTED) or ())}


def report_row_added(report: Data, source: str, zh: str) -> Data:
    """Return ``report.yaml`` with a row of a new source behind the last source of the first table that lists them."""
    tables = [dict(table) for table in report.get("attached") or ()]
    for table in tables:
        for n, block in enumerate(table.get("blocks") or ()):
            rows = list(block.get("rows") or ())
            places = [m for m, row in enumerate(rows) if str(row.get("figure", "")).startswith("source:")]
            if places:
                rows.insert(places[-1] + 1, {"zh": zh, "figure": f"source:{source}"})
                table["blocks"] = [
                    {**block, "rows": rows} if m == n else each for m, each in enumerate(table["blocks"])
                ]
                return {**report, "attached": tables}
    return report
