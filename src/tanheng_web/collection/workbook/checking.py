"""Check every row in one pass: keys by cached signature, numbers singly only where not plain, the rest by columns."""

from collections.abc import Callable, Mapping

from tanheng.kernel.periods import Month
from tanheng.kernel.units import compatible, convert
from tanheng_web.collection import vocabulary as words
from tanheng_web.collection.workbook import comparing
from tanheng_web.collection.workbook.cells import Problem, month_of, number_of, shown
from tanheng_web.collection.workbook.checked import Context, Row
from tanheng_web.collection.workbook.duplicates import mark_duplicates
from tanheng_web.collection.workbook.faults import ERROR, WARNING, Entry, Fault, Findings, address
from tanheng_web.collection.workbook.reading import ReadBook, ReadSheet, position
from tanheng_web.collection.workbook.rows import Identity, Signatures
from tanheng_web.collection.workbook.spec import TemplateSpec, key_at

__all__ = ["check"]

PROGRESS_ROWS = 5_000


def check(
    spec: TemplateSpec,
    book: ReadBook,
    context: Context,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Findings:
    """Find all faults and all good numbers of a workbook."""
    findings = Findings(faults=list(book.faults))
    total = sum(len(sheet.rows) for sheet in book.sheets if sheet.spec)
    done, rows = 0, []
    for sheet in book.sheets:
        if sheet.spec is None:
            continue
        checker = _SheetChecker(spec, sheet, context, findings)
        rows += checker.rows(lambda count, before=done: progress(before + count, total))
        findings.faults += sheet.faults
        done += len(sheet.rows)
    mark_duplicates(rows, findings.faults)
    comparing.compare(spec, rows, context, findings.faults)
    _locked_months(rows, context, findings)
    _collect(rows, findings)
    order = {sheet.name: place for place, sheet in enumerate(book.sheets)}
    findings.faults.sort(key=lambda fault: (order.get(fault.sheet, -1), fault.row, fault.column))
    progress(total, total)
    return findings


class _SheetChecker:
    """The rows of one sheet."""

    def __init__(self, spec: TemplateSpec, sheet: ReadSheet, context: Context, findings: Findings) -> None:
        self.spec, self.sheet, self.context, self.findings = spec, sheet, context, findings
        self.signatures = Signatures(spec, sheet)
        self.months: dict[object, Month | Problem] = {}
        self.numbers = [
            (key, place) for key, place in sheet.columns.items() if key in words.QUANTITY_KEYS + words.VALUE_KEYS
        ]
        self.holes = self._holes()

    def rows(self, progress: Callable[[int], None]) -> list[Row]:
        """Read the rows below the head; blank ones are counted and left."""
        sheet, counts = self.sheet, self.findings.counts
        if sheet.head_row is None:
            return []
        merged = self._merged_rows()
        found = []
        places = [place for _, place in self.numbers]
        for index in range(sheet.head_row + 1, len(sheet.rows)):
            cells = sheet.rows[index]
            if index % PROGRESS_ROWS == 0:
                progress(index)
            width = len(cells)
            has_number = any(place < width and cells[place] != "" and cells[place] is not None for place in places)
            if not has_number and index not in merged:
                counts.empty += any(cell != "" for cell in cells)
                continue
            row = self._row(index, cells)
            row.is_bad = row.is_bad or sheet.is_blocked or index in merged
            found.append(row)
        counts.filled += len(found)
        return found

    def _row(self, index: int, cells: list[object]) -> Row:
        columns = self.sheet.columns
        identity = self.signatures.identify(cells)
        note = _cell(cells, columns.get("note"))
        row = Row(self.sheet, index, identity.stream, None, {}, {}, str(note or "").strip())
        for severity, key, code, values in identity.faults:
            self._fault(row, severity, columns.get(key, 0), code, values)
        self._month(row, _cell(cells, columns.get("month")))
        if row.stream is not None:
            for key, place in self.numbers:
                if place < len(cells):
                    cell = cells[place]
                    if cell != "" and cell is not None:
                        self._number(row, identity, key, place, cell)
        return row

    def _month(self, row: Row, cell: object) -> None:
        known = self.months.get(cell)
        if known is None:
            try:
                known = month_of(cell, self.spec.period)
            except Problem as problem:
                known = problem
            self.months[cell] = known
        place = self.sheet.columns.get("month", 0)
        if isinstance(known, Problem):
            self._fault(row, ERROR, place, known.code, known.values)
            return
        if known not in self.spec.period:
            values = {"found": str(known), "expected": self.spec.period.label_zh, "year": known.year}
            self._fault(row, ERROR, place, "row.month_other_year", values)
            return
        if self.context.latest and known > self.context.latest:
            self._fault(row, ERROR, place, "month.future", {"month": known.label_zh})
            return
        row.month = known
        if row.stream is not None and not row.stream.active_in(known):
            span = f"{row.stream.first_month or ''}–{row.stream.last_month or ''}"
            self._fault(
                row, ERROR, place, "row.month_inactive", {"stream": row.stream.name, "month": str(known), "span": span}
            )

    def _number(self, row: Row, identity: Identity, key: str, place: int, cell: object) -> None:
        stream = identity.stream
        assert stream is not None
        if (row.index, place) in self.holes:
            code, text = self.holes[row.index, place]
            self._fault(row, ERROR, place, code, {"text": text})
            return
        if key not in stream.keys:
            self._fault(row, ERROR, place, "cell.not_asked", {"stream": stream.name, "key": words.key_zh(key)})
            return
        if key in self.sheet.refused:
            row.is_bad = True
            return
        unit = key_at(stream, key)
        read_in = identity.unit if key in words.QUANTITY_KEYS else self.sheet.units.get(key, unit)
        if self._contradicts(key, identity, read_in, unit):
            head = words.unit_label(self.sheet.units[key])
            self._fault(
                row, ERROR, place, "cell.unit_contradiction", {"head": head, "unit": words.unit_label(stream.unit)}
            )
            return
        if type(cell) is float and read_in == unit and -1e15 < cell < 1e15:
            value, code, values = cell, "", {}
        else:
            try:
                value, code, values = number_of(cell, key, read_in)
            except Problem as problem:
                self._fault(row, ERROR, place, problem.code, problem.values)
                return
            value = self._converted(row, key, place, value, read_in, unit, cell)
            if code:
                self._fault(row, WARNING, place, code, values)
            if code or read_in != unit:
                row.entered[key] = f"{shown(cell)}{'' if code else ' ' + words.unit_label(read_in)}"
        if value < 0 and key not in ("quantity", "temperature"):
            code = "cell.negative" if key in words.BALANCE else "cell.negative_value"
            self._fault(row, ERROR, place, code, {"key": words.key_zh(key), "value": shown(value)})
            return
        row.numbers[key] = value

    def _contradicts(self, key: str, identity: Identity, read_in: str, unit: str) -> bool:
        """Whether the unit in the head does not go with the unit of the row."""
        if key in words.QUANTITY_KEYS:
            return self.sheet.units.get(key, identity.unit) != identity.unit
        return not compatible(read_in, unit)

    def _converted(self, row: Row, key: str, place: int, value: float, read_in: str, unit: str, cell: object) -> float:
        if read_in == unit or not compatible(read_in, unit):
            return value
        changed = float(convert(value, read_in, unit))
        values = {
            "found": words.unit_label(read_in),
            "expected": words.unit_label(unit),
            "before": shown(value),
            "after": shown(changed),
        }
        self._fault(row, WARNING, place, "unit.converted", values)
        return changed

    def _fault(self, row: Row, severity: str, place: int, code: str, values: Mapping[str, object]) -> None:
        row.is_bad = row.is_bad or severity == ERROR
        self.findings.faults.append(Fault(severity, self.sheet.name, row.index, place, code, values))

    def _holes(self) -> dict[tuple[int, int], tuple[str, str]]:
        """Cells that the reader shows as empty: error values, and formulas that were never calculated."""
        scan = self.sheet.scan
        holes = {position(cell): ("cell.error_value", text) for cell, text in scan.errors.items()}
        return holes | {position(cell): ("cell.no_result", text) for cell, text in scan.without_result.items()}

    def _merged_rows(self) -> set[int]:
        """Rows of merged ranges below the head: which row a merged number belongs to cannot be known."""
        assert self.sheet.head_row is not None
        rows: set[int] = set()
        for span in self.sheet.scan.merged:
            (top, left), (bottom, _) = (position(corner) for corner in span.split(":"))
            if bottom > self.sheet.head_row:
                self.findings.faults.append(Fault(ERROR, self.sheet.name, top, left, "row.merged", {"range": span}))
                rows.update(range(max(top, self.sheet.head_row + 1), min(bottom, len(self.sheet.rows) - 1) + 1))
        return rows


def _cell(cells: list[object], place: int | None) -> object:
    return cells[place] if place is not None and place < len(cells) else ""


def _locked_months(rows: list[Row], context: Context, findings: Findings) -> None:
    """Rows of locked months are left out; one fault a sheet and month, at its first row."""
    groups: dict[tuple[str, Month], list[Row]] = {}
    for row in rows:
        if row.month in context.locked and not row.is_bad:
            row.is_locked = True
            findings.locked.append((str(row.month), row.sheet.name, row.index + 1))
            groups.setdefault((row.sheet.name, row.month), []).append(row)
    for (sheet, month), members in groups.items():
        values = {"month": month.label_zh, "status": context.locked[month], "count": len(members)}
        place = members[0].sheet.columns.get("month", 0)
        findings.faults.append(Fault(ERROR, sheet, members[0].index, place, "row.month_locked", values))


def _collect(rows: list[Row], findings: Findings) -> None:
    counts, entries = findings.counts, findings.entries
    for row in rows:
        if row.is_bad:
            counts.bad += 1
        elif row.is_locked:
            counts.locked += 1
        else:
            counts.good += 1
            _entries(row, entries)
    counts.values = len(entries)


def _entries(row: Row, entries: list[Entry]) -> None:
    assert row.stream is not None and row.month is not None
    month, code, sheet = str(row.month), row.stream.code, row.sheet
    for key, value in row.numbers.items():
        cell = address(row.index, sheet.columns[key])
        entries.append(Entry(code, month, key, value, sheet.name, cell, row.entered.get(key, ""), row.note))
