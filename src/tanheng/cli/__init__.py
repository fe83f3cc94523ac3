"""The command line ``tanheng``."""

from tanheng.cli.main import main

__all__ = ["main"]
