"""Which current results use a factor: of an enterprise and those below it."""

from tanheng_web.inventory.factor_uses import counts_of_uses, runs_using
from tanheng_web.organisations.models import Organisation

__all__ = ["results_using", "used_ids"]


def results_using(organisation: Organisation, factor_id: str):
    """Current results that used a factor, the newest period first."""
    return runs_using(factor_id, organisations=_below(organisation))


def used_ids(organisation: Organisation) -> dict[str, int]:
    """Factors in current results: id → in how many."""
    return counts_of_uses(_below(organisation))


def _below(organisation: Organisation):
    return Organisation.objects.filter(path__startswith=organisation.path)
