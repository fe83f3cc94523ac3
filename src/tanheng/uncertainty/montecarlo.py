"""Monte Carlo: all inputs drawn together, the inventory computed for every draw, block by block on two threads."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tanheng.kernel.errors import InputError
from tanheng.uncertainty.distributions import Distribution
from tanheng.uncertainty.model import Model
from tanheng.uncertainty.sampling import Layout, Sampler

__all__ = ["MOST_DRAWS", "Draws", "simulate"]

MOST_DRAWS = 1_000_000
FEWEST_DRAWS = 100
Array = NDArray[np.float64]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Draws:
    """Emissions of every source in every draw [tCO2e], and how each input moved with the total."""

    sources: Array
    correlation: Array

    @property
    def total(self) -> Array:
        """The total of every draw [tCO2e]."""
        return np.asarray(self.sources.sum(axis=0))


def simulate(
    model: Model,
    distributions: Sequence[Distribution],
    *,
    n: int = 10_000,
    seed: int = 1,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Draws:
    """Draw all inputs ``n`` times and evaluate the inventory.

    Parameters
    ----------
    model
        Inputs of the model are those that move; ``distributions`` are theirs, in the same order.
    n, seed
        Number of draws (100 to 1 000 000) and seed (a whole number from 0); both decide every figure.
    threads
        How many threads work; the result does not depend on it.
    progress
        Called with draws done and draws in all after every block; what it raises ends the work.

    Raises
    ------
    InputError
        ``uncertainty.draws`` or ``uncertainty.seed``.
    """
    if not FEWEST_DRAWS <= n <= MOST_DRAWS:
        raise InputError("uncertainty.draws", given=n, fewest=FEWEST_DRAWS, most=MOST_DRAWS)
    if seed < 0:
        raise InputError("uncertainty.seed", given=seed)
    layout = Layout.of(n, len(distributions))
    work = _Work(model, Sampler(distributions, layout, seed), layout)
    workers = min(threads or min(2, os.cpu_count() or 1), layout.blocks)
    done = 0
    with ThreadPoolExecutor(max_workers=workers) as pool:
        waiting = [pool.submit(work.block, number) for number in range(layout.blocks)]
        try:
            for finished in as_completed(waiting):
                done += finished.result()
                if progress is not None:
                    progress(done, n)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return Draws(work.sources, work.correlation([each.sd for each in distributions]))


class _Work:
    """What the blocks write: each its own draws and its own sums, put together in the order of the blocks."""

    def __init__(self, model: Model, sampler: Sampler, layout: Layout) -> None:
        self.model, self.sampler, self.layout = model, sampler, layout
        self.sources = np.empty((len(model.sources), layout.n))
        self.central = float(model.central.sum())
        self.products = np.empty((layout.blocks, model.size))
        self.sums = np.empty((layout.blocks, model.size))

    def block(self, number: int) -> int:
        scales = self.sampler.block(number)
        values = self.model.evaluate(scales)
        self.sources[:, self.layout.span(number)] = values
        moved = values.sum(axis=0) - self.central
        np.einsum("ij,j->i", scales, moved, out=self.products[number])
        np.sum(scales, axis=1, out=self.sums[number])
        return int(scales.shape[1])

    def correlation(self, sds: list[float]) -> Array:
        """Return the correlation of every input's scale with the total."""
        total = self.sources.sum(axis=0)
        n, deviation = self.layout.n, float(total.std())
        if deviation == 0:
            return np.zeros(self.model.size)
        mean = float(total.mean()) - self.central
        covariance = self.products.sum(axis=0) / n - self.sums.sum(axis=0) / n * mean
        found: Array = np.clip(covariance / (np.array(sds) * deviation), -1.0, 1.0)
        return found
