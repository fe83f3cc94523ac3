"""The lines of every worked case of every standard add up to its total, accounts and months, to the last digit."""

from pathlib import Path

import pytest

from tanheng.accounting.case import load_case
from tanheng.accounting.difference import line_decimals
from tanheng.accounting.figures import add
from tanheng.accounting.run import run
from tanheng.kernel.resources import data_dir
from tanheng.rules.package import load_standard

CASES = sorted((data_dir() / "standards").glob("*/cases/*.yaml"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_posted_lines_add_up_exactly(path: Path) -> None:
    case = load_case(path)
    for name in case.standards:
        data = run(load_standard(name), case.stream_set, period=case.period, as_of=case.as_of).data
        lines, decimals = data["lines"], line_decimals(data)

        def total(account: str, month: str = "", *, lines=lines, decimals=decimals) -> float | None:
            rows = zip(lines["account"], lines["month"], lines["value"], strict=True)
            return add((v for a, m, v in rows if a == account and month in ("", m)), decimals)

        if lines["value"]:
            assert total("enterprise") == data["total"]["value"]
        for account, held in data["accounts"].items():
            assert total(account) == held["value"] or held["value"] is None
        for month, held in data["months"].items():
            assert total("enterprise", month) == held["value"] or held["value"] is None
