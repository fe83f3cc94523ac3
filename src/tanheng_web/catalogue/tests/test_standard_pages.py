"""Pages of standards: coverage, content, and editing a copy in forms."""

import pytest
from django.urls import reverse

from tanheng_web.catalogue.models import StandardCopy
from tanheng_web.catalogue.standards import services
from tanheng_web.catalogue.tests.copies import changed, copied, published

STEEL = "gbt_32151_5_2015"


def url(name: str, world, **values) -> str:
    return reverse(f"catalogue:{name}", kwargs={"org": world.works.pk, **values})


def formula_data(copy, **new) -> dict:
    """What the browser sends for the flux formula."""
    return {
        "revision": copy.revision, "formula": "flux", "zh": "熔剂消耗排放", "unit": "tCO2",
        "expr": "quantity * emission_factor", "equation": "发改办气候〔2013〕2526号 式(6)",
        "doc": "检测报告 2025-07", "start": "2016-06-01", "term_quantity": "t", "term_emission_factor": "tCO2/t",
        "reason": "按实测纯度", **new,
    }  # fmt: skip


def test_the_list_says_what_is_here_superseded_and_missing(world, sign_in):
    answer = sign_in("viewer").get(url("standards", world))
    text = answer.content.decode()
    assert "GB/T 32151.5-2015" in text and "尚未收录" in text and "二手来源，待核原文" in text
    assert "自有标准" not in text


def test_a_standard_shows_typeset_formulas_doubtful_sources_and_its_cases(world, sign_in):
    text = sign_in("viewer").get(url("standard", world, standard=STEEL)).content.decode()
    assert "<math" in text and "二手来源，待核原文" in text and "净消耗量" in text
    assert "不成立" not in text.split('id="cases"')[1]
    assert "复制并修改" not in text


def test_a_foreign_copy_is_not_there(world, sign_in):
    copy = published(world.foreign, world.people["stranger"], world.people["superuser"])
    client = sign_in("manager")
    assert client.get(url("standard", world, standard=copy.standard_id)).status_code == 404
    assert client.get(url("copy", world, copy=copy.pk)).status_code == 404
    assert copy.zh not in client.get(url("standards", world)).content.decode()


def test_copying_by_the_form_leads_to_the_copy(world, sign_in):
    client = sign_in("manager")
    given = {"zh": "内部方法", "short_zh": "内部", "name": "inner", "reason": "试用"}
    answer = client.post(url("copy-new", world, standard=STEEL), given)
    copy = StandardCopy.objects.get()
    assert answer.url == url("copy", world, copy=copy.pk)
    page = client.get(answer.url).content.decode()
    assert "算例全部成立" in page and "提交复核" in page
    again = client.post(url("copy-new", world, standard=STEEL), given)
    assert again.status_code == 422 and "已被使用" in again.content.decode()


def test_a_wrong_unit_is_said_at_its_field_and_not_saved(world, sign_in):
    copy = copied(world.works, world.people["manager"])
    client, address = sign_in("manager"), url("copy-formula", world, copy=copy.pk, formula="flux")
    answer = client.post(address, formula_data(copy, term_emission_factor="tC/t"))
    assert answer.status_code == 422
    form = answer.context["form"]
    assert "与词表不符" in form.errors["term_emission_factor"][0]
    assert "量纲不同" in form.errors["expr"][0]
    copy.refresh_from_db()
    assert copy.revision == 0
    saved = client.post(address, formula_data(copy))
    assert saved.url == url("copy", world, copy=copy.pk)
    copy.refresh_from_db()
    assert [row.place for row in copy.changes.all()] == ["公式 · 熔剂消耗排放 · 来源 · 来源文件"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"expr": "quantity * emission_factor"}, "单位相符"),
        ({"expr": "quantity + emission_factor"}, "不能相加减"),
        ({"expr": "__import__(1)"}, "不"),
        ({"expr": "quantity * emission_factor", "unit": "tC"}, "量纲不同"),
    ],
)
def test_the_preview_typesets_and_checks_while_typing(world, sign_in, given, said):
    copy = copied(world.works, world.people["manager"])
    answer = sign_in("manager").post(
        url("copy-formula-preview", world, copy=copy.pk) + "?part=terms", formula_data(copy, **given)
    )
    assert said in answer.content.decode()


def test_a_new_name_in_the_expression_asks_for_its_unit(world, sign_in):
    copy = copied(world.works, world.people["manager"])
    given = formula_data(copy, expr="quantity * emission_factor * purity")
    text = (
        sign_in("manager")
        .post(url("copy-formula-preview", world, copy=copy.pk) + "?part=terms", given)
        .content.decode()
    )
    assert 'name="term_purity"' in text and "纯度" in text


def test_a_cycle_is_refused_in_the_form(world, sign_in):
    copy = copied(world.works, world.people["manager"])
    given = formula_data(
        copy, id="ring", expr="emission_factor * purity", unit="tCO2/t", gives="emission_factor", term_purity="1"
    )
    answer = sign_in("manager").post(url("copy-formula-new", world, copy=copy.pk), given)
    assert answer.status_code == 422 and "永远算不出来" in answer.content.decode()


def test_a_default_without_source_is_refused_and_one_with_it_is_kept(world, sign_in):
    copy = copied(world.works, world.people["manager"])
    client, address = sign_in("manager"), url("copy-parameter", world, copy=copy.pk, table=0, row=9999)
    given = {
        "revision": 0, "quantity": "net_calorific_value", "material": "petroleum_coke", "value": "32.5", "unit": "GJ/t",
        "valid_from": "2016-06-01", "document": "", "reason": "补充",
    }  # fmt: skip
    assert "请填写来源文件" in client.post(address, given).content.decode()
    wrong = client.post(address, {**given, "document": "检测报告", "unit": "MWh"}).content.decode()
    assert "与词表不符" in wrong
    assert client.post(address, {**given, "document": "检测报告 2025-001"}).status_code == 302
    copy.refresh_from_db()
    assert "检测报告 2025-001" in copy.files["parameters/fuels.csv"]


def test_constants_sources_and_rules_are_changed_in_forms(world, sign_in):
    copy = copied(world.works, world.people["manager"])
    client = sign_in("manager")
    address = url("copy-constants", world, copy=copy.pk)
    initial = client.get(address).context["form"]
    given = {name: initial[name].value() or "" for name in initial.fields}
    assert (
        client.post(address, {**given, "constant_co2_per_carbon": "11/3", "reason": "约分", "revision": 0}).status_code
        == 302
    )
    extra = {**given, "constant_co2_per_carbon": "11/3", "reason": "加", "revision": 1, "new_name": "purity"}
    assert "添加常数时必填" in client.post(address, extra).content.decode()
    extra |= {"new_value": "0.98", "new_unit": "t", "new_doc": "检测报告"}
    assert "与词表不符" in str(client.post(address, extra).context["form"].errors["new_unit"])
    assert client.post(address, {**extra, "new_unit": "1"}).status_code == 302
    rule = url("copy-rule", world, copy=copy.pk, source="flux", number=0)
    given = {
        "role": "flux",
        "materials": ["limestone"],
        "basis": "net_consumption",
        "reason": "无白云石",
        "revision": 2,
    }
    assert client.post(rule, given).status_code == 302
    gone = url("copy-rule", world, copy=copy.pk, source="not_counted", number=0)
    initial = client.get(gone).context["form"]
    given = {name: initial[name].value() or "" for name in initial.fields} | {
        "reason": "改",
        "revision": 3,
        "remove": "1",
    }
    assert client.post(gone, given).status_code == 302
    named = url("copy-source", world, copy=copy.pk, source="flux")
    given = {"zh": "熔剂", "line_0": "electrode", "doc": "内部", "reason": "改名", "revision": 4}
    assert client.post(named, given).status_code == 302
    copy.refresh_from_db()
    assert copy.revision == 5
    page = client.get(url("copy", world, copy=copy.pk)).content.decode()
    assert "11/3" in page and "约分" in page and "不成立" in page


def test_old_and_new_expectations_stand_side_by_side(world, sign_in):
    manager = world.people["manager"]
    copy = changed(copied(world.works, manager), manager, ("flux", "expr"), "quantity * emission_factor * 2")
    broken = [n for n, each in enumerate(services.cases_check(copy=copy)["cases"]) if not each["holds"]]
    client, address = sign_in("manager"), url("copy-case", world, copy=copy.pk, number=broken[0])
    text = client.get(address).content.decode()
    assert "期望与结果" in text and "不符" in text and "算例的数据" in text
    assert client.post(address, {"reason": "双倍", "revision": copy.revision}).status_code == 422
    answer = client.post(address, {"reason": "双倍", "understood": "on", "revision": copy.revision})
    assert answer.status_code == 302
    assert copy.changes.filter(reason="双倍").exists()


def test_submitting_and_publishing_by_the_page(world, sign_in, client):
    copy = copied(world.works, world.people["manager"])
    act = url("copy-act", world, copy=copy.pk)
    sign_in("manager").post(act, {"act": "submit"})
    said = sign_in("manager").post(act, {"act": "publish"}, follow=True).content.decode()
    assert "须由另一位" in said
    assert "已发布" in sign_in("admin").post(act, {"act": "publish"}, follow=True).content.decode()
    page = client.get(url("standard", world, standard=copy.standard_id)).content.decode()
    assert copy.standard_id in page and "历史" in page
    assert sign_in("admin").post(act, {"act": "version", "reason": "改进"}, follow=True).status_code == 200
    assert StandardCopy.objects.get(version=2).status == "draft"


def test_a_packaged_case_reads_as_tables_and_holds(world, sign_in):
    """Streams, values, expected and found in words; the raw text is behind a fold and never all there is."""
    from tanheng.rules.package import load_standard
    from tanheng_web.catalogue.standards import cases
    from tanheng_web.catalogue.standards.views_cases import _tables

    for id in (STEEL, "cets_ag_04_01_v01_2024"):
        standard = load_standard(id)
        files = cases.packaged_files(standard.directory, id)
        for outcome in cases.packaged_outcomes(standard):
            tables = _tables(files, outcome.name, standard)
            assert tables and tables.flows, (id, outcome.name)
            assert all(row.holds and row.found for row in tables.expected), (id, outcome.name)
    page = sign_in("viewer").get(url("standard-case", world, standard=STEEL, number=0)).content.decode()
    assert "期望与结果" in page and "相符" in page and "原始文本" in page
    assert sign_in("viewer").get(url("standard-case", world, standard=STEEL, number=999)).status_code == 404


def test_a_case_says_the_difference_of_every_figure(world, sign_in):
    manager = world.people["manager"]
    copy = changed(copied(world.works, manager), manager, ("flux", "expr"), "quantity * emission_factor * 2")
    broken = [n for n, each in enumerate(services.cases_check(copy=copy)["cases"]) if not each["holds"]]
    tables = sign_in("manager").get(url("copy-case", world, copy=copy.pk, number=broken[0])).context["tables"]
    wrong = [row for row in tables.expected if row.holds is False]
    assert wrong and all(row.difference not in ("", "0") for row in wrong)
    assert any(row.holds for row in tables.expected)


def test_the_cases_of_an_own_standard_are_not_shown_beside_it(world, sign_in):
    """They may hold the owner's own figures, and a standard of the group is seen by every works below."""
    copy = published(world.works, world.people["manager"], world.people["admin"])
    assert sign_in("viewer").get(url("standard-case", world, standard=copy.standard_id, number=0)).status_code == 404
