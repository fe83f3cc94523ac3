"""What a copied standard is made of, changed in forms: sources, the place of a material, rounding, GWP, indicators."""

import pytest
from django.urls import reverse

from tanheng.accounting.run import run
from tanheng.kernel.errors import InputError
from tanheng.reporting.content import Entity, ReportContent
from tanheng.rules.gwp_sets import published_gwp
from tanheng.rules.package_copy import checked_copy, data_of
from tanheng.rules.package_copy_rules import rule_put, takers
from tanheng_web.catalogue.standards import cases, publishing, services
from tanheng_web.catalogue.tests.copies import copied

SOURCE = {
    "id": "lime_kiln", "zh": "石灰窑补充排放", "sign": "1", "gas": "CO2", "formula": "flux", "role": "reagent",
    "materials": ["limestone"], "basis": "net_consumption", "move": "on", "subtotals": ["direct"], "doc": "内部规程",
    "reason": "脱硫用石灰石单列", "revision": 0,
}  # fmt: skip


@pytest.fixture
def copy(world):
    return copied(world.works, world.people["manager"])


@pytest.fixture
def post(world, copy, sign_in):
    """Send a form of the copy."""

    def sent(name, data, **values):
        page = reverse(f"catalogue:{name}", kwargs={"org": world.works.pk, "copy": copy.pk, **values})
        answer = sign_in("manager").post(page, data)
        copy.refresh_from_db()
        return answer

    return sent


def text_of(copy) -> dict:
    return data_of(copy.files, "standard.yaml")


def standard_of(copy):
    return checked_copy(copy.files, publishing.folder_of(copy))


def result_of(copy, case="cases/eaf_works.yaml"):
    standard = standard_of(copy)
    found = cases.case_of(copy.files, case)
    return standard, run(standard, found.stream_set, period=found.period, as_of=found.as_of, title=found.title)


def test_a_new_source_takes_its_material_is_summed_and_stands_in_the_report(copy, post):
    answer = post("copy-source-new", SOURCE)
    assert answer.status_code == 302, answer.context["form"].errors
    standard, result = result_of(copy)
    assert "lime_kiln" in standard.sources and "lime_kiln" in standard.subtotals["direct"].sources
    assert "limestone" not in [m for rule in text_of(copy)["sources"]["flux"]["take"] if rule["role"] == "reagent"
                               for m in rule["materials"]]  # fmt: skip
    content = ReportContent.build(result, standard, Entity(name="示范钢铁"))
    assert "石灰窑补充排放" in str(content.attached)
    assert all(each["holds"] for each in services.cases_check(copy=copy)["cases"])


def test_a_rule_that_would_never_come_into_play_is_refused(copy, post):
    given = {key: value for key, value in SOURCE.items() if key != "move"}
    answer = post("copy-source-new", given)
    assert answer.status_code == 422 and "永远轮不到它" in answer.content.decode()
    assert copy.revision == 0


def test_a_formula_of_another_gas_is_said_at_its_field(copy, post):
    answer = post("copy-source-new", {**SOURCE, "formula": "heat", "gas": "CO2"})
    assert answer.status_code in (302, 422)
    wrong = post("copy-source-new", {**SOURCE, "id": "flux"})
    assert wrong.status_code == 422 and "已有同编号" in wrong.content.decode()


def test_a_material_is_put_into_a_source_or_declared_not_counted(copy, post):
    given = {"role": "flux", "materials": ["quicklime"], "basis": "net_consumption", "revision": 0, "reason": "试"}
    refused = post("copy-place", {**given, "place": "flux"})
    assert refused.status_code == 302  # what is not counted is asked last: the source now takes it
    assert takers(text_of(copy), "flux", ["quicklime"])[0].place == "flux"
    back = post("copy-place", {**given, "place": "not_counted", "revision": 1})
    assert "必须写明理由" in back.content.decode()
    moved = {**given, "place": "not_counted", "why": "边界外已分解", "move": "on", "revision": 1}
    assert post("copy-place", moved).status_code == 302
    assert {each.place for each in takers(text_of(copy), "flux", ["quicklime"])} == {"not_counted"}
    assert all(each["holds"] for each in services.cases_check(copy=copy)["cases"])


def test_a_source_is_not_left_without_a_rule(copy):
    text = text_of(copy)
    rule = {"role": "electricity", "materials": ["electricity", "green_electricity"], "basis": "quantity"}
    with pytest.raises(InputError) as refused:
        rule_put(text, "flux", rule, move=True)
    assert refused.value.code == "copy.source_emptied" and "电力" in refused.value.zh()


def test_rounding_line_by_line_changes_results_and_breaks_cases(copy, post):
    _standard, before = result_of(copy)
    answer = post("copy-rounding", {"level": "line", "decimals": 0, "new_quantity": "carbon_content",
                                    "new_decimals": 3, "reason": "与报告一致", "revision": 0})  # fmt: skip
    assert answer.status_code == 302
    standard, after = result_of(copy)
    assert dict(standard.rounding.parameters) == {"carbon_content": 3}
    assert float(after.data["total"]["value"]).is_integer() and after.data["total"] != before.data["total"]
    given = {"level": "line", "decimals": 0, "parameter_carbon_content": "", "reason": "撤销", "revision": 1}
    assert post("copy-rounding", given).status_code == 302
    assert not standard_of(copy).rounding.parameters
    assert post("copy-rounding", {**given, "decimals": 99, "revision": 2}).status_code == 422


def test_a_published_gwp_set_is_chosen_with_its_gases(copy, post):
    given = {"set": "IPCC-AR5", "gases": ["CO2", "CH4"], "reason": "计甲烷", "revision": 0}
    assert post("copy-gwp", given).status_code == 302
    gwp = standard_of(copy).gwp
    assert (gwp.set, gwp.values) == ("IPCC-AR5", {"CO2": 1, "CH4": 28}) and gwp.source.evidence == "enterprise"
    assert "必须包含 CO2" in post("copy-gwp", {**given, "gases": ["CH4"], "revision": 1}).content.decode()
    assert set(published_gwp()) >= {"IPCC-SAR", "IPCC-AR4", "IPCC-AR6"}


def test_an_indicator_is_added_counted_changed_and_taken_out(copy, post):
    given = {
        "id": "direct_intensity", "zh": "吨钢直接排放", "numerator": "direct", "role": "product",
        "materials": ["crude_steel"], "basis": "output", "unit": "tCO2e/t", "decimals": 4, "reason": "考核",
        "revision": 0,
    }  # fmt: skip
    assert "应能换算为" in post("copy-indicator-new", {**given, "unit": "tCO2e/GJ"}).content.decode()
    assert post("copy-indicator-new", given).status_code == 302
    _standard, result = result_of(copy)
    direct, steel = result.data["indicators"]["direct_intensity"]["value"], result.data["indicators"]["intensity"]
    assert direct is not None and direct < steel["value"]
    again = post("copy-indicator-new", {**given, "revision": 1})
    assert "已有同编号的指标" in again.content.decode()
    changed = {**given, "zh": "直接强度", "revision": 1}
    assert post("copy-indicator", changed, indicator="direct_intensity").status_code == 302
    assert text_of(copy)["indicators"]["direct_intensity"]["zh"] == "直接强度"
    gone = {**changed, "remove": "1", "revision": 2}
    assert post("copy-indicator", gone, indicator="direct_intensity").status_code == 302
    assert "direct_intensity" not in text_of(copy)["indicators"]
    assert post("copy-indicator", gone, indicator="direct_intensity").status_code == 404


def test_forms_name_quantities_in_chinese(world, copy, sign_in):
    page = reverse("catalogue:copy-rule", args=[world.works.pk, copy.pk, "flux", 0])
    text = sign_in("manager").get(page).content.decode()
    assert "低位发热量" in text and "低位发热量（" not in text
    overview = sign_in("manager").get(reverse("catalogue:copy", args=[world.works.pk, copy.pk])).content.decode()
    assert overview.count("<math") >= 5
