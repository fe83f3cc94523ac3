"""Pages of 重算: factors in use, affected results, old and new, the decision."""

from datetime import date

import pytest
from django.urls import reverse

from tanheng_web.common.models import Job
from tanheng_web.inventory import services
from tanheng_web.inventory.models import FactorUse, Recalculation
from tanheng_web.inventory.recalculation.execution import recalculation_compute, recalculation_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def old(works, world):
    """A result that knows the factors of 2023 only."""
    return services.run_execute_now(
        organisation=works, period="2025-01..2025-02", by=world.people["manager"], as_of=date(2023, 6, 30)
    )


def _url(name, works, *more):
    return reverse(f"inventory:{name}", args=[works.pk, *more])


def _carry_out(task):
    job = Job.objects.latest("pk")
    task.func(job.pk, **job.kwargs)


def test_from_the_factor_to_the_new_result(works, old, sign_in):
    client = sign_in("manager")
    page = client.get(_url("recalculations", works))
    (factor,) = [each for each in page.context["factors"] if each.results]
    assert factor.id in page.content.decode()
    listed = client.get(_url("recalculation-new", works), {"factor": factor.id})
    assert [run.pk for run in listed.context["runs"]] == [old.pk]
    answer = client.post(
        _url("recalculation-new", works) + f"?factor={factor.id}",
        {"runs": [old.pk], "as_of": "2026-06-30", "note": "电网因子更新"},
    )
    made = Recalculation.objects.get()
    assert answer.url == _url("recalculation", works, made.pk)
    _carry_out(recalculation_compute)
    html = client.get(answer.url).content.decode()
    assert "采纳新结果" in html and "按排放源的差异" in html and "按月份的差异" in html
    assert client.post(_url("recalculation-decide", works, made.pk), {"decision": "accept"}).status_code == 302
    _carry_out(recalculation_post)
    html = client.get(answer.url).content.decode()
    assert "已记账" in html and "采纳新结果" not in html
    (item,) = made.items.all()
    assert client.get(_url("run", works, item.new_run_id)).status_code == 200
    assert FactorUse.objects.filter(run=item.new_run).exclude(factor_id=factor.id).exists()


def test_faults_are_sentences(works, old, sign_in):
    client = sign_in("manager")
    new = _url("recalculation-new", works)
    none = client.post(new, {"as_of": "2026-06-30"})
    assert none.status_code == 422 and "请至少勾选一份结果" in none.content.decode()
    assert client.post(new, {"runs": [old.pk], "as_of": "昨天"}).status_code == 422
    assert client.post(new, {"runs": ["999999"]}).status_code == 422
    client.post(new, {"runs": [old.pk]})
    assert "正在另一次重算中" in client.get(new).content.decode()
    made = Recalculation.objects.get()
    decide = _url("recalculation-decide", works, made.pk)
    early = client.post(decide, {"decision": "accept"})
    assert early.status_code == 422 and "不能再决定" in early.content.decode()
    assert client.post(decide, {"decision": "x"}).status_code == 400
    assert client.post(decide, {"decision": "discard"}).status_code == 302


def test_a_foreign_recalculation_is_not_found(works, old, world, sign_in):
    made = Recalculation.objects.create(organisation=works, created_by=world.people["manager"])
    client = sign_in("stranger")
    assert client.get(_url("recalculation", works, made.pk)).status_code == 404
    assert client.get(_url("recalculation", world.foreign, made.pk)).status_code == 404


def test_who_may_only_look_sees_the_factors_and_orders_nothing(works, old, world, sign_in):
    client = sign_in("group_viewer")
    page = client.get(_url("recalculations", works))
    assert [factor.results for factor in page.context["factors"]] == [1]
    assert client.get(_url("recalculation-new", works), {"factor": "a\0b"}).status_code == 403
