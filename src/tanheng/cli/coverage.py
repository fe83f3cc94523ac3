"""``tanheng standards``: what is covered, what is missing, and which edition applies to an enterprise in a year."""

import argparse
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from tanheng.kernel.catalogue import find_material
from tanheng.kernel.errors import InputError
from tanheng.rules.proposal import Proposal, proposal
from tanheng.rules.registry import Edition, Registry, industry_of, registry

__all__ = ["standards"]

_FIT_ZH = {
    "applies": "适用",
    "substitute": "可代用",
    "unknown": "待确认",
    "not_yet": "尚未适用",
    "superseded": "已被替代",
}


def standards(options: argparse.Namespace) -> int:
    """List every edition; with an industry, a year, a product or a purpose, rank those that concern it."""
    known = registry()
    _check(known, options)
    if options.industry or options.product or options.year:
        found = _ranked(known, options)
        rows = [_proposed(each) for each in found]
        lines = (line for each in found for line in _sentence(each))
    else:
        editions = [e for e in known.editions if options.purpose in ("", e.purpose)]
        rows = [_listed(edition) for edition in editions]
        lines = (line for edition in editions for line in _line(known, edition))
    print(json.dumps(rows, ensure_ascii=False, indent=1, sort_keys=True) if options.json else "\n".join(lines))
    return 0


def _check(known: Registry, options: argparse.Namespace) -> None:
    if options.purpose not in ("", *known.purposes):
        raise InputError("standard.purpose_unknown", purpose=options.purpose, known=list(known.purposes))
    if options.industry and options.industry not in known.industries and not industry_of(options.industry):
        raise InputError("standard.industry_unknown", industry=options.industry, known=list(known.industries))


def _ranked(known: Registry, options: argparse.Namespace) -> tuple[Proposal, ...]:
    industry = options.industry if options.industry in known.industries else industry_of(options.industry)
    product = find_material(options.product).id if options.product else ""
    year = options.year or date.today().year - 1
    industries = [industry] if industry else [name for name in known.industries if name != "general"]
    found = [each for name in industries for each in proposal(name, product, year, options.purpose)]
    return tuple({each.edition.id: each for each in found}.values())


def _listed(edition: Edition) -> dict[str, Any]:
    return {
        "id": edition.id, "zh": edition.zh, "document": edition.document, "purpose": edition.purpose,
        "industry": edition.industry, "years": [edition.years.start, edition.years.end],
        "status": edition.status if edition.is_here else "not_here", "is_here": edition.is_here,
        "successor": edition.successor, "missing": list(edition.missing),
    }  # fmt: skip


def _proposed(each: Proposal) -> dict[str, Any]:
    return {**_listed(each.edition), "fit": each.fit, "reason": each.reason}


def _line(known: Registry, edition: Edition) -> Iterator[str]:
    industry, purpose = known.industries.get(edition.industry), known.purposes.get(edition.purpose)
    about = f"{industry.zh if industry else edition.industry} · {purpose.zh if purpose else edition.purpose}"
    yield f"{edition.id}  {edition.document}  {edition.zh}"
    yield f"    {about} · {edition.years.zh} · {edition.status_zh}"
    yield from (f"    缺：{text}" for text in edition.missing)


def _sentence(each: Proposal) -> Iterator[str]:
    yield f"{_FIT_ZH[each.fit]}  {each.edition.id}  {each.edition.document}  {each.edition.status_zh}"
    yield f"    {each.reason}"
