"""Five years × 500 streams × 12 months × 100 enterprises after a factor change: compute, difference, check.

Every enterprise-year is read from its stored columns, evaluated under the old and the new library and compared; the
totals, the changed lines and the sums by source, month and stream are exact. Two processes share the work. A sample is
accounted in full with both libraries and must agree to the last digit.

Beside it: MyEMS, with a factor changed from 0.5703 to 0.9999 and its service run again, recomputes 0 rows and leaves
every total as it was; it only computes rows after the last stored hour (trial M14).
"""

import argparse
import multiprocessing
import resource
import time
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import numpy as np

from benchmarks.record import record
from tanheng.accounting.completeness import choose
from tanheng.accounting.difference import difference, line_decimals
from tanheng.accounting.recalculate import ReplacedLibrary, recalculate
from tanheng.accounting.run import run
from tanheng.accounting.stored_streams import pack, unpack
from tanheng.kernel.periods import Period
from tanheng.rules.factors import FactorLibrary, packaged
from tanheng.rules.package import load_standard
from tanheng.rules.streams import Given, SiteInfo, StreamDecl, StreamRecord, StreamSet
from tanheng.rules.table import StreamTable

STANDARD = "gbt_32151_5_2015"
YEARS, STREAMS, ENTERPRISES = (2021, 2022, 2023, 2024, 2025), 500, 100
AS_OF = date(2025, 12, 31)
PROVINCES = ("河北", "山西", "辽宁", "江苏", "湖北", "四川", "广东", "甘肃")
# material, role, direction, unit; engineering magnitudes, only for measuring
KINDS = (
    ("washed_coal", "fuel", "in", "t"),
    ("anthracite", "fuel", "in", "t"),
    ("coke", "fuel", "in", "t"),
    ("diesel", "fuel", "in", "t"),
    ("natural_gas", "fuel", "in", "1e4Nm3"),
    ("limestone", "flux", "in", "t"),
    ("electrode", "electrode", "in", "t"),
    ("electricity", "electricity", "in", "MWh"),
    ("electricity", "electricity", "out", "MWh"),
    ("crude_steel", "product", "out", "t"),
)
Work = tuple[int, int]


def streams(enterprise: int, year: int) -> StreamSet:
    """One enterprise-year: 500 streams, twelve months each; a fifth of the fuels has a measured calorific value."""
    chance = np.random.default_rng(1000 * enterprise + year)
    kinds = [KINDS[n % len(KINDS)] for n in range(STREAMS)]
    declared = tuple(StreamDecl(f"s{n}", kind[0], kind[1], kind[2]) for n, kind in enumerate(kinds))
    amounts = np.round(chance.random((STREAMS, 12)) * 1e4, 3).tolist()
    records = [
        StreamRecord(
            f"s{n}", f"{year}-{month + 1:02d}", {"quantity": Given(amounts[n][month], kind[3])},
            {"net_calorific_value": Given(26.5, "GJ/t")} if kind[0] == "washed_coal" and n % 50 == 0 else {},
        )
        for n, kind in enumerate(kinds) for month in range(12)
    ]  # fmt: skip
    site = SiteInfo(PROVINCES[enterprise % len(PROVINCES)], name=f"企业 {enterprise}", main_product="粗钢")
    return StreamSet(site, declared, tuple(records))


def stored(work: Work) -> bytes:
    """The columns as a run leaves them in the database."""
    given = streams(*work)
    records = choose(given, Period.parse(str(work[1]))).records
    return pack(StreamTable.from_stream_set(given, records), given.site)


@cache
def libraries() -> tuple[FactorLibrary, FactorLibrary]:
    """The packaged library, and one in which every grid average of 0.x is replaced by 1.1 times its value."""
    library = packaged()
    grids = [f for f in library.all() if (f.indicator, f.level) == ("average", "regional")]
    news = [replace(f, id=f"new:{f.id}", level="", value=f.value * Decimal("1.1")) for f in grids]
    both = library.with_factors(news)
    return library, ReplacedLibrary(both, {f.id: f"new:{f.id}" for f in grids})


def one(body: bytes) -> dict[str, Any]:
    """Compute one enterprise-year under both libraries and take the difference."""
    table, site = unpack(body)
    old, new = libraries()
    found = recalculate(load_standard(STANDARD), table, site=site, as_of=AS_OF, old=old, new=new).difference()
    return found.as_json()


def whole(work: Work) -> dict[str, Any]:
    """The same by two full runs, with documents."""
    given, period = streams(*work), Period.parse(str(work[1]))
    old, new = (
        run(load_standard(STANDARD), given, period=period, as_of=AS_OF, library=library).data for library in libraries()
    )
    return difference(old["lines"], new["lines"], decimals=line_decimals(old)).as_json()


def _share(bodies: list[bytes]) -> list[dict[str, Any]]:
    return [one(body) for body in bodies]


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--enterprises", type=int, default=ENTERPRISES)
    chosen, _ = options.parse_known_args()
    works = [(enterprise, year) for enterprise in range(chosen.enterprises) for year in YEARS]
    with multiprocessing.get_context("fork").Pool(2) as pool:
        bodies = pool.map(stored, works, chunksize=5)
        pool.map(_share, [bodies[:1]] * 4)  # compile formulas, read the library
        start = time.perf_counter()
        found = [
            each for part in pool.imap(_share, [bodies[n : n + 5] for n in range(0, len(bodies), 5)]) for each in part
        ]
        seconds = time.perf_counter() - start
    start = time.perf_counter()
    alone = one(bodies[0])
    single = time.perf_counter() - start
    sample = works[:: max(1, len(works) // 5)]
    start = time.perf_counter()
    for work in sample:
        assert whole(work) == found[works.index(work)], work
    full = (time.perf_counter() - start) / len(sample)
    assert alone == found[0]
    lines = sum(each["lines"] for each in found)
    changed = sum(each["changed"] for each in found)
    assert lines == len(works) * STREAMS * 12, lines
    figures = {
        "enterprise_years": len(works), "lines": lines, "seconds": round(seconds, 2),
        "lines_per_second": round(lines / seconds), "lines_changed": changed,
        "seconds_one_enterprise_year": round(single, 4), "seconds_two_full_runs": round(full, 3),
        "stored_kb_each": round(sum(map(len, bodies)) / len(bodies) / 1024, 1), "sample_agreeing": len(sample),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024),
        "myems_rows_recomputed": 0,
    }  # fmt: skip
    record("recalculate", figures, {"seconds": "<= 15", "lines_per_second": ">= 100000"})


if __name__ == "__main__":
    main()
