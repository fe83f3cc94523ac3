"""The library of emission factors: what is known of each, how long it lives, which one a site takes."""

from tanheng.rules.factors.library import FactorLibrary, packaged
from tanheng.rules.factors.life import STATES, Life, default_life
from tanheng.rules.factors.model import DIMENSIONS, FAMILIES, LEVELS, LibraryFactor, vocabulary, word

__all__ = [
    "DIMENSIONS",
    "FAMILIES",
    "LEVELS",
    "STATES",
    "FactorLibrary",
    "LibraryFactor",
    "Life",
    "default_life",
    "packaged",
    "vocabulary",
    "word",
]
