"""The factor library of an enterprise: the packaged factors and those that it or a group above it published."""

from tanheng_web.catalogue.factors.selectors import library_for as library_of

__all__ = ["library_of"]
