"""Errors carry a code and values; the Chinese sentence stands in ``data/errors.zh``.

TanhengError
├── InputError        what a person or a file gave is unreadable
│   ├── UnitError     a unit is unknown or does not fit
│   └── PeriodError   a month or range is unreadable
├── FormulaError      a formula is refused
├── StandardError     a standard package is faulty (file and line in the values)
├── MissingValue      something that is needed was not given
├── OutOfRange        a number is outside what is possible
├── NotFound          an id or a name is not in the catalogue
└── Faults            several of them, collected in one pass
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from string import Formatter

import yaml

from tanheng.kernel.resources import data_dir

__all__ = [
    "Faults",
    "FormulaError",
    "InputError",
    "MissingValue",
    "NotFound",
    "OutOfRange",
    "PeriodError",
    "StandardError",
    "TanhengError",
    "UnitError",
    "raise_faults",
    "sentences",
]

_NO_UNIT = re.compile(r" +(?=[，。；：、）？])")  # a share has no unit: “95 ，” is “95，”


@cache
def sentences() -> Mapping[str, str]:
    """Return every Chinese sentence by error code, merged from ``data/errors.zh/*.yaml``."""
    merged: dict[str, str] = {}
    for path in sorted((data_dir() / "errors.zh").glob("*.yaml")):
        for code, sentence in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).items():
            if code in merged:
                raise ValueError(f"{path}: code {code} has two sentences")
            merged[code] = sentence
    return merged


class TanhengError(Exception):
    """An error with a code (``room.what``) and the values that explain it."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values

    def __str__(self) -> str:
        """Return the developers' form ``code: key=value``."""
        return f"{self.code}: " + ", ".join(f"{key}={value!r}" for key, value in self.values.items())

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle by code and values, so an error survives a job queue."""
        return (_rebuild, (type(self), self.code, self.values))

    def zh(self) -> str:
        """Return the Chinese sentence with place (``file:line``, cell …) in front when the values name one."""
        template = sentences().get(self.code)
        text = template.format_map(_Shown(self.values)) if template else f"{self.code}（{_pairs(self.values)}）"
        named = set() if template is None else {field for _, field, _, _ in Formatter().parse(template) if field}
        return _place(self.values, named) + _NO_UNIT.sub("", text)

    def at(self, **values: object) -> "TanhengError":
        """Return the same error with values added, e.g. the file and line where it happened."""
        return type(self)(self.code, **{**self.values, **values})


class InputError(TanhengError):
    """What a person or a file gave is unreadable."""


class UnitError(InputError):
    """A unit is unknown or does not fit."""


class PeriodError(InputError):
    """A month or a range of months is unreadable."""


class FormulaError(TanhengError):
    """A formula is refused."""


class StandardError(TanhengError):
    """A standard package is faulty; values name ``file`` and ``line``."""


class MissingValue(TanhengError):
    """Something that is needed was not given."""


class OutOfRange(TanhengError):
    """A number is outside what is possible."""


class NotFound(TanhengError):
    """An id or a name is not in the catalogue."""


class Faults(TanhengError):
    """Several errors found in one pass, in the order in which they stand in the input."""

    def __init__(self, faults: Iterable[TanhengError]) -> None:
        self.faults: tuple[TanhengError, ...] = tuple(faults)
        super().__init__("faults", count=len(self.faults))

    def __reduce__(self) -> tuple[object, ...]:
        return (Faults, (self.faults,))

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)

    def at(self, **values: object) -> "Faults":
        """Return the faults, each with the values added."""
        return Faults(fault.at(**values) for fault in self.faults)

    def zh(self) -> str:
        """Return one line a fault."""
        return "\n".join(fault.zh() for fault in self.faults)


def raise_faults(faults: Iterable[TanhengError]) -> None:
    """Raise :class:`Faults` when there are any."""
    collected = tuple(faults)
    if collected:
        raise Faults(collected)


def _rebuild(kind: type[TanhengError], code: str, values: Mapping[str, object]) -> TanhengError:
    return kind(code, **values)


class _Shown(dict[str, object]):
    """Values as a sentence shows them; a value that was not given is shown as ？ instead of failing."""

    def __init__(self, values: Mapping[str, object]) -> None:
        super().__init__({key: _show(value) for key, value in values.items()})

    def __missing__(self, key: str) -> str:
        return "？"


def _show(value: object) -> str:
    if value is None:
        return "—"
    if isinstance(value, list | tuple | set | frozenset):
        return "、".join(_show(item) for item in value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _pairs(values: Mapping[str, object]) -> str:
    return "，".join(f"{key}={_show(value)}" for key, value in values.items())


def _place(values: Mapping[str, object], named: set[str]) -> str:
    if "file" not in values or "file" in named:
        return ""
    line = f":{values['line']}" if values.get("line") else ""
    path = f" {values['path']}" if values.get("path") and "path" not in named else ""
    return f"{values['file']}{line}{path}："
