"""Background work: a changed standard tried on approved data."""

from django.contrib.auth import get_user_model

from tanheng.kernel.periods import Period
from tanheng_web.catalogue.models import StandardCopy
from tanheng_web.common.jobs import background, progress
from tanheng_web.inventory.trials.services import trial_now
from tanheng_web.organisations.models import Organisation

__all__ = ["trial_execute"]


@background
def trial_execute(job, *, copy_id: int, organisation_id: int, period: str, by_id: int) -> None:
    """Compute both results and their difference."""
    progress(job, 0, 2, "正在按原标准和本标准核算")
    copy = StandardCopy.objects.select_related("organisation").get(pk=copy_id)
    by = get_user_model().objects.get(pk=by_id)
    organisation = Organisation.objects.get(pk=organisation_id)
    trial_now(copy=copy, by=by, organisation=organisation, period=Period.parse(period))
    progress(job, 2, 2, "试算完成")
