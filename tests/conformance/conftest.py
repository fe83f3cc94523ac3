"""Accounts of small plants, written as the case files that users write."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tanheng.accounting import ResultDocument, load_case, run
from tanheng.rules.package import load_standard
from tanheng_web.conftest import sign_in, world
from tanheng_web.inventory.tests.conftest import run as finished_run
from tanheng_web.inventory.tests.conftest import works

__all__ = ["accounted", "finished_run", "sign_in", "works", "world"]

Accounted = Callable[..., ResultDocument]


@pytest.fixture
def accounted(tmp_path: Path) -> Accounted:
    """``accounted("- {id: …}", "- {id: …}", standard=…, more=…)``: the result of a case file with these streams."""

    def calculate(*streams: str, standard: str = "gbt_32151_5_2015", more: str = "") -> ResultDocument:
        site = "" if "site:" in more else "site: {province: 河北}\n"
        head = f'title: 符合性\nstandard: {standard}\nperiod: "2022"\n{site}{more}'
        path = tmp_path / "case.yaml"
        path.write_text(head + "streams:\n" + "".join(f"  - {stream}\n" for stream in streams), encoding="utf-8")
        case = load_case(path)
        return run(load_standard(standard), case.stream_set, period=case.period, as_of=case.as_of)

    return calculate
