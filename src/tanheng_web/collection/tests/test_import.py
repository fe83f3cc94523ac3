"""From the uploaded file to the data: a dry run writes nothing, a confirmation writes all good rows or none."""

from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from tanheng.kernel.errors import InputError
from tanheng.kernel.periods import Month, Period
from tanheng_web.collection import imports, selectors, services
from tanheng_web.collection.models import ActivityValue, MonthReport, Workbook
from tanheng_web.collection.tests.conftest import JULY, VALUES, fill
from tanheng_web.collection.workbook.template import write_template

pytestmark = pytest.mark.django_db


def template(plant, period="2025-07", changes=None) -> bytes:
    """The plant's template filled with VALUES, then with `changes` by (code, key)."""
    values = VALUES | (changes or {})
    book = openpyxl.load_workbook(BytesIO(write_template(selectors.template_spec(plant.works, Period.parse(period)))))
    for sheet in book.worksheets[1:-2]:
        heads = {str(cell.value).split("\n")[0]: cell.column for cell in sheet[1]}
        for row in range(2, sheet.max_row + 1):
            for key, head in {
                "quantity": "数量",
                "purchased": "购入量",
                "opening_stock": "期初库存量",
                "closing_stock": "期末库存量",
                "sold": "外销量",
                "used_outside": "主营业务外使用量",
            }.items():
                value = values.get((sheet.cell(row, 2).value, key))
                if value is not None and head in heads:
                    sheet.cell(row, heads[head]).value = value
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def uploaded(plant, content: bytes, name="七月.xlsx") -> Workbook:
    book, _new = services.workbook_upload(
        by=plant.reporter, organisation=plant.works, file=ContentFile(content), name=name
    )
    services.workbook_check_now(workbook=book)
    book.refresh_from_db()
    return book


def test_nothing_is_written_before_the_confirmation(plant):
    book = uploaded(plant, template(plant))
    assert (book.status, book.refusal, book.counts["good"], book.counts["errors"]) == ("checked", "", 6, 0)
    assert not ActivityValue.objects.exists() and not MonthReport.objects.exists()


def test_a_confirmation_writes_each_number_with_its_cell(plant):
    book = uploaded(plant, template(plant))
    assert services.workbook_confirm_now(by=plant.reporter, workbook=book) == len(VALUES)
    row = ActivityValue.objects.get(stream__code="E001", key="quantity")
    assert (row.value, row.sheet, row.cell, row.workbook) == (Decimal(70000), "电力热力", "H2", book)
    given = selectors.stream_set(plant.works, Period.parse("2025"), approved_only=False).records
    provenance = next(r for r in given if r.stream == "E001").quantity["quantity"].provenance
    assert (provenance["file"], provenance["sheet"], provenance["cell"], provenance["file_id"]) == (
        "七月.xlsx",
        "电力热力",
        "H2",
        book.pk,
    )


def test_bad_rows_are_kept_aside_and_good_ones_imported(plant):
    book = uploaded(plant, template(plant, changes={("E001", "quantity"): "七万"}))
    assert (book.counts["good"], book.counts["bad"]) == (5, 1)
    services.workbook_confirm_now(by=plant.reporter, workbook=book)
    assert not ActivityValue.objects.filter(stream__code="E001").exists()
    assert ActivityValue.objects.filter(stream__code="G001").exists()


def test_a_corrected_file_changes_only_what_differs(plant):
    services.workbook_confirm_now(by=plant.reporter, workbook=uploaded(plant, template(plant)))
    book = uploaded(plant, template(plant, changes={("E001", "quantity"): 70500}), "更正.xlsx")
    assert services.workbook_confirm_now(by=plant.reporter, workbook=book) == 1
    assert ActivityValue.objects.filter(stream__code="E001").count() == 2


def test_the_same_file_is_recognised(plant):
    content = template(plant)
    book = uploaded(plant, content)
    again, is_new = services.workbook_upload(
        by=plant.manager, organisation=plant.works, file=ContentFile(content), name="又一次.xlsx"
    )
    assert (again, is_new) == (book, False)
    services.workbook_confirm_now(by=plant.reporter, workbook=book)
    with pytest.raises(InputError) as caught:
        services.workbook_confirm_now(by=plant.reporter, workbook=book)
    assert caught.value.code == "workbook.already_confirmed"


def test_rows_of_locked_months_are_left_out_and_listed(plant):
    fill(plant, JULY)
    services.month_submit(by=plant.reporter, report=selectors.current_report(plant.works, JULY))
    book = uploaded(plant, template(plant, "2025"))
    texts = [row[5] for row in imports.unpacked(book)["faults"] if row[4] == "row.month_locked"]
    assert len(texts) == 4 and all("已提交待审核" in text for text in texts)
    assert book.counts["locked"] == 6
    services.workbook_confirm_now(by=plant.reporter, workbook=book)
    assert not ActivityValue.objects.filter(report__month=JULY.first_day, kind="workbook").exists()


def test_a_month_locked_after_the_dry_run_is_still_not_written(plant):
    book = uploaded(plant, template(plant))
    fill(plant, JULY)
    services.month_submit(by=plant.reporter, report=selectors.current_report(plant.works, JULY))
    services.workbook_confirm_now(by=plant.reporter, workbook=book)
    assert not ActivityValue.objects.filter(kind="workbook").exists()


def test_the_corrected_template_keeps_everything_and_marks_the_faults(plant):
    book = uploaded(
        plant, template(plant, changes={("E001", "quantity"): "七万", ("P001", "quantity"): "２６０，０００"})
    )
    marked = openpyxl.load_workbook(BytesIO(imports.marked(book)))
    cell = marked["电力热力"]["H2"]
    assert cell.value == "七万" and "不是数字" in cell.comment.text and cell.fill.fgColor.rgb == "FFFFC7CE"
    warned = marked["产品产量"]["H2"]
    assert warned.value == "２６０，０００" and warned.fill.fgColor.rgb == "FFFFEB9C"
    mended = BytesIO()
    cell.value = 70000
    marked.save(mended)
    assert uploaded(plant, mended.getvalue(), "改好.xlsx").counts["errors"] == 0


def test_another_enterprises_template_is_refused(plant):
    from tanheng_web.collection.tests.conftest import make_plant

    other = make_plant("另一家钢铁公司")
    book = uploaded(other, template(plant))
    assert book.status == "refused" and "示范钢铁有限公司" in book.refusal and "另一家钢铁公司" in book.refusal


def page_of(client, plant, book, person="reporter") -> str:
    client.force_login(getattr(plant, person))
    return client.get(reverse("collection:workbook", args=[plant.works.pk, book.pk])).content.decode()


def test_the_dry_run_tells_which_numbers_would_change_and_how(client, plant):
    fill(plant, JULY, skip={"G001"})
    changes = {("E001", "quantity"): 70500, ("P001", "quantity"): 250000}
    book = uploaded(plant, template(plant, changes=changes))
    assert (book.counts["changed"], book.counts["same"]) == (2, len(VALUES) - 3)
    page = page_of(client, plant, book)
    assert "将改动 2 个已有数值" in page and "70,000" in page and "70,500" in page
    assert ActivityValue.objects.get(stream__code="E001", is_current=True).value == 70000


def test_of_many_changes_all_are_counted_and_fifty_shown(client, plant):
    for number in range(1, 7):
        fill(plant, Month(2025, number))
    more = {place: value + 1 for place, value in VALUES.items()}
    book = uploaded(plant, template(plant, "2025", changes=more))
    assert book.counts["changed"] == 6 * len(VALUES)
    page = page_of(client, plant, book)
    assert f"将改动 {6 * len(VALUES)} 个已有数值" in page and "这里列出前 50 个" in page


def test_numbers_entered_after_the_dry_run_call_for_another(client, plant):
    book = uploaded(plant, template(plant))
    assert "确认导入 6 行" in page_of(client, plant, book) and "不会改动任何已有数值" in page_of(client, plant, book)
    fill(plant, JULY, skip={"G001"})
    page = page_of(client, plant, book)
    assert "检查之后有人填写了" in page and "确认导入" not in page.split("<h1>")[0]
    services.workbook_check_now(workbook=book)
    assert "检查之后有人填写了" not in page_of(client, plant, book)


def test_what_an_import_overwrote_stays_to_be_seen(client, plant):
    book = uploaded(plant, template(plant))
    values = {("E001", "quantity"): 69000}
    other = uploaded(plant, template(plant, changes=values), "另一份.xlsx")
    for each in (book, other):
        services.workbook_confirm_now(by=plant.reporter, workbook=each)
    other.refresh_from_db()
    assert (other.counts["written"], other.counts["changed"]) == (1, 1)
    page = page_of(client, plant, other)
    assert "改动了 1 个已有数值" in page and "70,000" in page and "69,000" in page


def test_rows_of_locked_months_lead_to_the_month(client, plant):
    fill(plant, JULY)
    services.month_submit(by=plant.reporter, report=selectors.current_report(plant.works, JULY))
    page = page_of(client, plant, uploaded(plant, template(plant, "2025")), "manager")
    month = reverse("collection:month", args=[plant.works.pk, JULY])
    assert "没有导入的行" in page and f"{month}#reopen-form" in page
