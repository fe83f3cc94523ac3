"""Standards as data: load and check them, resolve parameters, evaluate formulas over columns."""
