"""Pages of trials: what a changed standard would do to one's own approved data, and months frozen as cases."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tanheng.kernel.errors import InputError
from tanheng.kernel.periods import Period
from tanheng_web.catalogue.standards import publishing
from tanheng_web.catalogue.standards.saving import edit_page, revision_of
from tanheng_web.catalogue.standards.selectors import copy_for
from tanheng_web.common.access import needs
from tanheng_web.common.forms import attempted
from tanheng_web.inventory.selectors import approved_fingerprint
from tanheng_web.inventory.trials import services
from tanheng_web.inventory.trials.forms import FreezeForm, TrialForm
from tanheng_web.inventory.trials.selectors import trial_named, trials_of
from tanheng_web.organisations.models import Organisation

__all__ = ["case_freeze", "trial"]


@require_http_methods(["GET", "POST"])
@needs("catalogue.change")
def trial(request, org, copy):
    """The difference on approved data between the original and the copy."""
    row = copy_for(request.organisation, copy)
    trials = trials_of(row, request.user)
    kept = f"{row.effect['organisation']}:{row.effect['period']}" if row.effect else ""
    form = TrialForm(request.POST or None, trials=trials, initial={"on": kept})
    if form.is_bound and form.is_valid():
        chosen = trial_named(trials, form.cleaned_data["on"])
        if job := attempted(form, services.trial_start, copy=row, by=request.user, trial=chosen):
            if request.htmx:
                return render(request, "common/components/job.html", {"job": job, "is_mine": True})
            return redirect("common:job", pk=job.pk)
    context = {"copy": row, "form": form, "trials": trials, "effect": row.effect, **_standing(row)}
    return render(request, "inventory/trials/trial.html", context, status=422 if form.errors else 200)


def _standing(row) -> dict[str, bool]:
    """Whether the copy or the data have changed since the trial."""
    if not row.effect:
        return {}
    organisation = Organisation.objects.filter(pk=row.effect["organisation"]).first()
    period = Period.parse(row.effect["period"])
    data = organisation is None or approved_fingerprint(organisation, period) != row.effect["fingerprint"]
    return {"is_outdated": row.effect["files"] != publishing.digest_of(row.files), "is_data_changed": data}


@require_http_methods(["GET", "POST"])
@needs("catalogue.change")
def case_freeze(request, org, copy):
    """Freeze an approved month or year as a case; with ``remove`` take one out again."""
    row = copy_for(request.organisation, copy)
    if request.method == "POST" and "remove" in request.POST:
        return _unfrozen(request, row)
    trials = [*trials_of(row, request.user), *trials_of(row, request.user, by_month=True)]
    form = FreezeForm(request.POST or None, trials=trials)
    if form.is_bound and form.is_valid():
        given = {**form.cleaned_data, "trial": trial_named(trials, form.cleaned_data["on"])}
        given.pop("on")
        if attempted(form, services.case_freeze, copy=row, by=request.user, revision=revision_of(request), **given):
            messages.success(request, _("已冻结为算例，今后每次修改都会核对它。"))
            return redirect("catalogue:copy", org=org, copy=row.pk)
    return edit_page(request, row, form, _("用已审核数据建算例"))


def _unfrozen(request, row):
    values = {"case": request.POST.get("remove", ""), "reason": request.POST.get("reason", "")}
    try:
        services.case_unfreeze(copy=row, by=request.user, revision=revision_of(request), **values)
        messages.success(request, _("已删除这个算例，历史中仍可查到。"))
    except InputError as error:
        messages.error(request, error.zh())
    return redirect("catalogue:copy", org=row.organisation_id, copy=row.pk)
