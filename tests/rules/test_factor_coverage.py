"""What the library has of each metal at each stage: counted, nothing made up, the gaps told."""

from dataclasses import replace

from tanheng.rules.factors import packaged, vocabulary
from tanheng.rules.factors.coverage import Cell, coverage, covered_stages
from tanheng.rules.factors.tables import printed_factors
from tanheng.rules.package import standards

ENTRIES = [*packaged().all(), *printed_factors(standard.id for standard in standards())]


def test_every_metal_and_stage_is_counted_as_reading_every_entry_counts_it():
    found = coverage(ENTRIES)
    assert set(found) == set(vocabulary()["metal"])
    for metal, row in found.items():
        assert tuple(row) == covered_stages()
        for stage, cell in row.items():
            assert cell.total == sum(1 for f in ENTRIES if metal in f.metal.split() and f.stage == stage)


def test_literature_and_benchmarks_are_told_apart_from_what_may_be_used():
    copper = coverage(packaged().all())["cu"]
    assert copper["recycling"] == Cell(reference=1)  # 上海钢联 废铜冶炼, for comparison only
    assert copper["mining"] == Cell() and copper["mining"].total == 0
    own = replace(
        packaged().get("mysteel:cu:scrap:2020"), klass="process", indicator="", family="inventory", metal="cu pb"
    )
    found = coverage([own])
    assert found["cu"]["recycling"] == found["pb"]["recycling"] == Cell(inventory=1)


def test_the_tables_of_a_standard_belong_to_the_metals_it_is_for():
    """Reductants of the guideline for other metals are copper's too; a mine's carbonates are mining."""
    found = coverage(printed_factors(["ndrc_2015_other_nonferrous", "ndrc_2015_mining"]))
    assert found["cu"]["smelting"] == found["re"]["smelting"] and found["cu"]["smelting"].inventory > 10
    assert found["al"]["mining"].inventory > 10 and found["al"]["smelting"] == Cell()
    assert [stage for stage, cell in found["mg"].items() if cell.total] == ["mining"]
