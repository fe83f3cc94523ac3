"""Balances read from what a plant reports, the way a verifier would draw them up."""

import numpy as np

HOLDERS = {"cog": "cog-sold", "bfg": "bfg-holder", "ldg": "ldg-holder"}


def flow(plant, material, direction):
    """Quantities of all process streams of a material."""
    return plant.of(material, inside=True, direction=direction)


def gas_difference(plant, gas):
    """Produced + holder_open − used (flare included) − sold − holder_close, as a share of what was produced."""
    code = HOLDERS[gas]
    made = flow(plant, gas, "out")
    held = plant[code, "closing_stock"] - plant[code, "opening_stock"]
    return (made - flow(plant, gas, "in") - plant[code, "sold"] - held) / made


def yard_difference(plant, code, used):
    """Stocktaking difference: book closing less measured closing, as a share of what was used."""
    sold = plant[code, "sold"] if (code, "sold") in plant.columns else 0.0
    book = plant[code, "opening_stock"] + plant[code, "purchased"] - sold - used
    return (book - plant[code, "closing_stock"]) / np.abs(used).mean()


def q(plant, *codes):
    """Sum of quantities of named streams."""
    return np.sum([plant[code, "quantity"] for code in codes], axis=0)
