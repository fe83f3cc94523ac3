"""Factors, materials and standards that an enterprise keeps beside the packaged ones."""

from tanheng_web.catalogue.models.factors import Factor, FactorImport, FactorLife, FactorShelf, FactorVersion
from tanheng_web.catalogue.models.materials import MaterialRule, OwnMaterial, UnitAlias
from tanheng_web.catalogue.models.processes import OwnProcessTemplate
from tanheng_web.catalogue.models.standards import StandardChange, StandardCopy

__all__ = [
    "Factor",
    "FactorImport",
    "FactorLife",
    "FactorShelf",
    "FactorVersion",
    "MaterialRule",
    "OwnMaterial",
    "OwnProcessTemplate",
    "StandardChange",
    "StandardCopy",
    "UnitAlias",
]
