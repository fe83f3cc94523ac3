"""The standards an enterprise may choose: packaged ones, and copies it changed."""
