"""The bytes of a report of a run, through `tanheng.reporting`."""

from collections.abc import Callable, Mapping

from tanheng.reporting.content import Entity, ReportContent
from tanheng.reporting.docx import write_docx
from tanheng.reporting.pdf import write_pdf
from tanheng.reporting.xlsx import write_xlsx

from tanheng.rules.package import load_standard
from tanheng_web.inventory.models import Report, ReportTemplate, Run
from tanheng_web.inventory.selectors import earlier_run
from tanheng_web.organisations.models import Organisation
from tanheng_web.organisations.selectors import process_tree

__all__ = ["entity_of", "report_bytes", "report_content"]


def entity_of(organisation: Organisation) -> Entity:
    """The reporting entity as the report names it."""
    return Entity(
        name=organisation.name,
        uscc=organisation.uscc,
        province=organisation.province,
        address=organisation.address,
        legal_representative=organisation.legal_representative,
        contact=organisation.contact_person,
        phone=organisation.contact_phone,
        industry=organisation.industry_code,
        kind=organisation.ownership,
        filled_by=organisation.filled_by,
        is_demo=organisation.is_demo,
        processes=tuple(
            (top.name, tuple(sub.name for sub in below)) for top, below in process_tree(organisation, active_only=True)
        ),
    )


def report_content(run: Run) -> ReportContent:
    """Everything the report says, every figure with its address."""
    before = earlier_run(run.organisation, run)
    previous = before.open() if before and before.period == run.span.shift(years=-1).key else None
    return ReportContent.build(run.open(), load_standard(run.standard), entity_of(run.organisation), previous)


def report_bytes(run: Run, kind: str, template: ReportTemplate | None) -> bytes:
    """Write the report in one of three formats; the enterprise's own template serves docx only."""
    content = report_content(run)
    if kind == Report.Kind.DOCX and template is not None:
        return write_docx(content, template=bytes(template.body))
    writers: Mapping[str, Callable[[ReportContent], bytes]] = {"docx": write_docx, "xlsx": write_xlsx, "pdf": write_pdf}
    return writers[kind](content)
