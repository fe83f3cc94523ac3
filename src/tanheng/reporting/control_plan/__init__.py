"""The data-quality control plan: a form filled as far as the platform knows, and the document made of it."""

from tanheng.reporting.control_plan.document import PlanDocument, plan_document, write_plan_docx, write_plan_pdf
from tanheng.reporting.control_plan.prefill import Known, prefill
from tanheng.reporting.control_plan.spec import Field, PlanSpec, SectionSpec, plan_spec

__all__ = [
    "Field",
    "Known",
    "PlanDocument",
    "PlanSpec",
    "SectionSpec",
    "plan_document",
    "plan_spec",
    "prefill",
    "write_plan_docx",
    "write_plan_pdf",
]
