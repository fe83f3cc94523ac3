"""The expected numbers, written down a second time from the reference, apart from ``data/``.

Nothing here is read by the product. A value that changes in ``data/`` and not here, or the other way round,
fails a test.
"""

__all__ = ["ALUMINIUM", "FLAGGED_STEAM", "FUELS", "GRID_2023", "GRID_OTHER", "GWP", "HEAT", "PROCESS", "PRODUCTS"]

# id: (unit, NCV [GJ/unit], CC [tC/GJ], OF, tCO2 per unit to 6 digits)
# NDRC-2013-STEEL and NDRC-2013-AL are the same 22 rows
FUELS = {
    "anthracite": ("t", "20.304", "0.02749", "0.94", "1.923781"),
    "bituminous_coal": ("t", "19.570", "0.02618", "0.93", "1.747088"),
    "lignite": ("t", "14.080", "0.02800", "0.96", "1.387725"),
    "washed_coal": ("t", "26.344", "0.02540", "0.90", "2.208154"),
    "other_washed_coal": ("t", "8.363", "0.02540", "0.90", "0.700987"),
    "other_coal_products": ("t", "17.460", "0.03360", "0.90", "1.935965"),
    "coke": ("t", "28.447", "0.02950", "0.93", "2.861626"),
    "crude_oil": ("t", "41.816", "0.02010", "0.98", "3.020202"),
    "fuel_oil": ("t", "41.816", "0.02110", "0.98", "3.170461"),
    "gasoline": ("t", "43.070", "0.01890", "0.98", "2.925056"),
    "diesel": ("t", "42.652", "0.02020", "0.98", "3.095910"),
    "kerosene": ("t", "44.750", "0.01960", "0.98", "3.151713"),
    "lng": ("t", "41.868", "0.01720", "0.98", "2.587666"),
    "lpg": ("t", "50.179", "0.01720", "0.98", "3.101330"),
    "coal_tar": ("t", "33.453", "0.02200", "0.98", "2.644571"),
    "crude_benzol": ("t", "41.816", "0.02270", "0.98", "3.410875"),
    "cog": ("1e4Nm3", "173.540", "0.01210", "0.99", "7.622397"),
    "bfg": ("1e4Nm3", "33.000", "0.07080", "0.99", "8.481132"),
    "ldg": ("1e4Nm3", "84.000", "0.04960", "0.99", "15.124032"),
    "other_gas": ("1e4Nm3", "52.270", "0.01220", "0.99", "2.314829"),
    "natural_gas": ("1e4Nm3", "389.310", "0.01530", "0.99", "21.621888"),
    "refinery_gas": ("t", "45.998", "0.01820", "0.99", "3.038904"),
}
# table B.2, tCO2/t
PROCESS = {
    "limestone": "0.440", "dolomite": "0.471", "electrode": "3.663", "pig_iron": "0.172", "dri": "0.073",
    "ferronickel": "0.037", "ferrochrome": "0.275", "ferromolybdenum": "0.018",
}  # fmt: skip
# fixed carbon, tCO2/t
PRODUCTS = {"pig_iron": "0.172", "crude_steel": "0.0154", "methanol": "44/32"}
HEAT = "0.11"
ALUMINIUM = {
    "net_anode_consumption": "0.42", "anode_sulphur": "0.02", "anode_ash": "0.004", "cf4_emission_factor": "0.034",
    "c2f6_emission_factor": "0.0034", "limestone": "0.405", "cf4_slope": "0.143", "c2f6_cf4_ratio": "0.1",
}  # fmt: skip
GWP = {"CO2": 1, "CF4": 6500, "C2F6": 9200}
# kgCO2/kWh; the official annex
GRID_2023 = {
    "华北": "0.6361", "东北": "0.5122", "华东": "0.5500", "华中": "0.5271",
    "西北": "0.5543", "南方": "0.4042", "西南": "0.2472",
}  # fmt: skip
# other years that the cases use: factor id -> value
GRID_OTHER = {
    "average:regional:north:2021": "0.7120",
    "average:regional:central:2012": "0.5257",
    "average:national:china:2022": "0.5366",
}
# (pressure MPa, temperature degC) of the rows that look wrong in the transcription
FLAGGED_STEAM = {
    ("0.5", "350"), ("0.5", "400"), ("0.5", "420"), ("7", "350"), ("14", "400"),
    ("25", "300"), ("25", "450"), ("30", "220"), ("30", "240"), ("30", "450"),
}  # fmt: skip
