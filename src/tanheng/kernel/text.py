"""Names as people see them: two that look alike are one."""

import re
import unicodedata

__all__ = ["plain", "printable", "visible"]

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def visible(text: str) -> str:
    """Return the text without signs that nobody sees: of zero width, or turning the direction of what follows.

    >>> visible("焦\u200b炭"), visible("\u202et")
    ('焦炭', 't')
    """
    return text if text.isascii() else "".join(sign for sign in text if unicodedata.category(sign) != "Cf")


def plain(text: str) -> str:
    """Return the text as names are compared: what is visible of it, full width made plain (NFKC), no spaces.

    >>> plain(" ＭＷ\ufeff h")
    'MWh'
    """
    return "".join(unicodedata.normalize("NFKC", visible(text)).split())


def printable(text: str) -> str:
    """Return the text without control signs that no workbook can hold (a line break of Word is one).

    >>> printable("炼铁\x0b一厂")
    '炼铁一厂'
    """
    return _NOT_IN_XML.sub("", text)
