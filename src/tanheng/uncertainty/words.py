"""A study in plain Chinese: sentences for readers without statistics, used by pages, reports and the command line."""

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from tanheng.kernel.resources import data_dir
from tanheng.kernel.rounding import round_half_up
from tanheng.kernel.units import label
from tanheng.kernel.yaml_lines import read_yaml
from tanheng.uncertainty.chosen import BASES
from tanheng.uncertainty.subject import TOTAL

__all__ = [
    "METHODS", "amount", "basis_zh", "distribution_zh", "doubt_zh", "glossary", "percent", "remedy_sentence",
    "study_sentence", "subject_zh",
]  # fmt: skip

METHODS = {
    "monte_carlo": "蒙特卡洛不确定度",
    "tornado": "单因素敏感性（龙卷风图）",
    "morris": "Morris 筛选",
    "sobol": "Sobol 指数",
}
_KIND = {"normal": "正态", "lognormal": "对数正态", "uniform": "均匀", "triangular": "三角"}


@cache
def glossary(method: str = "") -> tuple[tuple[str, str], ...]:
    """Return the words of a method (default: of all) with what they mean, for readers without statistics."""
    entries = read_yaml(data_dir() / "uncertainty" / "text" / "glossary.yaml").data
    return tuple((entry["word"], entry["means"]) for entry in entries if not method or method in entry["of"])


def amount(value: float | None, unit: str = "tCO2e") -> str:
    """Return an emission as people say it, with its unit."""
    if value is None:
        return "—"
    exact = Decimal(repr(float(value)))  # rounded half up, as on every page
    if abs(value) >= 1e6:
        return f"{round_half_up(exact / 10000, 2):,} 万 {label(unit)}".replace("-", "−")
    return f"{round_half_up(exact, 0 if abs(value) >= 1e4 else 2):,} {label(unit)}".replace("-", "−")


def percent(value: float | None, *, signed: bool = False) -> str:
    """Return a share as a percentage with a sensible number of digits."""
    if value is None:
        return "—"
    digits = 1 if abs(value) >= 0.1 else 2
    text = f"{value * 100:+.{digits}f}%" if signed else f"{value * 100:.{digits}f}%"
    return text.replace("-", "−")


def basis_zh(basis: str) -> str:
    """Return on what basis an input moves or stays."""
    return BASES.get(basis, basis)


def doubt_zh(citation: Mapping[str, Any]) -> str:
    """Return why a citation is not to be relied on yet: nobody held it against the text, or it was recalled."""
    if citation["checked"]:
        return "已核原文"
    return "凭记忆录入，待核原文" if str(citation["confidence"]).startswith("recalled") else "待核原文"


def distribution_zh(entry: Mapping[str, Any]) -> str:
    """Return an input's distribution in words: the bounds of a uniform or triangle, else the 95 % range."""
    found = entry.get("distribution")
    if not found:
        return "不变"
    if found["kind"] in ("uniform", "triangular"):
        low, high, within = found["first"] - 1, found["second"] - 1, "全部在"
    else:
        low, high, within = entry["relative_low"], entry["relative_high"], "95% 在"
    same = abs(low + high) < 1e-4 * abs(high)
    span = f"±{percent(high)}" if same else f"{percent(low, signed=True)}～{percent(high, signed=True)}"
    return f"{_KIND[found['kind']]}{'，截断' if 'truncated' in found else ''}，{within} {span} 内"


def subject_zh(study: Mapping[str, Any]) -> str:
    """Return what a study is about, as it stands in a sentence; studies of before could only be about the total."""
    subject = study.get("subject") or {"address": TOTAL}
    return "排放总量" if subject["address"] == TOTAL else f"“{subject['label']}”的排放量"


def study_sentence(study: Mapping[str, Any]) -> str:
    """Return what a study found, in one or two sentences."""
    if study["method"] != "monte_carlo":
        return _ranking(study)
    summary, listed = study["summary"], study["drivers"]["listed"]
    only = "只计有依据的偏差，" if study["fixed"]["inputs_without_basis"] else ""
    text = f"{only}有 95% 的把握，{subject_zh(study)}在 {amount(summary['low'])} 与 {amount(summary['high'])} 之间"
    text += f"（{percent(summary['relative_low'], signed=True)}～{percent(summary['relative_high'], signed=True)}）"
    leading = [entry for entry in listed if entry["share"] >= 0.05][:3] or listed[:1]
    names = "、".join(f"“{entry['label']}”（{percent(entry['share'])}）" for entry in leading)
    return f"{text}；最影响它的是{names}。"


def remedy_sentence(study: Mapping[str, Any]) -> str:
    """Return what would narrow the interval most, in a sentence; empty where nothing stands out.

    The errors are independent, so without the share of one the half width shrinks by the root of what is left.
    """
    listed = study["drivers"]["listed"] if study["method"] == "monte_carlo" else ()
    relative = study["summary"]["relative"] if listed else None
    if not listed or relative is None or not 0.2 <= listed[0]["share"] <= 1:
        return ""
    first = listed[0]
    entry = next(each for each in study["inputs"] if each["id"] == first["id"])
    now = "现在用的是缺省值，" if entry["origin"] in ("standard_default", "enterprise_default", "library") else ""
    left = percent(relative * math.sqrt(1 - first["share"]))
    return f"最该先测准的是“{first['label']}”：{now}若把它测准，区间约由 ±{percent(relative)} 收窄到 ±{left}。"


def _ranking(study: Mapping[str, Any]) -> str:
    listed: Sequence[Mapping[str, Any]] = study["ranked"]
    total = subject_zh(study)
    first = listed[0]
    match study["method"]:
        case "tornado":
            return (
                f"只变动一个变量时，影响最大的是“{first['label']}”：它在所选范围内变动，{total}在 "
                f"{amount(min(first['low'], first['high']))} 与 {amount(max(first['low'], first['high']))} 之间。"
            )
        case "morris":
            return f"在所选的变动范围内，对{total}影响最大的是“{first['label']}”（μ* = {amount(first['mu_star'])}）。"
        case _:
            return (
                f"在所选的变动范围内，{total}的波动有 {percent(first['total'])} 与“{first['label']}”有关，"
                f"其中 {percent(first['first'])} 由它单独造成。"
            )
