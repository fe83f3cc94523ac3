"""Workbooks for tests: a small enterprise, its template, and cells changed by hand."""

from io import BytesIO
from pathlib import Path

import openpyxl

from tanheng.kernel.periods import Period
from tanheng_web.collection.workbook.checked import Context
from tanheng_web.collection.workbook.checking import check
from tanheng_web.collection.workbook.faults import Findings
from tanheng_web.collection.workbook.reading import period_of, read, read_meta
from tanheng_web.collection.workbook.safety import inspect
from tanheng_web.collection.workbook.spec import StreamSpec, TemplateSpec
from tanheng_web.collection.workbook.template import write_template

BALANCE = ("purchased", "opening_stock", "closing_stock", "sold", "used_outside")
STREAMS = (
    StreamSpec(
        "M001",
        "coke",
        "焦炭",
        "fuel",
        "in",
        "t",
        components=BALANCE,
        values=("net_calorific_value", "carbon_content", "oxidation_factor"),
    ),
    StreamSpec(
        "M002",
        "natural_gas",
        "天然气",
        "fuel",
        "in",
        "1e4Nm3",
        components=("purchased",),
        values=("net_calorific_value",),
    ),
    StreamSpec("M003", "limestone", "石灰石", "flux", "in", "t", components=BALANCE),
    StreamSpec("P001", "crude_steel", "粗钢", "product", "out", "t"),
    StreamSpec("E001", "electricity", "电力", "electricity", "in", "MWh"),
    StreamSpec("E002", "steam", "蒸汽", "heat", "in", "t", values=("enthalpy", "temperature")),
    StreamSpec("G001", "coke", "焦炭", "fuel", "in", "t", process="炼铁/1号高炉"),
    StreamSpec(
        "G002",
        "bfg",
        "高炉煤气",
        "by_product",
        "out",
        "1e4Nm3",
        process="炼铁/1号高炉",
        values=("net_calorific_value",),
    ),
)
FILLED = {
    "M001": {
        "purchased": 100000.0,
        "opening_stock": 5000.0,
        "closing_stock": 5000.0,
        "sold": 0.0,
        "used_outside": 0.0,
        "net_calorific_value": 28.4,
    },
    "M002": {"purchased": 200.0, "net_calorific_value": 360.0},
    "M003": {"purchased": 20000.0, "opening_stock": 800.0, "closing_stock": 800.0, "sold": 0.0, "used_outside": 0.0},
    "P001": {"quantity": 260000.0},
    "E001": {"quantity": 70000.0},
    "E002": {"quantity": 3000.0, "enthalpy": 2800.0},
    "G001": {"quantity": 95000.0},
    "G002": {"quantity": 36000.0, "net_calorific_value": 33.0},
}


def spec(period: str = "2025", *, filled: bool = True, streams=STREAMS) -> TemplateSpec:
    span = Period.parse(period)
    values = {
        (code, str(month), key): value * (1 + 0.01 * month.month)
        if key not in ("net_calorific_value", "enthalpy", "opening_stock", "closing_stock")
        else value
        for code, keys in FILLED.items()
        for key, value in keys.items()
        for month in span.months
    }
    return TemplateSpec(7, "示范钢铁", "DEMO", span, streams, values if filled else {})


def workbook(
    path: Path, template: TemplateSpec | None = None, changes: dict[str, dict[str, object]] | None = None, edit=None
) -> Path:
    """Write a filled template; `changes` are cells by sheet and address; `edit(book)` does the rest."""
    content = write_template(template or spec())
    if changes or edit:
        book = openpyxl.load_workbook(BytesIO(content))
        for sheet, cells in (changes or {}).items():
            for cell, value in cells.items():
                book[sheet][cell] = value
        if edit:
            edit(book)
        book.save(path)
    else:
        path.write_bytes(content)
    return path


def found(path: Path, template: TemplateSpec | None = None, context: Context | None = None) -> Findings:
    """Inspect, read and check a file as the product does."""
    template = template or spec()
    inspection = inspect(path, path.name)
    meta = read_meta(path, path.name, organisation_id=7, organisation="示范钢铁")
    assert period_of(meta) == template.period
    return check(template, read(path, path.name, template, inspection), context or Context())
