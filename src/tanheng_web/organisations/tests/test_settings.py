"""企业设置: places, products, the standard and its change."""

import pytest

from tanheng_web.organisations.places import grid_parts, grids_of, is_elsewhere, provinces
from tanheng_web.organisations.standards import kind_choices, product_choices, standard_view

BASICS = {"name": "示范钢铁有限公司", "province": "河北"}


def url(world, path: str = "") -> str:
    return f"/o/{world.works.pk}/settings/{path}"


def test_places_come_from_the_table():
    assert grid_parts() == {"内蒙古": {"西部": "蒙西", "东部": "蒙东"}}
    assert "四川" in provinces()
    assert grids_of("四川") == {"西南"}, "not the grid it has left"
    assert "西藏" in provinces() and not grids_of("西藏")
    assert is_elsewhere(("西藏", ""), ("四川", "")) and not is_elsewhere(("西藏", ""), ("西藏", ""))


def test_the_part_is_asked_where_a_province_has_parts(world, sign_in):
    client = sign_in("manager")
    asked = 'data-shown-for="province=内蒙古"'
    assert f"{asked} hidden" in client.get(url(world)).text
    answer = client.post(url(world), BASICS | {"province": "内蒙古"})
    assert answer.status_code == 422
    assert f"{asked}>" in answer.text
    assert "请选择所在区域" in answer.text
    assert client.post(url(world), BASICS | {"province": "内蒙古", "grid_part": "东部"}).status_code == 302
    assert client.post(url(world), BASICS | {"grid_part": "东部"}).status_code == 302
    world.works.refresh_from_db()
    assert world.works.grid_part == "", "Hebei has no parts"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "请填写企业名称"),
        ("name", "长" * 121, "最多 120 个字符，现在有 121 个"),
        ("province", "火星", "不在列表中"),
        ("uscc", "91350100M000100Y44", "校验位"),
        ("industry_code", "炼钢", "如 C3120"),
        ("contact_phone", "<script>", "可含区号和分机"),
        ("ownership", "无", "不在列表中"),
    ],
)
def test_wrong_settings_are_said_and_kept(field, value, said, world, sign_in):
    answer = sign_in("manager").post(url(world), BASICS | {"address": "唐山路 1 号", field: value})
    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="唐山路 1 号"' in answer.text


def test_products_and_kinds_are_the_standards(world, sign_in):
    assert product_choices("gbt_32151_4_2015")[0] == ("aluminium", "原铝")
    assert ("ironmaking", "高炉炼铁") in kind_choices("gbt_32151_5_2015")
    assert product_choices("gone") == kind_choices("") == []
    client, page = sign_in("manager"), url(world, "accounting/")
    assert '<option value="crude_steel">粗钢</option>' in client.get(page).text
    data = {"main_product": "aluminium", "electricity_factor_level": "regional"}
    assert client.post(page, data).status_code == 422
    assert client.post(page, data | {"main_product": "crude_steel"}).status_code == 302


def test_the_standard_shows_its_doubt(world, sign_in):
    page = sign_in("viewer").get(url(world, "accounting/")).text
    shown = standard_view("gbt_32151_5_2015")
    for said in (shown.zh, "二手来源，待核原文", "2016-06-01 起施行", shown.note):
        assert said in page


def test_changing_the_standard_needs_a_yes(world, sign_in):
    client, page = sign_in("manager"), url(world, "accounting/standard/")
    assert "更换之后" in client.get(page).text
    asked = client.post(page, {"standard": "gbt_32151_4_2015"})
    assert asked.status_code == 422
    assert "再勾选确认" in asked.text
    assert 'value="gbt_32151_4_2015" checked' in asked.text
    world.works.main_product = "crude_steel"
    world.works.save()
    assert client.post(page, {"standard": "gbt_32151_4_2015", "confirmed": "on"}).status_code == 302
    world.works.refresh_from_db()
    assert (world.works.standard, world.works.main_product) == ("gbt_32151_4_2015", "")
    assert client.post(page, {"standard": "none", "confirmed": "on"}).status_code == 422
    assert sign_in("viewer").get(page).status_code == 403


def test_the_standard_is_not_changed_by_the_other_form(world, sign_in):
    data = {"standard": "gbt_32151_4_2015", "electricity_factor_level": "regional"}
    sign_in("manager").post(url(world, "accounting/"), data)
    world.works.refresh_from_db()
    assert world.works.standard == "gbt_32151_5_2015"
