"""The part of ``report.yaml`` that says how the monthly record sheets of a reporting platform look."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

__all__ = ["RecordGroup", "RecordItem", "RecordRow", "RecordSheet"]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RecordItem(_Model):
    """One line of a stream: ``take`` is a part of its balance, ``stock_change``, an input symbol, or ``emission``."""

    zh: str
    take: str


class RecordGroup(_Model):
    """Streams of one source (of some materials, or of all besides some), or auxiliary items, under one heading."""

    zh: str
    source: str | None = None
    materials: tuple[str, ...] = ()
    besides: tuple[str, ...] = ()
    information: tuple[str, ...] = ()
    items: tuple[RecordItem, ...] = ()


class RecordRow(_Model):
    """A figure of the result, month by month."""

    zh: str
    figure: str
    kind: Literal["body", "total", "sub"] = "body"


class RecordSheet(_Model):
    """One sheet: summary rows, or groups of the streams of some accounts; ``by_process`` gives each process a table."""

    id: str
    zh: str
    confidence: Literal["seen", "recalled-high", "recalled-low", "ours"]
    checked: bool
    note: str = ""
    accounts: tuple[str, ...] = ("enterprise",)
    by_process: bool = False
    rows: tuple[RecordRow, ...] = ()
    groups: tuple[RecordGroup, ...] = ()
