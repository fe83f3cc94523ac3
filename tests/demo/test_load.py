"""The whole load through the product's own doors, stopped once on the way and taken up again."""

from decimal import Decimal

import pytest
from django.db import transaction
from django.test import override_settings

from tanheng.kernel.errors import InputError
from tanheng.kernel.periods import Month, Period
from tanheng.rules.package import load_standard
from tanheng_web.accounts.models import Membership, User
from tanheng_web.collection.models import ActivityValue, MonthReport, Workbook
from tanheng_web.collection.stream_sets import stream_set
from tanheng_web.common.models import AuditEntry
from tanheng_web.demo.load import accounts_text, is_complete, load, steps
from tanheng_web.demo.plants.parameters import plant_file
from tanheng_web.demo.setting_up import LOADER, company
from tanheng_web.inventory.models import Run
from tanheng_web.inventory.selectors import latest_run
from tanheng_web.organisations.models import Organisation, Process

PRIMARY = {"steel": "gbt_32151_5_2015", "aluminium": "gbt_32151_4_2015"}
AFTER_THE_FIRST_YEAR = 1 + next(n for n, step in enumerate(steps()) if "填写模板" in step.text)


class Stopped(Exception):
    """Somebody pulled the plug."""


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, tmp_path_factory):
    """Load, be stopped after the first imported year, load again; rolled back after the module."""
    files = tmp_path_factory.mktemp("files")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=files), transaction.atomic():
        told: list[tuple[int, int, str]] = []

        def stop_at_five(done, total, text):
            told.append((done, total, text))
            if done == AFTER_THE_FIRST_YEAR:
                raise Stopped

        with pytest.raises(Stopped):
            load(stop_at_five)
        before = list(ActivityValue.objects.order_by("pk").values_list("pk", flat=True))
        load(lambda done, total, text: told.append((done, total, text)))
        yield {"told": told, "before": before, "steps": len(steps())}
        transaction.set_rollback(True)


def _runs(plant: str, year: int):
    return Run.objects.filter(organisation=company(plant), first_month__year=year, standard=PRIMARY[plant])


def test_every_chosen_standard_is_accounted_without_a_gap_but_the_planned_one(loaded):
    for plant, years in plant_file("standards").items():
        for year, chosen in years.items():
            runs = {run.standard: run for run in Run.objects.current().filter(organisation=company(plant))
                    if str(run.first_month.year) == year}  # fmt: skip
            assert set(runs) == set(chosen)
            planned = plant == "aluminium" and year == "2025"
            assert all(run.is_complete != planned for run in runs.values()), (plant, year)
            assert latest_run(company(plant), int(year)) == runs[PRIMARY[plant]]


def test_a_stopped_load_goes_on_where_it_was(loaded):
    assert len(loaded["before"]) > 3000
    kept = ActivityValue.objects.filter(pk__in=loaded["before"], report__month__year=2023)
    assert kept.count() == len(loaded["before"])
    assert loaded["told"][-1][:2] == (loaded["steps"], loaded["steps"])
    assert is_complete()


def test_a_second_load_changes_nothing(loaded):
    counts = [model.objects.count() for model in (ActivityValue, MonthReport, Run, User, AuditEntry)]
    load(lambda done, total, text: None)
    assert counts == [model.objects.count() for model in (ActivityValue, MonthReport, Run, User, AuditEntry)]


def test_every_number_came_in_by_a_workbook(loaded):
    values = ActivityValue.objects.all()
    assert values.filter(kind="workbook", workbook__status="confirmed").exclude(cell="").count() == values.count()
    assert values.count() > 13_000
    assert Workbook.objects.exclude(status="confirmed").count() == 0


@pytest.mark.parametrize("plant", ["steel", "aluminium"])
def test_the_product_reads_what_the_plant_wrote(loaded, plant, request):
    model = request.getfixturevalue(plant)
    wanted = {(spec.code, str(month), key): value for spec, key, month, value in model.rows()}
    for row in plant_file(plant)["history"]["missing"]:
        del wanted[row["code"], row["month"], row["key"]]
    reports = MonthReport.objects.filter(organisation=company(plant)).exclude(status="superseded")
    entries = ActivityValue.objects.filter(report__in=reports, is_current=True)
    rows = entries.values_list("stream__code", "report__month", "key", "value")
    assert {(code, str(Month.of(day)), key): value for code, day, key, value in rows} == wanted


def test_two_people_stand_behind_every_approved_month(loaded):
    approved = MonthReport.objects.filter(status="approved")
    assert approved.count() == 71
    assert all(report.submitted_by_id != report.approved_by_id for report in approved)


def test_one_month_waits_and_one_value_is_missing(loaded):
    waiting = MonthReport.objects.get(status="submitted")
    assert (waiting.organisation, str(waiting.span)) == (company("aluminium"), "2025-12")
    run = _runs("aluminium", 2025).get()
    assert run.period == "2025-01..2025-11"
    assert not run.is_complete
    assert [(gap["stream"], gap["month"]) for gap in run.summary["gaps"]] == [("gasoline", "2025-11")]


def test_one_month_was_corrected_in_a_new_version(loaded):
    old, new = MonthReport.objects.filter(organisation=company("steel"), month="2024-05-01").order_by("version")
    assert (old.status, new.status, old.version, new.version) == ("superseded", "approved", 1, 2)
    assert "补充结算" in new.reason
    read = {"stream__code": "electricity-in", "key": "quantity", "is_current": True}
    assert new.entries.get(**read).value - old.entries.get(**read).value == Decimal(1800)
    runs = _runs("steel", 2024).order_by("pk")
    assert len(runs) == 2 and runs[1].total - runs[0].total == pytest.approx(1800 * 0.6361)


def test_results_are_those_of_the_model(loaded, steel_results, aluminium_results):
    for year, result in steel_results.items():
        run = _runs("steel", year).latest("pk")
        assert run.total == pytest.approx(result["total"]["value"], abs=1e-6)
        assert run.is_complete
    run = _runs("aluminium", 2024).get()
    assert run.total == pytest.approx(aluminium_results[2024]["total"]["value"], abs=1e-6)


def test_what_part_4_leaves_out_is_named_in_the_run(loaded):
    run = _runs("aluminium", 2024).get()
    found = {entry["values"]["id"] for entry in run.summary["warnings"] if entry["code"] == "standard.part_not_covered"}
    assert found == {"carbon_plant", "captive_power"}


def test_provenance_leads_to_a_cell_of_the_plants_own_file(loaded):
    streams = stream_set(company("steel"), Period.parse("2024-05"))
    given = next(r for r in streams.records if r.stream == "electricity-in").quantity["quantity"]
    assert given.provenance["file"] == "示范钢铁-2024-05-活动数据.xlsx"
    assert given.provenance["version"] == 2 and given.provenance["cell"]


def test_enterprises_people_and_processes(loaded):
    assert set(Organisation.objects.values_list("short_name", flat=True)) == {"示范集团", "示范钢铁", "示范铝业"}
    assert not Organisation.objects.filter(is_demo=False).exists()
    assert Process.objects.filter(organisation=company("steel"), parent=None).count() == 13
    assert load_standard(company("steel").standard).id == "gbt_32151_5_2015"
    for user in plant_file("people")["users"]:
        person = User.objects.get(username=user["username"])
        assert person.check_password(plant_file("people")["password"]) and user["username"] in accounts_text()
    group = User.objects.get(username="jituan")
    assert Organisation.objects.visible_to(group).count() == 3
    assert Organisation.objects.visible_to(User.objects.get(username="gangtie")).count() == 1


def test_nobody_can_log_in_as_the_loading_account(loaded):
    loader = User.objects.get(username=LOADER)
    assert not loader.has_usable_password()
    assert not Membership.objects.filter(user=loader).exists()


@pytest.mark.django_db
def test_a_database_with_a_real_enterprise_is_refused():
    Organisation.objects.create(name="真实企业有限公司")
    with pytest.raises(InputError, match=r"demo\.not_demo"):
        load(lambda done, total, text: None)
    assert not User.objects.filter(username=LOADER).exists()
