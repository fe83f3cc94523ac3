"""The work behind a run and a report, step by step with progress; what it leaves is stored in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model

from tanheng.kernel.errors import TanhengError
from tanheng_web.collection.selectors import stream_set
from tanheng_web.common.jobs import Cancelled, background, progress
from tanheng_web.inventory import selectors
from tanheng_web.inventory.libraries import library_of
from tanheng_web.inventory.models import Report, ReportEdition, Run
from tanheng_web.inventory.posting import report_store, run_post
from tanheng_web.inventory.reports import report_bytes

if TYPE_CHECKING:
    from tanheng.accounting.result import ResultDocument

__all__ = ["Computed", "computed", "execute", "report_execute", "run_execute", "silent"]

STEPS = 4
Tell = Callable[[int, str], None]


def silent(done: int, message: str) -> None:
    """Nobody watches."""


@background
def run_execute(job, *, run_id: int) -> None:
    """Job: collect → evaluate → post. Killed half-way, it leaves the run unfinished and the ledger untouched."""
    run = Run.objects.light().select_related("organisation").get(pk=run_id)
    execute(run, lambda done, message: progress(job, done, STEPS, message))
    progress(job, STEPS, STEPS, "核算完成")


def execute(run: Run, tell: Tell) -> None:
    """Compute and post a run; on a fault the run says why and the fault goes on."""
    Run.objects.filter(pk=run.pk).update(status=Run.Status.RUNNING, fault="")
    try:
        _execute(run, tell)
    except (TanhengError, Cancelled) as fault:
        said = fault.zh() if isinstance(fault, TanhengError) else "已取消。"
        Run.objects.filter(pk=run.pk).update(status=Run.Status.FAILED, fault=said)
        raise


@dataclass(frozen=True)
class Computed:
    """A result that is not posted yet."""

    document: "ResultDocument"
    views: dict[str, Any]
    fingerprint: str
    streams: bytes


def _execute(run: Run, tell: Tell) -> None:
    found = computed(run, tell)
    tell(3, "正在记入碳账本")
    run_post(run=run, document=found.document, views=found.views, fingerprint=found.fingerprint, streams=found.streams)


def computed(run: Run, tell: Tell) -> Computed:
    """Account the approved data of a run with the factor library of its enterprise; nothing is stored."""
    # the engine is loaded where it works: the web process only orders runs
    from tanheng.accounting.completeness import choose
    from tanheng.accounting.run import run as account
    from tanheng.accounting.stored_streams import pack
    from tanheng.rules.package import load_standard
    from tanheng.rules.table import StreamTable
    from tanheng_web.inventory.outline import outline

    tell(0, "正在汇集已审核的活动数据")
    organisation = run.organisation
    fingerprint = selectors.approved_fingerprint(organisation, run.span)
    streams = stream_set(organisation, run.span, approved_only=True)
    tell(1, "正在按标准核算")
    standard = load_standard(run.standard)
    document = account(
        standard, streams, period=run.span, as_of=run.as_of, title=organisation.name, library=library_of(organisation)
    )
    tell(2, "正在整理结果")
    views = outline(document, standard)
    stored = pack(StreamTable.from_stream_set(streams, choose(streams, run.span).records), streams.site)
    return Computed(document, views, fingerprint, stored)


@background
def report_execute(
    job, *, run_id: int, report_kind: str, by_id: int, corrects_id: int | None = None, reason: str = ""
) -> None:
    """Job: write a report file of a run; as a correction it carries the difference to the edition it corrects."""
    progress(job, 0, 3, "正在打开核算结果")
    run = Run.objects.light().select_related("organisation").get(pk=run_id)
    corrects = ReportEdition.objects.select_related("run").get(pk=corrects_id) if corrects_id else None
    template = selectors.template_for(run.organisation, run.standard) if report_kind == Report.Kind.DOCX else None
    progress(job, 1, 3, "正在排版")
    body = report_bytes(run, report_kind, template, corrects, reason)
    progress(job, 2, 3, "正在保存")
    by = get_user_model().objects.get(pk=by_id)
    report_store(run=run, kind=report_kind, body=body, template=template, by=by, corrects=corrects, reason=reason)
    progress(job, 3, 3, "报告已生成")
