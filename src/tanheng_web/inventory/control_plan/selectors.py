"""Plans of an enterprise, and what is known to propose one."""

from dataclasses import dataclass
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone

from tanheng.reporting.control_plan import Known, PlanDocument, plan_document, plan_spec, prefill
from tanheng.rules.package import Standard, load_standard, standards
from tanheng.rules.registry import registry
from tanheng.rules.streams import StreamDecl
from tanheng_web.collection.models import SourceStream
from tanheng_web.inventory.control_plan.answering import filled
from tanheng_web.inventory.models import ControlPlan
from tanheng_web.inventory.reports import entity_of
from tanheng_web.organisations.selectors import plant_tree, standards_of

__all__ = ["Line", "document_of", "draft_of", "guides", "lines_of", "plan_for", "plans_of", "proposal"]

PURPOSE = "ets"


@dataclass(frozen=True)
class Line:
    """A part of the draft on its overview: how much is filled."""

    id: str
    zh: str
    done: int
    whole: int


def guides(organisation) -> list[tuple[str, str]]:
    """The guides a plan may follow: those of the trading scheme for the industry, chosen ones first."""
    here = {each.id: each for each in standards()}
    chosen = standards_of(organisation, timezone.localdate().year)
    accounted = (here[id].industry for id in (*chosen, organisation.standard) if id in here)
    industry = next((name for name in accounted if name != "general"), "")
    fit = [each.id for each in registry().editions if each.purpose == PURPOSE and each.id in here]
    named = [id for id in fit if not industry or here[id].industry == industry]
    return [(id, here[id].short_zh) for id in sorted(named, key=lambda id: (id not in chosen, id))]


def plans_of(organisation, standard: str) -> list[ControlPlan]:
    """Every version under a guide, newest first, without the texts."""
    rows = ControlPlan.objects.filter(organisation=organisation, standard=standard)
    return list(rows.defer("answers").select_related("created_by", "changed_by", "issued_by"))


def plan_for(organisation, pk: int) -> ControlPlan:
    """A version of this enterprise, else 404."""
    return get_object_or_404(ControlPlan.objects.select_related("issued_by"), pk=pk, organisation=organisation)


def draft_of(organisation, pk: int) -> ControlPlan:
    """A version that may still be written, else 404."""
    return get_object_or_404(ControlPlan, pk=pk, organisation=organisation, status=ControlPlan.Status.DRAFT)


def lines_of(plan: ControlPlan) -> list[Line]:
    """The sections of a draft with how much of each is filled."""
    given = plan.answers.get("sections", {})
    return [
        Line(section.id, section.zh, *filled(section.fields, given.get(section.id, {})))
        for section in plan_spec().sections
    ]


def proposal(organisation, standard: Standard) -> dict[str, Any]:
    """What follows from the enterprise's processes, streams and details."""
    streams = list(SourceStream.objects.filter(organisation=organisation, is_active=True).select_related("process"))
    facilities = [
        (row.name, top.name, top.kind, site.name if site else "")
        for site, tops in plant_tree(organisation)
        for top, subs in tops
        if top.is_active
        for row in (top, *(sub for sub in subs if sub.is_active))
    ]
    known = Known(
        entity_of(organisation),
        tuple(_declared(stream) for stream in streams),
        {stream.code: tuple(stream.values) for stream in streams},
        tuple(facilities),
        timezone.localdate(),
    )
    return prefill(plan_spec(), standard, known)


def _declared(stream: SourceStream) -> StreamDecl:
    return StreamDecl(
        stream.code,
        stream.material,
        stream.role,
        stream.direction,
        stream.process.path if stream.process else "",
        material_zh=stream.material_zh,
        label=stream.label,
    )


def document_of(plan: ControlPlan) -> PlanDocument:
    """A version as the document that is downloaded and read."""
    standard = load_standard(plan.standard)
    issued = (
        f"{plan.issued_by} {timezone.localtime(plan.issued_at):%Y-%m-%d} 发布" if plan.issued_at else "草稿，未发布"
    )
    return plan_document(
        plan_spec(),
        plan.answers,
        entity_of(plan.organisation),
        document=standard.document,
        standard=standard.zh,
        year=plan.year,
        version=f"第 {plan.version} 版",
        state=issued,
    )
