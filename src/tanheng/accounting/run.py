"""The run: a standard, the streams of a period and a day → the immutable result document."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from tanheng.accounting.absent_sources import expected_sources, required_sources
from tanheng.accounting.balances import balances
from tanheng.accounting.categories import partial_categories
from tanheng.accounting.completeness import Chosen, choose, entry, idle_parameters, missing_months, odd_records, outlets
from tanheng.accounting.double_count import double_counts
from tanheng.accounting.figures import Sums, figures
from tanheng.accounting.indicators import indicators
from tanheng.accounting.information import information
from tanheng.accounting.inputs import defaults, not_counted, stream_list
from tanheng.accounting.labels import formulas_used, labels
from tanheng.accounting.lines import lines_json, trace_json
from tanheng.accounting.plausibility import odd_values
from tanheng.accounting.processes import check_paths, shares_of
from tanheng.accounting.ratios import odd_ratios
from tanheng.accounting.result import ENGINE, SCHEMA, ResultDocument
from tanheng.accounting.two_meters import two_meters
from tanheng.kernel.periods import Period
from tanheng.rules.evaluate import evaluate
from tanheng.rules.factors import FactorLibrary, packaged
from tanheng.rules.package import Standard
from tanheng.rules.process_kinds import kinds_of
from tanheng.rules.streams import SiteInfo, StreamDecl, StreamSet
from tanheng.rules.table import ORIGINS, StreamTable
from tanheng.rules.trace import Evaluation, Finding

__all__ = ["run"]


def run(
    standard: Standard,
    streams: StreamSet,
    *,
    period: Period,
    as_of: date | None = None,
    title: str = "",
    library: FactorLibrary | None = None,
) -> ResultDocument:
    """Account the streams of an enterprise under a standard.

    Parameters
    ----------
    standard
        The loaded standard.
    streams
        What was reported, with declarations of what is expected.
    period
        The months to account; records outside are left out, a record wider than the period is a gap.
    as_of
        The day whose published factors may be used; default: the newest in the package. It is kept in the result.
    title
        What the document is called.
    library
        Where factors are looked up; default: the packaged ones.

    Returns
    -------
    ResultDocument
        Values [tCO2e], signed: exports, carbon in products and uptake are negative. ``complete`` is false as soon as a
        month, a factor or a unit is missing; an unknown value is null and has a gap, never 0.

    Raises
    ------
    InputError
        For a record without declaration, an unknown unit or origin, two records of one stream that overlap, a
        shared value given twice, a process path that cannot be shown.
    """
    library = library or packaged()
    known = as_of or library.newest_publication
    check_paths(dict.fromkeys(decl.process for decl in streams.declared))
    chosen = choose(streams, period)
    table = StreamTable.from_stream_set(streams, chosen.records)
    evaluation = evaluate(standard, table, site=streams.site, as_of=known, library=library)
    lines, trace = lines_json(table, evaluation), trace_json(table, evaluation)
    gaps, warnings = _findings(standard, streams, table, evaluation, chosen, period)
    provenance = list(evaluation.provenance)
    feeds = {decl.id: outlets(standard, decl) for decl in streams.declared}
    sums = Sums(standard, lines, period, gaps, shares_of(streams.site.options), feeds)
    shown_figures = figures(sums)
    kinds = kinds_of(standard, streams.site)
    shown, denominators, more = indicators(standard, table, shown_figures, gaps, kinds)
    more += [] if gaps else odd_ratios(standard, table, kinds, shown)
    beside, beside_rows, misfits = information(standard, table, gaps, kinds)
    used = defaults(trace, lines, provenance)
    order = {
        name: list(shown_figures[name]) for name in ("sources", "subtotals", "accounts", "gases", "months", "processes")
    }
    document = {
        "schema": SCHEMA,
        "engine": ENGINE,
        "standard": standard.id,
        "standard_zh": standard.zh,
        "standard_digest": standard.digest,
        "library_digest": library.digest,
        "title": title,
        "period": period.key,
        "as_of": known.isoformat(),
        "site": _site(streams.site, streams.places),
        "complete": not gaps,
        "gaps": gaps,
        "warnings": [*warnings, *more, *misfits, *partial_categories(standard, table, evaluation)],
        **shown_figures,
        "indicators": shown,
        "denominators": {**denominators, **beside_rows},
        "information": beside,
        "balances": balances(standard, table),
        "not_counted": not_counted(table, evaluation),
        "defaults": used,
        "unchecked": [found for found in used if found["provenance"].get("checked") is False],
        "streams": stream_list(lines, trace),
        "lines": lines,
        "trace": trace,
        "provenance": provenance,
        "origins": list(ORIGINS),
        "declared": [_declared(decl) for decl in streams.declared],
        "formulas": formulas_used(standard, trace),
        "order": {**order, "indicators": list(shown), "information": list(beside)},
        "labels": labels(standard, table, trace, lines),
        "gwp": {"set": standard.gwp.set, "values": dict(standard.gwp.values)},
        "rounding": {"level": standard.rounding.level, "decimals": standard.rounding.decimals},
        "shares": {path: dict(split) for path, split in shares_of(streams.site.options).items()},
    }
    return ResultDocument(document)


def _site(site: SiteInfo, places: Mapping[str, SiteInfo]) -> dict[str, Any]:
    """The enterprise's place, and the sites on other grids where there are any."""
    options = {str(key): value for key, value in site.options.items()}
    return {
        "name": site.name,
        "province": site.province,
        "part": site.part,
        "main_product": site.main_product,
        "options": options,
        **(
            {"sites": {name: {"province": at.province, "part": at.part} for name, at in places.items()}}
            if places
            else {}
        ),
    }


def _declared(decl: StreamDecl) -> dict[str, Any]:
    months = {
        key: str(month) if month else None
        for key, month in (("first_month", decl.first_month), ("last_month", decl.last_month))
    }
    return {
        "id": decl.id,
        "material": decl.material,
        "material_zh": decl.material_zh,
        "label": decl.label,
        "role": decl.role,
        "direction": decl.direction,
        "process": decl.process,
        **months,
        **({"site": decl.site} if decl.site else {}),
    }


def _findings(
    standard: Standard, streams: StreamSet, table: StreamTable, evaluation: Evaluation, chosen: Chosen, period: Period
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    nothing = [] if streams.declared else [entry("streams.none", None, None, None, {"period": period.label_zh})]
    gaps = [*nothing, *chosen.gaps, *(_of_row(table, finding) for finding in evaluation.gaps)]
    warnings = [*_validity(standard, period), *(_of_row(table, finding) for finding in evaluation.warnings)]
    for counted, missing in missing_months(standard, streams, chosen, period):
        (gaps if counted else warnings).append(missing)
    gaps += required_sources(standard, table, evaluation)
    warnings += odd_records(streams, chosen)
    warnings += idle_parameters(streams, chosen, period)
    warnings += odd_values(table)
    warnings += double_counts(standard, table)
    warnings += two_meters(standard, table, kinds_of(standard, streams.site))
    warnings += _uncovered_parts(standard, streams)
    warnings += expected_sources(standard, evaluation)
    warnings += _unknown_kinds(standard, streams)
    return gaps, warnings


def _of_row(table: StreamTable, finding: Finding) -> dict[str, Any]:
    if finding.row < 0:
        return entry(finding.code, None, None, finding.quantity, dict(finding.values))
    decl = table.streams[table.stream[finding.row]]
    month = None if finding.whole else table.periods[table.period[finding.row]]
    return entry(finding.code, decl, month, finding.quantity, dict(finding.values))


def _validity(standard: Standard, period: Period) -> Iterable[dict[str, Any]]:
    """A standard outside its time is used, and said so (rule 8)."""
    start, end = standard.in_force.start, standard.in_force.end
    said = {"standard": standard.short_zh, "period": period.label_zh, "note": standard.superseded_note or ""}
    if period.first_day < start:
        yield entry("standard.not_yet_in_force", None, None, None, {**said, "start": start})
    if end is not None and period.end_day > end:
        yield entry("standard.no_longer_in_force", None, None, None, {**said, "end": end})


def _uncovered_parts(standard: Standard, streams: StreamSet) -> Iterable[dict[str, Any]]:
    """Name what the enterprise has and this standard does not account.

    A process is known by its kind: `process_kinds` gives an enterprise's own names, else the template's names hold.
    """
    kinds = kinds_of(standard, streams.site)
    present = {kinds.get(decl.process.split("/")[0]) for decl in streams.declared if decl.process}
    for check in standard.checks.get("not_covered") or ():
        if present & set(check["process_kinds"]):
            yield entry("standard.part_not_covered", None, None, None, {"id": check["id"], "text": check["zh"]})


def _unknown_kinds(standard: Standard, streams: StreamSet) -> Iterable[dict[str, Any]]:
    """Name the processes of unknown kind where accounts count by kind: they stay in 其他."""
    if not any(account.kinds for account in standard.accounts.values()):
        return
    kinds = kinds_of(standard, streams.site)
    names = dict.fromkeys(decl.process.split("/")[0] for decl in streams.declared if decl.process)
    for name in names:
        if not kinds.get(name):
            yield entry("process.no_kind", None, None, None, {"process": name})
