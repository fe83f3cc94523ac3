"""``tanheng recalculate``: cases under old and new factors, side by side."""

import argparse
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from tanheng.accounting.case import Case, load_case
from tanheng.accounting.completeness import choose
from tanheng.accounting.difference import Difference, Pair
from tanheng.accounting.recalculate import ReplacedLibrary
from tanheng.accounting.recalculate import recalculate as compared
from tanheng.kernel.errors import Faults, InputError, TanhengError
from tanheng.kernel.rounding import round_half_up
from tanheng.rules.factors import FactorLibrary, packaged
from tanheng.rules.factors.reading import read_factors
from tanheng.rules.package import Standard, load_standard
from tanheng.rules.table import StreamTable

__all__ = ["recalculate"]

_GROUPS = {"source": "按排放源", "process": "按工序", "month": "按月", "stream": "按源流"}


def recalculate(options: argparse.Namespace) -> int:
    """Print old, new and difference of every case; exits 1 where something changes, as ``check`` does."""
    new_as_of = _day(options.as_of)
    library = _library(options)
    faults: list[TanhengError] = []
    found: list[tuple[Case, Standard, Difference]] = []
    for path in options.case:
        try:
            found += _differences(load_case(path), options.standard, library, new_as_of)
        except Faults as error:
            faults += error.faults
        except TanhengError as error:
            faults.append(error if "file" in error.values else error.at(file=str(path)))
    if faults:
        raise Faults(faults)
    if options.json:
        shown = [
            {"case": case.title, "standard": standard.id, "period": case.period.key, **difference.as_json()}
            for case, standard, difference in found
        ]
        print(json.dumps(shown, ensure_ascii=False, indent=1, sort_keys=True))
    else:
        print("\n\n".join("\n".join(_text(*each)) for each in found))
    return 1 if any(difference.changed for _, _, difference in found) else 0


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise InputError("recalculation.day", text=str(text)) from error


def _library(options: argparse.Namespace) -> FactorLibrary:
    """The library afterwards: the packaged one with the file's factors and the replacements."""
    if not (options.replace or options.library or options.as_of):
        raise InputError("recalculation.nothing_asked")
    library = packaged()
    if options.library:
        library = library.with_factors(_read(Path(options.library)))
    replaced: dict[str, str] = {}
    for text in options.replace:
        old, sign, new = text.partition("=")
        if not (old and sign and new):
            raise InputError("recalculation.pair", text=text)
        if replaced.setdefault(old, new) != new:
            raise InputError("recalculation.replaced_twice", factor=old)
    return ReplacedLibrary(library, replaced) if replaced else library


def _read(path: Path) -> list[Any]:
    if not path.is_file():
        raise InputError("recalculation.library_unreadable", file=str(path), said="没有这个文件")
    try:
        return list(read_factors(path))
    except (ValueError, ArithmeticError, KeyError, UnicodeDecodeError) as error:
        if isinstance(error, TanhengError):
            raise
        raise InputError("recalculation.library_unreadable", file=str(path), said=str(error)) from error


def _differences(
    case: Case, standard: str | None, library: FactorLibrary, new_as_of: date | None
) -> Iterator[tuple[Case, Standard, Difference]]:
    names = (standard,) if standard else case.standards
    if not names:
        raise InputError("case.no_standard", file=case.document.file)
    table = StreamTable.from_stream_set(case.stream_set, choose(case.stream_set, case.period).records)
    as_of = case.as_of or packaged().newest_publication
    for name in names:
        loaded = load_standard(name)
        found = compared(
            loaded, table, site=case.stream_set.site, as_of=as_of, old=packaged(), new=library,
            new_as_of=new_as_of or case.as_of or library.newest_publication,
        )  # fmt: skip
        yield case, loaded, found.difference()


def _text(case: Case, standard: Standard, difference: Difference) -> Iterator[str]:
    yield f"{case.title}  {case.period.key}  {standard.short_zh}"
    yield f"{difference.lines} 行中 {difference.changed} 行变化"
    yield _row("", ("原值", "新值", "差异"))
    yield _row("总量 tCO2e", _numbers(difference.total))
    names = {id: source.zh for id, source in standard.sources.items()}
    for group, title in _GROUPS.items():
        yield from _group(title, difference.groups[group], names)


def _group(title: str, pairs: Mapping[str, Pair], names: Mapping[str, str]) -> Iterator[str]:
    if pairs:
        yield title
    for key, pair in pairs.items():
        yield _row(f"  {names.get(key, key)}", _numbers(pair))


def _numbers(pair: Pair) -> Iterable[str]:
    for value in (pair.old, pair.new, pair.change):
        yield "—" if value is None else f"{round_half_up(repr(value), 2):,}"


def _row(name: str, cells: Iterable[str]) -> str:
    width = sum(2 if ord(character) > 0x2E7F else 1 for character in name)
    return name + " " * max(1, 36 - width) + "".join(f"{cell:>20}" for cell in cells)
