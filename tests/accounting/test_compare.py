"""A difference of two results is explained by parts that add up to it, whatever differs."""

import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tanheng.accounting import Comparison, ResultDocument, Scope, compare, load_case, run
from tanheng.kernel.errors import InputError, NotFound
from tanheng.kernel.periods import Period
from tanheng.kernel.resources import data_dir
from tanheng.rules.exact import exact
from tanheng.rules.package import Standard, load_standard, standards

CASES = sorted((data_dir() / "standards").glob("*/cases/*.yaml"))
STEEL_CASES = [path for path in CASES if path.parent.parent.name == "gbt_32151_5_2015"]
TAR = "coal_tar"
MEASURED_GRID = {"values": {"emission_factor": "0.5703 tCO2/MWh"}}
SOLID = ["coke", "anthracite", "bituminous_coal", "limestone", "dolomite", TAR, "crude_steel", "pig_iron"]


def account(standard: Standard, path: Path) -> ResultDocument:
    case = load_case(path)
    return run(standard, case.stream_set, period=case.period, as_of=case.as_of)


@pytest.fixture(scope="session")
def other(tmp_path_factory: pytest.TempPathFactory) -> Standard:
    """The steel standard with another default, place, boundary and rounding: what a second standard may differ in."""
    folder = tmp_path_factory.mktemp("standards") / "steel_otherwise"
    shutil.copytree(data_dir() / "standards" / "gbt_32151_5_2015", folder)
    shutil.rmtree(folder / "cases")
    data = yaml.safe_load((folder / "standard.yaml").read_text("utf-8"))
    data |= {"id": "steel_otherwise", "short_zh": "另一标准"}
    data["rounding"] = {"level": "line", "decimals": 2, "mode": "half_up"}
    data["sources"]["purchased_electricity"]["take"][0]["requires"] = ["purity"]
    data["not_counted"].insert(0, {"role": "electricity", "materials": ["electricity"], "reason": "只填数量，不计排放"})
    for rule in data["sources"]["fuel_combustion"]["take"]:
        if rule["role"] == "by_product":
            rule["materials"] = ["crude_benzol"]
    for rule in data["sources"]["carbon_in_products"]["take"]:
        if rule["role"] == "by_product" and "methanol" in rule["materials"]:
            rule["materials"] = ["methanol", TAR]
    (folder / "standard.yaml").write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")
    edit(
        folder / "parameters" / "fuels.csv",
        {"net_calorific_value,anthracite,,20.304": "net_calorific_value,anthracite,,22.867"},
    )
    rows = folder / "parameters" / "products.csv"
    rows.write_text(
        rows.read_text("utf-8")
        + f"emission_factor,{TAR},by_product,2.94,tCO2/t,2016-06-01,,2015-11-19,试验,表 1,,memory,seen,false,\n",
        "utf-8",
    )
    return load_standard(folder)


def edit(path: Path, changes: dict[str, str]) -> None:
    text = path.read_text("utf-8")
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    path.write_text(text, "utf-8")


def assert_adds_up(found: Comparison) -> None:
    """Exactly, as the decimals that are printed: not to a tolerance."""
    assert found.total.before is not None and found.total.after is not None
    assert found.exact == exact(found.total.after) - exact(found.total.before)
    streams = sum((s.exact for source in found.differences for s in source.streams), Fraction(0))
    assert float(streams) == pytest.approx(found.total.change, abs=1e-6)
    for source in found.differences:
        assert float(source.exact) == pytest.approx((source.after or 0.0) - (source.before or 0.0), abs=1e-6)
        for stream in source.streams:
            assert float(stream.exact) == pytest.approx((stream.after or 0.0) - (stream.before or 0.0), abs=1e-6)
            assert all(part.text and part.exact for part in stream.parts)


@pytest.mark.parametrize("path", STEEL_CASES, ids=lambda path: path.stem)
def test_reasons_add_up_between_two_standards(steel: Standard, other: Standard, path: Path) -> None:
    before, after = account(steel, path), account(other, path)
    if before.data["total"]["value"] is not None and after.data["total"]["value"] is not None:
        assert_adds_up(compare(before, after))
        assert_adds_up(compare(after, before))


@pytest.mark.parametrize("path", STEEL_CASES, ids=lambda path: path.stem)
def test_reasons_add_up_between_any_two_cases(steel: Standard, path: Path) -> None:
    before = account(steel, data_dir() / "standards/gbt_32151_5_2015/cases/months.yaml")
    after = account(steel, path)
    if after.data["total"]["value"] is not None:
        assert_adds_up(compare(before, after))


def test_the_eaf_works_under_2015_and_the_national_market() -> None:
    """The golden case g04: one works, the same data, 298,511.71 against 77,323.44 tCO2e."""
    path = data_dir() / "standards/gbt_32151_5_2015/cases/eaf_works.yaml"
    found = compare(*(account(load_standard(id), path) for id in ("gbt_32151_5_2015", "cets_ag_03_01_v01_2024")))
    assert_adds_up(found)
    assert (round(found.total.before or 0, 2), found.total.after) == (298511.71, 77323.44)
    assert parts_of(found, "purchased_electricity", "electricity").keys() == {"boundary"}
    assert "0.275" in parts_of(found, "carbon_raw_material", "ferrochrome")["parameter"]
    assert "废钢" in parts_of(found, "carbon_raw_material", "scrap")["boundary"]
    boundary = next(part.value for part in found.parts if part.kind == "boundary")
    assert boundary == pytest.approx(-235134.69 + 24124 + 570.40 + 247.50 + 18.20)


@pytest.mark.parametrize("path", STEEL_CASES, ids=lambda path: path.stem)
def test_reasons_add_up_against_the_national_market(steel: Standard, path: Path) -> None:
    before, after = account(steel, path), account(load_standard("cets_ag_03_01_v01_2024"), path)
    if before.data["total"]["value"] is not None and after.data["total"]["value"] is not None:
        assert_adds_up(compare(before, after))


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_reasons_add_up_against_every_standard_that_takes_the_case(path: Path) -> None:
    case = load_case(path)
    first = account(load_standard(case.standards[0]), path)
    for summary in standards():
        try:
            second = account(load_standard(summary.id), path)
        except InputError:
            continue  # a material or unit that the other standard cannot take
        if None not in (first.data["total"]["value"], second.data["total"]["value"]):
            found = compare(first, second)
            assert found.exact == exact(found.total.after or 0.0) - exact(found.total.before or 0.0)
            assert all(abs(part.value) < 1e-3 for part in found.rest)


def parts_of(found: Comparison, source: str, stream: str) -> dict[str, str]:
    difference = next(d for s in found.differences if s.id == source for d in s.streams if d.key.endswith(stream))
    return {part.kind: part.text for part in difference.parts}


@pytest.fixture(scope="session")
def two_methods(steel: Standard, other: Standard, plant: Callable[..., Any]) -> Comparison:
    streams = plant({
        "anth": ("anthracite", "fuel", {"2022": {"quantity": "1000.005 t"}}),
        "el": ("electricity", "electricity", {"2022": {"quantity": "500 MWh"}}, MEASURED_GRID),
        "tar": (TAR, "by_product", {"2022": {"quantity": "30 t"}}, {"direction": "out"}),
    })  # fmt: skip
    first, second = (run(each, streams, period=Period.parse("2022")) for each in (steel, other))
    return compare(first, second)


def test_another_default_is_named_with_both_values_and_documents(two_methods: Comparison) -> None:
    said = parts_of(two_methods, "fuel_combustion", "anth")
    assert "20.304" in said["parameter"] and "22.867" in said["parameter"] and "2526" in said["parameter"]
    assert "低位发热量" in said["parameter"]


def test_another_gwp_set_is_named(aluminium: Standard, tmp_path: Path) -> None:
    folder = tmp_path / "aluminium_otherwise"
    shutil.copytree(data_dir() / "standards" / "gbt_32151_4_2015", folder)
    shutil.rmtree(folder / "cases")
    edit(folder / "standard.yaml", {"id: gbt_32151_4_2015": "id: aluminium_otherwise", "CF4: 6500": "CF4: 7390"})
    path = data_dir() / "standards/gbt_32151_4_2015/cases/smelter.yaml"
    found = compare(account(aluminium, path), account(load_standard(folder), path))
    assert_adds_up(found)
    assert [part.kind for part in found.parts] == ["gwp"]
    text = next(part.text for source in found.differences for s in source.streams for part in s.parts)
    assert "6,500" in text and "7,390" in text and "CF4" in text


def test_another_boundary_gives_the_reason_of_the_standard(two_methods: Comparison) -> None:
    assert "只填数量，不计排放" in parts_of(two_methods, "purchased_electricity", "el")["boundary"]


def test_tar_changes_its_place_and_is_deducted_once(two_methods: Comparison) -> None:
    left, came = parts_of(two_methods, "fuel_combustion", "tar"), parts_of(two_methods, "carbon_in_products", "tar")
    assert left["place"] == came["place"] and "固碳产品" in left["place"]
    assert "formula" in came and "activity" not in came
    assert_adds_up(two_methods)


def test_rounding_by_line_is_a_reason_of_its_own(two_methods: Comparison) -> None:
    assert any(part.kind == "rounding" for part in two_methods.parts)


def test_two_periods_of_one_plant(account: Any) -> None:
    before = account(
        {"a": ("coke", "fuel", {"2021-01": {"quantity": "100 t"}, "2021-02": {"quantity": "90 t"}})},
        period="2021-01..2021-02",
    )
    after = account(
        {
            "a": (
                "coke",
                "fuel",
                {"2022-01": {"quantity": "110 t"}, "2022-02": {"quantity": "70 t"}},
                {"values": {"net_calorific_value": "28.0 GJ/t"}},
            )
        },
        period="2022-01..2022-02",
    )
    found = compare(before, after)
    assert_adds_up(found)
    assert {part.kind for part in found.parts} >= {"activity", "parameter"}
    activity = next(part for part in found.parts if part.kind == "activity")
    assert activity.value == pytest.approx(-10 * 28.447 * 0.0295 * 0.93 * 44 / 12)
    assert found.names == ("2021 年 1–2 月", "2022 年 1–2 月")


def test_what_is_not_there_is_unknown_not_zero(account: Any) -> None:
    found = compare(
        account({"a": ("coke", "fuel", {"2022": {"quantity": "1 t"}})}),
        account({"b": ("limestone", "flux", {"2022": {"quantity": "1 t"}})}),
    )
    rows = {source.id: source.streams[0] for source in found.differences}
    assert rows["fuel_combustion"].after is None and rows["flux"].before is None
    assert_adds_up(found)


def test_two_furnaces_of_one_works(account: Any) -> None:
    flows = {
        "bf1": ("coke", "fuel", {"2022": {"quantity": "100 t"}}, {"process": "炼铁/1号高炉"}),
        "bf2": ("coke", "fuel", {"2022": {"quantity": "130 t"}}, {"process": "炼铁/2号高炉"}),
    }
    doc = account(flows)
    found = compare(doc, doc, before_scope=Scope("炼铁/1号高炉"), after_scope=Scope("炼铁/2号高炉"))
    assert found.total.change == pytest.approx(30 * 28.447 * 0.0295 * 0.93 * 44 / 12)
    assert [part.kind for part in found.parts] == ["activity"]
    assert_adds_up(found)
    with pytest.raises(NotFound):
        compare(doc, doc, before_scope=Scope("没有的工序"))


def test_a_gap_on_one_side_is_said(account: Any) -> None:
    full = {"2022-01": {"quantity": "1 t"}, "2022-02": {"quantity": "1 t"}}
    before = account({"a": ("coke", "fuel", full), "b": ("limestone", "flux", full)}, period="2022-01..2022-02")
    after = account({"a": ("coke", "fuel", full), "b": ("magnesite", "flux", full)}, period="2022-01..2022-02")
    assert_adds_up(compare(before, after))


QUANTITY = st.decimals(min_value="0.001", max_value="9000000", places=3).map(lambda d: f"{d} t")
STREAMS = st.dictionaries(
    st.sampled_from(SOLID),
    st.tuples(QUANTITY, QUANTITY, st.booleans(), st.decimals(min_value="15", max_value="35", places=4)),
    min_size=1,
)  # fmt: skip
ROLES = {
    "limestone": "flux",
    "dolomite": "flux",
    TAR: "by_product",
    "crude_steel": "product",
    "pig_iron": "carbon_raw_material",
}


def build(plant: Callable[..., Any], drawn: dict[str, Any], side: int) -> Any:
    streams: dict[str, Any] = {}
    for material, (one, two, measured, value) in drawn.items():
        role = ROLES.get(material, "fuel")
        months = {"2022-01": {"quantity": (one, two)[side]}, "2022-02": {"quantity": two}}
        own = {"net_calorific_value": f"{value} GJ/t"} if measured and role == "fuel" and side else {}
        streams[material] = (material, role, months, {"values": own, "direction": "out" if "product" in role else "in"})
    return plant(streams)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(drawn=STREAMS)
def test_any_two_results_add_up(
    steel: Standard, other: Standard, plant: Callable[..., Any], drawn: dict[str, Any]
) -> None:
    period = Period.parse("2022-01..2022-02")
    before = run(steel, build(plant, drawn, 0), period=period)
    for standard in (steel, other):
        after = run(standard, build(plant, drawn, 1), period=period)
        assert_adds_up(compare(before, after))
        assert compare(after, before).exact == -compare(before, after).exact


def test_an_intensity_per_another_product_is_another_indicator(steel: Standard, aluminium: Standard) -> None:
    first = account(steel, data_dir() / "standards/gbt_32151_5_2015/cases/eaf_works.yaml")
    second = account(aluminium, data_dir() / "standards/gbt_32151_4_2015/cases/smelter.yaml")
    rows = [change for change in compare(first, second).indicators if change.address == "indicator:intensity"]
    assert [(row.before is None, row.after is None) for row in rows] == [(False, True), (True, False)]
    same = compare(first, account(load_standard("cets_ag_03_01_v01_2024"), STEEL_CASES[0]))
    assert next(c for c in same.indicators if c.address == "indicator:intensity").change is not None
