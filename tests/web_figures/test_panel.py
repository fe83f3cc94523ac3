"""What the panel says of defaults, constants and of a value's earlier versions."""

from decimal import Decimal

import pytest
from django.urls import reverse

from tanheng.kernel.periods import Month
from tanheng_web.common.figures import Figure, figure_html
from tanheng_web.inventory import services
from tanheng_web.inventory.tests.world import month_correct

pytestmark = pytest.mark.django_db


def panel(client, run, address: str) -> str:
    url = reverse("inventory:figure", args=[run.organisation_id, run.pk])
    return client.get(url, {"a": address}, headers={"HX-Request": "true"}).content.decode()


def line_of(run, stream: str, month: str) -> int:
    lines = run.open().data["lines"]
    return next(
        n for n, pair in enumerate(zip(lines["stream"], lines["month"], strict=True)) if pair == (stream, month)
    )


def test_a_constant_that_is_a_ratio_is_shown_as_it_is_written(run, sign_in):
    page = panel(sign_in("viewer"), run, f"line:{line_of(run, 'anth', '2025-01')}")
    assert ">44/12</a>" in page, "the input"
    assert page.count("<mn>44</mn>") + page.count("44/12</m") >= 1
    assert "3.666" not in page.replace('data-value="3.6666666666666665"', "")


def test_an_unchecked_default_says_both_and_its_document(run, sign_in):
    page = panel(sign_in("viewer"), run, f"line:{line_of(run, 'anth', '2025-01')}")
    assert "缺省 · 待核" in page
    assert "NDRC-2013-STEEL" in page


def test_both_states_are_one_mark():
    html = figure_html(Figure(1.0, states=("default", "unchecked")))
    assert html.count("th-fig-state") == 1 and html.count("缺省 · 待核") == 1


def test_an_entered_value_shows_its_earlier_versions(works, run, world, sign_in):
    people = {"enter": world.people["reporter"], "review": world.people["manager"]}
    month_correct(works, Month(2025, 1), **people, stream="anth", amount=Decimal(41_000), reason="磅单更正")
    newer = services.run_execute_now(organisation=works, period="2025-01..2025-02", by=world.people["manager"])
    client = sign_in("viewer")
    page = panel(client, newer, f"input:{line_of(newer, 'anth', '2025-01')}/quantity")
    history = page.split("录入的历次版本")[1]
    assert "41,000" in history and "40,000" in history
    assert "原因：磅单更正" in history and "第 1 版（已被替代）" in history and "第 2 版（现行）" in history
    for address in ("total", "source:fuel_combustion+month:2025-01", "stream:anth"):
        assert "这个数的历次结果" in panel(client, newer, address), address
    assert "这次核算已被替代" in panel(client, run, "total")


def test_the_streams_are_filtered_and_sorted(works, run, sign_in):
    client, url = sign_in("viewer"), reverse("inventory:run", args=[works.pk, run.pk])
    part = client.get(url, {"source": "flux"}, headers={"HX-Request": "true", "HX-Target": "streams"}).content.decode()
    assert "<html" not in part and part.count("data-figure") == 1 and 'data-figure="stream:lime"' in part
    whole = client.get(url, {"q": "没有这个"}).content.decode()
    assert "没有符合条件的源流" in whole
