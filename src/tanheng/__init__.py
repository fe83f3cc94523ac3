"""碳衡 Tanheng: the domain. No Django, no network; usable from a notebook."""

__all__ = ["__version__"]

# also the version of the package (pyproject reads it here) and of the engine in every result document:
# raised with every release, and so with every change that may change a number
__version__ = "0.1.0"
