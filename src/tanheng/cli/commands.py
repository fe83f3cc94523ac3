"""What the commands do. Each returns its exit code; errors carry codes and are printed by :mod:`tanheng.cli.main`."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track

from tanheng.accounting.case import Case, load_case
from tanheng.accounting.expect import differences
from tanheng.accounting.result import ResultDocument, sentence
from tanheng.accounting.run import run
from tanheng.accounting.tree import format_tree
from tanheng.cli.printing import public_json, tables, tree_json
from tanheng.kernel.errors import Faults, InputError, TanhengError
from tanheng.rules import package

__all__ = ["Command", "Lines", "calculate", "check", "explain", "web"]

_BAD_INPUT = ("stream.not_covered", "unit.incompatible", "value.impossible")
_DOUBTS = ("value.impossible", "value.implausible", "ratio.unusual")
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
    """What the standard does not cover, units that do not fit and numbers that cannot be are bad input."""
    faults = [
        InputError(
            found["code"], **{"file": case.document.file, "line": _line(case, found["stream"]), **found["values"]}
        )
        for doc in documents
        for found in (*doc.data["gaps"], *doc.data["warnings"])
        if found["code"] in _BAD_INPUT
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
    shown: list[dict[str, Any]] = []
    paths = [Path(name) for name in options.case]
    several = len(paths) > 1 and sys.stderr.isatty()
    for path in track(paths, "比较 comparing", console=Console(stderr=True), transient=True) if several else paths:
        try:
            shown += _check(path, options.standard)
        except Faults as error:
            faults += error.faults
        except TanhengError as error:
            faults.append(error if "file" in error.values else error.at(file=str(path)))
    if options.json:
        print(json.dumps(shown, ensure_ascii=False, indent=1, sort_keys=True))
    else:
        print("\n".join(line for found in shown for line in _report(found)))
    if faults:
        raise Faults(faults)
    return int(any(found["differences"] for found in shown))


def _check(path: Path, standard: str | None) -> Iterator[dict[str, Any]]:
    """Compare one case with what it expects, standard by standard; doubts are said and change nothing."""
    case = load_case(path)
    if not case.expect:
        raise InputError("case.no_expectation", file=str(path))
    for name in _chosen(case, standard):
        doc = _run(case, name)
        found = differences(doc, case.expect.get(name) or case.expect.get("") or {})
        doubts = [sentence(each) for each in doc.data["warnings"] if each["code"] in _DOUBTS]
        yield {
            "file": str(path),
            "standard": name,
            "differences": [difference.zh() for difference in found],
            "doubts": doubts,
        }


def _report(found: Mapping[str, Any]) -> Iterator[str]:
    count = len(found["differences"])
    yield f"{found['file']} {found['standard']} {f'{count} 处不符 differences' if count else '相符 agrees'}"
    yield from (f"  {line}" for line in found["differences"])
    yield from (f"  提示：{line}" for line in found["doubts"])


def explain(options: argparse.Namespace) -> int:
    """Print the tree of a stream or of any figure."""
    case = load_case(options.case)
    found: list[tuple[ResultDocument, str]] = []
    for name in _chosen(case, options.standard):
        doc = _run(case, name)
        known = set(doc.data["labels"]["streams"])
        found.append((doc, f"stream:{options.figure}" if options.figure in known else options.figure))
    if options.json:
        trees = [tree_json(doc, address) for doc, address in found]
        print(json.dumps(trees[0] if len(trees) == 1 else trees, ensure_ascii=False, indent=1, sort_keys=True))
    else:
        print("\n".join(format_tree(doc, address) for doc, address in found))
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
