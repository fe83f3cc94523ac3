"""Background work of the factor import."""

from tanheng_web.catalogue.factors import services
from tanheng_web.catalogue.models import FactorImport
from tanheng_web.common.jobs import background, progress

__all__ = ["factors_check_task"]


@background
def factors_check_task(job, *, batch_id: int) -> None:
    """Check an uploaded file of factors."""
    batch = FactorImport.objects.select_related("organisation").get(pk=batch_id)
    services.factors_check(batch=batch, progress=lambda *how_far: progress(job, *how_far))
    counts = batch.counts
    job.message = batch.refusal or f"{counts['good']} 行可以提交，{counts['bad']} 行有错误。"
