"""What the commands do. Each returns its exit code; errors carry codes and are printed by :mod:`tanheng.cli.main`."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from rich.console import Console
from rich.progress import track

from tanheng.accounting.case import Case, load_case
from tanheng.accounting.expect import Difference, differences
from tanheng.accounting.result import ResultDocument
from tanheng.accounting.run import run
from tanheng.accounting.tree import format_tree
from tanheng.cli.printing import public_json, tables
from tanheng.kernel.errors import Faults, InputError, TanhengError
from tanheng.rules import package

__all__ = ["Command", "Lines", "calculate", "check", "explain", "web"]

Command = Callable[[], int]
Lines = Iterable[str]


def calculate(options: argparse.Namespace) -> int:
    """Account a case under its standards; what a standard does not cover is bad input, never a silent zero."""
    case = load_case(options.case)
    documents = [_run(case, name) for name in _chosen(case, options.standard)]
    if options.json:
        shown = [public_json(doc) for doc in documents]
        print(json.dumps(shown[0] if len(shown) == 1 else shown, ensure_ascii=False, indent=1, sort_keys=True))
    else:
        print("\n\n".join(tables(doc) for doc in documents))
    return _uncovered(case, documents)


def _uncovered(case: Case, documents: list[ResultDocument]) -> int:
    faults = [
        InputError(gap["code"], **{"file": case.document.file, "line": _line(case, gap["stream"]), **gap["values"]})
        for doc in documents
        for gap in doc.data["gaps"]
        if gap["code"] in ("stream.not_covered", "unit.incompatible")
    ]
    if faults:
        raise Faults(faults)
    return 0


def _line(case: Case, stream: str) -> int:
    entries = case.document.data["streams"]
    return next(
        (case.document.line(("streams", n)) for n, entry in enumerate(entries) if str(entry["id"]) == stream), 1
    )


def check(options: argparse.Namespace) -> int:
    """Compare cases with what they expect; every file is read before the exit code is decided."""
    faults: list[TanhengError] = []
    wrong = 0
    paths = [Path(name) for name in options.case]
    several = len(paths) > 1 and sys.stderr.isatty()
    for path in track(paths, "比较 comparing", console=Console(stderr=True), transient=True) if several else paths:
        try:
            wrong += _check(path, options.standard)
        except Faults as error:
            faults += error.faults
        except TanhengError as error:
            faults.append(error if "file" in error.values else error.at(file=str(path)))
    if faults:
        raise Faults(faults)
    return 1 if wrong else 0


def _check(path: Path, standard: str | None) -> int:
    case = load_case(path)
    if not case.expect:
        raise InputError("case.no_expectation", file=str(path))
    count = 0
    for name in _chosen(case, standard):
        doc = _run(case, name)
        found = list(differences(doc, case.expect.get(name) or case.expect.get("") or {}))
        for line in _report(path, name, found):
            print(line)
        count += len(found)
    return count


def _report(path: Path, standard: str, found: list[Difference]) -> Iterator[str]:
    yield f"{path} {standard} {'相符 agrees' if not found else f'{len(found)} 处不符 differences'}"
    for difference in found:
        yield f"  {difference.zh()}"


def explain(options: argparse.Namespace) -> int:
    """Print the tree of a stream or of any figure."""
    case = load_case(options.case)
    for name in _chosen(case, options.standard):
        doc = _run(case, name)
        known = set(doc.data["labels"]["streams"])
        address = f"stream:{options.figure}" if options.figure in known else options.figure
        print(format_tree(doc, address))
    return 0


def _chosen(case: Case, standard: str | None) -> tuple[str, ...]:
    if standard is not None:
        package.load_standard(standard)
        return (standard,)
    if not case.standards:
        raise InputError("case.no_standard", file=case.document.file)
    return case.standards


def _run(case: Case, standard: str) -> ResultDocument:
    loaded = package.load_standard(standard)
    return run(loaded, case.stream_set, period=case.period, as_of=case.as_of, title=case.title)


def web(command: str, argv: list[str]) -> int:
    """Hand ``serve`` and ``demo`` to the web package, which needs more than the domain does."""
    try:
        from tanheng_web import serving
    except ImportError as error:
        print(f"网页部分没有安装（缺少 {error.name}）：pip install 'tanheng[web]'", file=sys.stderr)
        return 2
    return int(getattr(serving, command)(argv) or 0)
