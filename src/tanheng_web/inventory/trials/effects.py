"""What a changed standard would do to approved data: both computed, compared, and kept as plain data."""

from collections.abc import Iterable, Mapping
from typing import Any

from tanheng.kernel.periods import Period
from tanheng_web.catalogue.models import StandardCopy
from tanheng_web.catalogue.standards import publishing
from tanheng_web.collection.selectors import stream_set
from tanheng_web.inventory import selectors
from tanheng_web.inventory.libraries import library_of

__all__ = ["NAMES", "documents_of", "effect_of"]

NAMES = ("原标准", "本标准")
SHOWN = 0.005  # tCO2e: what two decimals show


def documents_of(copy: StandardCopy, organisation, period: Period) -> tuple[Any, Any]:
    """The results of the approved data of a period under the original and under the copy as it stands."""
    # the engine is loaded where it works: the web process only orders trials
    from tanheng.accounting.run import run
    from tanheng.rules.package import load_standard
    from tanheng.rules.package_copy import checked_copy

    streams, library = stream_set(organisation, period, approved_only=True), library_of(organisation)
    standards = (load_standard(copy.base), checked_copy(copy.files, publishing.folder_of(copy)))
    one, two = (
        run(standard, streams, period=period, title=organisation.name, library=library) for standard in standards
    )
    return one, two


def effect_of(copy: StandardCopy, organisation, period: Period) -> dict[str, Any]:
    """The difference between the two, explained; ``files`` marks the state of the copy for which it holds."""
    from tanheng.accounting.compare import compare

    mark, fingerprint = publishing.digest_of(copy.files), selectors.approved_fingerprint(organisation, period)
    one, two = documents_of(copy, organisation, period)
    found = compare(one, two, names=NAMES)
    return {
        "files": mark,
        "fingerprint": fingerprint,
        "organisation": organisation.pk,
        "organisation_zh": organisation.label,
        "period": period.key,
        "period_zh": period.label_zh,
        "complete": [one.data["complete"], two.data["complete"]],
        "total": _change(found.total),
        "kinds": _reasons(found.parts),
        "sources": [_source(each) for each in sorted(found.differences, key=lambda each: -abs(each.exact))],
        "rest": _reasons(found.rest),
        "indicators": [_change(each) for each in found.indicators],
        "gaps": _new_gaps(one.data, two.data),
    }


def _change(change) -> dict[str, Any]:
    return {
        "zh": change.label, "before": change.before, "after": change.after, "change": change.change,
        "percent": change.percent, "unit": change.unit,
    }  # fmt: skip


def _reasons(parts: Iterable) -> list[dict[str, Any]]:
    from tanheng.accounting.compare_model import KINDS

    return [
        {"kind": KINDS[part.kind], "value": part.value, "text": part.text}
        for part in parts
        if abs(part.value) >= SHOWN
    ]  # fmt: skip


def _source(source) -> dict[str, Any]:
    kinds = dict.fromkeys(each["kind"] for each in _reasons(source.parts))
    differing = [each for each in source.streams if abs(each.exact) >= SHOWN]
    return {
        "id": source.id, "zh": source.label, "before": source.before, "after": source.after,
        "change": float(source.exact), "kinds": "、".join(kinds),
        "streams": [
            {"zh": each.label, "before": each.before, "after": each.after, "change": float(each.exact),
             "reasons": _reasons(each.parts)}
            for each in differing
        ],
        "same": list(dict.fromkeys(each.label for each in source.streams if abs(each.exact) < SHOWN)),
    }  # fmt: skip


def _new_gaps(one: Mapping[str, Any], two: Mapping[str, Any]) -> list[str]:
    """What the copy lacks and the original did not: a stream that no rule takes any more, a value without default."""
    from tanheng.accounting.result import sentence

    keys = ("code", "stream", "month", "quantity")
    known = {tuple(str(entry.get(key)) for key in keys) for entry in one["gaps"]}
    new = [entry for entry in two["gaps"] if tuple(str(entry.get(key)) for key in keys) not in known]
    return list(dict.fromkeys(sentence(entry) for entry in new))[:20]
