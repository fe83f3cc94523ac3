"""Old and new of one result: the streams it was computed from, evaluated under the library as it was and as it is."""

from datetime import date
from typing import TYPE_CHECKING

from tanheng.kernel.errors import InputError
from tanheng_web.collection.selectors import stream_set
from tanheng_web.inventory import selectors
from tanheng_web.inventory.libraries import library_of
from tanheng_web.inventory.models import LedgerEntry, Run, RunStreams

if TYPE_CHECKING:
    from tanheng.accounting.difference import Difference
    from tanheng.accounting.recalculate import Recalculated
    from tanheng.rules.streams import SiteInfo
    from tanheng.rules.table import StreamTable

__all__ = ["refuse_moved", "worked_out"]

LINE_COLUMNS = ("account", "month", "stream", "source", "gas", "process", "formula", "value")


def refuse_moved(run: Run) -> None:
    """A result that is no longer the newest, or whose data or settings changed, is not recalculated."""
    if run.superseded_at is not None:
        raise InputError("recalculation.superseded", period=run.period_zh)
    if selectors.is_stale(run, run.organisation):
        raise InputError("recalculation.stale", period=run.period_zh)


def worked_out(run: Run, as_of: date | None) -> "Difference":
    """Compare a result with what its streams give under today's library as known on `as_of` (default: as the run asks).

    Raises InputError where the result moved meanwhile, or where the new library leaves a factor open.
    """
    from tanheng.accounting.recalculate import recalculate
    from tanheng.rules.package import load_standard

    refuse_moved(run)
    library, standard = library_of(run.organisation), load_standard(run.standard)
    table, site = _streams(run)
    then = date.fromisoformat(run.summary["as_of"])
    found = recalculate(
        standard, table, site=site, as_of=then, old=library, new=library,
        new_as_of=as_of or run.as_of or library.newest_publication,
    )  # fmt: skip
    if len(found.new.gaps) > len(found.old.gaps):
        raise InputError("recalculation.gaps", period=run.period_zh, count=len(found.new.gaps) - len(found.old.gaps))
    difference = found.difference()
    if difference.total.old == run.total:
        return difference
    if standard.digest != run.summary["standard_digest"]:  # what the standard changed would be mixed in
        raise InputError("recalculation.standard_moved", period=run.period_zh, standard=run.standard_zh)
    return _from_ledger(run, found)


def _streams(run: Run) -> tuple["StreamTable", "SiteInfo"]:
    """The stored columns; results from before they were kept are read from the approved data, which did not change."""
    from tanheng.accounting.completeness import choose
    from tanheng.accounting.stored_streams import unpack
    from tanheng.rules.table import StreamTable

    stored = RunStreams.objects.filter(run=run).first()
    if stored is not None:
        return unpack(bytes(stored.body))
    given = stream_set(run.organisation, run.span, approved_only=True)
    return StreamTable.from_stream_set(given, choose(given, run.span).records), given.site


def _from_ledger(run: Run, found: "Recalculated") -> "Difference":
    """Where the library no longer gives the old values (one was withdrawn), the old side is what the ledger holds."""
    from tanheng.accounting.difference import difference, line_decimals
    from tanheng.accounting.lines import lines_json

    rows = LedgerEntry.objects.as_posted(run.posting).order_by("line").values_list(*LINE_COLUMNS)
    columns = list(zip(*rows, strict=True)) or [()] * len(LINE_COLUMNS)
    old = dict(zip(LINE_COLUMNS, columns, strict=True))
    return difference(old, lines_json(found.table, found.new), decimals=line_decimals(run.summary))
