"""Factor files of ``data/factors``: one header for all, refused where a column, a word or a life is wrong."""

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from tanheng.kernel.errors import InputError
from tanheng.kernel.units import canonical
from tanheng.rules.factors.life import default_life
from tanheng.rules.factors.model import LibraryFactor, vocabulary

__all__ = ["COLUMNS", "read_factors"]

COLUMNS = (
    "id", "zh", "quantity", "indicator", "family", "klass", "material", "metal", "stage", "carrier", "emission_type",
    "gas", "level", "region_zh", "province", "data_year", "value", "unit", "basis", "gwp_set", "uncertainty",
    "publisher", "document", "document_no", "printed_in", "published_on", "valid_from", "valid_to", "boundary",
    "applies_to", "evidence", "confidence", "checked", "url", "note",
)  # fmt: skip
_POTENTIAL = "set"  # the column that tells the table of warming potentials
_DAYS = ("published_on", "valid_from", "valid_to")
_PARSED = (*_DAYS, "value", "unit", "checked")


def read_factors(directory: Path) -> Iterator[LibraryFactor]:
    """Yield every factor of the CSV files below a directory, or of one file, with the end of its life filled in."""
    for path in [directory] if directory.is_file() else sorted(directory.rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            header = tuple(rows.fieldnames or ())
            if _POTENTIAL in header:
                yield from map(_potential, rows)
                continue
            if header != COLUMNS:
                raise InputError("factor.header", file=path.name, wrong=[*set(header) ^ set(COLUMNS)])
            yield from (_factor(row, path.name) for row in rows)


def _factor(row: Mapping[str, str], file: str) -> LibraryFactor:
    for name in ("family", "klass", "quantity", "stage", "carrier", "emission_type", "level", "basis", "indicator"):
        if row[name] and row[name] not in vocabulary()[name]:
            raise InputError("factor.word", file=file, factor=row["id"], column=name, word=row[name])
    text = {name: row[name] for name in COLUMNS if name not in _PARSED}
    days = {name: date.fromisoformat(row[name]) if row[name] else None for name in _DAYS}
    exact = {"value": Decimal(row["value"]), "unit": canonical(row["unit"]), "checked": row["checked"] == "true"}
    factor = LibraryFactor(**{**text, **days, **exact})  # type: ignore[arg-type]
    default_life().refuse_too_long(factor)
    return default_life().applied(factor)


def _potential(row: Mapping[str, str]) -> LibraryFactor:
    """A warming potential is the property of a gas; the set is its version."""
    return LibraryFactor(
        id=row["id"], zh=f"{row['zh']}（{row['gas']}）全球变暖潜势", quantity="gwp", indicator="", family="inventory",
        klass="gwp", level="global", region_zh="全球", province="", data_year="", value=Decimal(row["value"]),
        unit=canonical(row["unit"]), gas=row["gas"], gwp_set=row["set"], publisher="IPCC", document=row["document"],
        document_no=row["set"], printed_in=row["document"], published_on=None, valid_from=None, valid_to=None,
        evidence=row["evidence"], confidence=row["confidence"], checked=row["checked"] == "true", url=row["url"],
        note=row["note"], boundary="100 年", applies_to=f"CAS {row['cas']}" if row["cas"] else "",
    )  # fmt: skip
