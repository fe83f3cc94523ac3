"""What a check reads and fills: a row of the workbook, and what is known beside the file."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tanheng.kernel.periods import Month
from tanheng_web.collection import vocabulary as words
from tanheng_web.collection.workbook.reading import ReadSheet
from tanheng_web.collection.workbook.spec import StreamSpec

__all__ = ["Context", "Row"]


@dataclass(frozen=True)
class Context:
    """What the check knows beside the file: numbers of earlier months by (code, key), locked months and why."""

    history: Mapping[tuple[str, str], Mapping[Month, float]] = field(default_factory=dict)
    locked: Mapping[Month, str] = field(default_factory=dict)
    latest: Month | None = None


@dataclass(slots=True)
class Row:
    """A filled row: where it stands, which stream and month it is, its numbers by key."""

    sheet: ReadSheet
    index: int
    stream: StreamSpec | None
    month: Month | None
    numbers: dict[str, float]
    entered: dict[str, str]
    note: str
    is_bad: bool = False
    is_locked: bool = False

    @property
    def is_confirmed(self) -> bool:
        """Whether the note says that an unusual number was verified."""
        return words.is_verified(self.note)
