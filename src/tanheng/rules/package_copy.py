"""Copy a standard and change the copy ("模型可变更"): its files as text, edits by path, faults by place.

A copy is a mapping of file names to texts. Nothing here writes to disk; what an edit gives is checked by the strict
loader like any other package.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tanheng.kernel.errors import Faults, InputError, TanhengError
from tanheng.kernel.yaml_lines import parse_yaml
from tanheng.rules.material_groups import without_groups
from tanheng.rules.package import Standard, standard_of_files
from tanheng.rules.parameters import COLUMNS

__all__ = [
    "MOST_BYTES", "MOST_FILES", "PlacedFault", "case_names", "checked_copy", "copy_files", "data_of", "edited",
    "faults_of", "removed", "rows_of", "with_rows", "written",
]  # fmt: skip

Files = Mapping[str, str]
Keys = tuple[str | int, ...]
MOST_FILES = 100
MOST_BYTES = 2_000_000
_KEPT = (".yaml", ".csv")


class _Dumper(yaml.SafeDumper):
    """Block style with a line for every value, so that a fault's line names its place; no anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write equal objects out each time: the strict reader refuses anchors."""
        return True


@dataclass(frozen=True, slots=True)
class PlacedFault:
    """A fault of a copy: in which file, at which path of keys (a row number in a table)."""

    error: TanhengError
    file: str
    path: Keys


def written(data: Any) -> str:
    """Return data as YAML text that the strict reader takes back unchanged."""
    return yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=4096, default_flow_style=False)


def data_of(files: Files, name: str) -> Any:
    """Return the parsed data of a YAML file of a copy; an absent file is empty."""
    return parse_yaml(files[name].encode(), name=name).data if name in files else {}


def case_names(files: Files) -> tuple[str, ...]:
    """Return the names of the worked cases of a copy."""
    return tuple(sorted(name for name in files if name.startswith("cases/")))


def copy_files(directory: Path, standard_id: str) -> dict[str, str]:
    """Return the texts of a package, every YAML file written out anew; each case speaks of this standard alone.

    Raises
    ------
    InputError
        ``copy.too_large`` beyond 100 files or 2 MB.
    """
    found = sorted(path for path in directory.rglob("*") if path.suffix in _KEPT and path.is_file())
    if len(found) > MOST_FILES or sum(path.stat().st_size for path in found) > MOST_BYTES:
        raise InputError("copy.too_large", files=len(found), most=MOST_FILES, megabytes=MOST_BYTES // 1_000_000)
    files: dict[str, str] = {}
    for path in found:
        name = path.relative_to(directory).as_posix()
        content = path.read_bytes()
        if path.suffix == ".csv":
            files[name] = content.decode("utf-8-sig")
            continue
        data = parse_yaml(content, name=name).data
        if name.startswith("cases/"):
            data = _case_of_one(data, standard_id)
        if name == "standard.yaml":
            data = without_groups(data)  # a form moves single materials
        files[name] = written(data)
    return files


def _case_of_one(data: dict[str, Any], standard_id: str) -> dict[str, Any]:
    """Keep what a case that serves several standards expects of this one."""
    expect = data.get("expect") or {}
    if isinstance(data.get("standard"), list) and standard_id in expect:
        expect = expect[standard_id]
    return {**data, "standard": standard_id, "expect": expect}


def edited(files: Files, name: str, path: Keys, value: Any) -> dict[str, str]:
    """Return the files with one value set; the index after the last of a list appends.

    Raises
    ------
    InputError
        ``copy.no_place`` when the path leads nowhere.
    """
    data = data_of(files, name)
    inside = _inside(data, path[:-1], name)
    key = path[-1]
    if isinstance(inside, list) and key == len(inside):
        inside.append(value)
    elif isinstance(inside, dict) or (isinstance(inside, list) and isinstance(key, int) and 0 <= key < len(inside)):
        inside[key] = value  # type: ignore[index]
    else:
        raise InputError("copy.no_place", place="/".join(map(str, path)), name=name)
    return {**files, name: written(data)}


def removed(files: Files, name: str, path: Keys) -> dict[str, str]:
    """Return the files without the value at a path; raises InputError ``copy.no_place``."""
    data = data_of(files, name)
    inside = _inside(data, path[:-1], name)
    try:
        del inside[path[-1]]
    except (KeyError, IndexError, TypeError) as error:
        raise InputError("copy.no_place", place="/".join(map(str, path)), name=name) from error
    return {**files, name: written(data)}


def _inside(data: Any, path: Keys, name: str) -> Any:
    for key in path:
        try:
            data = data[key]
        except (KeyError, IndexError, TypeError) as error:
            raise InputError("copy.no_place", place="/".join(map(str, path)), name=name) from error
    return data


def rows_of(files: Files, name: str) -> list[dict[str, str]]:
    """Return the rows of a table of default values."""
    return [dict(row) for row in csv.DictReader(io.StringIO(files.get(name, ""), newline=""))]


def with_rows(files: Files, name: str, rows: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Return the files with a table written anew."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({column: row.get(column) or "" for column in COLUMNS} for row in rows)
    return {**files, name: out.getvalue()}


def checked_copy(files: Files, folder: str | Path) -> Standard:
    """Return the copy as a standard that would lie in a folder; raises Faults with every fault."""
    bounded = sum(len(text.encode()) for text in files.values())
    if len(files) > MOST_FILES or bounded > MOST_BYTES:
        raise InputError("copy.too_large", files=len(files), most=MOST_FILES, megabytes=MOST_BYTES // 1_000_000)
    decisive = {name: text.encode() for name, text in files.items() if not name.startswith("cases/")}
    return standard_of_files(decisive, Path(folder))


def faults_of(files: Files, folder: str | Path) -> tuple[PlacedFault, ...]:
    """Return what the strict loader says of a copy, each fault with its file and path; empty when it is sound."""
    try:
        checked_copy(files, folder)
    except Faults as faults:
        return tuple(_placed(fault, files, Path(folder).name) for fault in faults.faults)
    return ()


def _placed(fault: TanhengError, files: Files, folder: str) -> PlacedFault:
    name = str(fault.values.get("file", "")).removeprefix(f"{folder}/")
    line = int(str(fault.values.get("line") or 1))
    plain = type(fault)(
        fault.code, **{key: value for key, value in fault.values.items() if key not in ("file", "line")}
    )
    if name.endswith(".csv"):
        return PlacedFault(plain, name, (line - 2,))
    return PlacedFault(plain, name, _path_at(files, name, line))


def _path_at(files: Files, name: str, line: int) -> Keys:
    """Return the outermost path that begins on a line: with a value a line this is the key that stands there."""
    if name not in files:
        return ()
    try:
        lines = parse_yaml(files[name].encode(), name=name).lines
    except Faults:
        return ()
    begun = [path for path, at in lines.items() if at == line and path]
    return min(begun, key=len, default=())
