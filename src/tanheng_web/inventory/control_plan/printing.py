"""The plan as PDF, written by a job: some seconds of work that no request should wait for."""

from django.core.files.base import ContentFile
from django.urls import reverse

from tanheng.reporting.control_plan import write_plan_pdf
from tanheng_web.common import jobs
from tanheng_web.common.job_files import store
from tanheng_web.common.jobs import background, progress
from tanheng_web.common.models import Job
from tanheng_web.inventory.control_plan.selectors import document_of
from tanheng_web.inventory.models import ControlPlan

__all__ = ["JOB", "file_name", "ordered", "print_execute"]

JOB = "control-plan-pdf"


def file_name(plan: ControlPlan, kind: str) -> str:
    """What the downloaded file is called."""
    return f"{plan.organisation.label} 数据质量控制方案 第{plan.version}版.{kind}"


def ordered(plan: ControlPlan, by) -> Job:
    """Order the PDF of a version; it is found under the job's result."""
    job = jobs.start(
        print_execute, organisation=plan.organisation, by=by, kind=JOB,
        title=f"生成数据质量控制方案第 {plan.version} 版 PDF", plan_id=plan.pk,
    )  # fmt: skip
    job.link = reverse("inventory:control-plan-printed", args=[plan.organisation_id, job.pk])
    job.save(update_fields=["link"])
    return job


@background
def print_execute(job, *, plan_id: int) -> None:
    """Job: write the file; begun anew it replaces what was there."""
    plan = ControlPlan.objects.select_related("organisation", "issued_by").get(pk=plan_id)
    progress(job, 0, 1, "正在排版")
    body = write_plan_pdf(document_of(plan))
    store(job, ContentFile(body))
    progress(job, 1, 1, "PDF 已生成")
