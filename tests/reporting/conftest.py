"""Reports of real runs, made once."""

import pytest

from tanheng.reporting.content import ReportContent
from tanheng.rules.package import load_standard

from .plants import ENTITY, STANDARD, report_of, years


@pytest.fixture(scope="session")
def steel() -> ReportContent:
    return report_of("gbt_32151_5_2015/cases/integrated_works.yaml")


@pytest.fixture(scope="session")
def aluminium() -> ReportContent:
    return report_of("gbt_32151_4_2015/cases/smelter.yaml")


@pytest.fixture(scope="session")
def gapped() -> ReportContent:
    this, last = years()
    return ReportContent.build(this, load_standard(STANDARD), ENTITY, last)
