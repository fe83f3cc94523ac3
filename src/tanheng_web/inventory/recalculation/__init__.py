"""重算: results under other factors, old and new side by side, accepted or discarded by a person."""
