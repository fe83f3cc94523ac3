"""Background work: a template filled from a run."""

from django.contrib.auth import get_user_model
from django.urls import reverse

from tanheng_web.common.jobs import background, progress
from tanheng_web.inventory.models import ReportTemplate, Run, TemplatePack
from tanheng_web.inventory.reports import report_content
from tanheng_web.inventory.templating import services

__all__ = ["filled", "template_fill"]


@background
def template_fill(
    job, *, run_id: int, pack_id: int | None, template_id: int | None, is_preview: bool, by_id: int
) -> None:
    """Fill a template and show it as a page."""
    progress(job, 0, 2, "正在填入核算结果")
    run = Run.objects.select_related("organisation").get(pk=run_id)
    pack = TemplatePack.objects.get(pk=pack_id) if pack_id else None
    template = ReportTemplate.objects.get(pk=template_id) if template_id else None
    by = get_user_model().objects.get(pk=by_id)
    row = filled(run, by, pack, template, is_preview)
    job.link = _page_of(run, row, pack, is_preview)
    progress(job, 2, 2, "已生成")


def _page_of(run: Run, row, pack: TemplatePack | None, is_preview: bool) -> str:
    """A file has its page; a preview is shown on the page from which it was ordered: nobody has to leave it."""
    if not is_preview:
        return reverse("inventory:filled", args=[run.organisation_id, row.pk])
    page = reverse("inventory:templates", args=[run.organisation_id])
    return f"{reverse('inventory:pack', args=[run.organisation_id, pack.pk]) if pack else page}#preview"


def filled(run: Run, by, pack: TemplatePack | None, template: ReportTemplate | None, is_preview: bool):
    """The same in this process: the file, and what it says as plain HTML."""
    from tanheng.reporting.docx import write_docx
    from tanheng.reporting.preview import docx_html, xlsx_html
    from tanheng.reporting.xlsx_template import fill_workbook

    source, content = pack or template, report_content(run)
    kind = pack.kind if pack else "docx"
    own = bytes(source.body) if source else None
    body = fill_workbook(own, content) if kind == "xlsx" else write_docx(content, template=own)
    html = xlsx_html(body) if kind == "xlsx" else docx_html(body)
    return services.filled_store(
        run=run, by=by, pack=pack, template=template, is_preview=is_preview, kind=kind, body=body, html=html
    )
