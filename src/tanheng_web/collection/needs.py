"""What the standards chosen for a year ask of each stream: the union of them all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tanheng_web.collection import vocabulary as words
from tanheng_web.collection.models import SourceStream
from tanheng_web.collection.selectors import streams_of
from tanheng_web.organisations.selectors import standards_of

__all__ = ["Wanted", "wanted_of"]


@dataclass(frozen=True)
class Wanted:
    """A stream, the values it must be asked for and those it may be asked for, each with the standards that say so."""

    stream: SourceStream
    needed: tuple[tuple[str, str], ...]
    usual: tuple[tuple[str, str], ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Needed values that the stream is not asked for yet."""
        return tuple(key for key, _names in self.needed if key not in self.stream.values)

    @property
    def needed_rows(self) -> list[tuple[str, str, str, bool]]:
        return [(key, words.key_zh(key), names, key in self.stream.values) for key, names in self.needed]

    @property
    def usual_rows(self) -> list[tuple[str, str, str, bool]]:
        return [(key, words.key_zh(key), names, key in self.stream.values) for key, names in self.usual]


def wanted_of(organisation, year: int) -> list[Wanted]:
    """Every active stream with what the standards of the year ask of it; those that lack a needed value first."""
    # the packages are parsed once in a process, yet most pages need none of them
    from tanheng.rules.package import load_standard, standards

    known = {found.id for found in standards()}
    chosen = [load_standard(each) for each in standards_of(organisation, year) if each in known]
    rows = [_wanted(stream, chosen, date(year, 7, 1)) for stream in streams_of(organisation)]
    return sorted((row for row in rows if row.needed or row.usual), key=lambda row: (not row.missing, row.stream.code))


def _wanted(stream: SourceStream, chosen: Iterable, on: date) -> Wanted:
    from tanheng.rules.needs import needs_of

    needed: dict[str, list[str]] = {}
    usual: dict[str, list[str]] = {}
    for standard in chosen:
        asked = needs_of(
            standard, material=stream.material, role=stream.role, direction=stream.direction, unit=stream.unit, on=on
        )
        for key in asked.needed:
            needed.setdefault(key, []).append(standard.short_zh)
        for key in asked.usual:
            usual.setdefault(key, []).append(standard.short_zh)
    return Wanted(stream, _named(needed), _named({key: names for key, names in usual.items() if key not in needed}))


def _named(found: dict[str, list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((key, "、".join(names)) for key, names in found.items() if key in words.VALUE_KEYS)
