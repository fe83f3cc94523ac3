"""Pages of 重算: factors in use, affected results, old and new, the decision."""

from datetime import date

import pytest
from django.urls import reverse

from tanheng_web.catalogue.factors.services import shelf_restamp
from tanheng_web.catalogue.models import FactorVersion
from tanheng_web.catalogue.tests.factors import GOOD, published
from tanheng_web.common.models import Job
from tanheng_web.inventory import services
from tanheng_web.inventory.models import FactorUse, Recalculation
from tanheng_web.inventory.recalculation.execution import recalculation_compute, recalculation_post
from tanheng_web.inventory.recalculation.services import recalculation_create

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


@pytest.fixture
def replaced(works, world):
    """A result, and since then an own factor of the enterprise that takes the place of the grid factor it used."""
    run = services.run_execute_now(organisation=works, period="2025-01..2025-02", by=world.people["manager"])
    used = FactorUse.objects.get(run=run).factor_id
    published(works, world.people["manager"], world.people["admin"], GOOD | {"supersedes": used})
    return run, used


def test_a_factor_replaced_in_the_library_leads_to_its_results(works, replaced, world, sign_in):
    run, used = replaced
    client = sign_in("manager")
    (factor,) = client.get(_url("recalculations", works)).context["factors"]
    assert (factor.id, factor.state, factor.newer) == (used, "superseded", GOOD["zh"])
    listed = client.get(_url("recalculation-new", works), {"factor": used})
    assert GOOD["zh"] in listed.content.decode()
    client.post(_url("recalculation-new", works) + f"?factor={used}", {"runs": [run.pk], "as_of": ""})
    made = Recalculation.objects.get()
    assert made.replacements[0]["old"] == used and made.replacements[0]["value"] == "0.65"
    _carry_out(recalculation_compute)
    (item,) = made.items.all()
    assert item.old_total == run.total
    electricity = item.difference["groups"]["stream"]["el"]
    assert electricity["new"] == pytest.approx(2 * 90_000 * 0.65) != electricity["old"]
    client.post(_url("recalculation-decide", works, made.pk), {"decision": "accept"})
    _carry_out(recalculation_post)
    item.refresh_from_db()
    assert item.status == "posted" and item.new_run.posting.reasons == ["factor"] and item.new_run.as_of is None
    assert FactorUse.objects.filter(run=item.new_run, factor_id=f"own:{works.pk}:EL-2024").exists()


def test_a_factor_withdrawn_before_posting_is_not_posted(works, replaced, sign_in):
    run, used = replaced
    client = sign_in("manager")
    client.post(_url("recalculation-new", works) + f"?factor={used}", {"runs": [run.pk], "as_of": ""})
    _carry_out(recalculation_compute)
    FactorVersion.objects.update(status=FactorVersion.Status.RETURNED)
    shelf_restamp(works)
    made = Recalculation.objects.get()
    client.post(_url("recalculation-decide", works, made.pk), {"decision": "accept"})
    _carry_out(recalculation_post)
    (item,) = made.items.all()
    assert item.status == "refused" and "因子库又有变动" in item.fault
    run.refresh_from_db()
    assert run.superseded_at is None


def test_the_difference_is_told_in_words_and_standards_are_never_added(works, old, world, sign_in):
    manager = world.people["manager"]
    other = services.run_execute_now(
        organisation=works, period=old.period, by=manager, standard="iso_14064_1_2018", as_of=date(2023, 6, 30)
    )
    made = recalculation_create(organisation=works, runs=[old, other], by=manager, as_of=date(2026, 6, 30))
    _carry_out(recalculation_compute)
    page = sign_in("viewer").get(_url("recalculation", works, made.pk))
    items = {item.run_id: item for item in made.items.all()}
    said = page.context["sentences"]
    assert len(said) == 2 and all(sentence in page.content.decode() for sentence in said)
    own = next(sentence for sentence in said if old.standard_zh in sentence)
    change = items[old.pk].new_total - items[old.pk].old_total
    assert f"减少 {abs(change):,.2f}" in own and "“购入电力产生的排放”−" in own and "“输出电力产生的排放”+" in own
    groups, _count = page.context["groups"]["企业"]
    assert sorted(group.old for group in groups) == sorted(item.old_total for item in items.values())
