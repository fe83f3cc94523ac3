"""Load a standard package: everything is checked, every fault is collected with file and line, the result is kept."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import ConfigDict

from tanheng.kernel.canonical_json import digest as sha256
from tanheng.kernel.canonical_json import dumps
from tanheng.kernel.errors import NotFound, raise_faults
from tanheng.kernel.resources import data_dir
from tanheng.rules.formula import Formula
from tanheng.rules.models import ProcessesText, ProcessTemplate, StandardText, StreamTemplate
from tanheng.rules.package_checks import check_formulas, check_processes, check_standard, check_validity
from tanheng.rules.package_reader import PackageReader
from tanheng.rules.parameters import ParameterTable, read_parameters

__all__ = [
    "Standard",
    "StandardSummary",
    "add_standard_folder",
    "load_standard",
    "standard_folders",
    "standard_of_files",
    "standards",
]

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

    def account_of(self, source: str) -> str:
        """Return the account whose lines a source's figure adds: the enterprise's, else the first that counts it."""
        counting = [name for name, account in self.accounts.items() if source in (account.sources or self.sources)]
        return "enterprise" if "enterprise" in counting else counting[0]

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


_added: list[Path] = []


def add_standard_folder(folder: Path) -> None:
    """Have standards looked for in one more folder, behind the packaged ones; adding it again changes nothing."""
    with _lock:
        if folder.resolve() not in _added:
            _added.append(folder.resolve())


def standard_folders() -> tuple[Path, ...]:
    """Return the folders that standards are looked for in: the packaged ones, then those that were added."""
    return ((data_dir() / "standards").resolve(), *_added)


def standards() -> tuple[StandardSummary, ...]:
    """Return the standards there are, folder by folder, by id."""
    return tuple(_summary(path.parent) for folder in standard_folders() for path in _packages(folder))


def _packages(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/standard.yaml"))


def load_standard(id: str | Path) -> Standard:
    """Load a standard by id from the folders there are, or any directory by path (a copy that a user changed).

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
    if isinstance(id, Path):
        places = [id]
    else:
        places = [folder / id for folder in standard_folders()] if id.isidentifier() and id.isascii() else []
    found = [place for place in places if (place / "standard.yaml").is_file()]
    if not found:
        known = sorted(path.parent.name for folder in standard_folders() for path in _packages(folder))
        raise NotFound("standard.unknown", id=str(id), known=known)
    return found[0].resolve()


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
    reader = PackageReader({path.name: path.read_bytes()}, directory)
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
    return standard_of_files(files, directory)


def standard_of_files(files: Mapping[str, bytes], directory: Path) -> Standard:
    """Check the files of a package that need not lie on disk: a copy while it is edited; not kept in the process.

    Raises
    ------
    Faults
        Every fault of the package as StandardError with ``file`` and ``line``.
    """
    reader = PackageReader(files, directory)
    text = reader.model("standard.yaml", StandardText)
    formulas = reader.formulas(text)
    tables = {name: content for name, content in files.items() if name.startswith("parameters/")}
    parameters = read_parameters(
        {f"{directory.name}/{name}": content for name, content in tables.items()}, directory.name, reader.faults
    )
    units = check_formulas(formulas, reader.fault_in("formulas.yaml"))
    if text is not None:
        check_standard(text, reader.formula_names, units, reader.fault_in("standard.yaml"))
        check_validity(text, formulas, reader.fault_in("formulas.yaml"))
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


def _check_id(id: str, directory: Path, reader: PackageReader) -> None:
    """In a folder of standards a package lies under its id, and an id stands for one package only."""
    fault = reader.fault_in("standard.yaml")
    folders = standard_folders()
    if directory.parent in folders and id != directory.name:
        fault("standard.folder", ("id",), id=id, folder=directory.name)
    for folder in folders:
        if folder != directory.parent and (folder / id / "standard.yaml").is_file():
            fault("standard.id_taken", ("id",), id=id, other=folder / id)
