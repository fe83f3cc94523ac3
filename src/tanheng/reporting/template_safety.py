"""What a template of others may be and do: a plain docx of bounded size, and only the variables we hand it."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from tanheng.kernel.errors import InputError

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

__all__ = ["MOST_BYTES", "check_package", "environment"]

MOST_BYTES = 10_000_000  # as uploaded
_MOST_UNPACKED = 60_000_000
_MOST_PARTS = 2_000
# No filter that makes a text longer: a chain of replace or join fills any memory.
_FILTERS = ("default", "first", "last", "length", "trim", "upper", "lower")
# What an expression or tag may consist of: taking a variable, choosing. No loop, assignment, macro, concatenation.
_NODES = frozenset(
    ["Template", "Output", "TemplateData", "Name", "Getattr", "Getitem", "Const", "If", "CondExpr", "Compare",
     "Operand", "Not", "And", "Or", "Filter", "Test", "Keyword", "Tuple", "List", "Neg"]
)  # fmt: skip
_PROGRAMS = {"docx": "Word", "xlsx": "Excel"}
_BODIES = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
_REFUSED = (
    *("vbaproject", "activex", "embeddings/"),
    *("externallinks/", "connections.xml", "querytables/", "macrosheets/"),
)
_LINKS = ("/hyperlink",)  # followed by a reader on a click, loaded by nobody
_ACTIVE = ("/afchunk", "/oleobject", "/package", "/control", "/vbaproject", "/subdocument", "/attachedtoolbars")
_FIELDS = re.compile(
    r"\s*(INCLUDEPICTURE|INCLUDETEXT|INCLUDE|IMPORT|DDEAUTO|DDE|LINK|EMBED|DATABASE|RD|MACROBUTTON|AUTOTEXT)\b|.*\{[{%]",
    re.IGNORECASE | re.DOTALL,
)
_ENCODING = re.compile(rb"""<\?xml[^<>]*?encoding\s*=\s*["']([^"'<>]*)["']""")
_OLE = b"\xd0\xcf\x11\xe0"


def check_package(body: bytes, kind: str = "docx") -> None:
    """Refuse what is no docx (or xlsx), is too large once unpacked, holds macros or fetches something from elsewhere.

    Raises
    ------
    InputError
        ``report.template_unreadable``, ``report.template_too_large`` or ``report.template_macro``.
    """
    if len(body) > MOST_BYTES:
        raise InputError("report.template_too_large", bytes=len(body), most=MOST_BYTES)
    if body.startswith(_OLE):
        raise InputError("report.template_unreadable", reason="是旧格式（.doc、.xls）的文件，或设了打开密码")
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as package:
            _check_parts(package, kind)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise InputError("report.template_unreadable", reason=f"不是 {_PROGRAMS[kind]} 文档") from error
    except ElementTree.ParseError as error:
        raise InputError("report.template_unreadable", reason="其中的 XML 不完整") from error


def _check_parts(package: zipfile.ZipFile, kind: str) -> None:
    parts = package.infolist()
    unpacked = sum(part.file_size for part in parts)
    if unpacked > _MOST_UNPACKED or len(parts) > _MOST_PARTS:
        raise InputError("report.template_too_large", bytes=unpacked, most=_MOST_UNPACKED)
    names = {part.filename for part in parts}
    if "[Content_Types].xml" not in names or _BODIES[kind] not in names:
        raise InputError("report.template_unreadable", reason=f"缺少 {_PROGRAMS[kind]} 文档的正文")
    for part in parts:
        lower = part.filename.lower()
        if any(name in lower for name in _REFUSED):
            raise InputError("report.template_macro", part=part.filename)
        if lower.endswith((".xml", ".rels")):
            _check_xml(part.filename, package.read(part))


def _check_xml(name: str, content: bytes) -> None:
    declared = _ENCODING.search(content[:200])
    plain = declared is None or declared[1].lower() in (b"utf-8", b"us-ascii", b"ascii")
    # in another encoding the words below would not be found
    if not plain or b"\0" in content[:8] or b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise InputError("report.template_macro", part=name)
    if name == "[Content_Types].xml" and b"macroEnabled" in content:
        raise InputError("report.template_macro", part=name)
    if name.lower().endswith(".rels"):
        if any(_fetches(link.attrib) for link in ElementTree.fromstring(content).iter()):
            raise InputError("report.template_macro", part=name)
    elif b"instr" in content and any(_FIELDS.match(field) for field in _fields(content)):
        raise InputError("report.template_macro", part=name)


def _fetches(link: dict[str, str]) -> bool:
    """Whether a relationship loads something from outside, or something that acts by itself."""
    kind = link.get("Type", "").lower()
    return kind.endswith(_ACTIVE) or (link.get("TargetMode", "").lower() == "external" and not kind.endswith(_LINKS))


def _fields(content: bytes) -> Iterator[str]:
    """Instructions of Word's fields, put together from the runs over which they are spread."""
    found = ""
    for node in ElementTree.fromstring(content).iter():
        kind = node.tag.rpartition("}")[2]
        if kind == "fldChar":
            yield found
            found = ""
        elif kind == "instrText":
            found += node.text or ""
        elif kind == "fldSimple":
            yield next((text for key, text in node.attrib.items() if key.endswith("instr")), "")
    yield found


def environment(most_written: int = 1_000_000) -> "SandboxedEnvironment":
    """Return the Jinja environment of templates: sandboxed, strict, no globals, few filters, nothing that grows.

    Parameters
    ----------
    most_written
        Characters that all expressions together may put out.
    """
    from jinja2 import StrictUndefined, nodes
    from jinja2.exceptions import SecurityError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Quiet(ImmutableSandboxedEnvironment):
        def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
            tree = super()._parse(source, name, filename)
            for node in tree.find_all(nodes.Node):
                if type(node).__name__ not in _NODES:
                    raise SecurityError(f"模板里只能取用变量和用 if 选择，不能用“{type(node).__name__}”")
            return tree

        def call(self, *args: Any, **kwargs: Any) -> Any:
            raise SecurityError("模板里不能调用函数")

    left = most_written

    def counted(value: Any) -> Any:
        nonlocal left
        left -= len(value) if isinstance(value, str) else 20
        if left < 0:
            raise SecurityError("同样的内容写了太多遍")
        return value

    quiet = Quiet(autoescape=True, undefined=StrictUndefined, finalize=counted)
    quiet.globals.clear()
    quiet.filters = {name: quiet.filters[name] for name in _FILTERS}
    return quiet
