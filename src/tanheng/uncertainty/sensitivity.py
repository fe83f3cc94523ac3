"""Sensitivity: what moves a total most when chosen inputs move within chosen ranges (no chances are involved)."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tanheng.kernel.errors import Faults, InputError, TanhengError
from tanheng.uncertainty.chosen import Chosen, choose, share_bound
from tanheng.uncertainty.document import head, known_parts, sealed
from tanheng.uncertainty.drivers import Driver, Mix, Range, input_driver, mix_driver
from tanheng.uncertainty.first_order import gradient
from tanheng.uncertainty.inputs import Inputs, find_inputs
from tanheng.uncertainty.model import Model, build_model, narrow, unexpanded
from tanheng.uncertainty.montecarlo import Progress
from tanheng.uncertainty.parts import Part
from tanheng.uncertainty.sampled import morris, sobol
from tanheng.uncertainty.subject import Subject, whole

__all__ = ["METHODS", "inputs_by_strength", "sensitivity_study", "strongest"]

METHODS = ("tornado", "morris", "sobol")
MOST = {"tornado": 500, "morris": 60, "sobol": 30}
SPAN = 0.1  # ±10 %, the range of inputs that were not named; the study says so
_SAMPLES = {"tornado": 2, "morris": 40, "sobol": 1024}
Array = NDArray[np.float64]


def sensitivity_study(
    data: Mapping[str, Any],
    *,
    run_digest: str,
    method: str,
    subject: Subject | None = None,
    ranges: Sequence[Range] = (),
    mix: Mix | None = None,
    n: int | None = None,
    seed: int = 1,
    top: int = 10,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Return a sensitivity study of a result as plain data, the strongest variable first.

    Parameters
    ----------
    data, run_digest
        The result document and its digest.
    subject
        The figure of the result that is studied; default: its total.
    method
        ``tornado`` (one at a time, with the elasticity from the formulas' derivatives), ``morris`` or ``sobol``.
    ranges, mix
        What is varied; without either, the ``top`` inputs of the largest elasticity by ±10 %.
    n, seed
        Base samples (Sobol, a power of two), trajectories (Morris), and the seed.

    Raises
    ------
    InputError, Faults
        ``sensitivity.method``, ``sensitivity.range``, ``sensitivity.too_many``, ``sensitivity.samples``,
        ``sensitivity.mix``, ``sensitivity.library``, ``uncertainty.unknown_input``, ``uncertainty.no_lines``.
    """
    if method not in METHODS:
        raise InputError("sensitivity.method", given=method, known=METHODS)
    subject = subject or whole(data)
    parts = known_parts(data, subject)
    inputs = find_inputs(data, parts)
    named = list(ranges) or ([] if mix else [_span(inputs, name) for name in strongest(parts, inputs, top)])
    model = build_model(data, parts=parts, inputs=narrow(inputs, _moving(inputs, named, mix)))
    drivers = _drivers(model, named, mix)
    if not drivers:
        raise InputError("sensitivity.no_drivers")
    if len(drivers) > MOST[method]:
        raise InputError("sensitivity.too_many", given=len(drivers), method=method, most=MOST[method])
    count = n or _SAMPLES[method]
    document = {
        **head(data, run_digest, method, count, seed, subject),
        "central": float(model.central.sum()),
        "chosen": "user" if ranges or mix else "elasticity",
        "mix": None if mix is None else {key: getattr(mix, key) for key in Mix.__slots__},
        **_ranked(model, drivers, method, count, seed, progress),
    }
    return sealed(document, subject)


def _span(inputs: Inputs, name: str) -> Range:
    """Return ±10 % of an input; a share is not raised above one."""
    entry = inputs.entries[inputs.by_id()[name]]
    most = share_bound(entry)
    return Range(name, -SPAN, SPAN if most is None else min(SPAN, most - 1))


def _moving(inputs: Inputs, named: Sequence[Range], mix: Mix | None) -> list[str]:
    """Return the ids of the inputs that move, each once; raises Faults for those that do not exist."""
    moving = list(dict.fromkeys([*(each.id for each in named), *((mix.source, mix.target) if mix else ())]))
    unknown = [name for name in moving if name not in inputs.by_id()]
    if unknown:
        raise Faults([InputError("uncertainty.unknown_input", id=name) for name in unknown])
    return moving


def inputs_by_strength(data: Mapping[str, Any], subject: Subject | None = None) -> list[tuple[Chosen, float]]:
    """Return every input of a figure with its distribution and its elasticity, the strongest first."""
    subject = subject or whole(data)
    parts = known_parts(data, subject)
    inputs = find_inputs(data, parts)
    chosen = choose(inputs, data["provenance"])
    slopes, total = gradient(unexpanded(parts, inputs)), subject.value or 0.0
    order = np.lexsort((np.arange(len(slopes)), -np.abs(slopes)))
    return [(chosen[k], float(slopes[k]) / total if total else 0.0) for k in order.tolist()]


def strongest(parts: tuple[Part, ...], inputs: Inputs, top: int) -> list[str]:
    """Return the ids of the inputs by whose elasticity the total moves most."""
    slopes = np.abs(gradient(unexpanded(parts, inputs)))
    order = np.lexsort((np.arange(len(slopes)), -slopes))[:top]
    return [inputs.entries[k].id for k in order.tolist() if slopes[k] > 0]


def _drivers(model: Model, named: Sequence[Range], mix: Mix | None) -> list[Driver]:
    faults: list[TanhengError] = []
    found: list[Driver] = []
    for each in named:
        try:
            found.append(input_driver(model.inputs, each))
        except TanhengError as error:
            faults.append(error)
    if faults:
        raise Faults(faults)
    if mix is not None:
        found.append(mix_driver(model.inputs, mix, _totals(model)))
    return found


def _totals(model: Model) -> dict[str, float]:
    """Return the amount of every input over all its cells, each signed as its formula takes it."""
    sums = [0.0] * model.size
    seen: set[tuple[int, int]] = set()
    for number, part in enumerate(model.parts):
        for path, leaf in part.leaves():
            index = model.inputs.index[number, path].tolist()
            for which, line, value in zip(index, part.lines, leaf.value.tolist(), strict=True):
                if which >= 0 and (which, line) not in seen:
                    seen.add((which, line))
                    sums[which] += value
    return {entry.id: sums[n] for n, entry in enumerate(model.inputs.entries)}


def _ranked(
    model: Model, drivers: list[Driver], method: str, n: int, seed: int, progress: Progress | None
) -> dict[str, Any]:
    def evaluate(changes: Array) -> Array:
        scales = np.ones((model.size, len(changes)))
        for k, driver in enumerate(drivers):
            driver.apply(changes[:, k], scales)
        return np.asarray(model.evaluate(scales).sum(axis=0))

    base = [{"id": each.id, "label": each.label, "range": [each.low, each.high]} for each in drivers]
    if method == "tornado":
        values = _tornado(model, drivers, evaluate)
    elif method == "morris":
        values = morris(drivers, evaluate, n, seed, progress)
    else:
        values = sobol(drivers, evaluate, n, seed, progress)
    rank = {"tornado": "swing", "morris": "mu_star", "sobol": "total"}[method]
    listed = [{**entry, **value} for entry, value in zip(base, values, strict=True)]
    listed.sort(key=lambda entry: (-entry[rank], entry["id"]))
    more: dict[str, Any] = {"evaluations": 2 * len(drivers) + 1}
    if method == "morris":
        more = {"evaluations": n * (len(drivers) + 1), "levels": 4}
    if method == "sobol":
        more = {"evaluations": n * (len(drivers) + 2), "sum_first": math.fsum(value["first"] for value in values)}
    return {"rank": rank, "ranked": listed, **more}


def _tornado(model: Model, drivers: list[Driver], evaluate: Any) -> list[dict[str, Any]]:
    count = len(drivers)
    changes = np.zeros((2 * count, count))
    for k, driver in enumerate(drivers):
        changes[2 * k, k], changes[2 * k + 1, k] = driver.low, driver.high
    totals = evaluate(changes).tolist()
    slopes, central = gradient(model), float(model.central.sum())
    return [
        {
            "low": totals[2 * k],
            "high": totals[2 * k + 1],
            "swing": abs(totals[2 * k + 1] - totals[2 * k]),
            "elasticity": float(slopes[driver.moves[0]]) / central if central and driver.mix is None else None,
        }
        for k, driver in enumerate(drivers)
    ]
