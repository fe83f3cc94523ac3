"""Uncertainty and sensitivity of inventories and footprints, from the formulas that compute them."""
