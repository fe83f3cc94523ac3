"""The default tables of a standard: rows with validity and citation, looked up in columns."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tanheng.kernel.catalogue import materials
from tanheng.kernel.errors import InputError, StandardError, TanhengError
from tanheng.kernel.quantities import glossary
from tanheng.kernel.units import canonical, compatible, convert
from tanheng.rules.models import read_ratio

__all__ = ["COLUMNS", "ParameterRow", "ParameterTable", "read_parameters"]

COLUMNS = (
    "quantity", "material", "role", "value", "unit", "valid_from", "valid_to", "published_on", "document", "table",
    "clause", "evidence", "confidence", "checked", "note",
)  # fmt: skip
ANY = ("", "*")


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """One default value; an empty ``material`` or ``role`` fits all."""

    quantity: str
    material: str
    role: str
    value: Fraction
    text: str
    unit: str
    valid_from: date
    valid_to: date | None
    published_on: date | None
    document: str
    table: str
    clause: str
    evidence: str
    confidence: str
    checked: bool
    note: str
    file: str
    line: int

    @property
    def key(self) -> tuple[str, str, str]:
        """What the value is for."""
        return (self.quantity, self.material, self.role)

    @property
    def number(self) -> float:
        """The value, rounded once."""
        return self.value.numerator / self.value.denominator

    def is_valid(self, on: date) -> bool:
        """Whether the row holds on a day; bounds are half open."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


class ParameterTable:
    """All default rows of a standard; ``row_refs`` of a lookup index :attr:`rows`."""

    def __init__(self, rows: Iterable[ParameterRow] = (), standard: str = "") -> None:
        self.standard = standard
        self.rows = tuple(rows)
        self._by_key: dict[tuple[str, str, str], list[int]] = {}
        for number, row in enumerate(self.rows):
            key = (row.quantity, "" if row.material in ANY else row.material, "" if row.role in ANY else row.role)
            self._by_key.setdefault(key, []).append(number)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[ParameterRow]:
        return iter(self.rows)

    def find(self, quantity: str, material: str, role: str, on: date) -> ParameterRow | None:
        """Return the row for a stream on a day, the most particular key first, or None."""
        number = self._index(quantity, material, role, on)
        return None if number is None else self.rows[number]

    def _index(self, quantity: str, material: str, role: str, on: date) -> int | None:
        for key in ((material, role), (material, ""), ("", role), ("", "")):
            for number in self._by_key.get((quantity, *key), ()):
                if self.rows[number].is_valid(on):
                    return number
        return None

    def lookup(
        self,
        quantity: str,
        material_ids: Sequence[str],
        role_ids: Sequence[str],
        date: date,
        *,
        unit: str | None = None,
    ) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
        """Return default values and their rows for pairs of material and role: (n,), (n,) -> (n,) float64, (n,) int32.

        Give the distinct pairs, not the rows of a table, and spread the answer by code. Values are in ``unit``, or each
        in its row's unit where none is given. NaN and -1 where the standard has no default, or none that converts.
        """
        values = np.full(len(material_ids), np.nan)
        refs = np.full(len(material_ids), -1, dtype=np.int32)
        for position, (material, role) in enumerate(zip(material_ids, role_ids, strict=True)):
            number = self._index(quantity, str(material), str(role), date)
            if number is None or (unit is not None and not compatible(self.rows[number].unit, unit)):
                continue
            row = self.rows[number]
            values[position] = row.number if unit is None else convert(row.number, row.unit, unit)
            refs[position] = number
        return values, refs

    def units(self, row_refs: Iterable[int]) -> list[str]:
        """Return the unit of each row; the empty text for -1."""
        return [self.rows[ref].unit if ref >= 0 else "" for ref in row_refs]

    def provenance(self, ref: int) -> dict[str, object]:
        """Return where a row comes from, as a provenance entry of a result."""
        row = self.rows[ref]
        return {
            "kind": "standard",
            "standard": self.standard,
            "document": row.document,
            "table": row.table or None,
            "clause": row.clause or None,
            "row": f"{row.file}:{row.line}",
            "quantity": row.quantity,
            "material": row.material,
            "checked": row.checked,
            "confidence": row.confidence,
            "evidence": row.evidence,
            "note": row.note,
            "published_on": row.published_on.isoformat() if row.published_on else None,
        }


def read_parameters(files: Mapping[str, bytes], standard: str, faults: list[TanhengError]) -> ParameterTable:
    """Read ``parameters/*.csv``; every fault is appended with file and line."""
    rows: list[ParameterRow] = []
    for name, content in sorted(files.items()):
        rows.extend(_read_file(name, content, faults))
    _check_validity(rows, faults)
    return ParameterTable(rows, standard)


def _read_file(name: str, content: bytes, faults: list[TanhengError]) -> Iterator[ParameterRow]:
    reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    header = tuple(next(reader, ()))
    if set(header) != set(COLUMNS) or len(header) != len(COLUMNS):
        missing, unknown = [c for c in COLUMNS if c not in header], [c for c in header if c not in COLUMNS]
        faults.append(StandardError("standard.columns", file=name, line=1, missing=missing, unknown=unknown))
        return
    for cells in reader:
        line = reader.line_num
        if not any(cells):
            continue
        if len(cells) != len(header):
            values = {"count": len(cells), "expected": len(header)}
            faults.append(StandardError("standard.row_length", file=name, line=line, **values))
            continue
        row = _read_row(dict(zip(header, cells, strict=True)), name, line, faults)
        if row is not None:
            yield row


def _read_row(cells: dict[str, str], name: str, line: int, faults: list[TanhengError]) -> ParameterRow | None:
    before = len(faults)

    def fault(code: str, **values: object) -> None:
        faults.append(StandardError(code, file=name, line=line, **values))

    quantity, material = cells["quantity"], cells["material"]
    if quantity not in glossary():
        fault("standard.unknown_quantity", quantity=quantity)
    if material not in ANY and material not in materials():
        fault("standard.unknown_material", material=material)
    if not cells["document"]:
        fault("standard.missing_source", key=f"{quantity} {material}")
    if cells["checked"] not in ("true", "false"):
        fault("standard.value", key="checked", given=cells["checked"], reason="只能是 true 或 false")
    days: dict[str, date | None] = {}
    for key in ("valid_from", "valid_to", "published_on"):
        try:
            days[key] = date.fromisoformat(cells[key]) if cells[key] else None
        except ValueError:
            fault("standard.value", key=key, given=cells[key], reason="日期应写成 2016-06-01")
    start = days.get("valid_from")
    if "valid_from" in days and start is None:
        fault("standard.missing_key", key="valid_from")
    value, unit = Fraction(0), "1"
    try:
        value = read_ratio(cells["value"])
        unit = canonical(cells["unit"])
    except InputError as error:
        fault(error.code, **error.values)
    else:
        if quantity in glossary() and not any(compatible(unit, known) for known in glossary()[quantity].all_units):
            fault("standard.unit", quantity=quantity, unit=unit, expected=list(glossary()[quantity].all_units))
    if len(faults) > before or start is None:
        return None
    return ParameterRow(
        quantity=quantity,
        material=material,
        role=cells["role"],
        value=value,
        text=cells["value"],
        unit=unit,
        valid_from=start,
        valid_to=days["valid_to"],
        published_on=days["published_on"],
        document=cells["document"],
        table=cells["table"],
        clause=cells["clause"],
        evidence=cells["evidence"],
        confidence=cells["confidence"],
        checked=cells["checked"] == "true",
        note=cells["note"],
        file=name,
        line=line,
    )


def _check_validity(rows: Iterable[ParameterRow], faults: list[TanhengError]) -> None:
    """Refuse gapped, overlapping or reversed validity of one key."""
    groups: dict[tuple[str, str, str], list[ParameterRow]] = {}
    for row in rows:
        groups.setdefault(row.key, []).append(row)
        if row.valid_to is not None and row.valid_to <= row.valid_from:
            values = {"key": " ".join(row.key).strip(), "start": row.valid_from, "end": row.valid_to}
            faults.append(StandardError("standard.validity_reversed", file=row.file, line=row.line, **values))
    for key, members in groups.items():
        ordered = sorted(members, key=lambda row: row.valid_from)
        for earlier, later in pairwise(ordered):
            if earlier.valid_to == later.valid_from:
                continue
            gapped = earlier.valid_to is not None and earlier.valid_to < later.valid_from
            faults.append(
                StandardError(
                    "standard.validity_gap" if gapped else "standard.validity_overlap",
                    file=later.file,
                    line=later.line,
                    key=" ".join(key).strip(),
                    start=later.valid_from,
                    end=earlier.valid_to or "长期有效",
                    other_line=earlier.line,
                )
            )
