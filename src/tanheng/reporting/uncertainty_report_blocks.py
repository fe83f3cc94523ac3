"""The parts of a study's report: sentences, tables and charts made of the study's document."""

from collections.abc import Mapping, Sequence
from typing import Any

from tanheng.kernel.units import label
from tanheng.reporting.blocks import Block, Cell, ChartBlock, Column, Notice, Paragraph, Row, Table
from tanheng.reporting.figures import Fig, grouped, significant
from tanheng.uncertainty.words import (
    amount,
    distribution_zh,
    doubt_zh,
    glossary,
    percent,
    remedy_sentence,
    study_sentence,
    subject_zh,
)

__all__ = ["assumptions", "findings", "inputs_annex", "ranking", "results", "words"]

_MOST_BARS = 12
_POINTS = 20
_TEXTS = (
    "项目",
    "含义",
    "排放源",
    "变量",
    "缺省分布",
    "出处",
    "核对",
    "依据",
    "分布",
)  # columns of words; others are numbers
Study = Mapping[str, Any]


def _fig(value: float | None, unit: str = "tCO2e", address: str = "", decimals: int = 2) -> Fig:
    return Fig(address, value, unit, grouped(value, decimals))


def _six(value: float | None) -> str:
    """Return a number with no more digits than the six that a study keeps."""
    size = abs(value or 0.0)
    return grouped(value, 0 if size >= 1e5 else 1 if size >= 1e4 else 2)


def _table(id: str, title: str, heads: Sequence[tuple[str, float]], rows: Sequence[Sequence[str]]) -> Table:
    columns = tuple(Column(text, width, "left" if text in _TEXTS else "right") for text, width in heads)
    return Table(id, title, columns, tuple(Row(tuple(Cell(text) for text in row)) for row in rows))


def findings(study: Study) -> tuple[Block, ...]:
    """What was found, and how far it reaches."""
    blocks: list[Block] = [Paragraph(study_sentence(study), style="lead")]
    if study["method"] != "monte_carlo":
        chosen = "变动范围由分析人选定" if study["chosen"] == "user" else "各变量都变动 ±10%"
        blocks.append(Paragraph(f"{chosen}，不代表这些变动发生的可能性。"))
        return tuple(blocks)
    if remedy := remedy_sentence(study):
        blocks.append(Paragraph(remedy))
    fixed = study["fixed"]
    if fixed["inputs_without_basis"]:
        text = (
            f"{fixed['inputs']} 个变量中有 {fixed['inputs_without_basis']} 个没有不确定度依据，按不变处理，涉及排放的 "
            f"{percent(fixed['share_with_some'])}；{percent(fixed['share_all_fixed'])} 的排放没有任何变量参与抽样。"
            "真实的不确定度只会更大。"
        )
        blocks.append(Notice(text))
    return tuple(blocks)


def results(study: Study) -> tuple[Block, ...]:
    """The interval, the sources and the picture of the draws; for a sensitivity study the full table."""
    if study["method"] != "monte_carlo":
        return (_ranked_table(study),)
    summary, first = study["summary"], study["first_order"]
    rows = [
        ("核算值", amount(study["total"]["value"]), "核算结果里的数"),
        ("95% 区间", f"{amount(summary['low'])} ～ {amount(summary['high'])}", "真实的排放量有 95% 的把握落在其中"),
        ("均值", amount(summary["mean"]), "所有抽样的平均"),
        ("标准差", amount(summary["sd"]), "抽样结果散开的程度，区间半宽约为它的两倍"),
        ("一阶法区间", f"{amount(first['low'])} ～ {amount(first['high'])}", "用公式的导数估算，供互相印证"),
        ("抽样与一阶法之差", percent(first["difference"], signed=True), "两种算法的标准差相差多少，越小越能互相印证"),
    ]
    heads = (("项目", 1.2), ("数值", 2.0), ("含义", 1.8))
    return (_table("summary", subject_zh(study), heads, rows), _histogram(study), _sources(study))


def _histogram(study: Study) -> ChartBlock:
    edges, counts = study["histogram"]["edges"], study["histogram"]["counts"]
    step = max(1, len(counts) // _POINTS)
    summed = [sum(counts[n : n + step]) for n in range(0, len(counts), step)]
    mids = [(edges[n] + edges[min(n + step, len(edges) - 1)]) / 2 for n in range(0, len(counts), step)]
    wan = abs(mids[-1]) >= 100_000
    labels = tuple(grouped(mid / 1e4, 1) if wan else grouped(mid, 0) for mid in mids)
    summary = study["summary"]
    title = f"抽样结果的分布：95% 落在 {amount(summary['low'])} 与 {amount(summary['high'])} 之间"
    unit = f"{'万 ' if wan else ''}{label('tCO2e')}"
    note = f"横轴：{subject_zh(study)}（{unit}）；纵轴：落在那里的抽样次数，越高可能性越大。"
    figures = tuple(_fig(float(count), "1", decimals=0) for count in summed)
    return ChartBlock("histogram", "line", title, "抽样次数（次）", labels, figures, note=note)


def _sources(study: Study) -> Table:
    rows = [
        (
            each["zh"],
            _six(each["central"]),
            f"{_six(each['low'])} ～ {_six(each['high'])}",
            "不变" if each["low"] == each["high"] else f"±{percent(each['relative'])}",
        )
        for each in study["sources"].values()
    ]
    heads = (("排放源", 1.8), (f"核算值（{label('tCO2e')}）", 1.2), ("95% 区间", 2.0), ("相对半宽", 0.8))
    return _table("sources", "各排放源", heads, rows)


def _span(entry: Mapping[str, Any]) -> str:
    return f"{percent(entry['range'][0], signed=True)} ～ {percent(entry['range'][1], signed=True)}"


def _ranked_table(study: Study) -> Table:
    heads: tuple[tuple[str, float], ...]
    rows: list[tuple[str, ...]]
    match study["method"]:
        case "tornado":
            heads = (("变量", 2.2), ("范围", 1.2), ("取下限时的总量", 1.4), ("取上限时的总量", 1.4), ("弹性", 0.7))
            rows = [
                (e["label"], _span(e), _six(e["low"]), _six(e["high"]), grouped(e["elasticity"], 3))
                for e in study["ranked"]
            ]
        case "morris":
            heads = (("变量", 2.2), ("范围", 1.2), ("μ*（影响大小）", 1.3), ("σ（随其他变量而变）", 1.4))
            rows = [(e["label"], _span(e), _six(e["mu_star"]), _six(e["sigma"])) for e in study["ranked"]]
        case _:
            heads = (("变量", 2.2), ("范围", 1.2), ("一阶（单独）", 1.0), ("总效应（含共同）", 1.2))
            rows = [(e["label"], _span(e), percent(e["first"]), percent(e["total"])) for e in study["ranked"]]
    return _table("ranked", "各变量的影响，从大到小", heads, rows)


def ranking(study: Study) -> tuple[Block, ...]:
    """The key factors, drawn and told."""
    if study["method"] == "monte_carlo":
        listed = [e for e in study["drivers"]["listed"] if e["share"] >= 0.001][:_MOST_BARS]
        values, axis = [e["share"] * 100 for e in listed], "对不确定度的贡献（%）"
        said = "占比大的变量最值得先测准：换用实测值、提高计量准确度、增加化验次数，都会使区间变窄。"
    else:
        listed = study["ranked"][:_MOST_BARS]
        key, factor, axis = {
            "tornado": ("swing", 1.0, f"总量变动的幅度（{label('tCO2e')}）"),
            "morris": ("mu_star", 1.0, f"μ*（{label('tCO2e')}）"),
            "sobol": ("total", 100.0, "总效应（%）"),
        }[study["method"]]
        values = [e[key] * factor for e in listed]
        said = "排在前面的是关键因素：它们变动时，排放总量变动最大。"
    title = f"“{listed[0]['label']}”排在第一" if listed else "没有变量"
    figures = tuple(_fig(value, "1") for value in values)
    chart = ChartBlock("ranking", "bars", title, axis, tuple(e["label"] for e in listed), figures)
    return (chart, Paragraph(said))


def assumptions(study: Study) -> tuple[Block, ...]:
    """On what the study stands."""
    points = ["同一因子、同一缺省值、同一计量在各月、各源流中是同一个变量，一起偏大或偏小。"]
    if study["method"] == "monte_carlo":
        shared = study["months"] == "shared"
        points += [
            "同一计量的各月误差相同（稳妥的选择：误差不会因为按月累加而互相抵消）。"
            if shared
            else "同一计量的各月误差各自独立（由分析人选定）。",
            "期初与期末库存是同一次盘点的延续，误差相同。",
            "标准常数（如 44/12）与全球变暖潜势按约定不变。",
            f"随机数发生器 PCG64，种子 {study['seed']}，抽样 {study['n']:,} 次；参数相同，结果逐字节相同。",
            "对不确定度的贡献用变量与总量相关系数的平方表示，已扣除偶然相关。",
        ]
        if study["rounding"] != "display":
            points.append("标准规定的修约在抽样时关闭：修约只影响末位。")
    else:
        chosen = "由分析人选定。" if study["chosen"] == "user" else "未选定，取弹性最大的变量各 ±10%。"
        points.append(f"变量及其范围{chosen}")
        if study["mix"]:
            mix = study["mix"]
            points.append(f"用能替代：价格弹性 {mix['elasticity']}、每单位替代用量 {mix['rate']}，由分析人给出。")
    blocks: list[Block] = [Paragraph(point, style="list") for point in points]
    if study.get("citations"):
        rows = [(each["zh"], f"{each['document']} {each['clause']}", doubt_zh(each)) for each in study["citations"]]
        heads = (("缺省分布", 2.4), ("出处", 2.2), ("核对", 0.7))
        blocks.append(_table("citations", "缺省分布的出处", heads, rows))
    return tuple(blocks)


def inputs_annex(study: Study) -> tuple[Block, ...]:
    """Every input with its distribution, or that there is no basis for one."""
    if study["method"] != "monte_carlo":
        return ()
    bases = study["bases"]
    rows = [
        (e["label"], f"{significant(e['value'])} {label(e['unit'])}", distribution_zh(e), bases[e["basis"]])
        for e in study["inputs"]
    ]
    heads = (("变量", 2.4), ("数值", 1.4), ("分布", 1.8), ("依据", 1.2))
    return (_table("inputs", "全部变量", heads, rows),)


def words(study: Study) -> tuple[Block, ...]:
    """The words that the report uses, in plain language."""
    return tuple(Paragraph(f"{word}：{means}") for word, means in glossary(study["method"]))
