"""Writes docs/reference/standards.md from ``data/``: ``python -m tests.data.reference_page``."""

import csv
from pathlib import Path

from tanheng.kernel.catalogue import materials
from tanheng.kernel.quantities import glossary
from tanheng.kernel.resources import data_dir
from tanheng.rules.package import Standard, load_standard

__all__ = ["page"]

STANDARDS = sorted(path.parent.name for path in (data_dir() / "standards").glob("*/standard.yaml"))
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "standards.md"


def page() -> str:
    """Return the page: what is in each package, and which values wait for the printed text."""
    parts = [
        "# 标准包一览",
        "> 由 `python -m tests.data.reference_page` 从 `data/` 生成，请勿手改。",
        "各标准包均为二手来源，待核原文。",
    ]
    parts += [_standard(load_standard(name)) for name in STANDARDS]
    return "\n\n".join([*parts, _factors(), _flags()]) + "\n"


def _standard(standard: Standard) -> str:
    out = [
        f"## {standard.zh}",
        f"`{standard.id}` · {standard.document} · 自 {standard.in_force.start} 起",
        f"状态：{standard.status}（{standard.evidence}）",
    ]
    out.append(standard.superseded_note or "")
    out.append(
        f"GWP：{standard.gwp.set}，{'、'.join(f'{gas} {value:g}' for gas, value in standard.gwp.values.items())}"
    )
    rows = [
        [f"`{key}` {s.zh}", "、".join(line.gas for line in s.lines), s.source.equation or "", s.source.confidence or ""]
        for key, s in standard.sources.items()
    ]
    out.append("### 排放源\n\n" + _table(["排放源", "气体", "公式出处", "可信度"], rows))
    rows = [[f"`{f.id}` {f.zh}", f"`{f.expr}`", f.unit] for f in standard.formulas.values()]
    out.append("### 公式\n\n" + _table(["公式", "表达式", "单位"], rows))
    out.append(
        "### 缺省值\n\n"
        + _table(["参数", "物料", "用途", "值", "单位", "出处", "可信度", "已核", "说明"], _parameters(standard.id))
    )
    rows = [
        [entry.role, "全部" if entry.materials == "*" else "、".join(_zh(m) for m in entry.materials), entry.reason]
        for entry in standard.not_counted
    ]
    out.append("### 不计入\n\n" + _table(["用途", "物料", "理由"], rows))
    return "\n\n".join(part for part in out if part)


def _parameters(standard: str) -> list[list[str]]:
    found = []
    for path in sorted((data_dir() / "standards" / standard / "parameters").glob("*.csv")):
        for row in _rows(path):
            where = " ".join(text for text in (row["document"], row["table"]) if text)
            checked = "是" if row["checked"] == "true" else "否"
            name = glossary()[row["quantity"]].zh
            found.append(
                [
                    name,
                    _zh(row["material"]),
                    row["role"],
                    row["value"],
                    row["unit"],
                    where,
                    row["confidence"],
                    checked,
                    row["note"],
                ]
            )
    return found


def _factors() -> str:
    rows = []
    for path in sorted((data_dir() / "factors").rglob("*.csv")):
        entries = _rows(path)
        checked = sum(row["checked"] == "true" for row in entries)
        recalled = sum(row["confidence"] == "recalled-high" for row in entries)
        rows.append([f"`{path.parent.name}/{path.name}`", str(len(entries)), str(checked), str(recalled)])
    return "## 因子库\n\n" + _table(["文件", "条数", "已与官方附件核对", "凭记忆（recalled-high）"], rows)


def _flags() -> str:
    rows = [
        [row["state"], row["pressure_mpa"], row["temperature_c"], row["enthalpy_kj_per_kg"], row["flag"]]
        for row in _rows(data_dir() / "tables" / "steam_enthalpy.csv")
        if row["flag"]
    ]
    return "## 蒸汽热焓表中存疑的行\n\n" + _table(["状态", "压力 MPa", "温度 ℃", "热焓 kJ/kg", "说明"], rows)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _zh(material: str) -> str:
    return materials()[material].zh if material else "全部"


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
