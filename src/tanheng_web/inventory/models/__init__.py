"""Runs of the accounts, the ledger they are posted to, and the reports made from them."""

from tanheng_web.inventory.models.ledger import LedgerEntry
from tanheng_web.inventory.models.report import Report, ReportTemplate
from tanheng_web.inventory.models.run import Run, standard_names

__all__ = ["LedgerEntry", "Report", "ReportTemplate", "Run", "standard_names"]
