"""Own materials and media, and which materials belong to which kind of process."""
