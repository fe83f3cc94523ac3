"""The rate of own supply: 50 % is not above half, 50.01 % is."""

from decimal import Decimal

import pytest

from tanheng.accounting.captive_power import captive_power, captive_rule


def works(
    made, generated: float, purchased: float, exported: float = 0.0, recovered: float = 0.0, certificates: float = 0.0
):
    """A works with a coal-fired plant of its own."""

    def power(stream, amount, **more):
        row = {"stream": stream, "material": "electricity", "role": "electricity"}
        return row | {"amount": amount, "value": 0.6 * amount} | more

    unit = "自备电厂/1号机"
    coal = {"material": "bituminous_coal", "role": "fuel", "amount": 400.0, "ncv": 20.0, "value": 760.0}
    made_here = power("gen", generated, process=unit, direction="out")
    blocks = [
        made.block("purchased_electricity", [power("in", purchased)], unit="MWh"),
        made.block("exported_electricity", [made_here], unit="MWh"),
        made.block("fuel_combustion", [coal | {"stream": "coal", "process": unit}]),
        made.block("fuel_combustion", [coal | {"stream": "bought-coal"}]),
    ]
    if certificates:
        right = power("gec", certificates) | {"material": "green_certificate"}
        blocks.append(made.block("market_green_certificates", [right], unit="MWh"))
    if exported:
        blocks.append(made.block("exported_electricity", [power("out", exported, direction="out")], unit="MWh"))
    if recovered:
        trt = power("trt", recovered, process="炼铁/TRT", direction="out")
        blocks.append(made.block("exported_electricity", [trt], unit="MWh"))
    return made.document(blocks, kinds={"自备电厂": "captive_power", "炼铁": "ironmaking"})


@pytest.mark.parametrize(
    ("generated", "purchased", "strict", "separate"),
    [
        (50.0, 50.0, True, False),
        (50.01, 49.99, True, True),
        (49.99, 50.01, True, False),
        (50.0, 50.0, False, True),
        (0.1 + 0.2, 0.30000000000000004, True, False),
    ],
)
def test_half_is_not_above_half(made, generated, purchased, strict, separate):
    found = captive_power(works(made, generated, purchased), rule=captive_rule(strict=strict))
    assert found.is_separate is separate


def test_the_rate_is_explained_and_the_coal_is_scope_1(made):
    found = captive_power(works(made, 60.0, 40.0))
    assert found.rate == 60
    assert found.emission == 760.0
    assert [fuel.address for fuel in found.fuels] == ["stream:coal"]
    assert "60.00%" in found.sentence
    assert "＞50%" in found.sentence


def test_recovered_power_is_used_but_is_not_the_plants(made):
    found = captive_power(works(made, 50.0, 30.0, recovered=20.0))
    assert found.recovered == 20.0
    assert found.used == 100.0
    assert found.rate == Decimal(50)


def test_an_export_comes_from_generation_unless_said_otherwise(made):
    data = works(made, 60.0, 50.0, exported=10.0)
    assert captive_power(data).rate == 50
    assert captive_power(data, rule=captive_rule(exported_from="purchased")).rate == 60


def test_no_plant_no_section_and_unknown_power_is_no_rate(made):
    data = works(made, 60.0, 40.0)
    assert captive_power(data, plants=()) is None
    for block in data["trace"]:
        if "MWh" in block["amount"]["unit"]:
            block["amount"]["parts"]["quantity"]["value"] = [None]
    found = captive_power(data)
    assert found.rate is None
    assert not found.is_separate
    assert "算不出" in found.sentence


def test_a_plant_without_reported_generation_has_no_rate(made):
    data = works(made, 60.0, 40.0)
    data["trace"] = [block for block in data["trace"] if block["source"] != "exported_electricity"]
    found = captive_power(data)
    assert found.rate is None
    assert "自备电厂发电量" in found.sentence


def test_a_plant_that_the_standard_deducts_is_said_to_be_outside_the_total(made):
    data = works(made, 60.0, 40.0)
    lines, at = data["lines"], data["lines"]["stream"].index("coal")
    for name in lines:
        lines[name].append({"account": "enterprise", "value": -760.0}.get(name, lines[name][at]))
    block = next(block for block in data["trace"] if at in block["lines"])
    data["trace"].append({**block, "account": "enterprise", "lines": [len(lines["stream"]) - 1]})
    found = captive_power(data)
    assert found.emission == 760.0
    assert [fuel.address for fuel in found.fuels] == ["account:process+stream:coal"]
    assert "不在排放总量中" in found.place


def test_certificates_are_no_power(made):
    """A right to call power green is not used up by anybody: it must not water the rate of own supply down."""
    assert captive_power(works(made, 60.0, 40.0, certificates=300.0)).rate == 60


def test_more_sent_out_than_there_is_gives_no_rate_and_says_so(made):
    found = captive_power(works(made, 50.0, 0.0, exported=60.0))
    assert found.rate is None and not found.is_separate
    assert "全部用电量" in found.sentence and "应大于零" in found.sentence
