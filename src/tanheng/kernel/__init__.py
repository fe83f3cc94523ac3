"""Units, quantities, periods, errors: the floor everything stands on. No Django, no network."""
