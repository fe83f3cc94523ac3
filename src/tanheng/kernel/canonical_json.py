"""One byte form of a document, so that the same result has the same digest on any machine."""

import hashlib
import json

__all__ = ["digest", "dumps"]


def dumps(obj: object) -> bytes:
    """Return canonical JSON: sorted keys, no spaces, UTF-8, shortest floats.

    Raises
    ------
    ValueError
        On NaN or infinity, which JSON does not have.
    TypeError
        On a key that is not text or a value that is not JSON, so nothing is silently turned into text.

    >>> dumps({"b": 1.0, "a": "吨"}).decode()
    '{"a":"吨","b":1.0}'
    """
    text = json.dumps(obj, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8")


def digest(content: bytes) -> str:
    """Return the sha256 of ``content`` in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
