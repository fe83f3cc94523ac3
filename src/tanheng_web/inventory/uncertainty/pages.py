"""What the pages of 不确定性 show, made ready."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tanheng_web.common.access import can
from tanheng_web.common.figures import format_plain, unit_text
from tanheng_web.inventory.models import StudyReport, UncertaintyStudy
from tanheng_web.inventory.uncertainty.charts import charts_of
from tanheng_web.inventory.uncertainty.forms import StudyForm
from tanheng_web.inventory.uncertainty.selectors import Variable

__all__ = ["FormRow", "rows_of", "study_context"]

MOST_CHOSEN = 8  # variables that a new sensitivity study has ticked
SPAN = "10"  # per cent, the range that stands there at first


@dataclass(frozen=True, slots=True)
class FormRow:
    """A variable with what was chosen or typed for it."""

    at: int
    variable: Variable
    value: str
    elasticity: str
    kind: str
    spread: str
    is_chosen: bool
    low: str
    high: str
    fault: str


def rows_of(form: StudyForm, variables: Sequence[Variable]) -> list[FormRow]:
    """The table of variables, with the person's own entries when the form came back."""
    said = form.data if form.is_bound else {}
    return [
        FormRow(
            at=at,
            variable=each,
            value=f"{format_plain(each.value, 6)} {unit_text(each.unit)}".strip(),
            elasticity=f"{each.elasticity:+.3f}".replace("-", "−"),
            kind=said.get(f"k{at}", ""),
            spread=said.get(f"p{at}", ""),
            is_chosen=f"c{at}" in said if form.is_bound else at < MOST_CHOSEN,
            low=said.get(f"l{at}", f"-{SPAN}"),
            high=said.get(f"h{at}", _highest(each)),
            fault=form.row_faults.get(at, ""),
        )
        for at, each in enumerate(variables)
    ]


def _highest(variable: Variable) -> str:
    """The range that stands there at first; a share goes no further than to one."""
    if variable.most is None or (variable.most - 1) * 100 >= float(SPAN):
        return SPAN
    return f"{int((variable.most - 1) * 10_000) / 100:g}"


def _is_of_total(study: dict[str, Any]) -> bool:
    """Whether a study is about the total; those of before could be about nothing else."""
    return "subject" not in study or study["subject"]["address"] == "total"


def study_context(found: UncertaintyStudy, user: Any) -> dict[str, Any]:
    """Everything on the page of a finished study."""
    from tanheng.uncertainty.words import amount, distribution_zh, glossary, percent, remedy_sentence

    study = found.open()
    context = {
        "study": found,
        "document": study,
        "charts": charts_of(study),
        "words": glossary(study["method"]),
        "reports": found.reports.select_related("created_by"),
        "report_kinds": StudyReport.Kind.choices,
        "may_report": can(user, "report.create", found.run.organisation),
        "total": amount(study["total"]["value"]),
        "subject": "" if _is_of_total(study) else study["subject"]["label"],
    }
    if study["method"] != "monte_carlo":
        return context
    summary, first, fixed = study["summary"], study["first_order"], study["fixed"]
    entries = [
        {
            "label": entry["label"],
            "value": f"{format_plain(entry['value'], 6)} {unit_text(entry['unit'])}".strip(),
            "distribution": distribution_zh(entry),
            "basis": study["bases"][entry["basis"]],
            "is_fixed": entry["basis"] == "none",
            "citation": study["citations"][entry["citation"]] if "citation" in entry else None,
        }
        for entry in study["inputs"]
    ]
    return context | {
        "remedy": remedy_sentence(study),
        "interval": f"{amount(summary['low'])} ～ {amount(summary['high'])}",
        "relative": " ～ ".join(percent(summary[f"relative_{end}"], signed=True) for end in ("low", "high")),
        "mean": amount(summary["mean"]),
        "sd": amount(summary["sd"]),
        "first_interval": f"{amount(first['low'])} ～ {amount(first['high'])}",
        "first_difference": percent(first["difference"], signed=True),
        "fixed": fixed,
        "fixed_some": percent(fixed["share_with_some"]),
        "fixed_all": percent(fixed["share_all_fixed"]),
        "moving_inputs": [entry for entry in entries if not entry["is_fixed"]],
        "fixed_inputs": [entry for entry in entries if entry["is_fixed"]],
        "unchecked": sum(1 for each in study["citations"] if not each["checked"]),
    }
