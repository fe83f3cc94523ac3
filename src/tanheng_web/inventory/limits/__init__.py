"""排放预警: limits of a year, and how near to them its results are."""
