"""The bytes of a report of a run, through `tanheng.reporting`.

Its writers load WeasyPrint and matplotlib, some 100 MB that only the worker needs: they are imported where they write.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from django.utils import timezone

from tanheng.reporting.content import Entity, ReportContent
from tanheng.rules.package import load_standard
from tanheng_web.inventory.captive import captive_plants
from tanheng_web.inventory.cutoff.selectors import ignored_in
from tanheng_web.inventory.models import Report, ReportEdition, ReportTemplate, Run
from tanheng_web.inventory.selectors import earlier_run
from tanheng_web.organisations.boundary import boundary_settings, captive_rule_of, standard_of, units_of
from tanheng_web.organisations.models import Organisation
from tanheng_web.organisations.selectors import process_tree

if TYPE_CHECKING:
    from tanheng.reporting.content import Entity, ReportContent

__all__ = ["entity_of", "report_bytes", "report_content", "template_check", "template_default"]


def entity_of(organisation: Organisation, year: int | None = None) -> "Entity":
    """The reporting entity as the report names it; with a year, what was left out of it as small."""
    from tanheng.reporting.content import Entity

    units = tuple(unit for _, unit in units_of(organisation, standard=standard_of(organisation, year)))
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
        entity_kind=boundary_settings(organisation).entity_zh,
        units=units,
        captive_rule=captive_rule_of(organisation),
        captive_plants=captive_plants(units),
        ignored=tuple(
            (row.label, f"{row.share:.3f}", row.reason, f"{row.decided_by} {row.decided_at:%Y-%m-%d}")
            for row in (ignored_in(organisation, year) if year else ())
        ),
    )


def report_content(run: Run) -> "ReportContent":
    """Everything the report says, every figure with its address."""
    from tanheng.reporting.content import ReportContent

    before = earlier_run(run.organisation, run)
    previous = before.open() if before and before.period == run.span.shift(years=-1).key else None
    entity = entity_of(run.organisation, run.last_month.year)
    return ReportContent.build(run.open(), load_standard(run.standard), entity, previous)


def report_bytes(
    run: Run, kind: str, template: ReportTemplate | None, corrects: ReportEdition | None = None, reason: str = ""
) -> bytes:
    """Write the report in one of three formats; the enterprise's own template serves docx only."""
    module = import_module(f"tanheng.reporting.{kind}")
    write = getattr(module, f"write_{kind}")
    content = report_content(run)
    if corrects is not None:
        content = _restated(content, corrects, reason)
    return write(content, template=bytes(template.body)) if kind == Report.Kind.DOCX and template else write(content)


def _restated(content: "ReportContent", corrects: ReportEdition, reason: str) -> "ReportContent":
    """The report as a correction of a published edition, with reason and difference table."""
    from tanheng.reporting.restatement import Corrected, restated

    file = corrects.files.order_by("pk").first()
    day = timezone.localtime(corrects.published_at).date().isoformat()
    return restated(content, Corrected(corrects.number, day, file.sha256 if file else "", reason, corrects.run.open()))


def template_check(body: bytes) -> None:
    """Try a docx template; raises TanhengError with what is wrong in it."""
    from tanheng.reporting.docx import validate_template

    validate_template(body)


def template_default() -> bytes:
    """The docx template that comes with the software."""
    from tanheng.reporting.docx import default_template

    return default_template()
