from collections.abc import Callable
from typing import Any

import pytest

from tanheng.accounting import ResultDocument, run
from tanheng.kernel.periods import Period
from tanheng.rules.package import Standard, load_standard
from tanheng.rules.streams import Given, Parameter, SiteInfo, StreamDecl, StreamRecord, StreamSet

Account = Callable[..., ResultDocument]


@pytest.fixture(scope="session")
def steel() -> Standard:
    return load_standard("gbt_32151_5_2015")


@pytest.fixture(scope="session")
def aluminium() -> Standard:
    return load_standard("gbt_32151_4_2015")


def _amounts(given: dict[str, str]) -> dict[str, Given]:
    found = {}
    for n, (name, text) in enumerate(given.items()):
        value, _, unit = text.partition(" ")
        found[name] = Given(float(value), unit, "measured", {"kind": "form", "by": "填报员", "at": f"2023-01-0{n + 1}"})
    return found


@pytest.fixture(scope="session")
def plant() -> Callable[..., StreamSet]:
    """Build a stream set of short texts: streams = {id: (material, role, {month: {part: "1 t"}}, options)}."""

    def build(
        streams: dict[str, Any], *, options: dict[str, Any] | None = None, shared: tuple[Parameter, ...] = ()
    ) -> StreamSet:
        declared, records = [], []
        for name, (material, role, months, *more) in streams.items():
            extra = more[0] if more else {}
            keys = {
                key: extra[key]
                for key in ("direction", "process", "first_month", "last_month", "parts")
                if key in extra
            }
            declared.append(StreamDecl(name, material, role, **keys))
            values = _amounts(extra.get("values", {}))
            for month, parts in months.items():
                records.append(StreamRecord(name, month, _amounts(parts), values, extra.get("factor")))
        site = SiteInfo(province="河北", options=options or {})
        return StreamSet(site, tuple(declared), tuple(records), shared)

    return build


@pytest.fixture(scope="session")
def account(steel: Standard, plant: Callable[..., StreamSet]) -> Account:
    """Account streams under the steel standard (or another) for a period."""

    def calculate(
        streams: dict[str, Any], *, period: str = "2022", standard: Standard = steel, **more: Any
    ) -> ResultDocument:
        return run(standard, plant(streams, **more), period=Period.parse(period))

    return calculate
