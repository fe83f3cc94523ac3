"""Own factors: imported, reviewed by somebody else, published, used by the accounts, replaced; nothing past changes."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from tanheng.kernel.errors import InputError, OutOfRange
from tanheng.kernel.periods import Month
from tanheng.rules.factors import packaged
from tanheng_web.catalogue.factors import selectors, services
from tanheng_web.catalogue.factors.uses import results_using
from tanheng_web.catalogue.models import FactorImport, FactorShelf, FactorVersion
from tanheng_web.catalogue.tests.factors import GOOD, batch_of, csv_of, published
from tanheng_web.inventory.models import FactorUse
from tanheng_web.inventory.services import run_execute_now
from tanheng_web.inventory.tests.world import month_fill, works_with_streams
from tanheng_web.organisations.models import Organisation

LATE = date(2026, 9, 1)


@pytest.fixture
def importer(world):
    return world.people["manager"]


@pytest.fixture
def reviewer(world):
    return world.people["admin"]


def test_a_published_factor_is_in_the_library_of_the_enterprise_and_no_other(world, importer, reviewer):
    published(world.works, importer, reviewer, GOOD)
    factor = selectors.library_for(world.works).get(f"own:{world.works.pk}:EL-2024")
    assert (str(factor.value), factor.unit, factor.version) == ("0.65", "tCO2/MWh", 1)
    assert factor.checked_by == str(reviewer)
    assert selectors.library_for(world.foreign) is packaged()
    assert selectors.library_for(world.group) is packaged()  # what a works published is not its group's


def test_a_group_s_factor_is_used_by_those_below_it(world, reviewer):
    root = world.people["superuser"]
    published(world.group, root, world.people["group_admin"], GOOD)
    assert selectors.library_for(world.works).versions(f"own:{world.group.pk}:EL-2024")
    assert not selectors.library_for(world.foreign).versions(f"own:{world.group.pk}:EL-2024")


def test_nothing_is_in_the_library_before_it_is_published(world, importer):
    batch = batch_of(world.works, importer, GOOD)
    services.factors_submit(batch=batch, by=importer)
    assert selectors.library_for(world.works) is packaged()
    assert FactorVersion.objects.get().status == "in_review"


def test_the_importer_does_not_review_unless_the_enterprise_allows_it(world, importer):
    batch = services.factors_submit(batch=batch_of(world.works, importer, GOOD), by=importer)
    with pytest.raises(InputError) as refused:
        services.factors_approve(batch=batch, by=importer)
    assert refused.value.code == "factor.self_review"
    Organisation.objects.filter(pk=world.works.pk).update(allow_self_approval=True)
    services.factors_approve(batch=FactorImport.objects.get(pk=batch.pk), by=importer)
    assert FactorVersion.objects.get().status == "published"


@pytest.mark.parametrize("name", ["reporter", "viewer", "verifier", "stranger"])
def test_who_may_not_import_or_review_is_refused(world, importer, name):
    with pytest.raises(PermissionDenied):
        services.factors_upload(organisation=world.works, name="a.csv", body=csv_of(GOOD), by=world.people[name])
    batch = services.factors_submit(batch=batch_of(world.works, importer, GOOD), by=importer)
    with pytest.raises(PermissionDenied):
        services.factors_approve(batch=batch, by=world.people[name])


def test_a_returned_import_is_handed_in_again_as_a_further_version(world, importer, reviewer):
    batch = services.factors_submit(batch=batch_of(world.works, importer, GOOD), by=importer)
    with pytest.raises(InputError):
        services.factors_return(batch=batch, by=reviewer, note="  ")
    batch = services.factors_return(batch=batch, by=reviewer, note="请附公告原文")
    services.factors_approve(batch=services.factors_submit(batch=batch, by=importer), by=reviewer)
    assert list(FactorVersion.objects.values_list("version", "status")) == [(1, "returned"), (2, "published")]
    assert selectors.library_for(world.works).get(f"own:{world.works.pk}:EL-2024").version == 2


def test_a_file_with_faults_tells_all_and_hands_in_the_good_rows(world, importer, reviewer):
    rows = [GOOD, GOOD | {"code": "B", "value": "650", "data_year": "2022", "published_on": "2024-12-20"},
            GOOD | {"code": "C", "document": "", "unit": "斤"}]  # fmt: skip
    batch = batch_of(world.works, importer, *rows)
    assert (batch.counts["good"], batch.counts["bad"]) == (1, 2)
    cells = {(row, column) for severity, row, column, _ in batch.findings if severity == "error"}
    assert {(3, "数值"), (4, "来源文件"), (4, "单位")} <= cells
    services.factors_approve(batch=services.factors_submit(batch=batch, by=importer), by=reviewer)
    assert [version.factor.code for version in FactorVersion.objects.all()] == ["EL-2024"]
    assert batch.file.size > 0  # nothing of the file is lost


@pytest.mark.parametrize("body", [b"\x00\x01\x02", b"a,b\n1,2\n", "编号,数值,单位\n".encode(), b"PK\x03\x04 no zip"])
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(world, importer, body):
    from django.core.files.base import ContentFile

    name = "x.xlsx" if body.startswith(b"PK") else "x.csv"
    batch = FactorImport(organisation=world.works, name=name, uploaded_by=importer)
    batch.file.save(name, ContentFile(body), save=True)
    batch = services.factors_check(batch=batch)
    assert batch.status == "refused" and batch.refusal


def test_a_published_version_cannot_be_without_reviewer(world, importer, reviewer):
    published(world.works, importer, reviewer, GOOD)
    with pytest.raises(IntegrityError), transaction.atomic():
        FactorVersion.objects.update(reviewed_by=None)


def test_what_changed_meanwhile_stops_the_review(world, importer, reviewer):
    """Two imports of the same purpose: the second to be reviewed overlaps with the first."""
    plain = {**GOOD, "supersedes": ""}
    first = services.factors_submit(batch=batch_of(world.works, importer, plain), by=importer)
    second = services.factors_submit(batch=batch_of(world.works, importer, plain | {"code": "OTHER"}), by=importer)
    services.factors_approve(batch=first, by=reviewer)
    with pytest.raises(InputError) as refused:
        services.factors_approve(batch=second, by=reviewer)
    assert refused.value.code == "factor.import_changed"


@pytest.fixture
def works(world):
    works_with_streams(world.works, world.people["superuser"])
    month_fill(world.works, Month(2025, 1), enter=world.people["reporter"], review=world.people["manager"])
    return world.works


def _electricity(run) -> float:
    return run.summary["sources"]["purchased_electricity"]["value"]


def test_a_run_uses_the_replacement_and_an_old_day_gives_the_old_result(works, importer, reviewer):
    before = run_execute_now(organisation=works, period="2025-01", by=importer)
    published(works, importer, reviewer, GOOD, today=LATE)
    after = run_execute_now(organisation=works, period="2025-01", by=importer)
    again = run_execute_now(organisation=works, period="2025-01", by=importer, as_of=date(2026, 8, 31))
    assert _electricity(after) == pytest.approx(90_000 * 0.65)
    assert _electricity(before) == _electricity(again) != _electricity(after)
    own = f"own:{works.pk}:EL-2024"
    assert FactorUse.objects.filter(run=after, factor_id=own, version=1).exists()
    assert list(results_using(works, own)) == []  # superseded by the run after it
    provenance = [entry for entry in after.open().data["provenance"] if entry.get("factor_id") == own]
    assert provenance[0]["supersedes"] == "average:regional:north:2023"


def test_a_new_version_replaces_the_old_one_from_its_day_on(works, importer, reviewer):
    published(works, importer, reviewer, GOOD, today=date(2026, 8, 1))
    published(works, importer, reviewer, GOOD | {"value": "0.66"}, today=LATE)
    library = selectors.library_for(works)
    own = f"own:{works.pk}:EL-2024"
    assert [str(factor.value) for factor in library.versions(own)] == ["0.65", "0.66"]
    assert str(library.get(own, date(2026, 8, 31)).value) == "0.65"
    assert str(library.get(own, LATE).value) == "0.66"
    run = run_execute_now(organisation=works, period="2025-01", by=importer)
    assert _electricity(run) == pytest.approx(90_000 * 0.66)
    assert [version.version for version in selectors.versions_of(works, library.get(own))] == [2, 1]


def test_lives_are_set_within_what_the_standard_allows(world, importer):
    services.lives_set(organisation=world.works, years={"fossil_fuel": 2, "upstream": 5}, soon_days=30, by=importer)
    life = selectors.life_for(world.works)
    assert (life.years["fossil_fuel"], life.years["upstream"], life.soon_days) == (2, 5, 30)
    assert life.years["electricity"] == 1
    with pytest.raises(OutOfRange):
        services.lives_set(organisation=world.works, years={"fossil_fuel": 4}, soon_days=None, by=importer)
    assert FactorShelf.objects.get(organisation=world.works).stamp


def test_every_change_is_in_the_log(world, importer, reviewer):
    from tanheng_web.common.models import AuditEntry

    published(world.works, importer, reviewer, GOOD)
    assert {"factor.submit", "factor.publish"} <= set(AuditEntry.objects.values_list("action", flat=True))
