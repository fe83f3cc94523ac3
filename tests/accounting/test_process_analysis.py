"""Sub-processes add up at every level; 其他 opens into materials; the carbon balance names what it does not know."""

import math
from typing import Any

import pytest

from tanheng.accounting import ResultDocument, load_case, run
from tanheng.accounting.carbon_flow_balance import CO2_PER_CARBON, carbon_balance
from tanheng.accounting.process_analysis import other_parts, process_analysis
from tanheng.kernel.catalogue import materials
from tanheng.kernel.resources import data_dir
from tanheng.kernel.yaml_lines import read_yaml
from tanheng.rules.package import Standard, load_standard

PRODUCTS = {"焦化": "coke", "炼铁": "pig_iron"}
CASES = sorted((data_dir() / "standards").glob("*/cases/*.yaml"))


def works(account: Any) -> ResultDocument:
    def flow(material: str, role: str, process: str, one: str, two: str, out: bool = False) -> tuple[Any, ...]:
        months = {"2022-01": {"quantity": one}, "2022-02": {"quantity": two}}
        return material, role, months, {"process": process, "direction": "out" if out else "in"}

    found: ResultDocument = account({
        "coal": ("washed_coal", "fuel", {"2022-01": {"quantity": "1400 t"}, "2022-02": {"quantity": "1300 t"}}),
        "ck-coal": flow("washed_coal", "fuel", "焦化/炼焦", "1400 t", "1300 t"),
        "ck-coke": flow("coke", "fuel", "焦化/炼焦", "1000 t", "950 t", out=True),
        "bf1-coke": flow("coke", "fuel", "炼铁/1号高炉", "600 t", "550 t"),
        "bf2-coke": flow("coke", "fuel", "炼铁/2号高炉", "400 t", "400 t"),
        "bf-lime": flow("limestone", "flux", "炼铁", "10 t", "10 t"),
        "bf1-iron": flow("pig_iron", "product", "炼铁/1号高炉", "1500 t", "1400 t", out=True),
        "bf2-iron": flow("pig_iron", "product", "炼铁/2号高炉", "1100 t", "1000 t", out=True),
        "bf-slag": flow("slag", "by_product", "炼铁", "800 t", "700 t", out=True),
        "bf-odd": flow("other_carbon_product", "product", "炼铁", "3 t", "3 t", out=True),
    }, period="2022-01..2022-02")  # fmt: skip
    return found


def test_sub_processes_make_their_process_and_processes_the_whole(account: Any) -> None:
    found = process_analysis(works(account), PRODUCTS)
    assert math.fsum(part.value or 0 for part in found.tops()) == pytest.approx(found.total)
    assert math.fsum(part.share or 0 for part in found.tops()) == pytest.approx(1)
    for top in found.tops():
        below = [part for part in found.parts if part.path.startswith(f"{top.path}/")]
        for name in ("value", "share", "intensity"):
            whole = getattr(top, name)
            if below and whole is not None:
                assert math.fsum(getattr(part, name) or 0 for part in below) == pytest.approx(whole)


def test_intensity_is_per_product_of_the_process_and_a_furnace_has_its_own(account: Any) -> None:
    parts = {part.path: part for part in process_analysis(works(account), PRODUCTS).parts}
    iron, furnace = parts["炼铁"], parts["炼铁/1号高炉"]
    assert iron.product is not None and iron.product.amount == 5000
    assert iron.intensity == pytest.approx((iron.value or 0) / 5000)
    assert furnace.intensity == pytest.approx((furnace.value or 0) / 5000)
    assert furnace.own is not None and furnace.own.amount == 2900
    assert furnace.own_intensity == pytest.approx((furnace.value or 0) / 2900)
    assert iron.month_intensity("2022-01") == pytest.approx((iron.months["2022-01"] or 0) / 2600)


def test_unallocated_and_other_stand_last(account: Any) -> None:
    paths = [part.path for part in process_analysis(works(account), PRODUCTS).parts]
    assert paths[-1] == "其他" and paths[paths.index("炼铁") + 3] == "炼铁/未分配"


def test_months_of_a_part_make_its_value(account: Any) -> None:
    for part in process_analysis(works(account), PRODUCTS).parts:
        assert math.fsum(value or 0 for value in part.months.values()) == pytest.approx(part.value or 0)


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_other_opens_into_materials(path: Any) -> None:
    case = load_case(path)
    doc = run(load_standard(case.standards[0]), case.stream_set, period=case.period, as_of=case.as_of)
    other = doc.data["processes"]["其他"]["value"]
    if other is not None:
        assert math.fsum(part.value for part in other_parts(doc)) == pytest.approx(other, abs=1e-4)


def test_the_balance_shows_what_the_standard_does_not_count(account: Any, steel: Standard) -> None:
    balance = carbon_balance(works(account))
    coking = next(process for process in balance.processes if process.process == "焦化")
    coal = 2700 * 26.344 * 0.0254
    assert coking.entered == pytest.approx(coal)
    assert coking.accounted is not None and coking.closing == pytest.approx(
        coal - 1950 * 28.447 * 0.0295 - coking.accounted
    )
    assert coking.percent == pytest.approx((coking.closing or 0) / coal * 100)


def test_an_unknown_content_is_a_named_gap_and_slag_holds_none(account: Any) -> None:
    balance = carbon_balance(works(account))
    assert [(each.stream, each.process) for each in balance.unknown] == [("bf-odd", "炼铁")]
    assert not any(flow.material == "slag" for flow in balance.flows)
    iron = next(process for process in balance.processes if process.process == "炼铁")
    assert iron.unknown == 1


def test_all_processes_together_add_up(account: Any) -> None:
    balance = carbon_balance(works(account))
    assert balance.whole.difference == pytest.approx(math.fsum(p.difference for p in balance.processes))
    assert pytest.approx(44 / 12) == CO2_PER_CARBON


def test_quantities_that_are_not_counted_are_kept_by_month(account: Any) -> None:
    slag = next(entry for entry in works(account).data["not_counted"] if entry["stream"] == "bf-slag")
    assert slag["months"] == {"2022-01": 800.0, "2022-02": 700.0} and slag["value"] == 1500.0


def test_the_contents_of_the_balance_are_of_known_materials_and_unchecked() -> None:
    data = read_yaml(data_dir() / "reference_values" / "carbon_contents.yaml").data
    without = data["without_carbon"]
    assert {*data["values"], *without["materials"]} <= set(materials())
    assert not set(data["values"]) & set(without["materials"])
    assert data["source"]["checked"] is False and without["source"]["checked"] is False
    assert all(0 < value <= 1 for value in data["values"].values())
