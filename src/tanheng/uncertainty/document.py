"""What every study's document begins and ends with: of which result it is, and figures to six digits."""

from collections.abc import Mapping
from typing import Any

from tanheng import __version__
from tanheng.kernel.errors import InputError
from tanheng.uncertainty.parts import Part, parts_of
from tanheng.uncertainty.rounded import rounded
from tanheng.uncertainty.subject import Subject

__all__ = ["SCHEMA", "head", "known_parts", "sealed"]

SCHEMA = "tanheng/uncertainty/1"
_RUN = ("title", "period", "standard", "standard_zh", "as_of", "complete")


def known_parts(data: Mapping[str, Any], subject: Subject) -> tuple[Part, ...]:
    """Return the parts of a figure of a result; raises InputError ``uncertainty.no_lines`` where there are none."""
    parts = tuple(parts_of(data, subject.lines))
    if not parts:
        raise InputError("uncertainty.no_lines", title=data["title"] if subject.is_total else subject.label)
    return parts


def head(data: Mapping[str, Any], run_digest: str, method: str, n: int, seed: int, subject: Subject) -> dict[str, Any]:
    """Return what names a study: schema, method, the result and the figure it is of, samples and seed."""
    run = {"digest": run_digest, **{key: data[key] for key in _RUN}}
    named = {"address": subject.address, "label": subject.label}
    return {
        "schema": SCHEMA, "method": method, "engine": __version__, "run": run, "subject": named, "n": n, "seed": seed,
    }  # fmt: skip


def sealed(document: Mapping[str, Any], subject: Subject) -> dict[str, Any]:
    """Return the document with rounded figures; the figure that was studied stays as the result has it (``total``)."""
    return {**rounded(dict(document)), "total": {"value": subject.value, "unit": "tCO2e"}}
