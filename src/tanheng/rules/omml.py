"""Office MathML, made from the MathML of the one printer."""

from xml.etree import ElementTree as ET

__all__ = ["to_omml"]

_M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
ET.register_namespace("m", _M)


def to_omml(math: ET.Element) -> str:
    """Return an ``m:oMath`` element as text."""
    root = ET.Element(f"{{{_M}}}oMath")
    for part in math:
        _put(root, part)
    return ET.tostring(root, encoding="unicode")


def _put(into: ET.Element, node: ET.Element) -> None:
    match node.tag:
        case "mrow" | "mtd":
            _row(into, list(node))
        case "mfrac":
            _pair(into, node, "f", ("num", "den"))
        case "msub":
            _pair(into, node, "sSub", ("e", "sub"))
        case "msup":
            _pair(into, node, "sSup", ("e", "sup"))
        case "msqrt":
            radical = _element(into, "rad")
            _element(_element(radical, "radPr"), "degHide", val="1")
            _element(radical, "deg")
            _row(_element(radical, "e"), list(node))
        case "mtable":
            rows = _element(into, "eqArr")
            for line in node:
                _row(_element(rows, "e"), list(line))
        case _:
            _run(into, node)


def _row(into: ET.Element, parts: list[ET.Element]) -> None:
    """Put parts in a row; a brace before a table becomes a one-sided delimiter around it."""
    n = 0
    while n < len(parts):
        braced = parts[n].tag == "mo" and parts[n].text == "{" and n + 1 < len(parts) and parts[n + 1].tag == "mtable"
        if braced:
            delimiter = _element(into, "d")
            properties = _element(delimiter, "dPr")
            _element(properties, "begChr", val="{")
            _element(properties, "endChr", val="")
            _put(_element(delimiter, "e"), parts[n + 1])
        else:
            _put(into, parts[n])
        n += 2 if braced else 1


def _pair(into: ET.Element, node: ET.Element, tag: str, names: tuple[str, str]) -> None:
    element = _element(into, tag)
    for name, part in zip(names, node, strict=True):
        _put(_element(element, name), part)


def _run(into: ET.Element, node: ET.Element) -> None:
    run = _element(into, "r")
    if node.tag == "mtext" or node.get("mathvariant") == "normal":
        _element(_element(run, "rPr"), "nor")  # upright in Word and in LibreOffice, which ignores m:sty
    elif node.tag == "mn" or len(node.text or "") > 1:
        _element(_element(run, "rPr"), "sty", val="p")
    content = _element(run, "t")
    content.text = node.text
    content.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _element(into: ET.Element, tag: str, val: str | None = None) -> ET.Element:
    element = ET.SubElement(into, f"{{{_M}}}{tag}")
    if val is not None:
        element.set(f"{{{_M}}}val", val)
    return element
