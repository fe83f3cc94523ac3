"""Factors, materials and standards that an enterprise keeps beside the packaged ones."""
