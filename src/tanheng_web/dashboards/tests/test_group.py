"""集团合并: holdings, both approaches, deliveries, gaps; and who may see and change them."""

import io
import re
from decimal import Decimal
from html import unescape

import docx
import openpyxl
import pytest
from django.core.exceptions import PermissionDenied

from tanheng.kernel.errors import Faults, InputError
from tanheng.kernel.periods import Month
from tanheng_web.dashboards.boundary.group_pages import consolidated
from tanheng_web.inventory.services import run_execute_now
from tanheng_web.inventory.tests.world import month_fill, works_with_streams
from tanheng_web.organisations.models import Holding, InternalTransfer, Organisation
from tanheng_web.organisations.services.holdings import (
    holding_add,
    holding_change,
    transfer_declare,
    transfer_withdraw,
)


@pytest.fixture
def group(world):
    """The works and a second one, both accounted for January 2025."""
    second = Organisation.objects.create(
        name="示范炼铁有限公司", parent=world.group, province="河北", standard="gbt_32151_5_2015"
    )
    by = world.people["superuser"]
    Organisation.objects.update(allow_self_approval=True)
    for organisation in (world.works, second):
        organisation.refresh_from_db()
        works_with_streams(organisation, by)
        month_fill(organisation, Month(2025, 1), enter=by, review=by)
        run_execute_now(organisation=organisation, period="2025-01", by=by)
    world.second = second
    return world


def hold(world, member, share, **more):
    values = {"owner": world.group, "member": member, "share": Decimal(str(share)), **more}
    return holding_add(group=world.group, by=world.people["group_admin"], **values)


def results(world):
    return {each.approach: each for each in consolidated(world.group, 2025).found}


def declare(world, organisation, counterparty, supplies, stream, quantity):
    return transfer_declare(
        organisation=organisation,
        by=world.people["superuser"],
        counterparty=counterparty,
        supplies=supplies,
        material="electricity",
        stream=stream,
        period="2025-01",
        quantity=Decimal(quantity),
        unit="MWh",
    )


def test_both_approaches_stand_side_by_side(world, group, sign_in):
    hold(world, world.works, 100)
    hold(world, world.second, 50, operational_control=False, kind="joint_venture")
    found = results(world)
    one = world.works.runs.get().total
    assert found["equity_share"].total == pytest.approx(1.5 * one)
    assert found["operational_control"].total == pytest.approx(one)
    text = sign_in("group_viewer").get(f"/o/{world.group.pk}/boundary/group/?period=2025").text
    for said in ("股权比例法", "运营控制法", "登记为没有控制权", "没有2025 年 2 月等 11 个月的结果", "内部往来抵销"):
        assert said in text
    assert f"/o/{world.second.pk}/results/{world.second.runs.get().pk}/figure/?a=total" in text


def test_a_delivery_declared_by_both_is_taken_out_once(world, group):
    hold(world, world.works, 100)
    hold(world, world.second, 100)
    before = results(world)["operational_control"].total
    first = declare(world, world.works, world.second, True, "el-out", 5000)
    lone = results(world)["operational_control"]
    assert lone.total == pytest.approx(before)
    assert any("只有供方申报" in text for text in lone.missing)
    declare(world, world.second, world.works, False, "el", 4000)
    both = results(world)["operational_control"]
    assert both.eliminations[0].quantity == 4000
    assert both.eliminations[0].transfer.difference == 1000
    assert both.total == pytest.approx(before)  # both sides reckon with the factor of one grid
    transfer_withdraw(transfer=first, by=world.people["superuser"])
    assert InternalTransfer.objects.get(pk=first.pk).withdrawn_by is not None


def test_a_company_without_result_is_a_gap(world, group, sign_in):
    third = Organisation.objects.create(name="新厂", parent=world.group, standard="gbt_32151_5_2015")
    for member in (world.works, world.second, third):
        hold(world, member, 100)
    found = results(world)["operational_control"]
    assert not found.complete
    assert any("“新厂”" in text and "没有核算结果" in text for text in found.missing)
    assert found.total == pytest.approx(world.works.runs.get().total * 2)


def test_without_holdings_nothing_is_assumed(world, group, sign_in):
    text = sign_in("group_admin").get(f"/o/{world.group.pk}/boundary/group/?period=2025").text
    assert "还没有登记持股与控制" in text


def test_shares_above_the_whole_and_circles_are_refused_on_the_form(world, sign_in):
    second = Organisation.objects.create(name="二厂", parent=world.group)
    hold(world, world.works, 60)
    client, url = sign_in("group_admin"), f"/o/{world.group.pk}/boundary/holdings/add/"
    values = {"owner": second.pk, "member": world.works.pk, "share": "40.0001", "kind": "subsidiary"}
    answer = client.post(url, values)
    assert answer.status_code == 422
    assert "超过 100%" in answer.text
    assert client.post(url, values | {"share": "40"}).status_code == 302
    answer = client.post(url, values | {"owner": world.works.pk, "member": second.pk, "share": "1"})
    assert answer.status_code == 422
    assert "成环" in answer.text
    assert client.post(url, values | {"share": "101"}).status_code == 422
    assert Holding.objects.count() == 2


def test_a_change_is_checked_like_a_new_one(world):
    second = Organisation.objects.create(name="二厂", parent=world.group)
    row = hold(world, world.works, 60)
    holding_add(group=world.group, by=world.people["group_admin"], owner=second, member=world.works, share=Decimal(40))
    with pytest.raises(Faults, match=r"consolidation\.above_whole"):
        holding_change(holding=row, by=world.people["group_admin"], share=Decimal("60.01"))
    holding_change(holding=row, by=world.people["group_admin"], share=Decimal(59))
    assert world.group.audit_entries.get(action="holding.change").data["share"] == ["60", "59"]


def test_what_is_outside_the_group_cannot_be_held_or_delivered_to(world):
    with pytest.raises(InputError, match=r"consolidation\.outside_group"):
        hold(world, world.foreign, 10)
    with pytest.raises(InputError, match=r"transfer\.counterparty"):
        declare(world, world.works, world.foreign, True, "el-out", 1)
    with pytest.raises(InputError, match=r"transfer\.quantity"):
        declare(world, world.works, world.group, True, "el-out", 0)


@pytest.mark.parametrize("person", ["admin", "manager", "group_viewer", "stranger"])
def test_holdings_are_the_groups_affair(world, person, sign_in):
    with pytest.raises(PermissionDenied):
        holding_add(group=world.group, by=world.people[person], owner=world.group, member=world.works, share=Decimal(1))
    answer = sign_in(person).post(f"/o/{world.group.pk}/boundary/holdings/add/", {})
    assert answer.status_code == (403 if person == "group_viewer" else 404)


def test_a_holding_of_another_group_is_404(world, sign_in):
    other = Organisation.objects.create(name="他集团", kind="group")
    member = Organisation.objects.create(name="他厂", parent=other)
    row = holding_add(group=other, by=world.people["superuser"], owner=other, member=member, share=Decimal(9))
    client = sign_in("group_admin")
    for path in (f"holdings/{row.pk}/", f"holdings/{row.pk}/remove/"):
        assert client.post(f"/o/{world.group.pk}/boundary/{path}", {}).status_code == 404
    assert Holding.objects.filter(pk=row.pk).exists()


def test_an_enterprise_declares_on_its_page_and_takes_back(world, group, sign_in):
    client, url = sign_in("reporter"), f"/o/{world.works.pk}/boundary/transfers/"
    values = {"counterparty": world.second.pk, "supplies": "out", "stream": "el-out", "period": "2025-01"}
    assert client.post(f"{url}add/", values | {"quantity": "abc"}).status_code == 422
    assert client.post(f"{url}add/", values | {"quantity": "1,000"}).status_code == 302
    assert client.post(f"{url}add/", values | {"quantity": "5"}).status_code == 422  # once is enough
    row = InternalTransfer.objects.get()
    assert (row.quantity, row.unit, row.material) == (1000, "MWh", "electricity")
    assert "示范炼铁" in client.get(url).text
    assert client.post(f"{url}{row.pk}/withdraw/").status_code == 302
    assert client.get(url).text.count("撤销</span>") == 1
    assert client.post(f"/o/{world.works.pk}/boundary/transfers/999999/withdraw/").status_code == 404


@pytest.mark.parametrize("path", ["data/", "results/", "data/streams/", "results/cut-off/", "results/per-product/"])
def test_a_group_is_told_that_it_has_no_data_of_its_own(world, sign_in, path):
    answer = sign_in("group_admin").get(f"/o/{world.group.pk}/{path}")
    assert answer.status_code == 403
    assert "是集团，没有自己的活动数据和核算结果" in answer.text
    assert sign_in("stranger").get(f"/o/{world.group.pk}/{path}").status_code == 404


def test_from_the_group_to_the_entered_cell_in_five_clicks(world, group, sign_in):
    """Link by link, as a person clicks: the group's page, then 数从何来 again and again, then the cell in the grid."""
    hold(world, world.works, 100)
    client = sign_in("group_viewer")
    pages, seen = [f"/o/{world.group.pk}/boundary/group/?period=2025"], set()
    for _clicks in range(6):  # the page itself, then five times further
        texts = [client.get(url).text for url in pages]
        if any("页面填报" in text and "录入" in text for text in texts):
            return
        links = {unescape(link) for text in texts for link in re.findall(r'href="(/o/[^"]*/figure/[^"]*)"', text)}
        pages = sorted(links - seen, key=lambda link: ("coal" not in link, link))[:12]
        seen |= links
    pytest.fail("no entered value within five clicks")


def test_the_report_holds_what_the_page_shows(group, sign_in):
    """Word and Excel: each member with its share, the total under every approach, what is left out and why."""
    hold(group, group.works, 60)
    hold(group, group.second, 30)
    declare(group, group.works, group.second, True, "el-out", "1")
    client, base = sign_in("group_admin"), f"/o/{group.group.pk}/boundary/group/"
    page = client.get(f"{base}?period=2025").text
    assert "report.docx?period=2025" in page and "report.xlsx?period=2025" in page
    word = client.get(f"{base}report.docx?period=2025")
    text = "".join(docx_texts(word.content))
    total = results(group)["equity_share"].total
    for wanted in (group.works.label, "示范炼铁有限公司", "不满足", "内部往来抵销", f"{total:,.2f}", "没有申报"):
        assert wanted in text, wanted
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{base}report.xlsx?period=2025").content))
    assert book.sheetnames == ["封面", "合并结果", "各家企业", "内部往来", "未纳入与缺失", "按排放源"]
    cells = [cell.value for row in book["合并结果"].iter_rows() for cell in row]
    assert any(isinstance(cell, float) and cell == pytest.approx(total) for cell in cells)


def test_an_enterprise_has_no_group_report(group, sign_in):
    answer = sign_in("manager").get(f"/o/{group.works.pk}/boundary/group/report.docx")
    assert answer.status_code == 302


def docx_texts(body):
    document = docx.Document(io.BytesIO(body))
    yield from (paragraph.text for paragraph in document.paragraphs)
    yield from (cell.text for table in document.tables for row in table.rows for cell in row.cells)
