from tanheng.kernel.periods import Month
from tanheng_web.accounts.models import User
from tanheng_web.inventory.models import Report
from tanheng_web.inventory.posting import report_store
from tanheng_web.inventory.services import run_execute_now
from tanheng_web.inventory.tests.world import month_fill, works_with_streams

__all__ = ["examples"]


def examples(*, organisation, by) -> dict[str, object]:
    """A finished run, a report of it, the template that comes with the software."""
    works_with_streams(organisation, by)
    month_fill(
        organisation,
        Month(2025, 1),
        enter=User.objects.get(username="reporter"),
        review=User.objects.get(username="manager"),
    )
    run = run_execute_now(organisation=organisation, period="2025-01", by=by)
    report = report_store(run=run, kind=Report.Kind.DOCX, body=b"example", template=None, by=by)
    return {"run": run.pk, "report": report.pk, "inventory:template-file": {"version": 0}}
