"""Requests that no page makes: numbers that are none, periods beyond time, bodies too deep."""

import json

import pytest
from django.urls import reverse

from tanheng.kernel.periods import Month
from tanheng_web.common.numbers import whole

NINES = "9" * 5000


@pytest.mark.parametrize("text", ["²", "٣x", NINES, "", "-1", "1.0", " 1"])
def test_what_is_no_number_is_none(text):
    assert whole(text) is None
    assert whole("17") == 17


@pytest.mark.parametrize("text", ["²", NINES])
def test_odd_numbers_in_a_query_are_no_fault_of_ours(sign_in, world, text):
    client = sign_in("manager")
    news = reverse("collection:news", args=[world.works.pk, "2025-01"])
    assert client.get(news, {"since": text}).status_code == 200
    group = reverse("settings:group", args=[world.group.pk])
    assert sign_in("group_admin").post(group, {"child": text}).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        b'{"changes": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"changes": {}}',
        b"[]",
        b"\xff",
        b'{"changes": [{"cell": "\xc2\xb2:quantity", "text": "1", "seen": 0}]}',
        json.dumps({"changes": [{"cell": f"{NINES}:quantity", "text": "1", "seen": 0}]}).encode(),
    ],
)
def test_a_grid_save_of_any_shape_is_answered(sign_in, world, body):
    address = reverse("collection:values", args=[world.works.pk, "2025-01"])
    answer = sign_in("manager").post(address, body, content_type="application/json")
    assert answer.status_code in (200, 400)


@pytest.mark.parametrize("period", ["1900", "2999", "2999-12", "1900..2999", "0001..9999", "²"])
def test_a_link_to_a_period_beyond_time_neither_fails_nor_stays(sign_in, world, period):
    client = sign_in("manager")
    page = reverse("dashboards:panorama", args=[world.works.pk])
    assert client.get(page, {"period": period}).status_code == 200
    assert client.get(page).status_code == 200


def test_a_posted_nul_is_refused_before_anything_is_stored(client, world):
    client.force_login(world.people["manager"])
    form = reverse("inventory:limits", args=[world.works.pk])
    assert client.post(form, {"document": "a\0b"}).status_code == 400
    cells = reverse("collection:values", args=[world.works.pk, Month(2025, 1)])
    said = '{"cells": [{"note": "a\\u0000b"}]}'
    assert client.post(cells, said, content_type="application/json").status_code == 400


def test_a_form_where_cells_are_expected_is_no_fault_of_ours(client, world):
    client.force_login(world.people["reporter"])
    cells = reverse("collection:values", args=[world.works.pk, Month(2025, 1)])
    assert client.post(cells, {"changes": "x"}).status_code == 400
    assert client.post(cells, "{}", content_type="text/plain").status_code == 400
