"""Factors, own standards, studies and the ledger under names, files and numbers made to hurt."""

import time

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tanheng.kernel.errors import FormulaError, TanhengError
from tanheng.kernel.units import canonical
from tanheng.rules.expression import parse
from tanheng.rules.formula import Expression
from tanheng_web.catalogue.factors import services as factors
from tanheng_web.catalogue.factors.selectors import ends_soon, index_for
from tanheng_web.catalogue.materials import services as materials
from tanheng_web.catalogue.models import FactorImport, StandardCopy
from tanheng_web.catalogue.standards import services as standards
from tanheng_web.catalogue.tests.conftest import no_folders_left
from tanheng_web.catalogue.tests.copies import copied, published
from tanheng_web.catalogue.tests.factors import GOOD, batch_of, csv_of
from tanheng_web.catalogue.units import services as units

__all__ = ["no_folders_left"]

HURT = "<script>alert(1)</script>"


@pytest.fixture
def foreign(world):
    """Another enterprise's published standard and imported factor."""
    world.copy = published(world.foreign, world.people["stranger"], world.people["superuser"], "secret")
    world.batch = batch_of(world.foreign, world.people["stranger"], GOOD)
    return world


def test_things_of_others_are_404(foreign, sign_in):
    boss, mine = sign_in("manager"), foreign.works.pk
    for name, key in (
        ("catalogue:copy", foreign.copy.pk),
        ("catalogue:standard", foreign.copy.standard_id),
        ("catalogue:copy-new", foreign.copy.standard_id),
        ("catalogue:factor-import", foreign.batch.pk),
        ("catalogue:factor-import-file", foreign.batch.pk),
    ):
        assert boss.get(reverse(name, args=[mine, key])).status_code == 404, name
    for name in ("catalogue:copy-act", "catalogue:factor-import-submit", "catalogue:factor-import-approve"):
        key = foreign.copy.pk if "copy" in name else foreign.batch.pk
        assert boss.post(reverse(name, args=[mine, key]), {"act": "withdraw", "reason": "x"}).status_code in (403, 404)
    assert foreign.copy.standard_id not in boss.get(reverse("catalogue:standards", args=[mine])).text


def test_a_standard_of_others_is_not_copied_by_its_name(foreign):
    with pytest.raises(TanhengError):
        standards.copy_create(
            organisation=foreign.works, by=foreign.people["manager"], base=foreign.copy.standard_id,
            name="stolen", zh="抄来的", short_zh="抄来的", reason="x",
        )  # fmt: skip
    assert not StandardCopy.objects.filter(organisation=foreign.works).exists()


@pytest.mark.parametrize(
    "text",
    [
        "9**9**9**9", "a**(9**9)", "__import__('os')", "().__class__", "(" * 500 + "a" + ")" * 500, "a" * 100_000,
        "-" * 900 + "a", "a**1e15", "[x for x in a]", "a\x00b", "1e999", "9" * 400,
    ],
)  # fmt: skip
def test_an_expression_made_to_hurt_is_refused_at_once(text):
    started = time.process_time()
    with pytest.raises(FormulaError):
        parse(text)
    assert time.process_time() - started < 1


def test_powers_of_powers_stay_columns_of_numbers():
    started = time.process_time()
    found = Expression.parse("((((1000000000000000**8)**8)**8)**8)**8 * a").evaluate(a=1.0)
    assert found != found  # undefined, not a tower of digits
    assert time.process_time() - started < 2


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b", "..", "UPPER", "a\x00b", "x" * 500])
def test_a_copy_has_no_path_in_its_name(world, name):
    with pytest.raises(TanhengError):
        copied(world.works, world.people["manager"], name)


@pytest.mark.parametrize(
    "body",
    [
        b"a" * 300_000, ("编号,数值,单位\n" + "x" * 200_000 + ",1,t\n").encode(), b"\xff\xfe\x00\x00",
        b"PK\x03\x04bomb",
        csv_of({**GOOD, "value": "1e999999"}), csv_of({**GOOD, "value": "NaN"}), csv_of({**GOOD, "value": "=1+1"}),
        csv_of({**GOOD, "value": "9" * 400}), csv_of({**GOOD, "url": "javascript:alert(1)", "data_year": "9" * 300}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["../../a.csv", "a.xlsx"])
def test_a_factor_file_made_to_hurt_is_answered(world, body, name):
    batch = FactorImport(organisation=world.works, name=name, uploaded_by=world.people["manager"])
    batch.file.save("factors", ContentFile(body), save=True)
    found = factors.factors_check(batch=batch)
    assert found.status == FactorImport.Status.REFUSED or found.counts["bad"] == 1


def test_a_name_of_a_factor_is_text(world, sign_in):
    batch = batch_of(world.works, world.people["manager"], {**GOOD, "zh": HURT, "note": HURT, "document": HURT})
    page = sign_in("manager").get(reverse("catalogue:factor-import", args=[world.works.pk, batch.pk]))
    assert page.status_code == 200
    assert HURT not in page.text


@pytest.mark.parametrize("text", ["%", "_", "'\"; drop table", "AND OR NOT NEAR(", "*" * 2000, "\x00", "字" * 20_000])
def test_any_question_is_answered(world, sign_in, text):
    client = sign_in("viewer")
    for name in ("catalogue:factors", "catalogue:factor-pick", "catalogue:materials", "inventory:ledger"):
        answer = client.get(reverse(name, args=[world.works.pk]), {"q": text})
        assert answer.status_code in (200, 400, 422), name


def test_a_viewer_imports_nothing(world, sign_in):
    file = SimpleUploadedFile("a.csv", csv_of(GOOD))
    answer = sign_in("viewer").post(reverse("catalogue:factor-imports", args=[world.works.pk]), {"file": file})
    assert answer.status_code == 403
    assert not FactorImport.objects.exists()


@pytest.mark.parametrize("revision", ["x", "-1", "9" * 400, "１", "1.5", "\x00"])
def test_a_revision_that_is_none_breaks_no_page(world, sign_in, revision):
    copy = copied(world.works, world.people["manager"])
    client = sign_in("manager")
    for url in (
        reverse("catalogue:copy-case", args=[world.works.pk, copy.pk, 0]),
        reverse("catalogue:copy-identity", args=[world.works.pk, copy.pk]),
    ):
        body = {
            "revision": revision, "reason": "x", "understood": "on", "zh": "x", "short_zh": "y", "document": "z",
            "start": "2025-01-01",
        }  # fmt: skip
        answer = client.post(url, body)
        assert answer.status_code in (400, 422), url
    assert copy.changes.count() == 0


@pytest.mark.parametrize("unseen", ["\u200b", "\u202e", "\ufeff", "\u2060"])
def test_a_name_that_looks_like_another_is_that_other(world, unseen):
    """A unit that reads ``t`` and is kg, a material that reads 焦炭 and is none: found in any list, seen in none."""
    common = {"organisation": world.works, "by": world.people["manager"]}
    with pytest.raises(TanhengError) as caught:
        units.alias_set(**common, alias=f"t{unseen}", unit="kg")
    assert caught.value.code == "alias.taken"
    for name, code in ((f"焦{unseen}炭", "own_material.catalogue"), (unseen, "own_material.name")):
        with pytest.raises(TanhengError) as caught:
            materials.material_add(**common, zh=name, like="coke", unit="t")
        assert caught.value.code == code
    assert materials.material_add(**common, zh=f"兰炭{unseen}末", like="coke", unit="t").zh == "兰炭末"
    assert canonical(f"{unseen}万Nm³") == "1e4Nm3"


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "9999-12", "0000-00-00", "10000-01-01"])
@pytest.mark.parametrize("column", ["published_on", "valid_from", "valid_to", "data_year"])
def test_a_day_at_the_end_of_time_is_a_fault_of_its_cell(world, column, day):
    """Whatever is kept of it can be published, searched and listed by when it ends."""
    batch = batch_of(world.works, world.people["manager"], {**GOOD, column: day[:4] if column == "data_year" else day})
    if batch.counts.get("good"):
        factors.factors_submit(batch=batch, by=world.people["manager"])
        factors.factors_approve(batch=batch, by=world.people["admin"])
        assert ends_soon(world.works, ["expired", "expiring"]) is not None
        assert index_for(world.works) is not None
