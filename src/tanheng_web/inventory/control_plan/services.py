"""Drawing up, writing and issuing a plan. Every door goes through here."""

from copy import deepcopy
from typing import Any

from django.db import transaction
from django.utils import timezone

from tanheng.kernel.errors import InputError
from tanheng.reporting.control_plan import plan_spec
from tanheng.rules.package import load_standard
from tanheng_web.common.access import require
from tanheng_web.common.audit import log
from tanheng_web.inventory.control_plan.selectors import guides, proposal
from tanheng_web.inventory.models import ControlPlan
from tanheng_web.organisations.models import Organisation

__all__ = ["parameter_add", "parameter_remove", "parameter_save", "plan_draft", "plan_issue", "section_save"]

RIGHT = "report.create"
YEARS = range(2024, 2100)
MOST_PARAMETERS = 500


@transaction.atomic
def plan_draft(*, organisation, standard: str, year: int, by) -> ControlPlan:
    """Begin a version: from the newest one there is, else from what the platform knows.

    Raises
    ------
    InputError
        ``plan.standard``, ``plan.year``, or ``plan.draft_exists``.
    """
    require(by, RIGHT, organisation)
    if standard not in dict(guides(organisation)):
        raise InputError("plan.standard", standard=standard)
    if year not in YEARS:
        raise InputError("plan.year", year=year)
    Organisation.objects.select_for_update().get(pk=organisation.pk)  # two people may begin at once
    rows = ControlPlan.objects.filter(organisation=organisation, standard=standard)
    newest = rows.order_by("-version").first()
    if newest is not None and newest.is_draft:
        raise InputError("plan.draft_exists", version=newest.version)
    answers = _next(newest.answers) if newest else proposal(organisation, load_standard(standard))
    plan = ControlPlan.objects.create(
        organisation=organisation,
        standard=standard,
        year=year,
        version=newest.version + 1 if newest else 1,
        answers=answers,
        created_by=by,
        changed_by=by,
    )
    log(action="control_plan.draft", by=by, organisation=organisation, on=plan, data={"year": year})
    return plan


def _next(answers: dict[str, Any]) -> dict[str, Any]:
    """A revision starts from the version before; when, why and by whom are its own."""
    kept = deepcopy(answers)
    kept.get("sections", {}).pop("header", None)
    return kept


def section_save(*, plan: ControlPlan, section: str, answers: dict[str, Any], edits: int, by) -> ControlPlan:
    """Keep the items of a section; ``edits`` is the count that the writer saw."""
    return _change(plan, edits, by, lambda found: found.setdefault("sections", {}).__setitem__(section, answers))


def parameter_save(*, plan: ControlPlan, number: int, answers: dict[str, Any], edits: int, by) -> ControlPlan:
    """Keep the items of one parameter (0 is the first)."""
    return _change(plan, edits, by, lambda found: found["parameters"].__setitem__(number, answers))


def parameter_add(*, plan: ControlPlan, edits: int, by) -> ControlPlan:
    """Add an empty parameter at the end."""

    def add(found: dict[str, Any]) -> None:
        records = found.setdefault("parameters", [])
        if len(records) >= MOST_PARAMETERS:
            raise InputError("plan.rows", item=plan_spec().parameter.zh, most=MOST_PARAMETERS)
        records.append({"name": "新参数"})

    return _change(plan, edits, by, add)


def parameter_remove(*, plan: ControlPlan, number: int, edits: int, by) -> ControlPlan:
    """Take a parameter out of the draft."""
    return _change(plan, edits, by, lambda found: found["parameters"].pop(number))


@transaction.atomic
def _change(plan: ControlPlan, edits: int, by, apply) -> ControlPlan:
    """Change a draft that nobody else has changed since it was shown.

    Raises
    ------
    InputError
        ``plan.issued`` when it is no draft any more, ``plan.changed_meanwhile`` when somebody saved in between.
    """
    require(by, RIGHT, plan.organisation)
    found = ControlPlan.objects.select_for_update().get(pk=plan.pk)
    if not found.is_draft:
        raise InputError("plan.issued", version=found.version)
    if found.edits != edits:
        raise InputError("plan.changed_meanwhile", by=str(found.changed_by))
    apply(found.answers)
    found.edits, found.changed_by = found.edits + 1, by
    found.save(update_fields=["answers", "edits", "changed_by", "changed_at"])
    return found


@transaction.atomic
def plan_issue(*, plan: ControlPlan, by) -> ControlPlan:
    """Issue a draft: from now on it is kept as it is, a change is a new version.

    Raises
    ------
    InputError
        ``plan.issued``, or ``plan.no_reason`` for a revision that does not say why, ``plan.no_approver`` without one.
    """
    require(by, RIGHT, plan.organisation)
    found = ControlPlan.objects.select_for_update().get(pk=plan.pk)
    if not found.is_draft:
        raise InputError("plan.issued", version=found.version)
    header = found.answers.get("sections", {}).get("header", {})
    if not header.get("approver"):
        raise InputError("plan.no_approver")
    if found.version > 1 and not header.get("revision"):
        raise InputError("plan.no_reason")
    found.status, found.issued_by, found.issued_at = ControlPlan.Status.ISSUED, by, timezone.now()
    found.save(update_fields=["status", "issued_by", "issued_at"])
    log(action="control_plan.issue", by=by, organisation=found.organisation, on=found, data={"year": found.year})
    return found
