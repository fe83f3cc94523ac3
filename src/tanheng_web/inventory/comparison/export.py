"""A comparison as a workbook: numbers are numbers, every reason in words beside its share."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from tanheng_web.inventory.comparison.presentation import Compared, Row

__all__ = ["workbook"]

SAFE = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def workbook(compared: Compared) -> bytes:
    """Return the xlsx file: the whole, sources and streams with reasons, indicators, processes."""
    import xlsxwriter

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, SAFE)
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    formats = {"head": head, "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
               "number": book.add_format({"num_format": "#,##0.00", "valign": "top"}),
               "fine": book.add_format({"num_format": "#,##0.0000", "valign": "top"})}  # fmt: skip
    names = list(compared.names)
    _sheet(book, formats, "总量与原因", ["项目", *names, "差异 tCO2e", "说明"], _whole(compared))
    _sheet(
        book, formats, "排放源与源流", ["排放源", "源流", *names, "差异 tCO2e", "原因类别", "原因"], _streams(compared)
    )
    _sheet(
        book,
        formats,
        "指标",
        ["指标", *names, "差异", "单位"],
        [[*_sides(r), r.before.unit] for r in compared.indicators],
        "fine",
    )
    _sheet(book, formats, "工序", ["工序", *names, "差异 tCO2e"], [_sides(row) for row in compared.processes])
    if compared.drivers:
        rows = [[d.label, d.activity.value, d.intensity.value, d.change.value] for d in compared.drivers]
        _sheet(book, formats, "产量与强度", ["项目", "产量变化", "强度变化", "合计"], rows)
    book.close()
    return file.getvalue()


def _whole(compared: Compared) -> Iterable[Sequence[Any]]:
    yield [*_sides(compared.total), f"{compared.one.label}；{compared.two.label}"]
    for reason in compared.kinds:
        yield [reason.kind_zh, None, None, reason.figure.value, ""]


def _streams(compared: Compared) -> Iterable[Sequence[Any]]:
    for source in compared.sources:
        row = source.row
        yield [row.label, "合计", row.before.value, row.after.value, row.change.value, "", ""]
        for stream in source.streams:
            yield [row.label, stream.label, stream.before.value, stream.after.value, stream.change.value, "", ""]
            for reason in stream.reasons:
                yield [row.label, stream.label, None, None, reason.figure.value, reason.kind_zh, reason.text]
    for reason in compared.rest:
        yield ["", "", None, None, reason.figure.value, reason.kind_zh, reason.text]


def _sides(row: Row) -> list[Any]:
    return ["　" * row.depth + row.label, row.before.value, row.after.value, row.change.value]


def _sheet(
    book: Any,
    formats: dict[str, Any],
    name: str,
    heads: list[str],
    rows: Iterable[Sequence[Any]],
    number: str = "number",
) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    widths = [len(head) * 2 for head in heads]
    for column, text in enumerate(heads):
        sheet.write_string(0, column, text, formats["head"])
    for line, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(line, column, value, formats["wrap"])
                widths[column] = max(widths[column], min(70, len(value) * 2))
            elif value is not None:
                sheet.write_number(line, column, value, formats[number])
    for column, width in enumerate(widths):
        sheet.set_column(column, column, max(14, min(70, width)))
