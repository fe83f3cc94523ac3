"""An independent calculation of the worked cases: exact fractions, its own numbers, nothing of ``tanheng``.

``python -m tests.data.by_hand CASE.yaml`` prints what a case must expect, rounded half up.
"""

import sys
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import yaml

from .reference_values import ALUMINIUM, FUELS, GRID_2023, GRID_OTHER, GWP, HEAT, PROCESS, PRODUCTS

IDS = {
    "无烟煤": "anthracite", "烟煤": "bituminous_coal", "褐煤": "lignite", "洗精煤": "washed_coal",
    "其他洗煤": "other_washed_coal", "其他煤制品": "other_coal_products", "焦炭": "coke", "原油": "crude_oil",
    "燃料油": "fuel_oil", "汽油": "gasoline", "柴油": "diesel", "一般煤油": "kerosene", "液化天然气": "lng",
    "液化石油气": "lpg", "焦油": "coal_tar", "粗苯": "crude_benzol", "焦炉煤气": "cog", "高炉煤气": "bfg",
    "转炉煤气": "ldg", "其他煤气": "other_gas", "天然气": "natural_gas", "炼厂干气": "refinery_gas",
    "石灰石": "limestone", "白云石": "dolomite", "电极": "electrode", "生铁": "pig_iron", "铁水": "pig_iron",
    "直接还原铁": "dri", "镍铁合金": "ferronickel", "铬铁合金": "ferrochrome", "高碳铬铁": "ferrochrome",
    "钼铁合金": "ferromolybdenum", "粗钢": "crude_steel", "甲醇": "methanol", "电力": "electricity",
    "热力": "heat", "蒸汽": "steam", "热水": "hot_water", "原铝": "aluminium", "铝液": "aluminium",
}  # fmt: skip
OUTPUT = {"sold": 1, "closing_stock": 1, "opening_stock": -1}
NET = {"purchased": 1, "opening_stock": 1, "closing_stock": -1, "sold": -1, "used_outside": -1}
# gas and hot metal of the works itself stay inside
MADE_INSIDE = {"bfg", "ldg", "cog", "other_gas", "pig_iron"}
PER_TONNE_OF_ALUMINIUM = (
    "net_anode_consumption", "anode_sulphur", "anode_ash", "cf4_emission_factor", "c2f6_emission_factor",
)  # fmt: skip
CO2 = Fraction(44, 12)


def number(given: object) -> Fraction:
    """Read the number in front of the unit."""
    text = given["value"] if isinstance(given, dict) else given
    text = str(text).split()[0]
    top, _, below = text.partition("/")
    return Fraction(top) / Fraction(below or 1)


def amount(stream: dict, signs: dict, month: str | None) -> Fraction:
    """Return the net or produced amount of a stream, for one month or for all."""
    months = stream.get("months")
    if months is not None:
        parts = [months[month]] if month else list(months.values())
        return sum((number(part) for part in parts), Fraction(0))
    quantity = stream["quantity"]
    if not isinstance(quantity, dict):
        return number(quantity)
    return sum((sign * number(quantity[key]) for key, sign in signs.items() if key in quantity), Fraction(0))


def lines(case: dict, stream: dict, month: str | None = None) -> list[tuple[str, Fraction]]:
    """Return (source, tCO2e, signed) of one stream; nothing when it is not counted."""
    material = IDS.get(stream["material"], stream["material"])
    role, out = stream["role"], stream.get("direction") == "out"
    values = {k: v for p in case.get("parameters", []) if p["material"] == stream["material"] for k, v in p.items()}
    values = {**values, **stream.get("values", {})}
    in_process = "process" in stream
    if role == "by_product" and material in FUELS:
        return [("fuel_combustion", -amount(stream, OUTPUT, month) * fuel(material, values))]
    if role in ("fuel", "reductant"):
        sign = -1 if out else 1
        return [("fuel_combustion", sign * amount(stream, NET, month) * fuel(material, values))]
    if role in ("electricity", "heat"):
        name = ("exported_" if out else "purchased_") + role
        factor = given_factor(values) or (Fraction(HEAT) if role == "heat" else grid(case, stream))
        return [(name, (-1 if out else 1) * energy(material, amount(stream, NET, month), values) * factor)]
    if role in ("product", "by_product"):
        return product(case, material, amount(stream, OUTPUT, month), values)
    if material == "废钢":
        return []  # the 2015 standard has no factor for scrap, measured carbon or not
    factor = given_factor(values) or default_factor(case, material, role)
    name = {"flux": "flux", "carbonate": "flux", "electrode": "electrode"}.get(role, "carbon_raw_material")
    if "32151_4" in case["standard"]:
        name = "carbonate_decomposition"
    if factor is None:
        return []
    sign = -1 if out and in_process else 1
    return [(name, sign * amount(stream, NET, month) * factor)]


def fuel(material: str, values: dict) -> Fraction:
    """Return tCO2 per unit of a fuel."""
    _, ncv, cc, of, _ = FUELS.get(material, ("", "nan", "nan", "nan", ""))
    heat = number(values.get("net_calorific_value", ncv))
    if "carbon_content" not in values and "carbon_content_mass" in values:
        carbon = number(values["carbon_content_mass"])
    else:
        carbon = heat * number(values.get("carbon_content", cc))
    return carbon * number(values.get("oxidation_factor", of)) * CO2


def energy(material: str, mass: Fraction, values: dict) -> Fraction:
    """Return GJ: steam M·(h − 83.74)/1000, hot water M·(T − 20)·4.1868/1000."""
    if material == "steam":
        return mass * (number(values["enthalpy"]) - Fraction("83.74")) / 1000
    if material == "hot_water":
        return mass * (number(values["temperature"]) - 20) * Fraction("4.1868") / 1000
    return mass


def grid(case: dict, stream: dict) -> Fraction:
    """Return the published factor that a case of the suite means [tCO2/MWh]."""
    if "factor" in stream:
        return Fraction(GRID_OTHER[stream["factor"]])
    if case["site"]["province"] == "四川" and str(case["as_of"]) < "2024":
        return Fraction(GRID_OTHER["average:regional:central:2012"])
    return Fraction(GRID_2023[{"河北": "华北"}[case["site"]["province"]]])


def given_factor(values: dict) -> Fraction | None:
    if "emission_factor" in values:
        return number(values["emission_factor"])
    if "molar_mass" in values:
        return 44 * number(values["carbon_atoms"]) / number(values["molar_mass"])
    return number(values["carbon_content_mass"]) * CO2 if "carbon_content_mass" in values else None


def default_factor(case: dict, material: str, role: str) -> Fraction | None:
    if "32151_4" in case["standard"]:
        return Fraction(ALUMINIUM["limestone"]) if role in ("carbonate", "flux") and material == "limestone" else None
    counted = role in ("flux", "carbonate", "electrode", "carbon_raw_material")
    return Fraction(PROCESS[material]) if counted and material in PROCESS else None


def product(case: dict, material: str, output: Fraction, values: dict) -> list[tuple[str, Fraction]]:
    """Fixed carbon of steel works, anode carbon and PFC of smelters."""
    if material == "aluminium" and "32151_4" in case["standard"]:
        anode, s, a, cf4, c2f6 = (
            number(values.get(key, ALUMINIUM[key]))
            for key in (
                "net_anode_consumption",
                "anode_sulphur",
                "anode_ash",
                "cf4_emission_factor",
                "c2f6_emission_factor",
            )
        )
        if "anode_effect_minutes" in values:
            cf4 = Fraction(ALUMINIUM["cf4_slope"]) * number(values["anode_effect_minutes"])
            c2f6 = Fraction(ALUMINIUM["c2f6_cf4_ratio"]) * cf4
        return [
            ("anode_consumption", output * anode * (1 - s - a) * CO2),
            ("anode_effect", output * (GWP["CF4"] * cf4 + GWP["C2F6"] * c2f6) / 1000),
        ]
    factor = given_factor(values)
    if factor is None and material in PRODUCTS:
        factor = number(PRODUCTS[material])
    return [] if factor is None or "32151_4" in case["standard"] else [("carbon_in_products", -output * factor)]


def known(stream: dict) -> str:
    return IDS.get(stream["material"], stream["material"])


def leaves(stream: dict) -> bool:
    return stream.get("direction") == "out" or stream["role"] in ("product", "by_product")


def calculate(case: dict) -> dict[str, dict[str, Fraction]]:
    """Return total, sources, streams, months and processes of a case, exactly."""
    found: dict[str, dict[str, Fraction]] = {
        key: defaultdict(Fraction) for key in ("sources", "streams", "months", "processes")
    }
    crossing = {known(stream) for stream in case["streams"] if "process" not in stream}
    made = {known(stream) for stream in case["streams"] if "process" in stream and leaves(stream)}
    for stream in case["streams"]:
        here = lines(case, stream)
        value = sum((v for _, v in here), Fraction(0))
        if here:
            found["streams"][stream["id"]] += value
        if "process" in stream:
            path = stream["process"].split("/")
            for n in range(len(path)):
                found["processes"]["/".join(path[: n + 1])] += value
            inside = known(stream) in made & MADE_INSIDE
            if known(stream) in crossing or inside:
                continue  # else only processes know of the material: the enterprise takes their net sum
        for source, v in here:
            found["sources"][source] += v
        for month in stream.get("months", {}):
            found["months"][month] += sum((v for _, v in lines(case, stream, month)), Fraction(0))
    total = sum(found["sources"].values(), Fraction(0))
    found["total"] = {"total": total}
    own = {stream["process"] for stream in case["streams"] if "process" in stream}
    for path in [k for k in found["processes"] if any(other.startswith(k + "/") for other in found["processes"])]:
        below = [v for k, v in found["processes"].items() if k.rpartition("/")[0] == path]
        found["processes"][f"{path}/未分配"] = (
            found["processes"][path] - sum(below, Fraction(0)) if path in own else Fraction(0)
        )
    tops = [v for k, v in found["processes"].items() if "/" not in k]
    if tops:
        found["processes"]["其他"] = total - sum(tops, Fraction(0))
    return found


def rounded(value: Fraction, decimals: int) -> Decimal:
    """Round half up (away from zero), exactly."""
    scaled = value * 10**decimals
    whole = int((abs(scaled) + Fraction(1, 2)).__floor__())
    sign = -1 if scaled < 0 else 1
    return (Decimal(sign * whole).scaleb(-decimals)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def main() -> None:
    for name in sys.argv[1:]:
        case = yaml.safe_load(Path(name).read_text(encoding="utf-8"))
        print(name)
        for part, entries in calculate(case).items():
            for key, value in entries.items():
                print(f"  {part} {key}: {rounded(value, 6)}  -> {rounded(value, 2)}")


if __name__ == "__main__":
    main()
