"""The 36 months of the demonstration, their days and seasons."""

import calendar

import numpy as np

from tanheng.kernel.periods import Month

__all__ = ["DAYS", "HEATING", "MONTHS", "SUMMER", "YEARS", "YEAR_INDEX", "index_of"]

YEARS = (2023, 2024, 2025)
MONTHS = tuple(Month(year, month) for year in YEARS for month in range(1, 13))
DAYS = np.array([calendar.monthrange(month.year, month.month)[1] for month in MONTHS], dtype=np.float64)
YEAR_INDEX = np.array([YEARS.index(month.year) for month in MONTHS])
# heating in northern China runs from 15 November to 15 March
HEATING = np.array([{11: 0.5, 12: 1.0, 1: 1.0, 2: 1.0, 3: 0.5}.get(month.month, 0.0) for month in MONTHS])
SUMMER = np.array([{6: 0.7, 7: 1.0, 8: 1.0, 9: 0.4}.get(month.month, 0.0) for month in MONTHS])


def index_of(text: str) -> int:
    """Return the position of ``2024-08`` among the months."""
    return MONTHS.index(Month.parse(text))
