"""Background work of the import."""

from django.core.files.base import ContentFile

from tanheng_web.accounts.models import User
from tanheng_web.collection import imports, services_workbooks
from tanheng_web.collection.models import Workbook
from tanheng_web.common.job_files import store
from tanheng_web.common.jobs import background, progress

__all__ = ["workbook_check_task", "workbook_confirm_task", "workbook_mark_task"]


@background
def workbook_check_task(job, *, workbook_id: int):
    """Check a workbook."""
    workbook = Workbook.objects.select_related("organisation").get(pk=workbook_id)
    findings = services_workbooks.workbook_check_now(
        workbook=workbook, progress=lambda *how_far: progress(job, *how_far)
    )
    job.message = (
        "文件不能读取，请查看原因。"
        if findings is None
        else f"发现 {findings.errors} 处错误、{findings.warnings} 处提示。"
    )


@background
def workbook_mark_task(job, *, workbook_id: int, name: str):
    """Mark the faults of a workbook in a copy of it."""
    workbook = Workbook.objects.select_related("organisation").get(pk=workbook_id)
    progress(job, 0, 1, "正在标出问题")
    store(job, ContentFile(imports.marked(workbook)))
    progress(job, 1, 1, "文件已写好")


@background
def workbook_confirm_task(job, *, workbook_id: int, by_id: int):
    """Write the good rows of a workbook."""
    workbook = Workbook.objects.select_related("organisation").get(pk=workbook_id)
    by = User.objects.get(pk=by_id)
    written = services_workbooks.workbook_confirm_now(
        by=by, workbook=workbook, progress=lambda *how_far: progress(job, *how_far)
    )
    job.message = f"已写入 {written} 个数值。"
