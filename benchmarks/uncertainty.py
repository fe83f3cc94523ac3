"""Monte Carlo of inventories to the bytes of a study, and Sobol indices beside a plain SALib script.

Every stream is a fuel with four measured values of its own (quantity, calorific value, carbon content, oxidation
factor), each with a distribution, over twelve months.
"""

import math
import resource
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.record import record
from tanheng.accounting.result import ResultDocument
from tanheng.accounting.run import run
from tanheng.kernel.canonical_json import dumps
from tanheng.kernel.periods import Period
from tanheng.rules.package import load_standard
from tanheng.rules.streams import Given, SiteInfo, StreamDecl, StreamRecord, StreamSet
from tanheng.uncertainty.drivers import Driver
from tanheng.uncertainty.sampled import sobol
from tanheng.uncertainty.study import uncertainty_study

FUELS = ("anthracite", "bituminous_coal", "washed_coal", "coke", "diesel")
MONTHS = tuple(f"2025-{month:02d}" for month in range(1, 13))
REPEATS = 5
ISHIGAMI = {"first": (0.3138, 0.4424, 0.0), "total": (0.5576, 0.4424, 0.2437)}  # a = 7, b = 0.1
BASE = 2**16


def inventory(streams: int) -> ResultDocument:
    """Return the result of a works whose fuels are all measured, month by month."""
    rng = np.random.default_rng(20251121)
    decls = tuple(StreamDecl(f"s{n}", FUELS[n % len(FUELS)], "fuel") for n in range(streams))
    records = tuple(_record(decl.id, month, rng) for decl in decls for month in MONTHS)
    standard = load_standard("gbt_32151_5_2015")
    result = run(standard, StreamSet(SiteInfo("河北"), decls, records), period=Period.parse("2025"), title="bench")
    assert result.data["complete"], result.data["gaps"][:3]
    return result


def _record(stream: str, month: str, rng: np.random.Generator) -> StreamRecord:
    def given(value: float, unit: str, **distribution: str) -> Given:
        return Given(value, unit, "measured", {"kind": "form", "distribution": distribution, "distribution_of": value})

    return StreamRecord(
        stream,
        month,
        {"quantity": given(float(rng.uniform(1e3, 1e4)), "t", normal="1.5 %")},
        {
            "net_calorific_value": given(float(rng.uniform(20, 28)), "GJ/t", normal="2 %"),
            "carbon_content": given(float(rng.uniform(0.025, 0.029)), "tC/GJ", lognormal="3 %"),
            "oxidation_factor": given(float(rng.uniform(0.9, 0.98)), "1", normal="1 %"),
        },
    )


def timed(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Return the shortest of several times [s], the least processor time of all threads [s], and what the work gave."""
    best, least, result = math.inf, math.inf, None
    for _ in range(REPEATS):
        start, used = time.perf_counter(), time.process_time()
        result = work()
        best, least = min(best, time.perf_counter() - start), min(least, time.process_time() - used)
    return best, least, result


def study(result: ResultDocument, n: int) -> tuple[float, float, bytes]:
    """Return how long a study takes [s, processor s], from the document in memory to the canonical bytes, and these."""
    data = result.data
    return timed(lambda: dumps(uncertainty_study(data, run_digest=result.digest, n=n, seed=1)))


def ishigami(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return sin x1 + 7 sin² x2 + 0.1 x3⁴ sin x1."""
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def plain() -> Any:
    """Do with SALib alone what the platform does through its own room."""
    import SALib.analyze.sobol
    import SALib.sample.sobol

    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[-math.pi, math.pi]] * 3}
    samples = SALib.sample.sobol.sample(problem, BASE, calc_second_order=False, seed=1)
    values = ishigami(samples)
    return SALib.analyze.sobol.analyze(problem, values, calc_second_order=False, seed=1, num_resamples=100)


def ours() -> Any:
    """Return the same indices through the platform."""
    drivers = [Driver(str(n), str(n), -math.pi, math.pi, (n,)) for n in range(3)]
    return sobol(drivers, ishigami, BASE, 1)


def main() -> None:
    small, wide = inventory(500), inventory(200)
    first, first_cpu, content = study(small, 10_000)
    second, second_cpu, _ = study(wide, 100_000)
    ours(), plain()
    _, theirs_time, theirs = timed(plain)  # processor time: both are single runs of the same library
    _, ours_time, found = timed(ours)
    worst = max(
        abs(entry[key] - closed)
        for key, values in ISHIGAMI.items()
        for entry, closed in zip(found, values, strict=True)
    )
    assert all(abs(entry["first"] - float(s)) < 1e-12 for entry, s in zip(found, theirs["S1"], strict=True))
    figures = {
        "seconds_500_streams_4_inputs_10000_draws": round(first, 3),
        "cpu_seconds_500_streams_10000_draws": round(first_cpu, 3),
        "study_kb": round(len(content) / 1024),
        "seconds_200_streams_4_inputs_100000_draws": round(second, 3),
        "cpu_seconds_200_streams_100000_draws": round(second_cpu, 3),
        "sobol_cpu_seconds": round(ours_time, 3),
        "sobol_plain_salib_cpu_seconds": round(theirs_time, 3),
        "sobol_overhead": round(ours_time / theirs_time - 1, 4),
        "ishigami_worst_difference": round(worst, 4),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }
    targets = {
        "seconds_500_streams_4_inputs_10000_draws": "<= 1",
        "seconds_200_streams_4_inputs_100000_draws": "<= 2",
        "sobol_overhead": "<= 0.1",
    }
    record("uncertainty", figures, targets)


if __name__ == "__main__":
    main()
