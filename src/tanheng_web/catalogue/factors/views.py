"""因子库: search as one types, one factor, what expires."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from tanheng.rules.factors import STATES, vocabulary
from tanheng.rules.factors.coverage import coverage, covered_stages
from tanheng.rules.factors.search import Query
from tanheng_web.catalogue.factors import selectors
from tanheng_web.catalogue.factors.showing import DIMENSIONS, STATE_TONES, details, facets, lines, number, state_zh
from tanheng_web.catalogue.factors.uses import results_using, used_ids
from tanheng_web.common.access import can, needs

__all__ = ["expiring", "factor_page", "metals", "pick", "search"]

PAGE = 30
PICKED = 12
MAX_TEXT = 200
LATE = ("expiring", "expired", "expired_with_successor")


@require_GET
@needs("view")
def search(request, org):
    """Any combination of words and dimensions; typing replaces the results only."""
    chosen = {name: tuple(request.GET.getlist(name)[:20]) for name in DIMENSIONS if request.GET.getlist(name)}
    page, text = _page_number(request), request.GET.get("q", "")[:MAX_TEXT]
    index = selectors.index_for(request.organisation)
    found = index.search(Query(text, chosen, (page - 1) * PAGE, PAGE))
    paginator = Paginator(range(found.total), PAGE)
    context = {
        "text": text,
        "chosen": chosen,
        "facets": facets(found, chosen),
        "lines": lines(found.factors, index.states(found.factors)),
        "total": found.total,
        "page": paginator.get_page(page),
        "may_change": can(request.user, "factor.change", request.organisation),
        "is_filtered": bool(chosen or text),
    }
    is_part = request.htmx and not request.htmx.history_restore_request
    if not is_part and can(request.user, "factor.review", request.organisation):
        context["waiting"] = selectors.waiting_for_review(request.organisation, request.user)
    return render(request, "catalogue/factors/_found.html" if is_part else "catalogue/factors/search.html", context)


def _page_number(request) -> int:
    text = request.GET.get("page", "1")
    return min(max(int(text), 1), 10_000) if text.isdecimal() and len(text) < 7 else 1


@require_GET
@needs("view")
def factor_page(request, org):
    """Everything about one factor, its versions, what replaces it, which results use it."""
    organisation, today = request.organisation, timezone.localdate()
    factor = selectors.factor_of(organisation, request.GET.get("id", ""))
    library = selectors.library_for(organisation)
    state = library.state(factor, today)
    results = results_using(organisation, factor.id)
    context = {
        "factor": factor,
        "number": number(factor),
        "state": state_zh(state),
        "tone": STATE_TONES[state],
        "groups": details(factor),
        "versions": selectors.versions_of(organisation, factor),
        "newer": library.successor(factor, today),
        "replaced": _known(library, factor.supersedes),
        "results": [(run, "—" if run.total is None else f"{run.total:,.2f}") for run in results[:50]],
        "result_count": results.count(),
        "is_printed": factor.owner.startswith("standard:"),
        "may_change": can(request.user, "factor.change", organisation),
        "may_run": can(request.user, "run.create", organisation),
    }
    return render(request, "catalogue/factors/factor.html", context)


def _known(library, factor_id: str):
    return library.get(factor_id) if factor_id and library.versions(factor_id) else None


@require_GET
@needs("view")
def expiring(request, org):
    """What expires soon, has expired, has expired without anything newer."""
    organisation, library = request.organisation, selectors.library_for(request.organisation)
    state, klass = request.GET.get("state", ""), request.GET.get("klass", "")
    rows = selectors.ends_soon(organisation, LATE)
    counts = {name: sum(1 for _, found in rows if found == name) for name in LATE}
    used = used_ids(organisation)
    only_used = request.GET.get("used") == "1"
    kept = [
        (factor, found)
        for factor, found in rows
        if state in ("", found) and klass in ("", factor.klass) and (not only_used or factor.id in used)
    ]
    page = Paginator(kept, PAGE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    context = {
        "page": page,
        "rows": [
            (line, factor, library.successor(factor, today), used.get(factor.id, 0))
            for (factor, _), line in zip(
                page, lines(tuple(f for f, _ in page), {f.id: found for f, found in page}), strict=True
            )
        ],
        "states": [(name, STATES[name], counts[name]) for name in LATE],
        "classes": [(key, zh) for key, zh in vocabulary()["klass"].items() if any(f.klass == key for f, _ in rows)],
        "state": state,
        "klass": klass,
        "only_used": only_used,
        "life": library.life,
        "may_change": can(request.user, "factor.change", organisation),
    }
    return render(request, "catalogue/factors/expiring.html", context)


@require_GET
@needs("view")
def metals(request, org):
    """What there is of each metal at each stage, and what is missing."""
    entries = selectors.index_for(request.organisation).factors
    found = coverage(entries)
    stages = [(stage, vocabulary()["stage"][stage]) for stage in covered_stages()]
    rows = [
        (metal, zh, [(stage, name, found[metal][stage]) for stage, name in stages])
        for metal, zh in vocabulary()["metal"].items()
    ]
    context = {
        "stages": stages,
        "rows": rows,
        "missing": [(zh, [name for _, name, cell in row if not cell.total]) for _, zh, row in rows],
        "total": len(entries),
        "of_metals": sum(1 for factor in entries if factor.metal),
        "checked": sum(1 for factor in entries if factor.checked),
        "shared": sum(1 for factor in entries if not factor.metal and factor.stage in ("energy", "transport")),
        "may_change": can(request.user, "factor.change", request.organisation),
    }
    return render(request, "catalogue/factors/metals.html", context)


@require_GET
@needs("view")
def pick(request, org):
    """A few factors for a field that wants one: what is typed, of the inventory family unless asked otherwise."""
    family = request.GET.get("family", "inventory")
    wanted = {"quantity": ("emission_factor",), **({"family": (family,)} if family else {})}
    index = selectors.index_for(request.organisation)
    found = index.search(Query(request.GET.get("factor", "")[:MAX_TEXT], wanted, 0, PICKED))
    usable = tuple(factor for factor in found.factors if not factor.owner.startswith("standard:"))
    context = {"lines": lines(usable, index.states(usable)), "total": found.total}
    return render(request, "catalogue/factors/_pick.html", context)
