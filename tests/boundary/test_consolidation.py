"""Groups: who is in, at what part, and nothing that one member delivers to another counted twice."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.boundary.documents import document, line_block

from tanheng.accounting.consolidation import MemberResult, consolidate
from tanheng.accounting.consolidation_holdings import (
    Holding,
    check_holdings,
    check_tree,
    consolidation_rule,
    positions,
)
from tanheng.accounting.consolidation_transfers import Declaration, match
from tanheng.kernel.errors import Faults, InputError
from tanheng.kernel.periods import Month, Period

YEAR = Period.parse("2025")
MONTH = Month(2025, 12)
RULE = consolidation_rule()


def hold(owner, member, share, **more):
    return Holding(owner, member, Decimal(str(share)), **more)


def place(holdings, member, approach="equity_share", rule=RULE, month=MONTH):
    return positions("G", ["A", "B", "C"], holdings, month, approach, rule)[member]


@pytest.mark.parametrize(
    ("share", "strict", "included"),
    [("49.9", False, False), ("50", False, True), ("50.1", False, True), ("50", True, False), ("50.1", True, True)],
)
@pytest.mark.parametrize("approach", ["equity_share", "operational_control", "financial_control"])
def test_the_edge_of_half(share, strict, included, approach):
    found = place([hold("G", "A", share)], "A", approach, consolidation_rule(strict=strict))
    assert found.is_included is included
    weight = Decimal(share) if approach == "equity_share" else Decimal(100)
    assert found.weight == (weight if included else 0)


def test_below_half_a_group_may_choose_to_count_in_proportion():
    found = place([hold("G", "A", "49.9")], "A", rule=consolidation_rule(below="proportional"))
    assert found.weight == Decimal("49.9")
    assert "49.9%" in found.sentence


@pytest.mark.parametrize(
    ("kind", "share", "control", "weight"),
    [
        ("entrusted", 0, True, 100),  # run for others: no equity, full control
        ("leased", 0, True, 100),  # leased in
        ("leased", 100, False, 0),  # owned, leased out to an operator
        ("joint_venture", 50, False, 0),  # the partner operates
        ("joint_venture", 40, True, 100),
    ],
)
def test_stated_control_goes_before_shares(kind, share, control, weight):
    row = hold("G", "A", share, operational_control=control, kind=kind)
    assert place([row], "A", "operational_control").weight == weight
    assert place([row], "A").weight == (share if share >= 50 else 0)


def test_shares_multiply_along_a_chain_and_add_over_several():
    chain = [hold("G", "A", 60), hold("A", "B", 50)]
    assert place(chain, "B").share == 30
    assert not place(chain, "B").is_included
    assert place([*chain, hold("G", "B", 20)], "B").share == 50
    assert place([*chain, hold("G", "B", 20)], "B").is_included


def test_control_runs_down_a_chain_of_controlled_owners():
    assert place([hold("G", "A", 60), hold("A", "B", 50)], "B", "operational_control").weight == 100
    assert place([hold("G", "A", 40), hold("A", "B", 100)], "B", "operational_control").weight == 0


def test_a_member_without_a_holding_is_unknown_not_nothing():
    found = place([hold("G", "A", 100)], "B")
    assert found.share is None
    assert found.weight is None


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([("G", "A", 100.01)], "consolidation.share_range"),
        ([("G", "A", -1)], "consolidation.share_range"),
        ([("G", "A", 60), ("B", "A", 40.01)], "consolidation.above_whole"),
        ([("G", "A", 100), ("A", "A", 0)], "consolidation.self"),
        ([("A", "B", 50), ("B", "C", 50), ("C", "A", 50)], "consolidation.cycle"),
        ([("G", "A", 50), ("G", "A", 50)], "consolidation.overlap"),
    ],
)
def test_holdings_that_cannot_be_are_refused(rows, code):
    with pytest.raises(Faults) as caught:
        check_holdings([hold(*row) for row in rows], {"A": "甲厂"})
    assert code in {fault.code for fault in caught.value.faults}
    assert "甲厂" in caught.value.zh()


def test_owners_one_after_the_other_are_no_more_than_the_whole():
    rows = [
        hold("G", "A", 100, valid_to=date(2025, 6, 30)),
        hold("B", "A", 100, valid_from=date(2025, 7, 1)),
    ]
    check_holdings(rows, {})
    with pytest.raises(Faults, match=r"consolidation\.above_whole"):
        check_holdings([rows[0], hold("B", "A", 1, valid_from=date(2025, 6, 30))], {})


def test_a_circle_in_the_tree_is_refused():
    check_tree({"A": "G", "B": "A", "G": None}, {})
    with pytest.raises(InputError, match=r"consolidation\.tree_cycle"):
        check_tree({"A": "B", "B": "A"}, {})


def plant(total: float, *, exported: float = 0.0, bought: float = 0.0, ef_out: float = 0.6, ef_in: float = 0.6):
    """A member that burns `total`, sells and buys power [MWh]."""
    blocks = [
        line_block(
            "fuel_combustion", [{"stream": "coal", "material": "coke", "role": "fuel", "amount": 1.0, "value": total}]
        )
    ]
    power = {"material": "electricity", "role": "electricity"}
    if exported:
        row = {"stream": "out", "direction": "out", "amount": exported, "value": -ef_out * exported}
        blocks.append(line_block("exported_electricity", [power | row], unit="MWh", sign=-1))
    if bought:
        row = {"stream": "in", "amount": bought, "value": ef_in * bought}
        blocks.append(line_block("purchased_electricity", [power | row], unit="MWh"))
    return document(blocks)


def results(**documents):
    return [MemberResult(name, name, data) for name, data in documents.items()]


def power_sold(supplied: float = 1000.0, received: float = 1000.0):
    return match(
        [
            Declaration("A", "B", True, "electricity", "2025", supplied, "MWh", "out"),
            Declaration("B", "A", False, "electricity", "2025", received, "MWh", "in"),
        ],
        {"A": "甲", "B": "乙"},
    )


def run(documents, holdings, transfers=(), approach="operational_control"):
    return consolidate("G", results(**documents), holdings, transfers, period=YEAR, approach=approach, rule=RULE)


WHOLE = [hold("G", "A", 100), hold("G", "B", 100)]


def test_the_group_is_the_sum_of_its_subsidiaries():
    found = run({"A": plant(100.0), "B": plant(50.0)}, WHOLE)
    assert found.total == 150.0
    assert found.complete
    assert found.sources == {"fuel_combustion": 150.0}


def test_a_delivery_that_both_sides_reckon_alike_changes_nothing():
    documents = {"A": plant(5000.0, exported=1000.0), "B": plant(100.0, bought=1500.0)}
    found = run(documents, WHOLE, power_sold())
    assert found.eliminated == pytest.approx(0.0)
    assert found.total == pytest.approx(5000 + 100 + 0.6 * 500)
    assert found.sources["exported_electricity"] == pytest.approx(0.0)


def test_a_supplier_that_deducts_nothing_would_be_counted_twice():
    documents = {"A": plant(5000.0), "B": plant(100.0, bought=1000.0)}
    documents["A"]["declared"].append({"id": "out"})
    found = run(documents, WHOLE, power_sold())
    assert found.eliminated == pytest.approx(-600.0)
    assert found.total == pytest.approx(5100.0)
    assert (found.direct, found.indirect) == pytest.approx((5100.0, 0.0))


def test_different_factors_leave_no_remainder():
    documents = {"A": plant(5000.0, exported=1000.0, ef_out=0.5), "B": plant(0.0, bought=1000.0, ef_in=0.7)}
    found = run(documents, WHOLE, power_sold())
    assert found.total == pytest.approx(5000.0)


def test_what_the_two_sides_say_differently_is_shown_and_the_smaller_is_taken():
    documents = {"A": plant(5000.0), "B": plant(0.0, bought=1000.0)}
    documents["A"]["declared"].append({"id": "out"})
    transfers = power_sold(supplied=1000.0, received=900.0)
    assert transfers[0].difference == 100.0
    assert "不一致" in transfers[0].sentence
    assert run(documents, WHOLE, transfers).eliminated == pytest.approx(-540.0)


def test_one_declaration_alone_takes_nothing_out_and_is_missing():
    lone = match([Declaration("A", "B", True, "electricity", "2025", 10.0, "MWh", "out")], {"A": "甲", "B": "乙"})
    found = run({"A": plant(10.0), "B": plant(5.0, bought=100.0)}, WHOLE, lone)
    assert found.eliminated == 0.0
    assert not found.complete
    assert "只有供方申报" in found.missing[0]


def test_coke_sold_out_of_a_balance_is_taken_out_on_both_sides():
    sold = {"stream": "coke-a", "material": "coke", "role": "fuel", "amount": 900.0, "value": 2700.0,
            "parts": {"purchased": 1000.0, "sold": 100.0}}  # fmt: skip
    got = {"stream": "coke-b", "material": "coke", "role": "fuel", "amount": 100.0, "value": 310.0,
           "parts": {"purchased": 100.0}}  # fmt: skip
    documents = {"A": document([line_block("fuel", [sold])]), "B": document([line_block("fuel", [got])])}
    transfers = match(
        [
            Declaration("A", "B", True, "coke", "2025", 100.0, "t", "coke-a"),
            Declaration("B", "A", False, "coke", "2025", 100.0, "t", "coke-b"),
        ],
        {},
    )
    found = run(documents, WHOLE, transfers)
    assert found.total == pytest.approx(
        3000.0
    )  # as if the group were one works that bought 1000 t at A's carbon content


def test_what_goes_to_the_other_owners_of_a_member_is_no_internal_affair():
    documents = {"A": plant(5000.0, exported=1000.0), "B": plant(0.0, bought=1000.0)}
    found = run(documents, [hold("G", "A", 100), hold("G", "B", 50)], power_sold(), "equity_share")
    assert found.eliminations[0].quantity == 500.0
    assert found.total == pytest.approx(5000 - 600 + 300)


def test_a_company_without_result_is_a_gap_never_nothing():
    found = run({"A": plant(100.0), "B": None}, WHOLE)
    line = next(line for line in found.members if line.member == "B")
    assert line.part is None
    assert not found.complete
    assert found.total == 100.0
    assert "没有核算结果" in found.missing[0]


def test_a_member_without_holding_is_a_gap():
    found = run({"A": plant(100.0), "B": plant(1.0)}, WHOLE[:1])
    assert not found.complete
    assert found.total == 100.0


def test_a_share_that_changes_within_the_year_counts_month_by_month():
    rows = [
        {"stream": "coal", "material": "coke", "role": "fuel", "amount": 1.0, "value": 10.0, "month": f"2025-{n:02d}"}
        for n in range(1, 13)
    ]
    holdings = [hold("G", "A", 60, valid_to=date(2025, 6, 30)), hold("G", "A", 80, valid_from=date(2025, 7, 1))]
    found = run({"A": document([line_block("fuel", rows)])}, holdings, approach="equity_share")
    assert found.total == pytest.approx(6 * 10 * 0.6 + 6 * 10 * 0.8)
    assert found.direct == pytest.approx(found.total)
    bought = [hold("G", "A", 100, valid_from=date(2025, 7, 1))]
    assert run({"A": document([line_block("fuel", rows)])}, bought, approach="equity_share").total == pytest.approx(
        60.0
    )


totals = st.lists(st.floats(0, 1e7), min_size=1, max_size=6)
shares = st.decimals(0, 100, places=2)


@settings(deadline=None)
@given(totals, st.data())
def test_the_total_is_the_sum_of_the_weighted_parts(values, data):
    names = [f"M{n}" for n in range(len(values))]
    holdings = [hold("G", name, data.draw(shares)) for name in names]
    documents = {name: plant(value) for name, value in zip(names, values, strict=True)}
    found = run(documents, holdings, approach="equity_share")
    expected = sum(
        float(row.share) / 100 * value for row, value in zip(holdings, values, strict=True) if row.share >= 50
    )
    assert found.total == pytest.approx(expected)
    assert found.total == pytest.approx(sum(found.sources.values()))
    assert found.total <= sum(values) * (1 + 1e-9)


@settings(deadline=None)
@given(st.floats(1, 1e6), st.floats(0.1, 1.2), st.floats(0.1, 1.2), st.permutations(["A", "B"]))
def test_internal_power_leaves_what_was_burnt_whatever_the_factors(quantity, ef_out, ef_in, order):
    documents = {
        "A": plant(5000.0, exported=quantity, ef_out=ef_out),
        "B": plant(100.0, bought=quantity, ef_in=ef_in),
    }
    found = run({name: documents[name] for name in order}, WHOLE, power_sold(quantity, quantity))
    assert found.total == pytest.approx(5100.0, rel=1e-9)


def months_of_a_year():
    rows = [
        {"stream": "coal", "material": "coke", "role": "fuel", "amount": 1.0, "value": 10.0, "month": f"2025-{n:02d}"}
        for n in range(1, 13)
    ]
    return document([line_block("fuel", rows)])


@pytest.mark.parametrize("approach", ["equity_share", "operational_control", "financial_control"])
@pytest.mark.parametrize(
    ("held", "total", "code"),
    [
        ({"valid_from": date(2025, 7, 1)}, 60.0, None),
        ({"valid_to": date(2025, 6, 30)}, 60.0, "ended"),
        ({"valid_to": date(2025, 6, 29)}, 50.0, "ended"),
    ],
)
def test_bought_or_sold_within_the_year_is_complete(approach, held, total, code):
    """What was not held in a month is known to be outside: no gap, and a sold member is no stranger."""
    found = run({"A": months_of_a_year()}, [hold("G", "A", 100, **held)], approach=approach)
    assert found.total == pytest.approx(total)
    assert found.complete and found.missing == ()
    if code:
        assert found.members[0].position.code == code
        assert "期末已不再持有" in found.members[0].position.sentence


@pytest.mark.parametrize("held", [{"valid_from": date(2025, 7, 1)}, {"valid_to": date(2025, 6, 30)}])
def test_a_result_of_a_whole_year_cannot_be_parted_by_months(held):
    """A year as one number and a holding of half a year: which part belongs to the group nobody can say."""
    found = run({"A": plant(100.0)}, [hold("G", "A", 100, **held)])
    assert found.members[0].part is None
    assert not found.complete
    assert "不分月" in found.missing[0]
