"""Plant models in numpy: monthly magnitudes whose mass, energy and gas balances close. No Django here."""
