"""Print one measured result and keep it in benchmarks/results/NAME.json."""

import json
import os
import platform
from datetime import date
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"

__all__ = ["record"]


def record(name: str, figures: dict[str, Any], targets: dict[str, str] | None = None) -> None:
    """Print `figures` beside their `targets` and store both with the machine's description.

    >>> record("evaluate", {"seconds": 1.2}, {"seconds": "<= 2"})  # doctest: +SKIP
    """
    machine = {"python": platform.python_version(), "cores": os.cpu_count(), "machine": platform.machine()}
    RESULTS.mkdir(exist_ok=True)
    document = {
        "benchmark": name,
        "measured_on": date.today().isoformat(),
        "machine": machine,
        "figures": figures,
        "targets": targets or {},
    }
    (RESULTS / f"{name}.json").write_text(
        json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )
    for key, value in figures.items():
        target = f"   (target {targets[key]})" if targets and key in targets else ""
        print(f"{name:12} {key:40} {value}{target}")
