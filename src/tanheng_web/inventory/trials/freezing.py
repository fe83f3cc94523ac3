"""Approved months as the text of a worked case, proven to give the result that the data themselves give."""

from collections.abc import Mapping
from math import isclose

from tanheng.kernel.errors import InputError
from tanheng.kernel.periods import Period
from tanheng_web.collection.selectors import stream_set
from tanheng_web.inventory.libraries import library_of

__all__ = ["KIND", "frozen_case"]

KIND = "frozen"
ALIKE = 1e-9  # relative: the same numbers read back from decimals


def frozen_case(
    files: Mapping[str, str], folder, organisation, period: Period, words: Mapping[str, str]
) -> str:  # fmt: skip
    """The text of the case; refused where a case file cannot say all that decides the result."""
    from tanheng.accounting.case_writer import case_data, expectation_of
    from tanheng.accounting.run import run
    from tanheng.rules.package_copy import checked_copy, written
    from tanheng_web.catalogue.standards.cases import case_result

    standard = checked_copy(files, folder)
    streams = stream_set(organisation, period, approved_only=True)
    if not streams.records:
        raise InputError("copy.case_no_data", period=period.label_zh, organisation=organisation.label)
    direct = run(standard, streams, period=period, library=library_of(organisation))
    data = {"title": words["title"], "source": words["source"], "kind": KIND, "citation": words["citation"]}
    data |= case_data(streams, period)
    name = "cases/frozen.yaml"
    _case, again = case_result({**files, name: written(data)}, name, standard)
    differing = _differing(direct.data, again.data)
    if differing:
        raise InputError("copy.case_unfaithful", figures=differing[:5])
    return written({**data, "expect": expectation_of(direct)})


def _differing(one: Mapping, two: Mapping) -> list[str]:
    """Names of the figures that the case does not give as the data do: own factors cannot be named in it."""
    names = one["labels"]["sources"]
    pairs = [("总量", one["total"], two["total"])]
    pairs += [(names.get(key, key), one["sources"].get(key), two["sources"].get(key)) for key in one["sources"]]
    return [name for name, a, b in pairs if not _same(a, b)]


def _same(one: Mapping | None, two: Mapping | None) -> bool:
    if one is None or two is None:
        return one is two
    a, b = one["value"], two["value"]
    return a is b if a is None or b is None else isclose(a, b, rel_tol=ALIKE, abs_tol=1e-6)
