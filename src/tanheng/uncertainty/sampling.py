"""Draws that do not depend on how the work is cut: a fixed layout of blocks, each with its own PCG64 stream.

Block ``b`` of a study is drawn from ``SeedSequence(seed, spawn_key=(b,))``. The length of a block follows from the
number of inputs alone: threads, memory and progress reports change nothing; a longer study begins with the shorter.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tanheng.uncertainty.distributions import Distribution

__all__ = ["Layout", "Sampler"]

Array = NDArray[np.float64]
_CELLS = 2_097_152  # doubles of one block: 16 MB a thread
_LONGEST, _SHORTEST = 1024, 64


@dataclass(frozen=True, slots=True)
class Layout:
    """How ``n`` draws lie in blocks."""

    n: int
    length: int

    @classmethod
    def of(cls, n: int, inputs: int) -> "Layout":
        """Return the layout for a number of inputs."""
        length = _LONGEST
        while length > _SHORTEST and length * inputs > _CELLS:
            length //= 2
        return cls(n, length)

    @property
    def blocks(self) -> int:
        """The number of blocks."""
        return -(-self.n // self.length)

    def span(self, block: int) -> slice:
        """Return the draws of a block."""
        return slice(block * self.length, min(self.n, (block + 1) * self.length))


class Sampler:
    """Fills blocks with scales of all inputs; rows of normal-based inputs are drawn first, then the uniform ones."""

    def __init__(self, distributions: Sequence[Distribution], layout: Layout, seed: int) -> None:
        self.distributions = distributions
        self.layout, self.seed = layout, seed
        self.normal = [n for n, each in enumerate(distributions) if each.is_normal_based]
        self.uniform = [n for n, each in enumerate(distributions) if not each.is_normal_based]
        order = [*self.normal, *self.uniform]
        self.rows = None if order == sorted(order) else np.argsort(np.array(order, dtype=np.int64))

    def block(self, number: int) -> Array:
        """Return the scales of a block: (inputs, draws). A block is always drawn whole, the last one then cut."""
        generator = self._generator(number)
        length = self.layout.length
        drawn = np.empty((len(self.distributions), length))
        normals = len(self.normal)
        generator.standard_normal(out=drawn[:normals])
        generator.random(out=drawn[normals:])
        for row, which in enumerate(self.normal):
            each = self.distributions[which]
            if each.truncated:
                self._redraw(drawn[row], each, number, which)
            each.from_normal(drawn[row])
        for row, which in enumerate(self.uniform, start=normals):
            self.distributions[which].from_uniform(drawn[row])
        span = self.layout.span(number)
        scales = drawn[:, : span.stop - span.start]
        return scales if self.rows is None else scales[self.rows]

    def _generator(self, *key: int) -> np.random.Generator:
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence(self.seed, spawn_key=key)))

    def _redraw(self, z: Array, each: Distribution, number: int, which: int) -> None:
        """Draw again what lies outside the bounds, from a stream of the block's and the input's own."""
        low, high = each.deviates()
        generator = self._generator(number, which)
        outside = np.flatnonzero((z < low) | (z > high))
        while outside.size:
            z[outside] = generator.standard_normal(outside.size)
            outside = outside[(z[outside] < low) | (z[outside] > high)]
