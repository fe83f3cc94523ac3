"""What a template of others may be and do: a plain docx of bounded size, and only the variables we hand it."""

import io
import zipfile
from typing import TYPE_CHECKING, Any

from tanheng.kernel.errors import InputError

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

__all__ = ["MOST_BYTES", "check_package", "environment"]

MOST_BYTES = 10_000_000  # as uploaded
_MOST_UNPACKED = 60_000_000
_MOST_PARTS = 2_000
_FILTERS = ("default", "first", "last", "length", "join", "trim", "upper", "lower", "replace")
_OLE = b"\xd0\xcf\x11\xe0"


def check_package(body: bytes) -> None:
    """Refuse what is no docx, is too large once unpacked, holds macros or fetches something from elsewhere.

    Raises
    ------
    InputError
        ``report.template_unreadable``, ``report.template_too_large`` or ``report.template_macro``.
    """
    if len(body) > MOST_BYTES:
        raise InputError("report.template_too_large", bytes=len(body), most=MOST_BYTES)
    if body.startswith(_OLE):
        raise InputError("report.template_unreadable", reason="是旧的 .doc 文件，或设了打开密码")
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as package:
            _check_parts(package)
    except zipfile.BadZipFile as error:
        raise InputError("report.template_unreadable", reason="不是 Word 文档") from error


def _check_parts(package: zipfile.ZipFile) -> None:
    parts = package.infolist()
    unpacked = sum(part.file_size for part in parts)
    if unpacked > _MOST_UNPACKED or len(parts) > _MOST_PARTS:
        raise InputError("report.template_too_large", bytes=unpacked, most=_MOST_UNPACKED)
    names = {part.filename for part in parts}
    if "[Content_Types].xml" not in names or "word/document.xml" not in names:
        raise InputError("report.template_unreadable", reason="缺少 Word 文档的正文")
    for part in parts:
        lower = part.filename.lower()
        if "vbaproject" in lower or "activex" in lower or "embeddings/" in lower:
            raise InputError("report.template_macro", part=part.filename)
        if lower.endswith((".xml", ".rels")):
            _check_xml(part.filename, package.read(part))


def _check_xml(name: str, content: bytes) -> None:
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise InputError("report.template_macro", part=name)
    if name == "[Content_Types].xml" and b"macroEnabled" in content:
        raise InputError("report.template_macro", part=name)
    if name.endswith(".rels") and any(_fetches(link) for link in content.split(b"<Relationship ")[1:]):
        raise InputError("report.template_macro", part=name)


def _fetches(link: bytes) -> bool:
    """Whether a relationship loads something from outside; a hyperlink does not, it is only followed by a reader."""
    return b'TargetMode="External"' in link and b"/hyperlink" not in link


def environment() -> "SandboxedEnvironment":
    """Return the Jinja environment of templates: sandboxed, strict, no globals, few filters, no growing arithmetic."""
    from jinja2 import StrictUndefined
    from jinja2.exceptions import SecurityError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Quiet(ImmutableSandboxedEnvironment):
        intercepted_binops = frozenset(["*", "**", "%", "+"])

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
            raise SecurityError(f"模板里不能用运算“{operator}”")

        def call(self, *args: Any, **kwargs: Any) -> Any:
            raise SecurityError("模板里不能调用函数")

    quiet = Quiet(autoescape=True, undefined=StrictUndefined)
    quiet.globals.clear()
    quiet.filters = {name: quiet.filters[name] for name in _FILTERS}
    return quiet
