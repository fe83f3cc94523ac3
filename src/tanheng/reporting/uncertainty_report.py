"""The report of a study of uncertainty or sensitivity, for readers without statistics: finding first, words explained.

It has the shape of any report, so that the writers of docx and PDF (and an enterprise's own template) serve it as well.
"""

from collections.abc import Mapping
from typing import Any

from tanheng.accounting.result import ResultDocument
from tanheng.kernel.errors import InputError
from tanheng.kernel.periods import Period
from tanheng.kernel.units import label
from tanheng.reporting.blocks import Section
from tanheng.reporting.content import Cover, ReportContent
from tanheng.reporting.docx import write_docx
from tanheng.reporting.entity import Entity
from tanheng.reporting.make_template import ANNEXES, CHAPTERS
from tanheng.reporting.pdf import write_pdf
from tanheng.reporting.reading import Reading
from tanheng.reporting.uncertainty_report_blocks import assumptions, findings, inputs_annex, ranking, results, words
from tanheng.rules.package import Standard
from tanheng.uncertainty.words import METHODS, subject_zh

__all__ = ["study_content", "write_study"]

_NUMBERS = "一二三四五"


def study_content(
    study: Mapping[str, Any], digest: str, result: ResultDocument, standard: Standard, entity: Entity
) -> ReportContent:
    """Return the report of a study.

    Parameters
    ----------
    study, digest
        The document ``tanheng/uncertainty/1`` and its digest.
    result, standard, entity
        The result that was studied, its standard, and who reports.

    Raises
    ------
    InputError
        ``uncertainty.schema`` when the study is not of this result.
    """
    if study["run"]["digest"] != result.digest:
        raise InputError("uncertainty.schema", expected=result.digest[:16], found=str(study["run"]["digest"])[:16])
    period = Period.parse(result.data["period"]).label_zh
    title = "不确定性分析报告" if study["method"] == "monte_carlo" else "敏感性分析报告"
    parts = (findings(study), results(study), ranking(study), assumptions(study))
    heads = ("结论", "结果", "最影响结果的变量", "依据与假定")
    chapters = tuple(
        Section(id_, f"{_NUMBERS[n]}、{head}", 1, blocks)
        for n, (id_, head, blocks) in enumerate(zip(CHAPTERS, heads, parts, strict=False))
        if blocks
    )
    annex = inputs_annex(study)
    return ReportContent(
        cover=_cover(study, digest, result, standard, entity, f"{period}{title}"),
        running_head=f"{entity.name}　{period}{title}" + ("　演示数据" if entity.is_demo else ""),
        preface=f"本报告分析{entity.name}{period}按《{standard.zh}》核算的{subject_zh(study)}{_asked(study)}。",
        chapters=chapters,
        declaration=Section("declaration", f"{_NUMBERS[len(chapters)]}、用词说明", 1, words(study)),
        attached=(),
        annexes=(Section(ANNEXES[0], "附　变量清单", 1, annex),) if annex else (),
        unit=label("tCO2e"),
        entity=entity,
        reading=Reading(result, standard),
    )


def _asked(study: Mapping[str, Any]) -> str:
    return "有多大把握、受哪些数据影响最大" if study["method"] == "monte_carlo" else "随各项数据的变动而变动多少"


def _cover(
    study: Mapping[str, Any], digest: str, result: ResultDocument, standard: Standard, entity: Entity, title: str
) -> Cover:
    states = ["演示数据：不是真实企业的排放，不得用于申报。"] if entity.is_demo else []
    if not result.data["complete"]:
        states.append("结果不完整：核算有缺口，本分析只含已知部分。")
    if any(not each["checked"] for each in study.get("citations", ())):
        states.append("待核原文：引用的分布尚未与原文核对，用于对外报告之前须核对，或改用企业自己的数值。")
    facts = (
        ("报告主体", entity.name),
        ("核算依据", standard.document),
        ("分析的数", subject_zh(study)),
        ("分析方法", METHODS[study["method"]]),
        ("抽样次数、种子", f"{study['n']:,} 次，{study['seed']}" if study["method"] != "tornado" else "不抽样"),
        ("编制日期", "　　　　年　　月　　日"),
        ("核算结果指纹", result.digest[:16]),
        ("分析结果指纹", digest[:16]),
    )
    period = Period.parse(result.data["period"]).label_zh
    return Cover(title, entity.name, period, f"{standard.document}　{standard.zh}", facts, tuple(states))


def write_study(
    study: Mapping[str, Any], digest: str, result: ResultDocument, standard: Standard, entity: Entity, kind: str
) -> bytes:
    """Return the report of a study as ``docx`` or ``pdf``; errors are those of the writers."""
    content = study_content(study, digest, result, standard, entity)
    return write_docx(content) if kind == "docx" else write_pdf(content)
