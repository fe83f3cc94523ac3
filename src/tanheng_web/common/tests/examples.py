from tanheng_web.common.models import Job

__all__ = ["examples"]


def examples(*, organisation, by) -> dict[str, object]:
    """A job that has ended."""
    job = Job.objects.create(organisation=organisation, by=by, kind="test", status=Job.Status.DONE, task="none")
    return {name: {"pk": job.pk} for name in ("common:job", "common:job-cancel", "common:job-restart")}
