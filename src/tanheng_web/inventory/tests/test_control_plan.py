"""数据质量控制方案: proposed from what is known, written, issued once, kept for ever."""

import io

import docx
import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from tanheng.kernel.errors import InputError
from tanheng.reporting.control_plan import plan_spec
from tanheng_web.common.models import Job
from tanheng_web.inventory.control_plan import printing, services
from tanheng_web.inventory.control_plan.answering import MOST_ROWS, read
from tanheng_web.inventory.models import ControlPlan
from tanheng_web.inventory.tests.world import works_with_streams

STEEL = "cets_ag_03_01_v01_2024"
pytestmark = pytest.mark.django_db


@pytest.fixture
def works(world):
    works_with_streams(world.works, world.people["superuser"])
    return world.works


@pytest.fixture
def manager(world):
    return world.people["manager"]


@pytest.fixture
def reporter(world):
    return world.people["reporter"]


@pytest.fixture
def plan(works, manager):
    return services.plan_draft(organisation=works, standard=STEEL, year=2026, by=manager)


def _url(name, *args):
    return reverse(f"inventory:{name}", args=args)


def _fields(section):
    return plan_spec().section(section).fields


def test_a_draft_is_filled_from_processes_and_streams(plan):
    sections = plan.answers["sections"]
    assert sections["unit"]["name"] == plan.organisation.name
    assert "1号高炉" in [row[1] for row in sections["boundary"]["facilities"]]
    names = [record["name"] for record in plan.answers["parameters"]]
    assert "废钢消耗量" in names and not [name for name in names if name.startswith("电力")]


def test_a_second_draft_is_refused_by_the_service_and_by_the_database(plan, manager):
    with pytest.raises(InputError, match=r"plan\.draft_exists"):
        services.plan_draft(organisation=plan.organisation, standard=STEEL, year=2026, by=manager)
    with pytest.raises(IntegrityError), transaction.atomic():
        ControlPlan.objects.create(
            organisation=plan.organisation, standard=STEEL, year=2026, version=9, created_by=manager, changed_by=manager
        )


def test_a_guide_of_another_industry_is_refused(works, manager):
    with pytest.raises(InputError, match=r"plan\.standard"):
        services.plan_draft(organisation=works, standard="cets_ag_04_01_v01_2024", year=2026, by=manager)


def test_a_reporter_may_read_and_not_write(plan, reporter):
    with pytest.raises(PermissionDenied):
        services.section_save(plan=plan, section="unit", answers={}, edits=0, by=reporter)


def test_the_later_of_two_writers_is_told(plan, manager):
    services.section_save(plan=plan, section="unit", answers={"name": "一"}, edits=0, by=manager)
    with pytest.raises(InputError, match=r"plan\.changed_meanwhile"):
        services.section_save(plan=plan, section="unit", answers={"name": "二"}, edits=0, by=manager)
    plan.refresh_from_db()
    assert plan.answers["sections"]["unit"] == {"name": "一"}


def test_an_issued_version_stays_and_a_revision_says_why(plan, manager):
    with pytest.raises(InputError, match=r"plan\.no_approver"):
        services.plan_issue(plan=plan, by=manager)
    services.section_save(plan=plan, section="header", answers={"approver": "王五"}, edits=0, by=manager)
    first = services.plan_issue(plan=plan, by=manager)
    with pytest.raises(InputError, match=r"plan\.issued"):
        services.section_save(plan=first, section="unit", answers={}, edits=1, by=manager)
    second = services.plan_draft(organisation=plan.organisation, standard=STEEL, year=2027, by=manager)
    assert second.version == 2 and "header" not in second.answers["sections"]
    assert second.answers["parameters"] == first.answers["parameters"]
    services.section_save(plan=second, section="header", answers={"approver": "王五"}, edits=0, by=manager)
    with pytest.raises(InputError, match=r"plan\.no_reason"):
        services.plan_issue(plan=second, by=manager)
    first.refresh_from_db()
    assert first.status == "issued" and first.answers["sections"]["header"]["approver"] == "王五"


def test_a_form_keeps_rows_and_drops_blank_ones():
    posted = {
        "duties-0-0": "能源部",
        "duties-0-1": "汇总",
        "duties-3-0": " ",
        "duties-5-2": "李四",
        "training": "每年\n一次\x07",
    }
    answers = read(_fields("control"), posted)
    assert answers["duties"] == [["能源部", "汇总", ""], ["", "", "李四"]]
    assert answers["training"] == "每年\n一次"


@pytest.mark.parametrize(
    ("section", "posted", "code"),
    [
        ("header", {"drawn_up_on": "2025-13-40"}, "plan.date"),
        ("unit", {"name": "长" * 201}, "plan.text_long"),
        ("control", {f"duties-{n}-0": "甲" for n in range(MOST_ROWS + 1)}, "plan.rows"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_item(section, posted, code):
    with pytest.raises(InputError) as caught:
        read(_fields(section), posted)
    assert caught.value.code == code and "{" not in caught.value.zh()


@pytest.mark.parametrize(
    ("typed", "said"), [("abc", "适用年度 “abc” 不对"), ("", "适用年度 未填"), ("1999", "适用年度 1999 不对")]
)
def test_a_year_that_is_none_is_named_as_it_was_typed(client, works, manager, typed, said):
    client.force_login(manager)
    page = client.post(_url("control-plan-draft", works.pk), {"standard": STEEL, "year": typed}, follow=True)
    assert said in page.content.decode() and not ControlPlan.objects.exists()


def test_the_pages_lead_from_nothing_to_a_word_file(client, works, manager):
    client.force_login(manager)
    home = _url("control-plan", works.pk)
    assert "按现有资料起草" in client.get(home).content.decode()
    client.post(_url("control-plan-draft", works.pk), {"standard": STEEL, "year": "2026"})
    plan = ControlPlan.objects.get(organisation=works)
    page = client.get(home).content.decode()
    assert "第 1 版草稿" in page and "废钢消耗量" in page
    form = _url("control-plan-section", works.pk, plan.pk, "header")
    refused = client.post(form, {"edits": "0", "drawn_up_on": "昨天", "approver": "王五"})
    assert refused.status_code == 422 and "王五" in refused.content.decode()
    client.post(form, {"edits": "0", "drawn_up_on": "2025-12-01", "approver": "王五"})
    client.post(_url("control-plan-issue", works.pk, plan.pk))
    plan.refresh_from_db()
    assert plan.status == "issued"
    body = client.get(_url("control-plan-file", works.pk, plan.pk)).content
    text = "\n".join(
        cell.text for table in docx.Document(io.BytesIO(body)).tables for row in table.rows for cell in row.cells
    )
    assert "王五" in text and "2025-12-01" in text and works.name in text
    assert client.get(form).status_code == 404, "an issued version has no form"


def test_parameters_are_added_opened_and_removed(client, plan, manager):
    client.force_login(manager)
    org, count = plan.organisation_id, len(plan.answers["parameters"])
    made = client.post(_url("control-plan-parameter-add", org, plan.pk), {"edits": "0"})
    assert made.url == _url("control-plan-parameter", org, plan.pk, count + 1)
    client.post(
        made.url,
        {"edits": "1", "name": "<b>皮带秤</b>", "kind": "活动数据", "meter-0-0": "皮带秤", "meter-0-4": "0.5 %"},
    )
    page = client.get(_url("control-plan-version", org, plan.pk)).content.decode()
    assert "&lt;b&gt;皮带秤&lt;/b&gt;" in page and "0.5 %" in page
    client.post(_url("control-plan-parameter-remove", org, plan.pk, count + 1), {"edits": "2"})
    plan.refresh_from_db()
    assert len(plan.answers["parameters"]) == count


def test_a_plan_of_another_enterprise_does_not_exist(client, plan, world):
    client.force_login(world.people["stranger"])
    assert client.get(_url("control-plan-version", plan.organisation_id, plan.pk)).status_code == 404


def test_a_pdf_is_written_by_a_job_and_found_by_its_own_enterprise(client, plan, manager, world):
    client.force_login(manager)
    client.post(_url("control-plan-print", plan.organisation_id, plan.pk))
    job = Job.objects.get(kind=printing.JOB)
    found = _url("control-plan-printed", plan.organisation_id, job.pk)
    assert client.get(found).status_code == 404, "not written yet"
    printing.print_execute.func(job.pk, plan_id=plan.pk)
    assert b"".join(client.get(found).streaming_content).startswith(b"%PDF-")
    client.force_login(world.people["stranger"])
    assert client.get(found).status_code == 404
