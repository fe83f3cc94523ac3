"""Own materials, what a process may take, own names of units: in streams, forms and workbooks; refused where in use."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from tanheng.kernel.errors import InputError, UnitError
from tanheng.kernel.periods import Period
from tanheng_web.catalogue.materials import selectors, services
from tanheng_web.catalogue.materials.merging import material_merge
from tanheng_web.catalogue.materials.uses import uses_of
from tanheng_web.catalogue.models import MaterialRule, OwnMaterial
from tanheng_web.catalogue.units import services as units
from tanheng_web.catalogue.units.reading import read_unit
from tanheng_web.collection.models import EnterpriseValue, SourceStream
from tanheng_web.collection.selectors import stream_set
from tanheng_web.collection.services import stream_add
from tanheng_web.common.models import AuditEntry
from tanheng_web.common.own_names import names_of
from tanheng_web.organisations.services import process_add


def material(world, **given):
    values = {"zh": "兰炭末", "like": "other_coal_products", "unit": "t", "aliases": ["半焦粉"], **given}
    return services.material_add(organisation=world.works, by=world.people["manager"], **values)


def stream_of(world, own: OwnMaterial, **given):
    return stream_add(
        by=world.people["manager"], organisation=world.works, material=f"own:{own.pk}", role="fuel", **given
    )


def test_a_stream_of_an_own_material_is_accounted_as_what_it_is_like_under_its_own_name(world):
    own = material(world, carbon_content=Decimal("0.815"), carbon_source="检测报告 2025-07-001")
    stream = stream_of(world, own)
    assert (stream.material, stream.material_zh, stream.unit) == ("other_coal_products", "兰炭末", "t")
    declared = stream_set(world.works, Period.parse("2025"), approved_only=False)
    assert declared.declared[0].material_zh == "兰炭末"
    value = EnterpriseValue.objects.get(organisation=world.works)
    assert (value.material_zh, value.key, value.value, value.note) == (
        "兰炭末", "carbon_content_mass", Decimal("0.815"), "检测报告 2025-07-001",
    )  # fmt: skip
    assert declared.parameters[0].given.value == 0.815


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"zh": "焦炭"}, "own_material.catalogue"),
        ({"aliases": ["无烟煤"]}, "own_material.catalogue"),
        ({"like": "unobtainium"}, "own_material.like"),
        ({"unit": "MWh"}, "own_material.unit"),
        ({"carbon_content": Decimal("0.8")}, "own_material.carbon_source"),
        ({"carbon_content": Decimal("81.5"), "carbon_source": "报告"}, "own_material.carbon_range"),
    ],
)
def test_an_impossible_material_is_refused(world, given, code):
    with pytest.raises(InputError) as refused:
        material(world, **given)
    assert refused.value.code == code


def test_a_name_is_given_once(world):
    material(world)
    with pytest.raises(InputError) as refused:
        material(world, zh="半焦粉", aliases=[])
    assert refused.value.code == "own_material.taken"


def test_a_material_in_use_is_neither_deleted_nor_treated_otherwise_and_the_uses_are_listed(world):
    manager, own = world.people["manager"], material(world)
    stream = stream_of(world, own)
    with pytest.raises(InputError) as refused:
        services.material_remove(row=own, by=manager)
    assert stream.code in refused.value.zh() and "示范钢铁" in refused.value.zh()
    with pytest.raises(InputError):
        services.material_change(row=own, by=manager, zh="兰炭末", like="coke", unit="t", aliases=[])
    services.material_switch(row=own, by=manager, is_active=False)
    assert not selectors.own_materials(world.works).exists()
    stream.delete()
    services.material_remove(row=own, by=manager)
    assert not OwnMaterial.objects.exists()
    assert AuditEntry.objects.filter(action="material.remove").exists()


def test_streams_follow_a_new_name(world):
    own = material(world, carbon_content=Decimal("0.8"), carbon_source="报告")
    stream = stream_of(world, own)
    services.material_change(
        row=own, by=world.people["manager"], zh="兰炭粉", like=own.like, unit="t", aliases=["兰炭末"],
        carbon_content=own.carbon_content, carbon_source="报告",
    )  # fmt: skip
    stream.refresh_from_db()
    assert stream.material_zh == EnterpriseValue.objects.get().material_zh == "兰炭粉"


def test_a_material_of_the_group_serves_its_works_and_no_other(world):
    admin = world.people["group_admin"]
    own = services.material_add(organisation=world.group, by=admin, zh="集团型煤", like="other_coal_products", unit="t")
    assert list(selectors.own_materials(world.works)) == [own]
    assert not selectors.own_materials(world.foreign).exists()
    with pytest.raises(InputError):
        stream_add(by=world.people["stranger"], organisation=world.foreign, material=f"own:{own.pk}", role="fuel")


def test_the_template_of_the_standard_proposes_and_the_enterprise_adds_and_refuses(world):
    manager, own = world.people["manager"], material(world)
    before = {each.key for each in selectors.proposals(world.works, "sintering")}
    assert ("anthracite", None, "fuel", "in") in before
    rule = {"organisation": world.works, "by": manager, "kind": "sintering", "role": "fuel", "direction": "in"}
    services.rule_set(**rule, material="", own=own, use="proposed")
    services.rule_set(**rule, material="anthracite", use="refused")
    after = {each.key: each for each in selectors.proposals(world.works, "sintering")}
    assert after[("other_coal_products", own.pk, "fuel", "in")].zh == "兰炭末"
    assert after[("anthracite", None, "fuel", "in")].is_refused
    process = process_add(organisation=world.works, by=manager, name="烧结", kind="sintering")
    with pytest.raises(InputError) as refused:
        stream_add(by=manager, organisation=world.works, material="anthracite", role="fuel", process=process)
    assert refused.value.code == "own_material.refused"
    assert stream_of(world, own, process=process).process == process
    assert "工序物料规定" in " ".join(map(str, uses_of(own)))


def test_an_own_name_of_a_unit_is_read_in_this_enterprise_only(world):
    units.alias_set(organisation=world.works, by=world.people["manager"], alias="标立", unit="Nm3")
    with names_of(world.works):
        assert read_unit("标立") == read_unit(" 标 立 ") == "Nm3"
    with names_of(world.foreign), pytest.raises(UnitError):
        read_unit("标立")
    with pytest.raises(UnitError):
        read_unit("标立")


@pytest.mark.parametrize(
    ("alias", "unit", "code"),
    [
        ("吨", "kg", "alias.taken"),
        ("公吨", "t", "alias.taken"),
        ("t/d", "t", "alias.signs"),
        ("10车", "t", "alias.signs"),
        ("", "t", "alias.signs"),
        ("大车", "parsec", "unit.unknown"),
    ],
)
def test_a_name_that_clashes_or_confuses_is_refused(world, alias, unit, code):
    with pytest.raises(InputError) as refused:
        units.alias_set(organisation=world.works, by=world.people["manager"], alias=alias, unit=unit)
    assert refused.value.code == code


def test_an_own_name_keeps_its_dimension(world):
    given = {"organisation": world.works, "by": world.people["manager"], "alias": "大吨"}
    units.alias_set(**given, unit="t")
    assert units.alias_set(**given, unit="1e4t").unit == "1e4t"
    with pytest.raises(InputError) as refused:
        units.alias_set(**given, unit="GJ")
    assert refused.value.code == "alias.dimension"


@pytest.mark.parametrize("person", ["reporter", "verifier", "viewer"])
def test_only_those_with_the_right_change_materials_and_units(world, person):
    by = world.people[person]
    with pytest.raises(PermissionDenied):
        services.material_add(organisation=world.works, by=by, zh="兰炭", like="coke", unit="t")
    with pytest.raises(PermissionDenied):
        units.alias_set(organisation=world.works, by=by, alias="标立", unit="Nm3")


def url(name: str, world, **values) -> str:
    return reverse(f"catalogue:{name}", kwargs={"org": world.works.pk, **values})


def test_the_pages_add_change_list_uses_and_delete(world, sign_in):
    client = sign_in("manager")
    given = {"zh": "兰炭末", "like": "other_coal_products", "aliases": "半焦粉、焦末", "role": "fuel"}
    assert client.post(url("material-add", world), given).status_code == 302
    own = OwnMaterial.objects.get()
    assert own.aliases == ["半焦粉", "焦末"] and own.unit == "t"
    assert "兰炭末" in client.get(url("materials", world)).content.decode()
    again = client.post(url("material-add", world), given)
    assert again.status_code == 422 and "请换一个名称" in again.content.decode()
    stream_of(world, own)
    page = client.post(url("material-remove", world, material=own.pk), {"act": "remove"}, follow=True).content.decode()
    assert "使用之处" in page and "还有 1 处使用" in page
    stream = SourceStream.objects.get()
    assert f'href="{reverse("collection:stream", args=[world.works.pk, stream.pk])}"' in page


def test_the_stream_form_proposes_by_process_and_offers_own_materials(world, sign_in):
    manager, own = world.people["manager"], material(world)
    process = process_add(organisation=world.works, by=manager, name="烧结机", kind="sintering")
    add = reverse("collection:stream-add", args=[world.works.pk])
    text = sign_in("manager").get(add, {"process": process.pk}).content.decode()
    assert "本工序常用" in text and f'value="own:{own.pk}"' in text
    given = {"material": f"own:{own.pk}", "role": "fuel", "direction": "in", "process": process.pk}
    assert sign_in("manager").post(add, given).status_code == 302
    assert SourceStream.objects.get().material_zh == "兰炭末"


def test_the_mapping_page_sets_and_takes_away(world, sign_in):
    client = sign_in("manager")
    given = {"kind": "sintering", "material": "anthracite", "role": "fuel", "direction": "in", "use": "refused"}
    text = client.post(url("mapping-set", world), given, follow=True).content.decode()
    assert "取消规定" in text
    rule = MaterialRule.objects.get()
    client.post(url("mapping-remove", world, rule=rule.pk))
    assert not MaterialRule.objects.exists()


def test_the_page_of_units_converts_and_takes_own_names(world, sign_in):
    client = sign_in("manager")
    assert "36 GJ" in client.get(url("units", world), {"value": "1", "from": "万kWh", "to": "GJ"}).content.decode()
    refused = client.get(url("units", world), {"value": "1", "from": "t", "to": "GJ"}).content.decode()
    assert 'role="alert"' in refused
    answer = client.post(url("units", world), {"alias": "标立", "unit": "Nm3"}, follow=True).content.decode()
    assert "今后“标立”读作" in answer
    assert client.post(url("units", world), {"alias": "吨", "unit": "t"}).status_code == 422
    assert sign_in("viewer").post(url("units", world), {"alias": "方方", "unit": "m3"}).status_code == 403


def test_two_names_of_one_material_are_merged_and_nothing_is_lost(world):
    manager = world.people["manager"]
    one, two = material(world), material(world, zh="小焦", aliases=["焦末"])
    stream = stream_of(world, one)
    rule = {"organisation": world.works, "by": manager, "material": "", "role": "fuel", "direction": "in"}
    services.rule_set(**rule, kind="sintering", use="proposed", own=one)
    services.rule_set(**rule, kind="sintering", use="proposed", own=two)
    services.rule_set(**rule, kind="coking", use="refused", own=one)
    kept = material_merge(row=one, into=two, by=manager)
    stream.refresh_from_db()
    assert stream.material_zh == "小焦" and kept.aliases == ["焦末", "兰炭末", "半焦粉"]
    assert sorted(MaterialRule.objects.values_list("kind", "own")) == [("coking", two.pk), ("sintering", two.pk)]
    assert not OwnMaterial.objects.filter(pk=one.pk).exists()
    assert AuditEntry.objects.filter(action="material.merge").exists()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"like": "coke"}, "own_material.merge_like"),
        ({"carbon_content": Decimal("0.8"), "carbon_source": "报告"}, "own_material.merge_values"),
    ],
)
def test_a_merge_that_would_change_results_is_refused(world, given, code):
    one, two = material(world), material(world, zh="小焦", aliases=[], **given)
    stream_of(world, one)
    stream_of(world, two)
    with pytest.raises(InputError) as refused:
        material_merge(row=one, into=two, by=world.people["manager"])
    assert refused.value.code == code
    with pytest.raises(InputError):
        material_merge(row=one, into=one, by=world.people["manager"])


def test_the_page_merges_and_another_enterprise_s_material_is_not_there(world, sign_in):
    one, two = material(world), material(world, zh="小焦", aliases=[])
    stranger = world.people["stranger"]
    foreign = services.material_add(organisation=world.foreign, by=stranger, zh="外厂焦", like=one.like, unit="t")
    client = sign_in("manager")
    assert "合并到" in client.get(url("material", world, material=one.pk)).content.decode()
    assert client.post(url("material-merge", world, material=one.pk), {"into": foreign.pk}).status_code == 404
    assert client.post(url("material-merge", world, material=one.pk), {"into": two.pk}).status_code == 302
    assert OwnMaterial.objects.filter(organisation=world.works).get() == two


def test_a_row_of_the_matrix_is_changed_at_once(world, sign_in):
    client, page = sign_in("manager"), url("mapping-matrix", world)
    key = "anthracite|fuel|in"
    assert "sintering" in client.get(page, {"row": key}).content.decode()
    sent = client.post(page, {"row": key, "kind_sintering": "refused", "kind_coking": "proposed"}, follow=True)
    assert "已保存 2 处规定" in sent.content.decode()
    uses = {rule.kind: rule.use for rule in MaterialRule.objects.all()}
    assert uses == {"sintering": "refused", "coking": "proposed"}
    client.post(page, {"row": key, "kind_sintering": "", "kind_coking": "proposed"})
    assert MaterialRule.objects.get().kind == "coking"
    assert client.post(page, {"row": key, "kind_sintering": "whatever"}).status_code == 404
    assert sign_in("viewer").post(page, {"row": key, "kind_sintering": "refused"}).status_code == 403


def test_a_material_of_the_catalogue_says_how_each_standard_counts_it_and_where_it_is_used(world, sign_in):
    stream = stream_add(by=world.people["manager"], organisation=world.works, material="coke", role="fuel")
    text = sign_in("viewer").get(url("material-known", world, material="coke")).content.decode()
    assert "化石燃料燃烧排放" in text and stream.code in text and "净消耗量" in text
    assert sign_in("viewer").get(url("material-known", world, material="unobtainium")).status_code == 404
