"""What every study's document begins and ends with: of which result it is, and figures to six digits."""

from collections.abc import Mapping
from typing import Any

from tanheng import __version__
from tanheng.kernel.errors import InputError
from tanheng.uncertainty.parts import Part, parts_of
from tanheng.uncertainty.rounded import rounded

__all__ = ["SCHEMA", "head", "known_parts", "sealed"]

SCHEMA = "tanheng/uncertainty/1"
_RUN = ("title", "period", "standard", "standard_zh", "as_of", "complete")


def known_parts(data: Mapping[str, Any]) -> tuple[Part, ...]:
    """Return the parts of a result document; raises InputError ``uncertainty.no_lines`` where there are none."""
    parts = tuple(parts_of(data))
    if not parts:
        raise InputError("uncertainty.no_lines", title=data["title"])
    return parts


def head(data: Mapping[str, Any], run_digest: str, method: str, n: int, seed: int) -> dict[str, Any]:
    """Return what names a study: schema, method, the result it is of, samples and seed."""
    run = {"digest": run_digest, **{key: data[key] for key in _RUN}}
    return {"schema": SCHEMA, "method": method, "engine": __version__, "run": run, "n": n, "seed": seed}


def sealed(document: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document with rounded figures; the total of the result stays as the result has it."""
    return {**rounded(dict(document)), "total": {"value": data["total"]["value"], "unit": "tCO2e"}}
