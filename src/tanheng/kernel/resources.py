"""Where the packaged knowledge lies."""

from functools import cache
from pathlib import Path

__all__ = ["data_dir"]


@cache
def data_dir() -> Path:
    """Return the directory of the packaged data: ``tanheng/_data`` in a wheel, ``<repo>/data`` in a checkout.

    Raises
    ------
    FileNotFoundError
        When neither exists, so a broken installation is noticed at once.
    """
    package = Path(__file__).resolve().parent.parent
    for candidate in (package / "_data", package.parent.parent / "data"):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"the data directory of tanheng is missing beside {package}")
