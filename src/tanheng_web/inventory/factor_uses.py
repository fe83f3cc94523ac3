"""Which results use a factor, and which factors a result uses."""

from collections.abc import Iterable

from django.db.models import Count, QuerySet

from tanheng.accounting.result import ResultDocument
from tanheng_web.inventory.models import FactorUse, Run

__all__ = ["counts_of_uses", "factors_used", "runs_using", "uses_record"]


def factors_used(document: ResultDocument) -> list[tuple[str, int]]:
    """Ids and versions of the library factors in the provenance of a result, each once."""
    found = {
        (str(entry["factor_id"]), int(entry.get("version", 1)))
        for entry in document.data["provenance"]
        if entry.get("kind") == "library" and entry.get("factor_id")
    }
    return sorted(found)


def uses_record(run: Run, document: ResultDocument) -> None:
    """Keep what a posted run used."""
    FactorUse.objects.bulk_create(
        FactorUse(run=run, factor_id=factor, version=version) for factor, version in factors_used(document)
    )


def runs_using(factor_id: str, *, organisations: Iterable, version: int | None = None) -> QuerySet[Run]:
    """Current results of these enterprises that used a factor, in one version or in any, the newest period first."""
    uses = FactorUse.objects.filter(factor_id=factor_id)
    if version is not None:
        uses = uses.filter(version=version)
    runs = Run.objects.current().filter(pk__in=uses.values("run"), organisation__in=organisations)
    return runs.select_related("organisation").order_by("-last_month", "organisation", "-pk")


def counts_of_uses(organisations: Iterable) -> dict[str, int]:
    """In how many current results of these enterprises each factor was used."""
    runs = Run.objects.current().filter(organisation__in=organisations)
    rows = FactorUse.objects.filter(run__in=runs.values("pk")).order_by().values("factor_id")
    return {row["factor_id"]: row["count"] for row in rows.annotate(count=Count("run", distinct=True))}
