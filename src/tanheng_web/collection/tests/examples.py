"""Objects for the matrix of every URL by every role."""

from decimal import Decimal

from django.core.files.base import ContentFile
from django.utils import timezone

from tanheng.kernel.periods import Month, Period
from tanheng_web.collection import selectors
from tanheng_web.collection.models import ActivityValue, EnterpriseValue, MonthReport, SourceStream, Workbook
from tanheng_web.collection.services import MARK_JOB
from tanheng_web.collection.workbook.template import write_template
from tanheng_web.common.job_files import store
from tanheng_web.common.models import Job

__all__ = ["examples"]


def examples(*, organisation, by) -> dict[str, object]:
    """A stream with a number in a month, a checked workbook, an enterprise value."""
    stream = SourceStream.objects.create(
        organisation=organisation,
        code="X1",
        material="coke",
        material_zh="焦炭",
        role="fuel",
        unit="t",
        components=["quantity"],
        first_month=Month(2025, 7).first_day,
    )
    month = Month(2025, 7)
    report = MonthReport.objects.create(organisation=organisation, month=month.first_day, created_by=by)
    ActivityValue.objects.create(
        report=report,
        stream=stream,
        key="quantity",
        value=Decimal(1),
        unit="t",
        kind="form",
        entered_by=by,
        entered_at=timezone.now(),
    )
    content = write_template(selectors.template_spec(organisation, Period.parse("2025-07")))
    book = Workbook(organisation=organisation, name="x.xlsx", size=len(content), sha256="0" * 64, uploaded_by=by)
    book.file.save("x.xlsx", ContentFile(content), save=True)
    own = EnterpriseValue.objects.create(
        organisation=organisation,
        material="coke",
        key="net_calorific_value",
        value=28,
        unit="GJ/t",
        note="检测报告",
        entered_by=by,
    )
    marked = Job.objects.create(
        organisation=organisation, by=by, kind=MARK_JOB, status=Job.Status.DONE, kwargs={"name": "x.xlsx"}
    )
    store(marked, ContentFile(b"example"))
    found = {"month": month, "version": 1, "workbook": book.pk, "stream": stream.pk, "own_value": own.pk}
    return found | {"collection:workbook-corrected-file": {"job": marked.pk}}
