"""Trying a changed standard on approved data, and freezing approved months as a worked case of it."""

from collections.abc import Mapping

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tanheng.kernel.errors import InputError, TanhengError
from tanheng_web.catalogue.models import StandardCopy
from tanheng_web.catalogue.standards import publishing
from tanheng_web.catalogue.standards.cases import FROZEN
from tanheng_web.catalogue.standards.services import copy_change
from tanheng_web.common import jobs
from tanheng_web.common.access import require
from tanheng_web.inventory.trials.effects import effect_of
from tanheng_web.inventory.trials.freezing import frozen_case
from tanheng_web.inventory.trials.selectors import Trial

__all__ = ["case_freeze", "case_unfreeze", "trial_now", "trial_start"]

RIGHT = "catalogue.change"


@transaction.atomic
def trial_start(*, copy: StandardCopy, by, trial: Trial):
    """Order the computation of what a copy would do to approved data."""
    from tanheng_web.inventory.trials.tasks import trial_execute  # the task calls back into this module

    require(by, RIGHT, copy.organisation)
    require(by, "view", trial.organisation)
    return jobs.start(
        trial_execute, organisation=copy.organisation, by=by, kind="trial", title=_("试算 %s") % copy,
        link=reverse("inventory:trial", args=[copy.organisation_id, copy.pk]), copy_id=copy.pk, by_id=by.pk,
        organisation_id=trial.organisation.pk, period=trial.period.key,
    )  # fmt: skip


def trial_now(*, copy: StandardCopy, by, organisation, period) -> dict:
    """Compute it and keep it with the copy, unless somebody changed the copy meanwhile."""
    require(by, RIGHT, copy.organisation)
    require(by, "view", organisation)
    found = effect_of(copy, organisation, period)
    found |= {"by": str(by), "at": timezone.now().isoformat(timespec="seconds")}
    kept = StandardCopy.objects.filter(pk=copy.pk, revision=copy.revision).update(effect=found)
    if not kept:
        raise InputError("copy.stale", copy=str(copy))
    return found


def case_freeze(
    *, copy: StandardCopy, by, revision: int, trial: Trial, title: str, checked_by: str, how: str, reason: str
) -> str:
    """Add approved months as a case with the result that the copy gives and that a person has checked; its name."""
    require(by, RIGHT, copy.organisation)
    require(by, "view", trial.organisation)
    if not (title.strip() and checked_by.strip() and how.strip()):
        raise InputError("copy.case_unchecked")
    name = f"{FROZEN}{trial.organisation.pk}_{trial.period.key.replace('..', '_').replace('-', '_')}.yaml"
    if name in copy.files:
        raise InputError("copy.case_exists", period=trial.period.label_zh, organisation=trial.organisation.label)
    words = {
        "title": title,
        "source": _("%(organisation)s %(period)s 已审核数据，%(day)s 由 %(by)s 冻结")
        % {
            "organisation": trial.organisation.label,
            "period": trial.period.label_zh,
            "day": f"{timezone.localdate():%Y-%m-%d}",
            "by": str(by),
        },
        "citation": _("核对人 %(who)s：%(how)s") % {"who": checked_by, "how": how},
    }

    def added(files: Mapping[str, str]) -> dict[str, str]:
        try:
            text = frozen_case(files, publishing.folder_of(copy), trial.organisation, trial.period, words)
        except InputError:
            raise
        except TanhengError as error:  # a faulty copy, or data that a case file cannot hold
            raise InputError("copy.case_impossible", said=error.zh()) from error
        return {**files, name: text}

    copy_change(copy=copy, by=by, revision=revision, reason=reason, change=added)
    return name


def case_unfreeze(*, copy: StandardCopy, by, revision: int, case: str, reason: str) -> None:
    """Take a frozen case out of a draft; those of the original stay."""
    if not case.startswith(FROZEN) or case not in copy.files:
        raise InputError("copy.case_unknown", case=case)

    def taken(files: Mapping[str, str]) -> dict[str, str]:
        return {name: text for name, text in files.items() if name != case}

    copy_change(copy=copy, by=by, revision=revision, reason=reason, change=taken)
