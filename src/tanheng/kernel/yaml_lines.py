"""YAML as data, strictly: duplicate keys, anchors and deep nesting are refused, and every value knows its line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tanheng.kernel.errors import Faults, InputError, TanhengError, raise_faults

__all__ = ["MAX_BYTES", "Document", "parse_yaml", "read_yaml"]

Keys = tuple[str | int, ...]
_MAX_DEPTH = 40
MAX_BYTES = 20_000_000
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAGS = {f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "timestamp")}


@dataclass(frozen=True)
class Document:
    """Parsed data and, by path of keys and indices, the line on which each value stands (1 is the first)."""

    data: Any
    lines: Mapping[Keys, int] = field(repr=False)
    file: str = ""

    def line(self, path: Keys) -> int:
        """Return the line of the value, or of the nearest thing around it that exists."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_yaml(path: Path, *, name: str | None = None) -> Document:
    """Read a YAML file; ``name`` is what errors call it (default: the file's name).

    Raises
    ------
    Faults
        Every fault with file and line: ``yaml.syntax``, ``yaml.duplicate_key``, ``yaml.anchor``, ``yaml.tag``,
        ``yaml.key``, ``yaml.too_deep``, ``yaml.too_large``.
    """
    return parse_yaml(path.read_bytes(), name=name or path.name)


def parse_yaml(content: bytes, *, name: str = "") -> Document:
    """Parse YAML text; see :func:`read_yaml`."""
    if len(content) > MAX_BYTES:
        raise Faults([InputError("yaml.too_large", file=name, bytes=len(content), most=MAX_BYTES)])
    builder = _Builder(name)
    try:
        raise_faults(_refused(content, name))
        node = yaml.compose(content, Loader=_LOADER)
        data = builder.build(node, ()) if node is not None else None
    except yaml.YAMLError as error:
        raise Faults([_syntax(error, name)]) from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise Faults([InputError("yaml.syntax", file=name, line=1, reason=type(error).__name__)]) from error
    if builder.faults:
        raise Faults(builder.faults)
    return Document(data, builder.lines, name)


def _refused(content: bytes, name: str) -> Iterator[TanhengError]:
    """Yield what is refused, from the stream of events: composing recurses, and deep nesting would end the process."""
    depth = 0
    for event in yaml.parse(content, Loader=_LOADER):
        mark = event.start_mark
        line = mark.line + 1 if mark else 1
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _MAX_DEPTH:
                yield InputError("yaml.too_deep", file=name, line=line, most=_MAX_DEPTH)
                return
            if event.tag is not None:
                yield InputError("yaml.tag", file=name, line=line, tag=event.tag)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if getattr(event, "anchor", None) is not None:
            yield InputError("yaml.anchor", file=name, line=line)


def _syntax(error: yaml.YAMLError, name: str) -> InputError:
    mark = getattr(error, "problem_mark", None)
    reason = str(getattr(error, "problem", None) or error).splitlines()[0]
    return InputError("yaml.syntax", file=name, line=mark.line + 1 if mark else 1, reason=reason)


class _Builder:
    """Turns nodes into Python values and keeps the lines."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[Keys, int] = {}
        self.faults: list[TanhengError] = []
        self._constructor = yaml.constructor.SafeConstructor()

    def build(self, node: yaml.Node, path: Keys) -> Any:
        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*path, n)) for n, item in enumerate(node.value)]
        return self._scalar(node, line)

    def _mapping(self, node: yaml.MappingNode, path: Keys) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode) or key_node.value == "<<":
                self._fault("yaml.key", line)
                continue
            # a key is its text: `on`, `2025` and `2025-01` stay what was written
            key = key_node.value
            if key in result:
                self._fault("yaml.duplicate_key", line, key=key, first_line=self.lines[(*path, key)])
                continue
            self.lines[(*path, key)] = line
            result[key] = self.build(value_node, (*path, key))
        return result

    def _scalar(self, node: yaml.Node, line: int) -> Any:
        if node.tag not in _TAGS:
            self._fault("yaml.tag", line, tag=node.tag)
            return None
        try:
            return self._constructor.construct_object(node)
        except (yaml.YAMLError, ValueError) as error:
            self._fault("yaml.syntax", line, reason=str(error))
            return None

    def _fault(self, code: str, line: int, **values: object) -> None:
        self.faults.append(InputError(code, file=self.name, line=line, **values))
