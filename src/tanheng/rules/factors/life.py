"""How long a factor may be used, and in which state it is on a day."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache

from tanheng.kernel.errors import OutOfRange
from tanheng.kernel.resources import data_dir
from tanheng.kernel.yaml_lines import read_yaml
from tanheng.rules.factors.model import LibraryFactor

__all__ = ["STATES", "Life", "default_life", "years_after"]

# how a factor stands on a day, the worst last
STATES = {
    "current": "有效",
    "not_yet_valid": "尚未生效",
    "expiring": "即将到期",
    "superseded": "已被替代",
    "expired_with_successor": "已过期，有更新值",
    "expired": "已过期，无更新值",
}


@dataclass(frozen=True)
class Life:
    """Years of life by class, from publication; None: without end. ``most`` is what no setting may exceed."""

    years: Mapping[str, int | None]
    most: Mapping[str, int | None] = field(default_factory=dict)
    soon_days: int = 90

    def ends_on(self, factor: LibraryFactor) -> date | None:
        """Return the first day on which a factor may no longer be used; None: no end is known.

        A table printed in a standard ends with the standard. An end that the document states holds unless the class
        ends earlier.
        """
        if factor.printed_in:
            return factor.valid_to
        return self.end(factor.klass, factor.published_on or factor.valid_from, factor.valid_to)

    def end(self, klass: str, start: date | None, stated: date | None) -> date | None:
        """Return the end of a life that starts on a day: that of the class, or the stated one where it is earlier."""
        years = self.years.get(klass)
        counted = years_after(start, years) if start and years else None
        return min(counted, stated) if counted and stated else counted or stated

    def applied(self, factor: LibraryFactor) -> LibraryFactor:
        """Return the factor with the end of its life filled in."""
        end = self.ends_on(factor)
        return factor if end == factor.valid_to else replace(factor, valid_to=end)

    def with_years(self, own: Mapping[str, int], soon_days: int | None = None) -> "Life":
        """Return a life with an enterprise's own years.

        Raises
        ------
        OutOfRange
            ``factor.life_setting`` for more years than the class may have.
        """
        for klass, years in own.items():
            most = self.most.get(klass)
            if years < 1 or (most is not None and years > most):
                raise OutOfRange("factor.life_setting", klass=klass, years=years, most=most)
        return Life({**self.years, **own}, self.most, self.soon_days if soon_days is None else soon_days)

    def refuse_too_long(self, factor: LibraryFactor) -> None:
        """Refuse an entry that says to live longer than its class may.

        Raises
        ------
        OutOfRange
            ``factor.life_too_long``: a fossil fuel's factor lives at most 3 years.
        """
        most, start = self.most.get(factor.klass), factor.valid_from or factor.published_on
        if factor.printed_in or most is None or start is None or factor.valid_to is None:
            return
        if factor.valid_to > years_after(start, most):
            raise OutOfRange(
                "factor.life_too_long", factor=factor.id, klass=factor.klass, most=most, valid_to=factor.valid_to
            )

    def state(self, factor: LibraryFactor, on: date, *, is_replaced: bool = False) -> str:
        """Return one of :data:`STATES`; whether an expired factor has a successor only the library knows."""
        if is_replaced:
            return "superseded"
        if not factor.is_known(on) or (factor.valid_from is not None and on < factor.valid_from):
            return "not_yet_valid"
        end = self.ends_on(factor)
        if end is None or on < end - timedelta(days=self.soon_days):
            return "current"
        if on < end:
            return "expiring"
        return "expired"


def years_after(day: date, years: int) -> date:
    """Return the same day some years later; a leap day becomes 1 March.

    >>> years_after(date(2024, 1, 1), 1)
    datetime.date(2025, 1, 1)
    """
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


@cache
def default_life() -> Life:
    """Return what the standard says (``data/factors/life.yaml``)."""
    data = read_yaml(data_dir() / "factors" / "life.yaml").data
    classes = data["classes"]
    return Life(
        {name: entry["years"] for name, entry in classes.items()},
        {name: entry["most"] for name, entry in classes.items()},
        int(data["expiring_soon_days"]),
    )
