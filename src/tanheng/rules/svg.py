"""SVG, made from the MathML of the one printer by ziamath.

The mathematical font has Greek but no Chinese; a run of Chinese becomes an SVG ``text`` that the reader's Chinese font
draws (WeasyPrint embeds it), laid out by a node of our own. Otherwise it would be printed as boxes.
"""

import re
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET

__all__ = ["to_svg"]

_CHINESE = re.compile(r"([\u2e80-\uffef]+)")
_FAMILY = "'Noto Serif CJK SC', 'Noto Sans CJK SC', 'Source Han Serif SC', SimSun, serif"


def to_svg(math: ET.Element, size: float) -> str:
    """Return the picture as text; ``size`` is the font size [px]."""
    ziamath = _ziamath()
    split = _split_chinese(math)
    drawn: str = ziamath.Math(ET.tostring(split, encoding="unicode"), size=size).svg()
    return drawn


@cache
def _ziamath() -> Any:
    """Import ziamath and register the node for Chinese runs."""
    import ziamath
    from ziafont.fonttypes import BBox
    from ziamath.nodes.mnode import Mnode

    class Chinese(Mnode, tag="mchinese"):  # type: ignore[misc, call-arg]
        """A run of Chinese, one em a character."""

        def __init__(self, element: ET.Element, parent: Any, **kwargs: Any) -> None:
            super().__init__(element, parent, **kwargs)
            self.run = element.text or ""
            self.bbox = BBox(0, len(self.run) * self.glyphsize, -0.12 * self.glyphsize, 0.88 * self.glyphsize)

        def draw(self, x: float, y: float, svg: ET.Element) -> tuple[float, float]:
            """Draw the run as text."""
            place = {"x": f"{x:.3f}", "y": f"{y:.3f}", "font-size": f"{self.glyphsize:.3f}", "font-family": _FAMILY}
            ET.SubElement(svg, "text", place).text = self.run
            return x + self.bbox.xmax, y

    ziamath.config.svg2 = False  # paths instead of <symbol id=…>: several pictures on one page would share ids
    return ziamath


def _split_chinese(node: ET.Element) -> ET.Element:
    """Return a copy in which every run of Chinese is an element of its own."""
    if len(node):
        copy = ET.Element(node.tag, node.attrib)
        copy.extend(_split_chinese(part) for part in node)
        return copy
    runs = [run for run in _CHINESE.split(node.text or "") if run]
    parts = [_run(node, run) for run in runs]
    if len(parts) == 1:
        return parts[0]
    copy = ET.Element("mrow" if parts else node.tag)
    copy.extend(parts)
    return copy


def _run(node: ET.Element, text: str) -> ET.Element:
    part = ET.Element("mchinese" if _CHINESE.match(text) else node.tag, node.attrib)
    part.text = text
    return part
