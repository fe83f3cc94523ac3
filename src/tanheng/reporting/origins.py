"""The column 数据来源: nature of a value, cells in short, documents by number."""

from collections.abc import Sequence

from tanheng.accounting.origins import origin_zh
from tanheng.reporting.lines import Line
from tanheng.reporting.provenance import many_zh, provenance_zh

__all__ = ["NOT_DECLARED", "References", "origin_text"]

NOT_DECLARED = "/"
ENTERED = ("workbook", "form", "case", "enterprise")


class References:
    """Documents that many rows of a table cite: each is printed once, below the table, under a number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def mark(self, text: str) -> str:
        """Return the mark of a document, e.g. 〔1〕."""
        return f"〔{self._numbers.setdefault(text, len(self._numbers) + 1)}〕"

    @property
    def notes(self) -> tuple[str, ...]:
        """The documents, numbered."""
        return tuple(f"〔{number}〕{text}" for text, number in self._numbers.items())


def origin_text(lines: Sequence[Line], symbol: str, references: References) -> str:
    """Return where an input of several lines comes from: its nature, then cells in short or the mark of a document."""
    if symbol == "quantity":
        return many_zh(found for line in lines for found in line.provenance) or NOT_DECLARED
    found = [value for line in lines if (value := line.find(symbol))]
    if not found:
        return NOT_DECLARED
    texts = []
    for origin in dict.fromkeys(value.origin for value in found):
        same = [value.provenance for value in found if value.origin == origin]
        entered = [each for each in same if each.get("kind") in ENTERED]
        marks = dict.fromkeys(
            references.mark(provenance_zh(each)) for each in same if each and each.get("kind") not in ENTERED
        )
        places = many_zh(entered) if entered else ""
        texts.append(origin_zh(origin) + "".join(marks) + (f"：{places}" if places else ""))
    return "；".join(texts)
