"""Runs of the accounts, the ledger they are posted to, recalculations, and the reports made from runs."""

from tanheng_web.inventory.models.control_plan import ControlPlan
from tanheng_web.inventory.models.cutoff import CutOffDecision
from tanheng_web.inventory.models.factor_use import FactorUse
from tanheng_web.inventory.models.filled import FilledTemplate, TemplatePack
from tanheng_web.inventory.models.ledger import LedgerBook, LedgerEntry, LedgerPosting
from tanheng_web.inventory.models.limit import EmissionLimit
from tanheng_web.inventory.models.recalculation import Recalculation, RecalculationItem, RunStreams
from tanheng_web.inventory.models.report import Report, ReportEdition, ReportTemplate
from tanheng_web.inventory.models.review import Review, ReviewComment
from tanheng_web.inventory.models.run import Run, standard_names
from tanheng_web.inventory.models.uncertainty import StudyReport, UncertaintyStudy

__all__ = [
    "ControlPlan",
    "CutOffDecision",
    "EmissionLimit",
    "FactorUse",
    "FilledTemplate",
    "LedgerBook",
    "LedgerEntry",
    "LedgerPosting",
    "Recalculation",
    "RecalculationItem",
    "Report",
    "ReportEdition",
    "ReportTemplate",
    "Review",
    "ReviewComment",
    "Run",
    "RunStreams",
    "StudyReport",
    "TemplatePack",
    "UncertaintyStudy",
    "standard_names",
]
