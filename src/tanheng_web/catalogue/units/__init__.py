"""The closed list of units, and the names an enterprise adds to it."""
