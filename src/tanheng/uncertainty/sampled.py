"""Morris and Sobol through SALib, which is imported on first use: the core of the domain does without it."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tanheng.kernel.errors import InputError, MissingValue
from tanheng.uncertainty.drivers import Driver, unit_bounds

__all__ = ["morris", "sobol"]

Array = NDArray[np.float64]
Evaluate = Callable[[Array], Array]
_AT_ONCE = 8192  # samples evaluated together
_LEVELS = 4


def _salib() -> Any:
    try:
        import SALib.analyze.morris
        import SALib.analyze.sobol
        import SALib.sample.morris
        import SALib.sample.sobol
    except ImportError as error:
        raise MissingValue("sensitivity.library", module=str(error.name)) from None
    return SALib


def _values(samples: Array, evaluate: Evaluate, progress: Callable[[int, int], None] | None) -> Array:
    found = []
    for start in range(0, len(samples), _AT_ONCE):
        found.append(evaluate(samples[start : start + _AT_ONCE]))
        if progress is not None:
            progress(min(len(samples), start + _AT_ONCE), len(samples))
    return np.concatenate(found)


def morris(
    drivers: Sequence[Driver], evaluate: Evaluate, n: int, seed: int, progress: Any = None
) -> list[dict[str, float]]:
    """Return mean absolute effect μ*, mean μ and deviation σ of the elementary effects over each whole range [tCO2e].

    Raises
    ------
    InputError
        ``sensitivity.samples`` outside 4 … 1000 trajectories.
    """
    if not 4 <= n <= 1000:
        raise InputError("sensitivity.samples", given=n, fewest=4, most=1000)
    library, problem = _salib(), unit_bounds(drivers)
    samples = library.sample.morris.sample(problem, n, num_levels=_LEVELS, seed=seed)
    found = library.analyze.morris.analyze(
        problem, samples, _values(samples, evaluate, progress), num_levels=_LEVELS, seed=seed, num_resamples=100
    )
    return [
        {"mu_star": float(found["mu_star"][k]), "mu": float(found["mu"][k]), "sigma": float(found["sigma"][k])}
        for k in range(len(drivers))
    ]


def sobol(
    drivers: Sequence[Driver], evaluate: Evaluate, n: int, seed: int, progress: Any = None
) -> list[dict[str, float]]:
    """Return first-order and total indices with their 95 % half-widths.

    Raises
    ------
    InputError
        ``sensitivity.samples``: the base samples are a power of two between 64 and 65 536.
    """
    if not 64 <= n <= 65_536 or n & (n - 1):
        raise InputError("sensitivity.samples", given=n, fewest=64, most="65536（2 的幂）")
    library, problem = _salib(), unit_bounds(drivers)
    samples = library.sample.sobol.sample(problem, n, calc_second_order=False, seed=seed)
    found = library.analyze.sobol.analyze(
        problem, _values(samples, evaluate, progress), calc_second_order=False, seed=seed, num_resamples=100
    )
    return [
        {
            "first": float(found["S1"][k]),
            "total": float(found["ST"][k]),
            "first_conf": float(found["S1_conf"][k]),
            "total_conf": float(found["ST_conf"][k]),
        }
        for k in range(len(drivers))
    ]
