"""Data per tonne of product keep the raw figure; no product, no quotient."""

import pytest

from tanheng.accounting.boundary_catalogue import source_types
from tanheng.accounting.per_product import cover, per_product
from tanheng.kernel.errors import InputError
from tanheng.kernel.roles import roles


def works(made, output: float | None = 500.0, main: str = "aluminium"):
    power = {"stream": "el", "material": "electricity", "role": "electricity", "amount": 6500.0, "value": 3900.0}
    coal = {
        "stream": "coal",
        "material": "bituminous_coal",
        "role": "fuel",
        "amount": 100.0,
        "ncv": 29.3076,
        "value": 250.0,
    }
    gone = power | {"stream": "sold", "direction": "out", "amount": 100.0, "value": -60.0}
    left = [{"stream": "al", "material": "aluminium", "role": "product", "amount": output}]
    return made.document(
        [
            made.block("purchased_electricity", [power], unit="MWh"),
            made.block("exported_electricity", [gone], unit="MWh"),
            made.block("fuel_combustion", [coal]),
        ],
        left=left,
        main=main,
    )


def test_every_stream_for_one_tonne(made):
    table = per_product(works(made))
    rows = {row.flow.stream: row for row in table.rows}
    assert table.output == 500.0
    assert rows["el"].flow.quantity == 6500.0
    assert rows["el"].quantity_per == 13.0
    assert rows["el"].emission_per == 7.8
    assert rows["coal"].energy == pytest.approx(100.0)
    assert rows["coal"].energy_per == pytest.approx(0.2)


def test_energy_sold_is_deducted(made):
    table = per_product(works(made))
    assert table.energy == pytest.approx(100.0 + 6400.0 * 3.6 / 29.3076)
    assert table.unknown_energy == ()


@pytest.mark.parametrize("output", [0.0, None])
def test_without_output_nothing_is_divided(made, output):
    table = per_product(works(made, output))
    assert table.output is None
    assert {row.quantity_per for row in table.rows} == {None}


def test_without_a_main_product_it_says_so(made):
    with pytest.raises(InputError, match=r"per_product\.no_product"):
        per_product(works(made, main=""))


def test_the_forms_offer_every_kind_of_data():
    assert {role for each in source_types() for role in each.roles} <= set(roles())
    assert [each.clause for each in source_types()] == sorted(each.clause for each in source_types())
    assert {each.clause for each in source_types()} == {f"N-7.2.2-{n}" for n in range(1, 9)}


def test_uncovered_kinds_are_listed():
    streams = [
        {"label": "铝土矿", "role": "raw_material", "material": "bauxite", "process": ""},
        {"label": "叉车柴油", "role": "fuel", "material": "diesel", "process": "运输"},
    ]
    found = {each.id: each.streams for each in cover(streams, {"运输": "transport"})}
    assert found["raw_materials"] == ("铝土矿",)
    assert found["transport"] == ("叉车柴油",)
    assert found["process_energy"] == ("叉车柴油",)
    assert found["waste"] == ()
    assert found["resources"] == ()


def test_a_stream_seen_by_several_accounts_is_taken_once(made):
    data = works(made)
    lines = data["lines"]
    at = lines["stream"].index("el")
    for name in lines:
        lines[name].append("market" if name == "account" else lines[name][at])
    block = next(block for block in data["trace"] if at in block["lines"])
    data["trace"].append({**block, "account": "market", "lines": [len(lines["stream"]) - 1]})
    row = next(row for row in per_product(data).rows if row.flow.stream == "el")
    assert row.flow.quantity == 6500.0
    assert row.flow.emission == 3900.0
