"""A Monte Carlo study of a result, as an immutable document: the same result, seed and choices give the same bytes."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tanheng.kernel.errors import InputError
from tanheng.uncertainty.chosen import BASES, Chosen, choose
from tanheng.uncertainty.distributions import Distribution
from tanheng.uncertainty.document import SCHEMA, head, known_parts, sealed
from tanheng.uncertainty.first_order import combined, deviations, source_gradients
from tanheng.uncertainty.inputs import Months, find_inputs
from tanheng.uncertainty.model import Model, build_model, narrow, unexpanded
from tanheng.uncertainty.montecarlo import Draws, Progress, simulate
from tanheng.uncertainty.subject import Subject, whole

__all__ = ["METHOD", "SCHEMA", "shown_entry", "uncertainty_study"]

METHOD = "monte_carlo"
BINS = 40
LEVEL = 0.95
MOST_DRIVERS = 20
Array = NDArray[np.float64]


def uncertainty_study(
    data: Mapping[str, Any],
    *,
    run_digest: str,
    subject: Subject | None = None,
    n: int = 10_000,
    seed: int = 1,
    overrides: Mapping[str, Mapping[str, Any] | None] | None = None,
    months: Months = "shared",
    threads: int | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Return the uncertainty of a result as the document ``tanheng/uncertainty/1``.

    Parameters
    ----------
    data, run_digest
        The result document (``tanheng/result/1``) and its digest, by which the study names it.
    subject
        The figure of the result that is studied; default: its total.
    n, seed
        Draws and seed of the random numbers.
    overrides
        Distributions by input id that replace the given and the default ones; None keeps an input at its value.
    months
        ``shared``: the months of one meter share its error; ``independent``: each month errs on its own.
    threads, progress
        See :func:`tanheng.uncertainty.montecarlo.simulate`.

    Returns
    -------
    dict
        Plain data; figures to six significant digits, quantities in tCO2e.

    Raises
    ------
    InputError
        ``uncertainty.nothing_moves`` when no input has a distribution, ``uncertainty.no_lines`` for an empty result.
    """
    subject = subject or whole(data)
    every, chosen, model, moving = prepare(data, subject, overrides=overrides, months=months)
    if not moving:
        raise InputError("uncertainty.nothing_moves", count=len(chosen))
    distributions = [each.distribution for each in moving if each.distribution is not None]
    draws = simulate(model, distributions, n=n, seed=seed, threads=threads, progress=progress)
    citations, entries = _entries(chosen)
    document = {
        **head(data, run_digest, METHOD, n, seed, subject),
        "generator": "PCG64, SeedSequence(seed, spawn_key=(block,))",
        "level": LEVEL,
        "months": months,
        "rounding": data["rounding"]["level"],
        **_found(model, moving, distributions, draws, data["labels"]["sources"]),
        "fixed": fixed_share(every, chosen),
        "inputs": entries,
        "citations": citations,
        "bases": dict(BASES),
    }
    return sealed(document, subject)


def _found(
    model: Model, moving: list[Chosen], distributions: list[Distribution], draws: Draws, names: Mapping[str, str]
) -> dict[str, Any]:
    """Return what the draws say: the total, every source, what drives them, and the first order beside it."""
    slopes = source_gradients(model)
    parts = deviations(slopes.sum(axis=0), distributions)
    total, central = draws.total, float(model.central.sum())
    sources = {
        name: {"zh": names.get(name, name), **summary(draws.sources[k], float(model.central[k]))}
        for k, name in enumerate(model.sources)
    }
    return {
        "summary": summary(total, central),
        "sources": sources,
        "first_order": _first_order(parts, slopes, distributions, total, model),
        "drivers": _drivers(moving, draws, parts, slopes.sum(axis=0), central, len(total)),
        "histogram": _histogram(total),
    }


def prepare(
    data: Mapping[str, Any],
    subject: Subject,
    *,
    overrides: Mapping[str, Mapping[str, Any] | None] | None,
    months: Months,
) -> tuple[Model, tuple[Chosen, ...], Model, list[Chosen]]:
    """Return the model of all inputs, what is done with each, the model of those that move, and these."""
    parts = known_parts(data, subject)
    inputs = find_inputs(data, parts, months=months)
    chosen = choose(inputs, data["provenance"], overrides)
    every = unexpanded(parts, inputs)
    moving = [each for each in chosen if each.distribution is not None]
    # normal-based inputs first, as the sampler draws them: no block has to be put in another order
    moving.sort(key=lambda each: each.distribution is None or not each.distribution.is_normal_based)
    model = build_model(data, parts=parts, inputs=narrow(inputs, [each.entry.id for each in moving]))
    return every, chosen, model, moving


def summary(draws: Array, central: float) -> dict[str, Any]:
    """Return mean, deviation and 95 % interval of draws [tCO2e], and half the interval relative to the mean."""
    low, median, high = np.quantile(draws, [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2]).tolist()
    mean = float(draws.mean())
    return {
        "central": central,
        "mean": mean,
        "sd": float(draws.std(ddof=1)),
        "low": low,
        "median": median,
        "high": high,
        "relative": None if mean == 0 else (high - low) / 2 / abs(mean),
        "relative_low": None if central == 0 else (low - central) / abs(central),
        "relative_high": None if central == 0 else (high - central) / abs(central),
    }


def _first_order(
    parts: Array, slopes: Array, distributions: list[Distribution], total: Array, model: Model
) -> dict[str, Any]:
    sd, drawn, central = combined(parts), float(total.std(ddof=1)), float(model.central.sum())
    each = [combined(deviations(row, distributions)) for row in slopes]
    return {
        "sd": sd,
        "low": central - 1.959963984540054 * sd,
        "high": central + 1.959963984540054 * sd,
        "relative": None if central == 0 else 1.959963984540054 * sd / abs(central),
        "difference": None if sd == 0 else drawn / sd - 1,
        "sources": dict(zip(model.sources, each, strict=True)),
    }


def _drivers(moving: list[Chosen], draws: Draws, parts: Array, slopes: Array, central: float, n: int) -> dict[str, Any]:
    """Rank inputs by their squared correlation with the total, less what chance alone gives (1/n)."""
    share = np.maximum(draws.correlation**2 - 1 / n, 0.0)
    variance = float((parts**2).sum())
    order = np.lexsort((np.arange(len(share)), -share))[:MOST_DRIVERS]
    listed = [
        {
            "id": moving[k].entry.id,
            "label": moving[k].entry.label,
            "correlation": float(draws.correlation[k]),
            "share": float(share[k]),
            "first_order_share": float(parts[k] ** 2) / variance if variance else 0.0,
            "elasticity": float(slopes[k]) / central if central else None,
        }
        for k in order.tolist()
    ]
    return {"measure": "correlation_squared", "explained": float(share.sum()), "count": len(moving), "listed": listed}


def _histogram(total: Array) -> dict[str, Any]:
    low, high = np.quantile(total, [0.0005, 0.9995]).tolist()
    if low == high:
        return {"edges": [low, high], "counts": [len(total)], "below": 0, "above": 0}
    counts, edges = np.histogram(total, bins=BINS, range=(low, high))
    return {
        "edges": edges.tolist(),
        "counts": counts.tolist(),
        "below": int((total < low).sum()),
        "above": int((total > high).sum()),
    }


def shown_entry(each: Chosen) -> dict[str, Any]:
    """Return an input as plain data: what it is, its distribution and the 95 % range of it relative to the value."""
    entry = each.entry
    data: dict[str, Any] = {
        "id": entry.id, "label": entry.label, "quantity": entry.symbol, "value": entry.value, "unit": entry.unit,
        "origin": entry.origin, "varies": entry.varies, "cells": entry.count, "basis": each.basis,
    }  # fmt: skip
    if each.distribution is not None:
        low, high = each.distribution.limits()
        data |= {"distribution": each.distribution.as_data(), "given": dict(each.given)}
        data |= {"relative_low": low - 1, "relative_high": high - 1}
    return data


def _entries(chosen: tuple[Chosen, ...]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the citations that were used, each once, and all inputs with the number of theirs."""
    places: dict[str, int] = {}
    citations: list[dict[str, Any]] = []
    entries = [shown_entry(each) for each in chosen]
    for each, data in zip(chosen, entries, strict=True):
        if each.citation:
            name = str(each.citation["id"])
            if name not in places:
                places[name] = len(citations)
                citations.append(dict(each.citation))
            data["citation"] = places[name]
    return citations, entries


def fixed_share(every: Model, chosen: tuple[Chosen, ...]) -> dict[str, Any]:
    """Return how much of the gross emissions has inputs without any basis: some of them, or all of them.

    Gross: deductions count by their size, so that a works whose exports outweigh its purchases still has a share.
    """
    nothing = np.array([each.basis == "none" for each in chosen] + [False])
    moves = np.array([each.distribution is not None for each in chosen] + [False])
    gross, some, everything = [], [], []
    for number, part in enumerate(every.parts):
        size = np.abs(np.concatenate([v[:, 0] for v in every.part_values(number, np.ones((every.size, 1)))]))
        index = [every.inputs.index[number, path] for path, _ in part.leaves()]
        without = np.any([nothing[column] for column in index], axis=0)
        still = ~np.any([moves[column] for column in index], axis=0)
        gross.append(float(size.sum()))
        some.append(float(size[without].sum()))
        everything.append(float(size[still].sum()))
    whole_size = math.fsum(gross)
    return {
        "inputs_without_basis": int(nothing.sum()),
        "inputs": len(chosen),
        "share_with_some": math.fsum(some) / whole_size if whole_size else 0.0,
        "share_all_fixed": math.fsum(everything) / whole_size if whole_size else 0.0,
    }
