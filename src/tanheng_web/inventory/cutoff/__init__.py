"""取舍: what an enterprise leaves out of account because it is small."""
