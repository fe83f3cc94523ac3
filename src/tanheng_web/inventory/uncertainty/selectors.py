"""Reading studies and what a run offers to be studied."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from tanheng_web.inventory.models import Run, StudyReport, UncertaintyStudy
from tanheng_web.inventory.selectors import document_of, runs_of

__all__ = [
    "MOST_SHOWN", "Variable", "runs_to_study", "studies_of", "study_for", "study_report_for", "subjects_of",
    "variables_of",
]  # fmt: skip

MOST_SHOWN = 150  # variables a form lists; the others keep their default


@dataclass(frozen=True, slots=True)
class Variable:
    """An input of a run as the form shows it: its default distribution with the citation, or that there is none."""

    id: str
    label: str
    value: float
    unit: str
    origin: str
    varies: bool
    elasticity: float
    basis: str
    distribution: str
    citation: str
    doubt: str
    has_distribution: bool
    stated: str
    most: float | None


def studies_of(organisation) -> QuerySet[UncertaintyStudy]:
    """Studies of an enterprise, the newest first."""
    found = UncertaintyStudy.objects.light().filter(run__organisation=organisation)
    return found.select_related("run", "created_by", "job")


def study_for(organisation, pk: int) -> UncertaintyStudy:
    """A study of this enterprise, else 404."""
    found = UncertaintyStudy.objects.select_related("run__organisation", "created_by", "job")
    found = found.defer("run__document", "run__summary", "run__views")
    return get_object_or_404(found, pk=pk, run__organisation=organisation)


def study_report_for(organisation, pk: int) -> StudyReport:
    """A report of a study of this enterprise, else 404."""
    found = StudyReport.objects.select_related("study__run__organisation").defer("study__document")
    return get_object_or_404(found, pk=pk, study__run__organisation=organisation)


def runs_to_study(organisation) -> list[Run]:
    """Finished runs, those in force first."""
    done = runs_of(organisation).filter(status=Run.Status.DONE).heads()
    return sorted(done, key=lambda run: (run.superseded_at is not None, -run.last_month.toordinal(), -run.pk))


def subjects_of(run: Run) -> dict[str, tuple[tuple[str, str], ...]]:
    """What can be studied of a run: address and name by kind, the total first."""
    if not run.is_done:
        raise Http404
    return _subjects(run.pk, run.digest)


@lru_cache(maxsize=16)
def _subjects(pk: int, digest: str) -> dict[str, tuple[tuple[str, str], ...]]:
    from tanheng.accounting.study_subjects import subjects

    found = subjects(document_of(Run.objects.get(pk=pk)))
    return {zh: tuple((each.address, each.label) for each in entries) for zh, entries in found.items()}


def variables_of(run: Run, of: str = "total") -> tuple[Variable, ...]:
    """All inputs of a figure of a run, the strongest first; kept for the run, which never changes."""
    if not run.is_done:
        raise Http404
    return _variables(run.pk, run.digest, of)


@lru_cache(maxsize=16)
def _variables(pk: int, digest: str, of: str) -> tuple[Variable, ...]:
    from tanheng.accounting.study_subjects import subject_of
    from tanheng.uncertainty.sensitivity import inputs_by_strength

    result = document_of(Run.objects.get(pk=pk))
    found = inputs_by_strength(result.data, subject_of(result, of))
    return tuple(_variable(chosen, elasticity, result.data) for chosen, elasticity in found)


def _stated(chosen: Any, data: dict[str, Any]) -> str:
    """What a factor says of its own uncertainty in words from which no range can be read."""
    place = data["provenance"][chosen.entry.ref] if chosen.entry.ref >= 0 else {}
    return str(place.get("uncertainty") or "") if chosen.basis in ("none", "default") else ""


def _variable(chosen: Any, elasticity: float, data: dict[str, Any]) -> Variable:
    from tanheng.accounting.origins import origin_zh
    from tanheng.uncertainty.chosen import share_bound
    from tanheng.uncertainty.study import shown_entry
    from tanheng.uncertainty.words import basis_zh, distribution_zh, doubt_zh

    entry, cited = chosen.entry, chosen.citation
    return Variable(
        id=entry.id,
        label=entry.label,
        value=entry.value,
        unit=entry.unit,
        origin=origin_zh(entry.origin),
        varies=entry.varies,
        elasticity=elasticity,
        basis=basis_zh(chosen.basis),
        distribution=distribution_zh(shown_entry(chosen)),
        citation=f"{cited['document']} {cited['clause']}：{cited['zh']}" if cited else "",
        doubt="" if not cited or cited["checked"] else doubt_zh(cited),
        has_distribution=chosen.distribution is not None,
        stated=_stated(chosen, data),
        most=share_bound(entry),
    )
