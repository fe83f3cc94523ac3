"""Reports of real runs of the worked cases, and of a year made by the benchmark."""

import sys
from functools import cache
from pathlib import Path

from tanheng.accounting.case import load_case
from tanheng.accounting.result import ResultDocument
from tanheng.accounting.run import run
from tanheng.kernel.periods import Month, Period
from tanheng.kernel.resources import data_dir
from tanheng.reporting.content import Entity, ReportContent
from tanheng.rules.package import load_standard

sys.path.append(str(Path(__file__).resolve().parents[2]))  # the benchmark makes the year that is measured and tested
from benchmarks.report import ENTITY, STANDARD, year

__all__ = ["CASES", "ENTITY", "PLANT", "STANDARD", "report_of", "result_of", "year", "years"]

CASES = tuple(
    str(path.relative_to(data_dir() / "standards"))
    for standard in ("gbt_32151_5_2015", "gbt_32151_4_2015")
    for path in sorted((data_dir() / "standards" / standard / "cases").glob("*.yaml"))
)
PLANT = Entity(
    "某<钢铁>&“联合”公司",
    uscc="91130000MA00000000",
    province="河北",
    legal_representative="王某",
    processes=(("焦化", ("炼焦",)),),
)


@cache
def result_of(case: str) -> ResultDocument:
    loaded = load_case(data_dir() / "standards" / case)
    return run(
        load_standard(loaded.standards[0]),
        loaded.stream_set,
        period=loaded.period,
        as_of=loaded.as_of,
        title=loaded.title,
    )


@cache
def report_of(case: str) -> ReportContent:
    result = result_of(case)
    return ReportContent.build(result, load_standard(result.data["standard"]), PLANT, None)


@cache
def years() -> tuple[ResultDocument, ResultDocument]:
    """A year with a month missing, and the year before it."""
    standard = load_standard(STANDARD)
    last = year(standard, Period.parse("2023"))
    return year(standard, Period.parse("2024"), without=("s07", Month(2024, 7))), last
