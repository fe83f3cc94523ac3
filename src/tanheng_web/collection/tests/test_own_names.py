"""A workbook in the enterprise's own words: its names of materials and of units are read, in it alone."""

from io import BytesIO

import openpyxl
import pytest
from django.core.files.base import ContentFile

from tanheng.kernel.periods import Period
from tanheng_web.catalogue.materials.services import material_add
from tanheng_web.catalogue.units.services import alias_set
from tanheng_web.collection import selectors, services
from tanheng_web.collection.models import ActivityValue
from tanheng_web.collection.workbook.template import write_template

pytestmark = pytest.mark.django_db


@pytest.fixture
def own_stream(plant):
    own = material_add(
        organisation=plant.works,
        by=plant.manager,
        zh="兰炭末",
        like="other_coal_products",
        unit="t",
        aliases=["半焦粉"],
    )
    return services.stream_add(
        by=plant.manager, organisation=plant.works, material=f"own:{own.pk}", role="fuel", components=["quantity"]
    )


def filled(plant, stream, material: str, unit: str) -> bytes:
    """The plant's template with one row, its material and unit as somebody of the plant writes them."""
    book = openpyxl.load_workbook(
        BytesIO(write_template(selectors.template_spec(plant.works, Period.parse("2025-07"))))
    )
    for sheet in book.worksheets:
        heads = {str(cell.value).split("\n")[0]: cell.column for cell in sheet[1]}
        for row in range(2, sheet.max_row + 1):
            if sheet.cell(row, 2).value == stream.code and "物料" in heads:
                sheet.cell(row, heads["物料"]).value = material
                sheet.cell(row, heads["单位"]).value = unit
                sheet.cell(row, heads["数量"]).value = 12.5
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def checked(plant, content: bytes):
    book, _new = services.workbook_upload(
        by=plant.reporter, organisation=plant.works, file=ContentFile(content), name="七月.xlsx"
    )
    services.workbook_check_now(workbook=book)
    book.refresh_from_db()
    return book


def test_own_names_of_material_and_unit_are_read(plant, own_stream):
    alias_set(organisation=plant.works, by=plant.manager, alias="大吨", unit="1e4t")
    book = checked(plant, filled(plant, own_stream, "半焦粉", "大吨"))
    assert (book.counts["errors"], book.counts["good"]) == (0, 1)
    services.workbook_confirm_now(by=plant.reporter, workbook=book)
    assert float(ActivityValue.objects.get(stream=own_stream).value) == 125_000


def test_a_name_nobody_gave_is_refused(plant, own_stream):
    book = checked(plant, filled(plant, own_stream, "半焦粉末", "大吨"))
    assert book.counts["errors"] > 0
