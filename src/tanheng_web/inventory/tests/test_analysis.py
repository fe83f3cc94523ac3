"""工序分析 and 碳平衡: shown whole, sums kept, unknown contents and 其他 visible."""

from html import unescape

import pytest
from django.urls import reverse

from tanheng_web.inventory.analysis.pages import carbon_page, processes_page


def page(client, name, organisation, run, **asked) -> str:
    response = client.get(reverse(f"inventory:{name}", args=[organisation.pk, run.pk]), asked)
    assert response.status_code == 200
    return unescape(response.content.decode())


def test_every_sub_process_is_in_the_tree_with_its_share(works, run, sign_in):
    text = page(sign_in("manager"), "run-processes", works, run)
    for words in ("焦化", "1号高炉", "未分配", "其他", "占企业", "强度（按工序产量）"):
        assert words in text
    assert "process%3A%E7%84%A6%E5%8C%96" in text  # every value opens


def test_parts_of_the_tree_add_up(works, run):
    rows = processes_page(works, run, "")["drawn"].rows
    tops = [row for row in rows if not row.depth]
    assert sum(row.figure.value for row in tops) == pytest.approx(run.total)
    assert sum(row.share for row in tops) == pytest.approx(100)


def test_the_trend_of_a_chosen_part_is_drawn(works, run, sign_in):
    text = page(sign_in("manager"), "run-processes", works, run, p="焦化")
    assert "趋势：焦化" in text and 'data-chart="trend"' in text
    assert page(sign_in("manager"), "run-processes", works, run, p="没有的")


def test_the_coking_plant_has_an_intensity_by_its_coke(works, run):
    coking = next(row for row in processes_page(works, run, "")["drawn"].rows if row.path == "焦化")
    assert coking.made.value == 2 * 88_000 and coking.intensity.value == pytest.approx(coking.figure.value / 176_000)


def test_the_carbon_of_every_process_closes_or_says_by_how_much(works, run, sign_in):
    text = page(sign_in("manager"), "run-carbon", works, run)
    for words in ("各工序的碳是否闭合", "闭合差占投入", "“其他”里有什么", 'data-chart="carbon"'):
        assert words in text


def test_other_is_opened_by_material_and_adds_up(works, run):
    context = carbon_page(works, run)
    assert sum(row.figure.value for row in context["others"]) == pytest.approx(context["other"].figure.value)


def test_the_imbalance_of_coke_is_shown_by_month(works, run):
    context = carbon_page(works, run)
    coke = next(row for row in context["drawn"].gases if row.label == "焦炭")
    assert coke.difference.value == pytest.approx(0) and context["gas_chart"] is not None


@pytest.mark.parametrize("name", ["run-processes", "run-carbon"])
def test_a_foreign_run_is_404(world, works, run, sign_in, name):
    url = reverse(f"inventory:{name}", args=[world.foreign.pk, run.pk])
    assert sign_in("stranger").get(url).status_code == 404
