"""A small result document, written by hand in the form of the engine: what boundary, cut-off and groups read."""

from typing import Any

COLUMNS = ("stream", "month", "account", "source", "process", "material", "role", "direction", "value")


def line_block(source: str, rows: list[dict[str, Any]], *, sign: int = 1, unit: str = "t") -> dict[str, Any]:
    """A trace block and its lines; a row names stream, material, role, direction, process, amount, value."""
    return {"source": source, "rows": rows, "sign": sign, "unit": unit}


def document(
    blocks: list[dict[str, Any]],
    *,
    left: list[dict[str, Any]] = (),
    kinds: dict[str, str] | None = None,
    main: str = "aluminium",
    complete: bool = True,
) -> dict[str, Any]:
    """A result document of one year, month by month where a row names a month."""
    lines: dict[str, list[Any]] = {
        name: []
        for name in ("stream", "month", "account", "source", "process", "material", "role", "direction", "value")
    }
    trace, declared = [], {}
    for block in blocks:
        start = len(lines["stream"])
        for row in block["rows"]:
            declared[row["stream"]] = _declared(row)
            lines["stream"].append(row["stream"])
            lines["month"].append(row.get("month", "2025"))
            lines["account"].append("process" if row.get("process") else "enterprise")
            lines["source"].append(block["source"])
            lines["value"].append(row["value"])
            for name in ("process", "material", "role", "direction"):
                lines[name].append(declared[row["stream"]][name])
        trace.append(_block(block, start))
    for row in left:
        declared[row["stream"]] = _declared(row)
    own = [n for n, account in enumerate(lines["account"]) if account == "enterprise"]
    sources = {block["source"]: 0.0 for block in blocks if any(not row.get("process") for row in block["rows"])}
    months: dict[str, dict[str, float]] = {}
    for n in own:
        sources[lines["source"][n]] += lines["value"][n]
        cell = months.setdefault(lines["month"][n], {})
        cell[lines["source"][n]] = cell.get(lines["source"][n], 0.0) + lines["value"][n]
    indirect = [id for id in sources if "electricity" in id or "heat" in id]
    direct = [id for id in sources if id not in indirect]
    return {
        "standard": "test", "gwp": {"set": "none"}, "complete": complete, "period": "2025",
        "site": {"main_product": main, "options": {"process_kinds": kinds or {}}},
        "declared": list(declared.values()), "lines": lines, "trace": trace,
        "labels": {"streams": {}, "subtotal_sources": {"direct": "+".join(direct), "indirect": "+".join(indirect)}},
        "not_counted": [
            {"stream": row["stream"], "value": row["amount"], "unit": row.get("unit", "t"), "reason": "不计入"}
            for row in left
        ],
        "total": {"value": sum(sources.values()), "unit": "tCO2e"},
        "sources": {id: {"value": value, "unit": "tCO2e"} for id, value in sources.items()},
        "subtotals": {
            "direct": {"value": sum(sources[id] for id in direct)},
            "indirect": {"value": sum(sources[id] for id in indirect)},
        },
        "months": {month: {"value": sum(cell.values())} for month, cell in months.items()},
        "month_sources": months,
        "processes": {},
    }  # fmt: skip


def _declared(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": row["stream"], "material": row["material"], "role": row["role"], "label": row.get("label", row["stream"]),
        "direction": row.get("direction", "in"), "process": row.get("process", ""), "material_zh": "",
    }  # fmt: skip


def _block(block: dict[str, Any], start: int) -> dict[str, Any]:
    rows, unit = block["rows"], block["unit"]
    parts: dict[str, Any] = {}
    for n, row in enumerate(rows):
        for part, value in row.get("parts", {"quantity": row["amount"]}).items():
            sign = {"sold": -1, "closing_stock": -1}.get(part, 1)
            cell = parts.setdefault(part, {"sign": [sign] * len(rows), "value": [None] * len(rows)})
            cell["value"][n] = value
    symbols = {"quantity": {"unit": unit, "value": [row["amount"] for row in rows]}}
    if any("ncv" in row for row in rows):
        symbols["net_calorific_value"] = {"unit": f"GJ/{unit}", "value": [row.get("ncv") for row in rows]}
    return {
        "source": block["source"], "account": "process" if rows[0].get("process") else "enterprise",
        "sign": block["sign"], "gas": "CO2", "lines": list(range(start, start + len(rows))), "symbols": symbols,
        "amount": {"unit": unit, "direct": ["parts" not in row for row in rows], "parts": parts},
    }  # fmt: skip
