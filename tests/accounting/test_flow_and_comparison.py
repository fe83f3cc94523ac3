import math
from typing import Any

import pytest

from tanheng.accounting import carbon_flow, compare, load_case, run
from tanheng.kernel.resources import data_dir
from tanheng.rules.package import load_standard

CASES = sorted((data_dir() / "standards").glob("*/cases/*.yaml"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_carbon_flow_is_acyclic_and_balanced(path: Any) -> None:
    case = load_case(path)
    flow = carbon_flow(run(load_standard(case.standards[0]), case.stream_set, period=case.period, as_of=case.as_of))
    level = {node.id: node.level for node in flow.nodes}
    assert all(level[link.source] < level[link.target] and link.value > 0 for link in flow.links)
    into, out = (
        math.fsum(link.value for link in flow.links if end(link) == "hub")
        for end in (lambda x: x.target, lambda x: x.source)
    )
    assert into == pytest.approx(out)
    for node in flow.nodes:
        parts = [link.value for link in flow.links if (link.target if node.level != 1 else link.source) == node.id]
        assert not parts or node.value == pytest.approx(math.fsum(parts))


def test_a_comparison_names_every_source_and_process(account: Any) -> None:
    before = account({"a": ("coke", "fuel", {"2022": {"quantity": "100 t"}})})
    after = account({"a": ("coke", "fuel", {"2022": {"quantity": "150 t"}})})
    found = compare(before, after)
    assert found.total.percent == pytest.approx(50) and found.same_standard
    fuel = next(change for change in found.sources if change.address == "source:fuel_combustion")
    assert fuel.change == pytest.approx(50 * 28.447 * 0.0295 * 0.93 * 44 / 12)
    flux = next(change for change in found.sources if change.address == "source:flux")
    assert (flux.change, flux.percent) == (0.0, None)
