"""操作日志: who may read it, what it says, filters, pages."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

import tanheng_web
from tanheng_web.accounts.services import member_roles_set
from tanheng_web.common import audit, audit_words
from tanheng_web.common.models import AuditEntry
from tanheng_web.organisations.services import organisation_change, process_add


@pytest.fixture
def entries(world):
    """A changed setting, a process, other roles."""
    by = world.people["superuser"]
    organisation_change(organisation=world.works, by=by, standard="gbt_32151_4_2015", contact_person="王五")
    process_add(organisation=world.works, by=world.people["manager"], name="炼铁")
    member_roles_set(organisation=world.works, by=by, user=world.people["viewer"], roles=["viewer", "reporter"])


def url(world) -> str:
    return f"/o/{world.works.pk}/settings/log/"


def test_entries_are_said_in_words(entries, world, sign_in):
    page = sign_in("admin").get(url(world)).text
    for said in (
        "修改企业设置",
        "钢铁 GB/T 32151.5-2015 → 铝冶炼 GB/T 32151.4-2015",
        "— → 王五",
        "查看者 → 填报员、查看者",
    ):
        assert said in page


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({}, 3),
        ({"kind": "process"}, 1),
        ({"q": "炼铁"}, 1),
        ({"q": "没有的"}, 0),
        ({"since": "2000-01-01", "until": "2000-12-31"}, 0),
        ({"since": f"{timezone.localdate():%Y-%m-%d}", "until": f"{timezone.localdate():%Y-%m-%d}"}, 3),
    ],
)
def test_it_is_filtered(query, count, entries, world, sign_in):
    answer = sign_in("manager").get(url(world), query)
    assert answer.context["page"].paginator.count == count
    assert answer.status_code == 200


def test_it_is_filtered_by_person(entries, world, sign_in):
    answer = sign_in("manager").get(url(world), {"by": world.people["manager"].pk})
    assert [row.entry.action for row in answer.context["rows"]] == ["process.add"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"since": "昨天"}, "2025-07-31 的形式"),
        ({"since": "2025-07-31", "until": "2025-07-01"}, "早于开始日期"),
        ({"by": "99999"}, "不在列表中"),
    ],
)
def test_wrong_filters_are_said(query, said, entries, world, sign_in):
    answer = sign_in("manager").get(url(world), query)
    assert answer.status_code == 422
    assert said in answer.text


def test_it_is_for_those_who_answer_and_shows_no_foreign_entry(entries, world, sign_in):
    audit.log(action="site.add", by=None, organisation=world.foreign, on=world.foreign)
    assert sign_in("reporter").get(url(world)).status_code == 403
    assert "外厂" not in sign_in("admin").get(url(world)).text
    above = sign_in("group_admin").get(f"/o/{world.group.pk}/settings/log/")
    assert above.context["page"].paginator.count == 3, "a group sees what is below it"
    assert "外厂" not in above.text


def test_many_entries_come_in_pages_with_few_queries(entries, world, sign_in, django_assert_max_num_queries):
    rows = [
        AuditEntry(action="month.submit", by=world.people["reporter"], organisation=world.works) for _ in range(120)
    ]
    AuditEntry.objects.bulk_create(rows)
    AuditEntry.objects.update(at=timezone.now() - timedelta(days=1))
    client = sign_in("admin")
    with django_assert_max_num_queries(16):
        first = client.get(url(world), {"kind": "month"})
    assert "第 1 / 3 页" in first.text
    assert "?kind=month&amp;page=2" in first.text
    assert "第 3 / 3 页" in client.get(url(world), {"kind": "month", "page": "99"}).text


def test_every_action_of_the_code_has_words():
    written = set()
    for module in Path(tanheng_web.__file__).parent.rglob("*.py"):
        if "tests" not in module.parts:
            text = module.read_text(encoding="utf-8")
            written |= set(re.findall(r'action="([a-z_]+\.[a-z_]+)"', text))
            written |= set(re.findall(r'_logged\(\s*"([a-z_]+\.[a-z_]+)"', text))
    assert len(written) > 20
    assert written - set(audit_words.ACTIONS) == set(), "add these to common/audit_words.py"
