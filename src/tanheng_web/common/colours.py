"""Which colour an emission source has: its own, or for a source that a standard of one's own brings one of a few."""

from functools import cache
from zlib import crc32

import yaml

from tanheng.kernel.resources import data_dir

__all__ = ["colour_name"]

OWN = 7  # --th-source-own_1 … in static/tanheng/figures.css


@cache
def _known() -> frozenset[str]:
    text = (data_dir() / "report_templates" / "colours.yaml").read_text(encoding="utf-8")
    return frozenset(yaml.safe_load(text))


@cache
def colour_name(source: str) -> str:
    """The name of a source's colour in the style sheet: the same on every page and every day."""
    return source if source in _known() else f"own_{crc32(source.encode()) % OWN + 1}"
