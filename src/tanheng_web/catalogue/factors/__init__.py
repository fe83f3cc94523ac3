"""因子库: the packaged factors and an enterprise's own, searched, imported, reviewed, replaced."""
