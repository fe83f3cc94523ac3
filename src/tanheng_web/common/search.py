"""Ctrl-K: one box that finds pages, enterprises, and what each app offers."""

from tanheng_web.common.navigation import Hit, navigation, sources

__all__ = ["found"]

LIMIT = 24


def found(user, organisation, text: str) -> list[Hit]:
    """Hits for `text` among what `user` may see; without text the pages of the menu."""
    pages = [
        Hit("页面", line.label, line.url, group.label)
        for group in navigation(user, organisation)
        for line in group.lines
        if text.lower() in line.label.lower()
    ]
    if not text:
        return pages
    others = [hit for offered in sources("search") for hit in offered(user, organisation, text)]
    return (pages + others)[:LIMIT]
