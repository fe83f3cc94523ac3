"""Load a standard package: everything is checked, every fault is collected with file and line, the result is kept."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from tanheng.kernel.canonical_json import digest as sha256
from tanheng.kernel.canonical_json import dumps
from tanheng.kernel.errors import Faults, NotFound, StandardError, TanhengError, raise_faults, sentences
from tanheng.kernel.resources import data_dir
from tanheng.kernel.yaml_lines import Document, parse_yaml
from tanheng.rules.formula import Formula, spread_units
from tanheng.rules.models import FormulaText, ProcessesText, ProcessTemplate, StandardText, StreamTemplate
from tanheng.rules.package_checks import check_formulas, check_processes, check_standard
from tanheng.rules.parameters import ParameterTable, read_parameters

__all__ = ["Standard", "StandardSummary", "load_standard", "standards"]

Text = TypeVar("Text", bound=BaseModel)
Keys = tuple[str | int, ...]
_READ = (".yaml", ".csv")


class Standard(StandardText):
    """A standard, checked: the keys of ``standard.yaml``, and its formulas, tables, templates and digest."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    formulas: Mapping[str, Formula]
    parameters: ParameterTable
    processes: tuple[ProcessTemplate, ...] = ()
    boundary_streams: tuple[StreamTemplate, ...] = ()
    report: Mapping[str, Any] = {}
    digest: str
    directory: Path

    def derivations(self, quantity: str) -> tuple[Formula, ...]:
        """Return the formulas that derive a parameter from others."""
        return tuple(formula for formula in self.formulas.values() if formula.gives == quantity)


@dataclass(frozen=True, slots=True)
class StandardSummary:
    """What a list of standards shows."""

    id: str
    zh: str
    short_zh: str
    document: str
    status: str
    evidence: str
    industry: str
    in_force_from: date
    in_force_to: date | None
    directory: Path


_kept: dict[Path, tuple[object, Standard]] = {}
_summaries: dict[Path, tuple[object, StandardSummary]] = {}
_lock = threading.Lock()


def standards() -> tuple[StandardSummary, ...]:
    """Return the packaged standards, by id."""
    return tuple(_summary(path.parent) for path in sorted((data_dir() / "standards").glob("*/standard.yaml")))


def load_standard(id: str | Path) -> Standard:
    """Load a packaged standard by id, or any directory by path (a copy that a user changed).

    The parsed form is kept in the process until a file of the package changes.

    Raises
    ------
    NotFound
        ``standard.unknown`` with the ids there are.
    Faults
        Every fault of the package as StandardError with ``file`` and ``line``.
    """
    directory = _directory(id)
    stamp = _stamp(directory)
    with _lock:
        kept = _kept.get(directory)
    if kept is not None and kept[0] == stamp:
        return kept[1]
    standard = _load(directory)
    with _lock:
        _kept[directory] = (stamp, standard)
    return standard


def _directory(id: str | Path) -> Path:
    packaged = data_dir() / "standards"
    directory = id if isinstance(id, Path) else packaged / id
    plain = isinstance(id, Path) or (id.isidentifier() and id.isascii())
    if not plain or not (directory / "standard.yaml").is_file():
        known = sorted(path.parent.name for path in packaged.glob("*/standard.yaml"))
        raise NotFound("standard.unknown", id=str(id), known=known)
    return directory.resolve()


def _files(directory: Path) -> list[Path]:
    """Everything that decides a result or a report; worked cases do not."""
    found = (path for path in directory.rglob("*") if path.suffix in _READ and path.is_file())
    return sorted(path for path in found if "cases" not in path.relative_to(directory).parts)


def _stamp(directory: Path) -> object:
    return tuple((str(path), *_size_and_time(path)) for path in _files(directory))


def _size_and_time(path: Path) -> tuple[int, int]:
    state = path.stat()
    return state.st_size, state.st_mtime_ns


def _summary(directory: Path) -> StandardSummary:
    path = directory / "standard.yaml"
    stamp = _size_and_time(path)
    kept = _summaries.get(directory)
    if kept is not None and kept[0] == stamp:
        return kept[1]
    reader = _Reader({path.name: path.read_bytes()}, directory)
    text = reader.model("standard.yaml", StandardText)
    raise_faults(reader.faults)
    assert text is not None
    fields = {k: getattr(text, k) for k in ("id", "zh", "short_zh", "document", "status", "evidence", "industry")}
    start, end = text.in_force.start, text.in_force.end
    summary = StandardSummary(**fields, in_force_from=start, in_force_to=end, directory=directory)
    _summaries[directory] = (stamp, summary)
    return summary


def _load(directory: Path) -> Standard:
    files = {path.relative_to(directory).as_posix(): path.read_bytes() for path in _files(directory)}
    reader = _Reader(files, directory)
    text = reader.model("standard.yaml", StandardText)
    formulas = reader.formulas(text)
    tables = {name: content for name, content in files.items() if name.startswith("parameters/")}
    parameters = read_parameters(
        {f"{directory.name}/{name}": content for name, content in tables.items()}, directory.name, reader.faults
    )
    units = check_formulas(formulas, reader.fault_in("formulas.yaml"))
    if text is not None:
        check_standard(text, reader.formula_names, units, reader.fault_in("standard.yaml"))
        _check_id(text.id, directory, reader)
    processes = reader.model("processes.yaml", ProcessesText) if "processes.yaml" in files else None
    if processes is not None:
        check_processes(processes, reader.fault_in("processes.yaml"))
    report = reader.document("report.yaml") if "report.yaml" in files else None
    raise_faults(reader.faults)
    assert text is not None
    return Standard(
        **{name: getattr(text, name) for name in StandardText.model_fields},
        formulas=MappingProxyType(formulas),
        parameters=parameters,
        processes=processes.processes if processes else (),
        boundary_streams=processes.boundary_streams if processes else (),
        report=MappingProxyType((report.data if report else None) or {}),
        digest=sha256(dumps({name: sha256(content) for name, content in files.items()})),
        directory=directory,
    )


def _check_id(id: str, directory: Path, reader: "_Reader") -> None:
    packaged = (data_dir() / "standards").resolve()
    fault = reader.fault_in("standard.yaml")
    if directory.parent == packaged:
        if id != directory.name:
            fault("standard.folder", ("id",), id=id, folder=directory.name)
    elif (packaged / id).is_dir():
        fault("standard.id_taken", ("id",), id=id, other=packaged / id)


class _Reader:
    """Reads the files of one package and collects what is wrong with them."""

    def __init__(self, files: Mapping[str, bytes], directory: Path) -> None:
        self.files = files
        self.folder = directory.name
        self.faults: list[TanhengError] = []
        self.formula_names: tuple[str, ...] = ()
        self._documents: dict[str, Document | None] = {}

    def document(self, name: str) -> Document | None:
        """Return a parsed YAML file, or None with its faults collected."""
        if name not in self._documents:
            self._documents[name] = self._parse(name)
        return self._documents[name]

    def _parse(self, name: str) -> Document | None:
        shown = f"{self.folder}/{name}"
        if name not in self.files:
            self.faults.append(StandardError("standard.missing_file", file=self.folder, missing=name))
            return None
        try:
            document = parse_yaml(self.files[name], name=shown)
        except Faults as error:
            self.faults.extend(StandardError(fault.code, **fault.values) for fault in error.faults)
            return None
        if not isinstance(document.data, dict):
            values = {"key": name, "given": type(document.data).__name__, "reason": "应为键与值"}
            self.faults.append(StandardError("standard.value", file=shown, line=1, **values))
            return None
        return document

    def fault_in(self, name: str) -> Any:
        """Return a function that collects a fault at a path of keys of this file."""
        document = self.document(name)

        def fault(code: str, at: Keys, **values: object) -> None:
            line = document.line(at) if document else 1
            self.faults.append(StandardError(code, file=f"{self.folder}/{name}", line=line, **values))

        return fault

    def model(self, name: str, kind: type[Text]) -> Text | None:
        """Return a whole file as a model, or None with its faults collected."""
        document = self.document(name)
        return None if document is None else self._validated(kind, document.data, (), name)

    def formulas(self, text: StandardText | None) -> dict[str, Formula]:
        """Return the formulas whose entries are well formed; their expressions are checked afterwards."""
        document = self.document("formulas.yaml")
        if document is None:
            return {}
        self.formula_names = tuple(document.data)
        constants = text.constants if text else {}
        shown = {name: constant.value for name, constant in constants.items() if "/" in constant.value}
        formulas: dict[str, Formula] = {}
        for name, entry in document.data.items():
            checked = self._validated(FormulaText, entry, (name,), "formulas.yaml")
            if checked is None:
                continue
            try:
                formulas[name] = _formula(name, checked, shown)
            except TanhengError as error:
                self.fault_in("formulas.yaml")(error.code, (name, "terms"), **error.values)
        return formulas

    def _validated(self, kind: type[Text], data: Any, at: Keys, name: str) -> Text | None:
        try:
            return kind.model_validate(data)
        except ValidationError as error:
            for each in error.errors():
                self._model_fault(dict(each), at, name)
            return None

    def _model_fault(self, error: dict[str, Any], at: Keys, name: str) -> None:
        path: Keys = (*at, *error["loc"])
        key, given = str(path[-1]) if path else name, error["input"]
        fault = self.fault_in(name)
        if error["type"] in sentences():
            fault(error["type"], path, **error.get("ctx", {}))
        elif error["type"] == "extra_forbidden":
            fault("standard.unknown_key", path, key=key)
        elif error["type"] == "missing":
            fault("standard.missing_source" if key == "source" else "standard.missing_key", path, key=key)
        else:
            shown = given if isinstance(given, str | int | float | bool | None) else type(given).__name__
            fault("standard.value", path, key=key, given=shown, reason=_reason(error))


def _reason(error: Mapping[str, Any]) -> str:
    context = error.get("ctx", {})
    reasons = {
        "literal_error": f"只能是 {context.get('expected', '')}",
        "string_type": "应为文字，数字请加引号",
        "string_too_short": "不能为空",
        "date_type": "应为日期，如 2016-06-01",
        "int_type": "应为整数",
        "bool_type": "只能是 true 或 false",
        "dict_type": "应为键与值",
        "model_type": "应为键与值",
        "tuple_type": "应为列表",
        "too_short": "不能为空",
        "string_pattern_mismatch": "只能由小写字母、数字和下划线组成，以字母开头",
    }
    return reasons.get(error["type"], str(error["msg"]))


def _formula(name: str, text: FormulaText, shown: Mapping[str, str]) -> Formula:
    terms, units = spread_units(text.terms, text.unit)
    return Formula(
        id=name,
        zh=text.zh,
        en=text.en,
        expr=text.expr,
        units=units,
        terms=MappingProxyType(terms),
        source=text.source,
        symbol=text.symbol,
        gives=text.gives,
        when=MappingProxyType(text.when),
        valid_from=text.valid.start,
        valid_to=text.valid.end,
        note=text.note,
        shown=MappingProxyType({term: ratio for term, ratio in shown.items() if term in terms}),
    )
