"""The streams of a run in columns as bytes: what a recalculation needs to evaluate them again, without the sources.

Provenance is left out: it decides no number, and the result document keeps it. Everything else of the table is kept
field by field, so that a table read back gives the same lines.
"""

import io
import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

import numpy as np

from tanheng.kernel.errors import InputError
from tanheng.kernel.periods import Month
from tanheng.rules.streams import SiteInfo, StreamDecl
from tanheng.rules.table import Column, StreamTable

__all__ = ["pack", "unpack"]

_FORMAT = "tanheng/streams/1"
_MONTHS = ("first_month", "last_month")


def pack(table: StreamTable, site: SiteInfo) -> bytes:
    """Return the columns of a table and its site, compressed."""
    arrays: dict[str, Any] = {}
    texts: dict[str, Any] = {"format": _FORMAT, "own_site": _site(site)}
    for field in fields(table):
        value = getattr(table, field.name)
        if field.name == "provenance":
            continue
        if isinstance(value, np.ndarray):
            arrays[field.name] = value
        elif isinstance(value, Mapping):
            texts[field.name] = list(value)
            for number, column in enumerate(value.values()):
                arrays |= {f"{field.name}.{number}.{part}": getattr(column, part) for part in ("value", "unit")}
                arrays[f"{field.name}.{number}.origin"] = column.origin
        else:
            texts[field.name] = [_plain(each) for each in value]
    arrays["texts"] = np.frombuffer(json.dumps(texts, ensure_ascii=False).encode(), np.uint8)
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def _site(site: SiteInfo) -> dict[str, Any]:
    plain = {field.name: getattr(site, field.name) for field in fields(site)}
    return {**plain, "options": json.loads(json.dumps(dict(site.options), default=str))}


def _plain(value: Any) -> Any:
    if isinstance(value, SiteInfo):
        return _site(value)
    if isinstance(value, StreamDecl):
        return {key: str(part) if key in _MONTHS and part else part for key, part in _decl(value).items()}
    return value


def _decl(value: StreamDecl) -> dict[str, Any]:
    plain = asdict(value)
    return {**plain, **{name: getattr(value, name) for name in _MONTHS}}


def unpack(body: bytes) -> tuple[StreamTable, SiteInfo]:
    """Read a table and its site back.

    Raises
    ------
    InputError
        ``streams.unreadable`` when the bytes are none of this form.
    """
    try:
        with np.load(io.BytesIO(body), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        texts = json.loads(arrays.pop("texts").tobytes())
    except (ValueError, KeyError, OSError, EOFError) as error:
        raise InputError("streams.unreadable", said=str(error)) from error
    if texts.get("format") != _FORMAT:
        raise InputError("streams.unreadable", said=str(texts.get("format")))
    return StreamTable(**_columns(arrays, texts)), SiteInfo(**texts["own_site"])


def _columns(arrays: Mapping[str, Any], texts: Mapping[str, Any]) -> dict[str, Any]:
    known = {field.name for field in fields(StreamTable)}
    found: dict[str, Any] = {name: array for name, array in arrays.items() if name in known}
    for name in ("quantities", "values", "enterprise"):
        found[name] = {key: _column(arrays, f"{name}.{number}") for number, key in enumerate(texts[name])}
    for name in known & set(texts) - {"quantities", "values", "enterprise"}:
        found[name] = tuple(_rich(name, each) for each in texts[name])
    return found


def _column(arrays: Mapping[str, Any], name: str) -> Column:
    value, unit, origin = (arrays[f"{name}.{part}"] for part in ("value", "unit", "origin"))
    return Column(value, unit, origin, np.full(len(value), -1, np.int32))


def _rich(name: str, value: Any) -> Any:
    if name == "streams":
        plain: dict[str, Any] = {k: Month.parse(part) if k in _MONTHS and part else part for k, part in value.items()}
        return StreamDecl(**{**plain, "parts": tuple(plain.get("parts", ()))})
    return SiteInfo(**value) if isinstance(value, dict) else value
