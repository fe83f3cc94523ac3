"""What this room puts into the menu."""

from tanheng_web.common.navigation import Entry

__all__ = ["ENTRIES"]

ENTRIES: list[Entry] = []
