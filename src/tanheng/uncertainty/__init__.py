"""Uncertainty and sensitivity of inventories and footprints, from the formulas that compute them."""

from tanheng.uncertainty.distributions import Distribution, parse_distribution
from tanheng.uncertainty.inputs import Input, find_inputs
from tanheng.uncertainty.model import Model, build_model
from tanheng.uncertainty.study import SCHEMA, uncertainty_study
from tanheng.uncertainty.subject import Subject

__all__ = [
    "SCHEMA",
    "Distribution",
    "Input",
    "Model",
    "Subject",
    "build_model",
    "find_inputs",
    "parse_distribution",
    "uncertainty_study",
]
