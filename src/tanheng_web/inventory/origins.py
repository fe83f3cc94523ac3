"""Provenance in words: where a value comes from, who entered and approved it, which document prints it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from tanheng.accounting.origins import LOOKED_UP, origin_zh
from tanheng.kernel.units import label
from tanheng_web.inventory.links import workbook_url

__all__ = ["Fact", "facts"]

Provenance = Mapping[str, Any]

EVIDENCE = {
    "primary": "原文",
    "platform-record": "平台记录",
    "secondary-implementation": "其他程序的实现",
    "secondary-text": "转述文本",
    "secondary-database": "第三方数据库",
    "secondary": "二手来源",
    "back-calculation": "反推",
    "memory": "凭记忆",
    "enterprise": "企业自有方法",
}


@dataclass(frozen=True)
class Fact:
    """One line of the panel: what, its text, and where it can be seen."""

    term: str
    text: str
    url: str = ""


def facts(provenance: Provenance | None, origin: str | None, *, organisation_id: int) -> tuple[Fact, ...]:
    """Lines for a value; none where the figure is computed."""
    lines = [Fact("性质", origin_zh(origin))] if origin and origin != "computed" else []
    if provenance:
        writer = WRITERS.get(str(provenance.get("kind")), _other)
        lines.extend(writer(provenance, organisation_id))
        lines.extend(_basis(provenance))
        lines.extend(_approval(provenance))
    return tuple(line for line in lines if line.text)


def _basis(found: Provenance) -> list[Fact]:
    """Who tested the value and how, or the voucher that prints it."""
    return [
        Fact("取值依据", str(found.get("basis") or "")),
        Fact("检测方法", str(found.get("method") or "")),
        Fact("检测报告或凭证", str(found.get("evidence_document") or "")),
    ]


def _workbook(found: Provenance, organisation_id: int) -> list[Fact]:
    where = f"工作表“{found.get('sheet', '')}”　单元格 {found.get('cell', '')}"
    return [
        Fact(
            "文件",
            str(found.get("file", "")),
            workbook_url(organisation_id, found["file_id"]) if found.get("file_id") else "",
        ),
        Fact("位置", where),
        Fact("录入", _by_at(found.get("by"), found.get("at"))),
    ]


def _form(found: Provenance, organisation_id: int) -> list[Fact]:
    return [
        Fact("录入", f"页面填报　{_by_at(found.get('by'), found.get('at'))}"),
        Fact("说明", str(found.get("note") or "")),
    ]


def _standard(found: Provenance, organisation_id: int) -> list[Fact]:
    table = [
        found.get("table") and f"表 {found['table']}",
        found.get("clause") and f"{found['clause']} 条",
        found.get("row"),
    ]
    return [
        Fact("出处", str(found.get("document") or found.get("doc") or found.get("standard") or "")),
        Fact("位置", "　".join(str(part) for part in table if part)),
        Fact("数据行", str(found.get("row") or "")),
        Fact("核对", _checked(found)),
        Fact("说明", str(found.get("note") or "")),
    ]


def _library(found: Provenance, organisation_id: int) -> list[Fact]:
    number = f"（{found['document_no']}）" if found.get("document_no") else ""
    return [
        Fact("因子", str(found.get("factor_id") or "")),
        Fact("文件", f"{found.get('document') or ''}{number}"),
        Fact("数据年份", f"{found['data_year']} 年" if found.get("data_year") else ""),
        Fact("发布", day_zh(found.get("published_on"))),
        Fact("核对", _checked(found)),
        Fact("说明", str(found.get("note") or "")),
    ]


def _enterprise(found: Provenance, organisation_id: int) -> list[Fact]:
    return [Fact("设定", _by_at(found.get("by"), found.get("at"))), Fact("说明", str(found.get("note") or ""))]


def _constant(found: Provenance, organisation_id: int) -> list[Fact]:
    return [Fact("出处", str(found.get("document") or ""))]


def _case(found: Provenance, organisation_id: int) -> list[Fact]:
    return [Fact("算例文件", str(found.get("file") or "")), Fact("位置", str(found.get("path") or ""))]


def _table(found: Provenance, organisation_id: int) -> list[Fact]:
    lines = "、".join(str(line) for line in found.get("lines") or ())
    given = [(key, found[key]) for key in LOOKED_UP if found.get(key) is not None]
    state = [f"{LOOKED_UP[key][0]} {value:g} {label(LOOKED_UP[key][1])}" for key, value in given]
    return [
        Fact("出处", str(found.get("document") or "")),
        Fact("查表", "　".join(state)),
        Fact("位置", f"数据表第 {lines} 行" if lines else ""),
        Fact("核对", _checked(found)),
        Fact("说明", str(found.get("note") or "")),
    ]


def _other(found: Provenance, organisation_id: int) -> list[Fact]:
    return [Fact(str(key), str(value)) for key, value in found.items() if key != "kind" and value not in (None, "")]


WRITERS = {
    "workbook": _workbook,
    "form": _form,
    "standard": _standard,
    "library": _library,
    "enterprise": _enterprise,
    "constant": _constant,
    "case": _case,
    "table": _table,
}


def _approval(found: Provenance) -> list[Fact]:
    version = f"第 {found['version']} 版" if found.get("version") else ""
    return [Fact("审核", _by_at(found.get("approved_by"), found.get("approved_at"))), Fact("数据版本", version)]


def _checked(found: Provenance) -> str:
    """Whether the printed original was compared; if not, on what evidence the value stands."""
    if found.get("checked"):
        return "已核对原文"
    evidence = EVIDENCE.get(str(found.get("evidence") or ""), "")
    return f"二手来源，待核原文（依据：{evidence}）" if evidence else "二手来源，待核原文"


def _by_at(by: Any, at: Any) -> str:
    return "　".join(part for part in (str(by or ""), moment_zh(at)) if part)


def moment_zh(at: Any) -> str:
    """An instant in local time."""
    if not at:
        return ""
    moment = datetime.fromisoformat(str(at)) if not isinstance(at, datetime) else at
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    return f"{local:%Y-%m-%d %H:%M}"


def day_zh(day: Any) -> str:
    return str(day or "")
