"""Filling a template touches the cells that are meant and nothing else."""

import zipfile
from decimal import Decimal
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from tanheng.kernel.errors import InputError
from tanheng.kernel.periods import Period
from tanheng_web.collection.workbook.spec import StreamSpec, TemplateSpec
from tanheng_web.collection.workbook.template import write_template
from tanheng_web.demo.filling import fill

COAL = StreamSpec(
    "coal", "bituminous_coal", "烟煤", "fuel", "in", "t", components=("purchased",), values=("net_calorific_value",)
)


@pytest.fixture
def template():
    return write_template(TemplateSpec(1, "某企业", "", Period.parse("2025-01..2025-02"), (COAL,)))


def _rows(body):
    return CalamineWorkbook.from_filelike(BytesIO(body)).get_sheet_by_name("物料收支").to_python()


def test_numbers_and_remarks_stand_in_the_row_of_their_month(template):
    filled = fill(
        template, {("coal", "2025-02", "purchased"): Decimal("12.50"), ("coal", "2025-02", "note"): "已核实 <&>"}
    )
    head, january, february = _rows(filled)
    assert february[head.index("购入量")] == 12.5 and february[-1] == "已核实 <&>"
    assert january[head.index("购入量")] == ""


def test_other_parts_of_the_file_stay_byte_for_byte(template):
    filled = fill(template, {("coal", "2025-01", "net_calorific_value"): Decimal("20.123")})
    with zipfile.ZipFile(BytesIO(template)) as old, zipfile.ZipFile(BytesIO(filled)) as new:
        changed = [part for part in old.namelist() if old.read(part) != new.read(part)]
    assert len(changed) == 1 and changed[0].startswith("xl/worksheets/")


@pytest.mark.parametrize(
    "entry", [("coal", "2025-03", "purchased"), ("coke", "2025-01", "purchased"), ("coal", "2025-01", "sold")]
)
def test_what_has_no_cell_is_refused(template, entry):
    with pytest.raises(InputError, match=r"demo\.no_cell"):
        fill(template, {entry: Decimal(1)})
