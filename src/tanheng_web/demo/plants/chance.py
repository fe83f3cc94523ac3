"""Chance with a fixed seed. Every series has its own generator by name, so that adding one moves no other."""

import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tanheng_web.demo.plants.calendar import MONTHS

__all__ = ["Chance"]

Series = NDArray[np.float64]
_LIMIT = 2.2  # a plant's figures have no far outliers but the planted ones


@dataclass(frozen=True)
class Chance:
    """Relative fluctuations, all with mean 0 or 1 and bounded."""

    seed: int

    def _normal(self, name: str) -> Series:
        generator = np.random.Generator(np.random.PCG64([self.seed, zlib.crc32(name.encode())]))
        return np.clip(generator.standard_normal(len(MONTHS)), -_LIMIT, _LIMIT)

    def jitter(self, name: str, sigma: float) -> Series:
        """Return independent factors around 1."""
        return 1.0 + sigma * self._normal(name)

    def walk(self, name: str, sigma: float, memory: float = 0.6) -> Series:
        """Return factors around 1 that remember the month before."""
        noise = self._normal(name)
        state = np.empty_like(noise)
        state[0] = noise[0]
        for n in range(1, len(noise)):
            state[n] = memory * state[n - 1] + np.sqrt(1 - memory**2) * noise[n]
        return 1.0 + sigma * np.clip(state, -_LIMIT, _LIMIT)

    def uniform(self, name: str, low: float, high: float) -> Series:
        """Return values evenly spread between ``low`` and ``high``."""
        generator = np.random.Generator(np.random.PCG64([self.seed, zlib.crc32(name.encode())]))
        return generator.uniform(low, high, len(MONTHS))
