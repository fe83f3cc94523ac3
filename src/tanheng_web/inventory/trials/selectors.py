"""On whose data, and on which approved months, a copied standard can be tried."""

from dataclasses import dataclass

from tanheng.kernel.periods import Month, Period
from tanheng_web.catalogue.models import StandardCopy
from tanheng_web.collection.models import MonthReport
from tanheng_web.organisations.models import Organisation

__all__ = ["Trial", "trial_named", "trials_of"]


@dataclass(frozen=True)
class Trial:
    """Approved data: an enterprise and the months of a year from the first to the last that are approved."""

    organisation: Organisation
    period: Period
    months: int

    @property
    def key(self) -> str:
        return f"{self.organisation.pk}:{self.period.key}"

    @property
    def label(self) -> str:
        return f"{self.organisation.label} · {self.period.label_zh}（{self.months} 个月已审核）"


def trials_of(copy: StandardCopy, user, *, by_month: bool = False) -> list[Trial]:
    """Approved years (or single months), newest first, of the owner and of those below it that the person may see."""
    seen = Organisation.objects.visible_to(user).filter(path__startswith=copy.organisation.path)
    rows = MonthReport.objects.filter(organisation__in=seen, status=MonthReport.Status.APPROVED)
    months: dict[tuple[int, str], set[Month]] = {}
    for organisation, day in rows.values_list("organisation", "month"):
        month = Month.of(day)
        months.setdefault((organisation, str(month) if by_month else str(month.year)), set()).add(month)
    names = {each.pk: each for each in seen}
    found = [Trial(names[pk], Period(min(each), max(each)), len(each)) for (pk, _key), each in months.items()]
    return sorted(found, key=lambda each: (each.period.last, each.organisation.label), reverse=True)


def trial_named(trials: list[Trial], key: str) -> Trial | None:
    """The one that a form names, among those offered."""
    return next((each for each in trials if each.key == key), None)
