"""Accounting: completeness, the run, the result document, its explanation and comparison."""

from tanheng.accounting.result import ResultDocument, sentence
from tanheng.accounting.run import run

__all__ = ["ResultDocument", "run", "sentence"]
