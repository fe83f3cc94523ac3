"""The lower half of a figure's tree: a line, its formula, derived parameters, balances, cells."""

from dataclasses import replace
from typing import Any

from tanheng.accounting.address import months_of
from tanheng.accounting.figures import add
from tanheng.accounting.nodes import Child, Node
from tanheng.accounting.result import ResultDocument
from tanheng.kernel.errors import NotFound
from tanheng.kernel.periods import Period
from tanheng.kernel.units import factor
from tanheng.rules.expression import names as symbols_in
from tanheng.rules.expression import parse

__all__ = ["denominator_node", "input_node", "line_node"]

_ASSUMED = ("enterprise_default", "standard_default", "library")


def line_node(doc: ResultDocument, address: str) -> Node:
    """Open a line: one stream, one period, one gas; its value [tCO2e] is sign × GWP × formula."""
    number = _number(doc, address.removeprefix("line:"), address)
    block, at = _places(doc)[number]
    lines = doc.data["lines"]
    formula = doc.data["formulas"][block["formula"]]
    names = [name for name in symbols_in(parse(formula["expr"])) if name in block["symbols"]]
    children = [_child(doc, f"input:{number}/{name}", name) for name in names]
    expr, rounding = formula["expr"], doc.data["rounding"]
    expr = _scaled(expr, formula["units"], block)
    if block["gwp"] != 1:
        expr = f"({expr}) * gwp"
        children.append(_child(doc, f"input:{number}/gwp", "gwp"))
    if block["sign"] < 0:
        expr = f"-({expr})"
    if "rest" in block and block["rest"][at]:
        expr = f"({expr}) + rest"
        children.append(_child(doc, f"input:{number}/rest", "rest"))
    label = f"{doc.data['labels']['streams'][lines['stream'][number]]}，{Period.parse(lines['month'][number]).label_zh}"
    value = lines["value"][number]
    decimals = rounding["decimals"] if rounding["level"] == "line" else None
    return Node(
        address, label, value, "tCO2e", "formula", block["formula"], expr, tuple(children),
        flags=() if value is not None else ("gap",), decimals=decimals, note=formula["zh"],
        provenance={"kind": "standard", "standard": doc.data["standard"], **formula["source"]},
    )  # fmt: skip


def _scaled(expr: str, units: list[str], block: dict[str, Any]) -> str:
    """Add the step from the formula's unit to tonnes of the gas where they differ."""
    scale = factor(units[0], block["unit"])
    return expr if scale == 1 else f"({expr}) * {scale!r}"


def input_node(doc: ResultDocument, address: str) -> Node:
    """Open an input of a line: ``input:7/carbon_content``, ``input:7/quantity/purchased``, deeper for derived ones."""
    number_text, _, path = address.removeprefix("input:").partition("/")
    number = _number(doc, number_text, address)
    block, at = _places(doc)[number]
    steps = path.split("/")
    if steps == ["gwp"]:
        return _gwp(doc, address, block)
    if steps == ["rest"] and "rest" in block:
        said = "各气体之和取整，余数计入第一种气体"
        return Node(address, "取整余数", block["rest"][at], "tCO2e", "input", origin="computed", note=said)
    symbols, place = block["symbols"], at
    decimals = block.get("decimals", {}).get(steps[0])  # what the standard rounds before it multiplies
    for depth, name in enumerate(steps):
        if name not in symbols:
            raise NotFound("address.unknown", address=address)
        derived = _derived(block, name, number) if name != block["amount"]["symbol"] else None
        last = depth == len(steps) - 1
        if name == block["amount"]["symbol"]:
            rest = steps[depth + 1 :]
            if len(rest) > 1:
                raise NotFound("address.unknown", address=address)
            node = _amount(doc, address, block["amount"], symbols[name], place, at, rest[0] if rest else "")
            return node if rest or depth else replace(node, decimals=decimals, value=symbols[name]["value"][place])
        if last:
            node = _symbol(doc, address, number, name, symbols[name], place, derived)
            return node if depth else replace(node, decimals=decimals)
        if derived is None:
            raise NotFound("address.unknown", address=address)
        symbols, place = derived[0]["symbols"], derived[1]
    raise NotFound("address.unknown", address=address)


def _symbol(
    doc: ResultDocument, address: str, number: int, name: str, column: dict[str, Any], at: int,
    derived: tuple[dict[str, Any], int] | None,
) -> Node:  # fmt: skip
    value, unit = column["value"][at], column["unit"]
    if derived is not None and value is not None:
        return _computed(doc, address, name, value, unit, derived[0])
    code, ref = column["origin"][at], column["ref"][at]
    origin = doc.data["origins"][code] if code >= 0 else None
    provenance = doc.data["provenance"][ref] if ref >= 0 else {}
    entered = _entered(column, at)
    kind = "input" if value is not None else "gap"
    flags = _flags(value, origin, provenance, entered, doc.data["as_of"])
    return Node(
        address,
        _quantity(doc, name),
        value,
        unit,
        kind,
        origin=origin,
        provenance=provenance,
        flags=flags,
        entered=entered,
    )


def _computed(doc: ResultDocument, address: str, name: str, value: float, unit: str, derived: dict[str, Any]) -> Node:
    formula = doc.data["formulas"][derived["formula"]]
    names = symbols_in(parse(formula["expr"]))
    children = tuple(_child(doc, f"{address}/{symbol}", symbol) for symbol in names)
    scale = factor(formula["units"][0], derived["unit"])
    expr = formula["expr"] if scale == 1 else f"({formula['expr']}) * {scale!r}"
    cited = {"kind": "standard", "standard": doc.data["standard"], **formula["source"]}
    return Node(
        address, _quantity(doc, name), value, unit, "formula", derived["formula"], expr, children, "derived", cited,
        note=formula["zh"],
    )  # fmt: skip


def _amount(
    doc: ResultDocument, address: str, amount: dict[str, Any], column: dict[str, Any], place: int, at: int, part: str
) -> Node:
    """Open a quantity: a cell, or the balance of cells; a quantity that leaves a process counts negative."""
    if part:
        return _part(doc, address, amount, at, part)
    value = column["value"][place]
    signed = [(name, entry["sign"][at]) for name, entry in amount["parts"].items() if entry["value"][at] is not None]
    signed = [(name, sign) for name, sign in signed if sign]
    if signed == [("quantity", 1)]:
        return replace(
            _part(doc, address, amount, at, "quantity"), label=_quantity(doc, amount.get("symbol", "quantity"))
        )
    children = tuple(_signed(doc, f"{address}/{name}", name, sign) for name, sign in signed)
    kind = "balance" if value is not None else "gap"
    flags = () if value is not None else ("gap",)
    label = _quantity(doc, amount.get("symbol", "quantity"))
    return Node(
        address,
        label,
        value,
        amount["unit"],
        kind,
        children=children,
        origin="computed",
        flags=flags,
        note=amount["basis"],
    )


def _part(doc: ResultDocument, address: str, amount: dict[str, Any], at: int, part: str) -> Node:
    if part not in amount["parts"]:
        raise NotFound("address.unknown", address=address)
    entry = amount["parts"][part]
    value, code, ref = entry["value"][at], entry["origin"][at], entry["ref"][at]
    entered = None
    if entry["entered_unit"][at] not in (None, amount["unit"]):
        entered = (entry["entered"][at], entry["entered_unit"][at])
    origin = doc.data["origins"][code] if code >= 0 else None
    provenance = doc.data["provenance"][ref] if ref >= 0 else {}
    flags = _flags(value, origin, provenance, entered, doc.data["as_of"])
    kind = "input" if value is not None else "gap"
    return Node(
        address, _quantity(doc, part), value, amount["unit"], kind, origin=origin, provenance=provenance, flags=flags,
        entered=entered,
    )  # fmt: skip


def _gwp(doc: ResultDocument, address: str, block: dict[str, Any]) -> Node:
    provenance = doc.data["provenance"][block["gwp_ref"]]
    flags = _flags(block["gwp"], "constant", provenance, None, doc.data["as_of"])
    return Node(
        address,
        f"{block['gas']} 全球变暖潜势（{doc.data['gwp']['set']}）",
        block["gwp"],
        "1",
        "input",
        origin="constant",
        provenance=provenance,
        flags=flags,
    )


def denominator_node(doc: ResultDocument, address: str) -> Node:
    """Open what an indicator is divided by: ``denominator:intensity``, ``…+month:2025-01``, ``…/3``, ``…/3/sold``."""
    first, _, rest = address.partition("+")
    name, _, path = first.removeprefix("denominator:").partition("/")
    if name not in doc.data["denominators"]:
        raise NotFound("address.unknown", address=address)
    rows = doc.data["denominators"][name]
    if path:
        return _denominator_row(doc, address, rows, path)
    months = [month for part in rest.split("+") if part.startswith("month:") for month in months_of(part[6:])]
    chosen = [n for n, month in enumerate(rows["month"]) if not months or month in months]
    children = []
    for n in chosen:
        node = _denominator_row(doc, f"denominator:{name}/{n}", rows, str(n))
        children.append(Child(node.address, 1, node.address, node.label, node.value, node.unit))
    value = add(rows["value"][n] for n in chosen) if chosen else None
    flags = () if value is not None else ("gap",)
    kind = "sum" if value is not None else "gap"
    named = doc.data["labels"]["indicators"][name]
    label = f"{named}的分母" if name in doc.data["indicators"] else named
    return Node(address, label, value, rows["unit"], kind, children=tuple(children), flags=flags)


def _denominator_row(doc: ResultDocument, address: str, rows: dict[str, Any], path: str) -> Node:
    text, _, part = path.partition("/")
    at = _index(text, len(rows["stream"]), address)
    node = _amount(doc, address, rows["amount"], {"value": rows["value"]}, at, at, part)
    if part:
        return node
    label = f"{doc.data['labels']['streams'][rows['stream'][at]]}，{Period.parse(rows['month'][at]).label_zh}"
    return Node(
        address, label, node.value, node.unit, node.kind, children=node.children, origin=node.origin,
        provenance=node.provenance, flags=node.flags, entered=node.entered, note=node.note,
    )  # fmt: skip


def _places(doc: ResultDocument) -> dict[int, tuple[dict[str, Any], int]]:
    """Return line number → (trace block, position), made once for a document."""
    if "places" not in doc.index:
        doc.index["places"] = {n: (block, at) for block in doc.data["trace"] for at, n in enumerate(block["lines"])}
    found: dict[int, tuple[dict[str, Any], int]] = doc.index["places"]
    return found


def _derived(block: dict[str, Any], name: str, number: int) -> tuple[dict[str, Any], int] | None:
    for entry in block["derived"]:
        if entry["symbol"] == name and number in entry["lines"]:
            return entry, entry["lines"].index(number)
    return None


def _number(doc: ResultDocument, text: str, address: str) -> int:
    return _index(text, len(doc.data["lines"]["stream"]), address)


def _index(text: str, length: int, address: str) -> int:
    """Read a line number; ``²`` is a digit to Python and no number."""
    if not (text.isascii() and text.isdigit() and len(text) < 12) or int(text) >= length:
        raise NotFound("address.unknown", address=address)
    return int(text)


def _entered(column: dict[str, Any], at: int) -> tuple[float, str] | None:
    entered = column.get("entered")
    if not entered or entered["unit"][at] in (None, column["unit"]):
        return None
    return entered["value"][at], entered["unit"][at]


def _flags(
    value: float | None, origin: str | None, provenance: dict[str, Any], entered: object, as_of: str
) -> tuple[str, ...]:
    found = ["gap"] if value is None else []
    if origin in _ASSUMED:
        found.append("default")
    if provenance.get("checked") is False:
        found.append("unchecked")
    if provenance.get("valid_to") and str(provenance["valid_to"]) <= as_of:
        found.append("expired")
    if entered is not None:
        found.append("converted")
    return tuple(found)


def _quantity(doc: ResultDocument, name: str) -> str:
    label: str = doc.data["labels"]["quantities"].get(name, name)
    return label


def _child(doc: ResultDocument, address: str, symbol: str) -> Child:
    return _signed(doc, address, symbol, 1)


def _signed(doc: ResultDocument, address: str, symbol: str, sign: int) -> Child:
    node = input_node(doc, address) if address.startswith("input:") else denominator_node(doc, address)
    return Child(symbol, sign, address, node.label, node.value, node.unit)
