"""取值依据: a tested value names its method, one from a voucher the voucher, and both reach the result."""

from decimal import Decimal

import pytest
from django.urls import reverse

from tanheng.kernel.errors import InputError
from tanheng.kernel.periods import Month, Period
from tanheng_web.collection import selectors, services
from tanheng_web.collection.bases import bases_of, basis_set, missing_bases
from tanheng_web.collection.tests.conftest import fill
from tanheng_web.common.models import AuditEntry

JULY = Month(2025, 7)


@pytest.fixture
def limestone(plant):
    row = plant.streams["M003"]
    row.values = ["emission_factor"]
    row.save(update_fields=["values"])
    return row


def test_a_tested_value_names_its_method(plant, limestone):
    assert missing_bases(limestone) == ["emission_factor"]
    for method, code in (("", "method.missing"), ("GB/T 223.69", "method.not_this"), ("目测", "method.not_this")):
        with pytest.raises(InputError) as caught:
            basis_set(by=plant.reporter, stream=limestone, key="emission_factor", kind="own_test", method=method)
        assert caught.value.code == code
    basis_set(by=plant.reporter, stream=limestone, key="emission_factor", kind="own_test", method="gb/t3286.9")
    limestone.refresh_from_db()
    assert bases_of(limestone)["emission_factor"].method == "GB/T 3286.9" and not missing_bases(limestone)
    assert AuditEntry.objects.filter(action="stream.basis").count() == 1


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"kind": "voucher"}, "basis.document"),
        ({"kind": "laboratory", "method": "GB/T 3286.9"}, "basis.document"),
        ({"kind": "hearsay"}, "basis.kind"),
        ({"kind": "own_test", "key": "carbon_content"}, "basis.not_asked"),
    ],
)
def test_what_is_missing_is_asked_for(plant, limestone, given, code):
    with pytest.raises(InputError) as caught:
        basis_set(by=plant.reporter, stream=limestone, **{"key": "emission_factor", **given})
    assert caught.value.code == code


def test_the_basis_stands_beside_the_value_in_the_stream_set(plant, limestone):
    basis_set(by=plant.reporter, stream=limestone, key="emission_factor", kind="voucher", document="JS-2025-071")
    limestone.refresh_from_db()
    services.value_set(
        by=plant.reporter,
        organisation=plant.works,
        stream=limestone,
        month=JULY,
        key="emission_factor",
        value=Decimal("0.436"),
    )
    streams = selectors.stream_set(plant.works, Period(JULY, JULY), approved_only=False)
    given = streams.records[0].values["emission_factor"]
    assert given.origin == "contracted"
    assert given.provenance["evidence_document"] == "JS-2025-071" and "结算凭证" in given.provenance["basis"]


def test_the_page_says_what_is_missing_and_saves(client, plant, limestone):
    url = reverse("collection:bases", args=[plant.works.pk, limestone.pk])
    client.force_login(plant.reporter)
    assert "还没有写明" in client.get(url).content.decode()
    refused = client.post(
        url, {"key": "emission_factor", "kind": "own_test", "method": "GB/T 223.69", "document": "J-1"}
    )
    assert refused.status_code == 422 and "应遵循 GB/T 3286.9" in refused.content.decode()
    assert 'value="J-1"' in refused.content.decode()  # nothing typed is lost
    saved = client.post(url, {"key": "emission_factor", "kind": "own_test", "method": "GB/T 3286.9"}, follow=True)
    assert "企业自行检测" in saved.content.decode()


def test_a_viewer_cannot_write(client, plant, limestone):
    client.force_login(plant.viewer)
    answer = client.post(reverse("collection:bases", args=[plant.works.pk, limestone.pk]), {"key": "emission_factor"})
    assert answer.status_code == 403


def test_a_tested_value_without_its_method_cannot_be_handed_in(plant, limestone):
    fill(plant, JULY)
    values = {"organisation": plant.works, "stream": limestone, "month": JULY, "key": "emission_factor"}
    services.value_set(by=plant.reporter, value=Decimal("0.436"), **values)
    report = selectors.current_report(plant.works, JULY)
    with pytest.raises(InputError) as caught:
        services.month_submit(by=plant.reporter, report=report)
    assert caught.value.code == "month.method_missing" and "石灰石" in caught.value.zh()
    basis_set(by=plant.reporter, stream=limestone, key="emission_factor", kind="own_test", method="GB/T 3286.9")
    assert services.month_submit(by=plant.reporter, report=report).status == "submitted"
