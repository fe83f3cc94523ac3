"""The default tables that standards print, as read-only entries of the library's search."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from tanheng.kernel.catalogue import materials
from tanheng.kernel.quantities import glossary
from tanheng.rules.factors.model import LibraryFactor
from tanheng.rules.package import Standard, load_standard
from tanheng.rules.parameters import ParameterRow

__all__ = ["printed_factors"]

_CARRIERS = {
    "coal": (
        "anthracite", "bituminous_coal", "lignite", "washed_coal", "other_washed_coal", "other_coal_products",
        "coal_slurry", "gangue", "raw_coal",
    ),
    "coke": ("coke", "semi_coke"),
    "oil": (
        "crude_oil", "fuel_oil", "gasoline", "diesel", "kerosene", "lpg", "refinery_gas", "petroleum_coke", "naphtha",
        "coal_tar", "crude_benzol",
    ),
    "natural_gas": ("natural_gas", "lng"),
    "by_product_gas": ("cog", "bfg", "ldg", "other_gas"),
    "electricity": ("electricity",),
    "heat": ("heat", "steam", "hot_water"),
}  # fmt: skip
_CARRIER = {material: carrier for carrier, found in _CARRIERS.items() for material in found}
# metals whose producers a standard is for
_METALS = {
    "steel": "fe", "aluminium": "al", "magnesium": "mg", "other_nonferrous": "cu pb zn ni sn sb re",
    "mining": "fe al cu pb zn ni sn sb mg re",
}  # fmt: skip


def printed_factors(standards: Iterable[str]) -> tuple[LibraryFactor, ...]:
    """Return the rows of the default tables of standards, named by their ids."""
    return tuple(factor for name in standards for factor in _of_standard(name, load_standard(name).digest))


@lru_cache(maxsize=64)
def _of_standard(name: str, digest: str) -> tuple[LibraryFactor, ...]:
    standard = load_standard(name)
    return tuple(_factor(standard, row, number) for number, row in enumerate(standard.parameters.rows, 1))


def _factor(standard: Standard, row: ParameterRow, number: int) -> LibraryFactor:
    material = materials().get(row.material)
    named, quantity = (material.zh if material else row.material), glossary().get(row.quantity)
    carrier = _CARRIER.get(row.material, "")
    klass = carrier if carrier in ("electricity", "heat") else "fossil_fuel" if carrier else "process"
    written = f"原文写作 {row.text}" if "/" in row.text else ""
    return LibraryFactor(
        id=f"standard:{standard.id}:{row.quantity}:{row.material or 'any'}:{number}",
        zh=f"{named or '通用'}{quantity.zh if quantity else row.quantity}", quantity=row.quantity,
        indicator="standard_default", family="inventory", klass=klass, material=row.material,
        metal=next((metal for key, metal in _METALS.items() if key in standard.industry), ""),
        stage="energy" if carrier else "mining" if standard.industry == "mining" else "smelting", carrier=carrier,
        emission_type="indirect" if carrier in ("electricity", "heat") else "direct",
        level="national", region_zh="全国", province="", data_year=str(row.valid_from.year), value=_decimal(row.value),
        unit=row.unit, gas="", publisher=standard.short_zh, document=row.document, document_no=row.table,
        printed_in=standard.id, published_on=row.published_on, valid_from=row.valid_from, valid_to=row.valid_to,
        evidence=row.evidence, confidence=row.confidence, checked=row.checked, url="",
        note="；".join(part for part in (row.note, written) if part), applies_to=standard.zh,
        owner=f"standard:{standard.id}",
    )  # fmt: skip


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
