"""The result document: immutable, the same bytes for the same input, everything a figure needs to explain itself."""

import copy
import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from tanheng import __version__
from tanheng.kernel.canonical_json import digest, dumps
from tanheng.kernel.errors import InputError, TanhengError, sentences

__all__ = ["ENGINE", "SCHEMA", "ResultDocument", "sentence"]

SCHEMA = "tanheng/result/1"
ENGINE = __version__
_DETAIL = ("lines", "trace", "provenance", "denominators")


class ResultDocument:
    """The result of one run. ``data`` is the document as plain JSON data; treat it as read-only."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._bytes = dumps(data)

    @classmethod
    def from_bytes(cls, content: bytes) -> "ResultDocument":
        """Read a stored document.

        Raises
        ------
        InputError
            ``result.schema`` when it is not a result document of this schema.
        """
        data = json.loads(content)
        if not isinstance(data, dict) or data.get("schema") != SCHEMA:
            raise InputError(
                "result.schema", expected=SCHEMA, found=str(data.get("schema") if isinstance(data, dict) else "")
            )
        return cls(data)

    @cached_property
    def data(self) -> dict[str, Any]:
        """The document as plain data, read from its bytes so that nothing outside can have changed it.

        Canonical JSON sorts keys; sources, processes and the like stand here in the order of the standard again.
        """
        loaded: dict[str, Any] = json.loads(self._bytes)
        for name, order in loaded.get("order", {}).items():
            loaded[name] = {key: loaded[name][key] for key in order}
        return loaded

    def json_bytes(self) -> bytes:
        """Return the canonical JSON."""
        return self._bytes

    @cached_property
    def digest(self) -> str:
        """The sha256 of the canonical JSON."""
        return digest(self._bytes)

    @property
    def index(self) -> dict[str, Any]:
        """A place where readers keep what they computed from the document; no part of it."""
        kept: dict[str, Any] = self.__dict__.setdefault("_index", {})
        return kept

    def summary(self) -> dict[str, Any]:
        """Return everything but lines, trace and provenance: what lists and panoramas need."""
        return copy.deepcopy({key: value for key, value in self.data.items() if key not in _DETAIL})


def sentence(entry: Mapping[str, Any]) -> str:
    """Return the Chinese sentence of a gap or a warning of a result document."""
    named = {key: entry.get(key) for key in ("stream", "material", "month", "quantity") if entry.get(key) is not None}
    said = {**named, **entry.get("values", {})}
    text = TanhengError(entry["code"], **said).zh()
    if entry.get("stream") is None or "{stream" in sentences().get(entry["code"], "{stream"):
        return text
    place = [str(said[key]) for key in ("month_zh", "quantity_zh") if key in said]
    return f"“{said.get('stream_zh', said['stream'])}”（{'，'.join([str(said.get('place_zh', '')), *place])}）：{text}"
