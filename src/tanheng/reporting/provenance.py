"""Provenance in words: which cell, form, table or factor a value comes from, and who entered and approved it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tanheng.accounting.origins import LOOKED_UP
from tanheng.kernel.units import label

__all__ = ["checked_zh", "many_zh", "provenance_zh"]

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_MOST_CELLS = 3

CONFIDENCE: Mapping[str, str] = {
    "seen": "二手来源，已见",
    "recalled-high": "二手来源，可信度高",
    "recalled-medium": "二手来源，可信度中",
    "recalled-low": "二手来源，可信度低",
}


def checked_zh(found: Mapping[str, Any]) -> str:
    """Return whether a value was compared with the printed original."""
    if found.get("checked"):
        return "已核对原文"
    confidence = CONFIDENCE.get(str(found.get("confidence") or ""), "二手来源")
    return f"待核原文（{confidence}）"


def provenance_zh(found: Mapping[str, Any] | None) -> str:
    """Return one line: where a value stands and who entered and approved it."""
    if not found:
        return ""
    kind = str(found.get("kind") or "")
    writer = _WRITERS.get(kind, _other)
    parts = [writer(found), _entered(found) if kind in ("workbook", "form", "enterprise") else "", _approved(found)]
    return "；".join(part for part in parts if part)


def many_zh(all_found: Iterable[Mapping[str, Any]]) -> str:
    """Return a summary of many values of one stream: documents once, cells counted, people named."""
    found = [each for each in all_found if each]
    texts = [_listed(place, cells) for place, cells in _files(found).items()]
    others = [each for each in found if each.get("kind") not in ("workbook", "case")]
    for text in dict.fromkeys(_WRITERS.get(str(each.get("kind") or ""), _other)(each) for each in others):
        texts.append(text)
    texts.extend(_people(found))
    return "；".join(text for text in texts if text)


def _listed(place: str, cells: Sequence[str]) -> str:
    """Name the first cells of a sheet or file and count the rest."""
    different = list(dict.fromkeys(cells))
    return (
        place
        + "、".join(different[:_MOST_CELLS])
        + (f" 等 {len(different)} 处" if len(different) > _MOST_CELLS else "")
    )


def _files(found: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Return cells by sheet of a workbook, paths by case file."""
    files: dict[str, list[str]] = {}
    for each in found:
        name = str(each.get("file") or "").rpartition("/")[2]
        if each.get("kind") == "workbook":
            files.setdefault(f"工作簿“{name}”{each.get('sheet') or ''}表 ", []).append(str(each.get("cell") or ""))
        elif each.get("kind") == "case":
            files.setdefault(f"算例文件“{name}” ", []).append(str(each.get("path") or ""))
    return files


def _people(found: list[Mapping[str, Any]]) -> list[str]:
    entered = dict.fromkeys(str(each["by"]) for each in found if each.get("by"))
    approved = dict.fromkeys(str(each["approved_by"]) for each in found if each.get("approved_by"))
    lines = [f"{'、'.join(entered)}录入"] if entered else []
    return [*lines, f"{'、'.join(approved)}审核"] if approved else lines


def _workbook(found: Mapping[str, Any]) -> str:
    return f"工作簿“{found.get('file') or ''}”工作表“{found.get('sheet') or ''}”单元格 {found.get('cell') or ''}"


def _form(found: Mapping[str, Any]) -> str:
    return "页面填报" + (f"（{found['note']}）" if found.get("note") else "")


def _standard(found: Mapping[str, Any]) -> str:
    table, clause = found.get("table"), found.get("clause")
    places = [
        str(found.get("document") or found.get("standard") or ""),
        str(table or ""),
        f"{clause} 条" if clause else "",
    ]
    return " ".join(place for place in places if place) + f"，{checked_zh(found)}"


def _library(found: Mapping[str, Any]) -> str:
    number = f"（{found['document_no']}）" if found.get("document_no") else ""
    year = f"，{found['data_year']} 年数据" if found.get("data_year") else ""
    published = f"，{found['published_on']} 发布" if found.get("published_on") else ""
    name = found.get("document") or found.get("factor_id") or ""
    return f"{name}{number}{year}{published}，{checked_zh(found)}"


def _enterprise(found: Mapping[str, Any]) -> str:
    return "企业设定" + (f"（{found['note']}）" if found.get("note") else "")


def _constant(found: Mapping[str, Any]) -> str:
    return str(found.get("document") or "")


def _case(found: Mapping[str, Any]) -> str:
    return " ".join(
        part
        for part in (f"算例文件 {str(found.get('file') or '').rpartition('/')[2]}", str(found.get("path") or ""))
        if part
    )


def _table(found: Mapping[str, Any]) -> str:
    """Write a lookup, such as the enthalpy of steam: the document, the state it was looked up by, what is doubtful."""
    given = [(key, found[key]) for key in LOOKED_UP if found.get(key) is not None]
    state = [f"{LOOKED_UP[key][0]} {value:g} {label(LOOKED_UP[key][1])}" for key, value in given]
    lines = "、".join(str(line) for line in found.get("lines") or ())
    note = f"，{found['note']}" if found.get("note") else ""
    where = "".join((f"，按{'、'.join(state)} 查得" if state else "", f"，数据表第 {lines} 行" if lines else ""))
    return f"{found.get('document') or ''}{where}，{checked_zh(found)}{note}"


def _other(found: Mapping[str, Any]) -> str:
    return "，".join(f"{key} {value}" for key, value in found.items() if key != "kind" and value not in (None, ""))


_WRITERS = {
    "workbook": _workbook,
    "form": _form,
    "standard": _standard,
    "library": _library,
    "enterprise": _enterprise,
    "constant": _constant,
    "case": _case,
    "table": _table,
}


def _entered(found: Mapping[str, Any]) -> str:
    return _by(found.get("by"), found.get("at"), "录入")


def _approved(found: Mapping[str, Any]) -> str:
    version = f"（第 {found['version']} 版）" if found.get("version") else ""
    said = _by(found.get("approved_by"), found.get("approved_at"), "审核")
    return said + version if said else version


def _by(person: Any, at: Any, verb: str) -> str:
    return f"{person} {_moment(at)} {verb}".replace("  ", " ") if person else ""


def _moment(at: Any) -> str:
    if not at:
        return ""
    moment = datetime.fromisoformat(str(at))
    return f"{moment.astimezone(_SHANGHAI) if moment.tzinfo else moment:%Y-%m-%d %H:%M}"
