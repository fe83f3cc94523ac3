"""Groups, enterprises and what they consist of."""

from tanheng_web.organisations.models.boundary import BoundarySettings, Holding, InternalTransfer, UnitBoundary
from tanheng_web.organisations.models.choice import StandardChoice
from tanheng_web.organisations.models.organisation import Organisation
from tanheng_web.organisations.models.plant import Process, Site

__all__ = [
    "BoundarySettings",
    "Holding",
    "InternalTransfer",
    "Organisation",
    "Process",
    "Site",
    "StandardChoice",
    "UnitBoundary",
]
