"""What differs between two states of a copied standard, value by value, and where in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from typing import Any

from tanheng.kernel.catalogue import materials
from tanheng.kernel.quantities import glossary
from tanheng.kernel.resources import data_dir
from tanheng.kernel.roles import role_zh
from tanheng.kernel.yaml_lines import read_yaml
from tanheng.rules.package_copy import data_of, rows_of

__all__ = ["Change", "package_changes", "place_zh", "rule_zh"]

Files = Mapping[str, str]
Keys = tuple[str | int, ...]
_ROW_KEY = ("quantity", "material", "role", "valid_from")
_ABSENT = object()


@cache
def _table(name: str) -> Mapping[str, str]:
    words: dict[str, dict[str, str]] = read_yaml(data_dir() / "tables" / "package_words.yaml").data
    return words[name]


@dataclass(frozen=True, slots=True)
class Change:
    """One value that differs; None where it did not or does not exist any more."""

    file: str
    path: Keys
    before: str | None
    after: str | None
    place: str


def package_changes(before: Files, after: Files) -> tuple[Change, ...]:
    """Return every value that differs, file by file; rows of tables by what they are for."""
    found: list[Change] = []
    for name in sorted({*before, *after}):
        if before.get(name) == after.get(name):
            continue
        if name.startswith("cases/") and not (name in before and name in after):
            found.append(_whole_case(name, before, after))
            continue
        old, new = (_content(files, name) for files in (before, after))
        for path, left, right in _compared(old, new, ()):
            found.append(Change(name, path, _text(left), _text(right), place_zh(name, path, after if new else before)))
    return tuple(found)


def _whole_case(name: str, before: Files, after: Files) -> Change:
    """A case that came or went is one change: what it is and who checked it, not every number in it."""
    files = after if name in after else before
    data = data_of(files, name)
    said = "；".join(str(data[key]) for key in ("source", "citation") if data.get(key)) or str(
        data.get("title") or name
    )
    place = place_zh(name, (), files)
    return Change(name, (), said if name in before else None, said if name in after else None, place)


def _content(files: Files, name: str) -> Any:
    if name not in files:
        return {}
    if not name.endswith(".csv"):
        return data_of(files, name)
    return {" ".join(row.get(key) or "-" for key in _ROW_KEY): row for row in rows_of(files, name)}


def _compared(old: Any, new: Any, path: Keys) -> Iterator[tuple[Keys, Any, Any]]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys([*old, *new]):
            yield from _compared(old.get(key, _ABSENT), new.get(key, _ABSENT), (*path, key))
    elif _has_parts(old) and _has_parts(new):
        yield from _lists(old, new, path)
    elif old is not new and old != new:
        yield path, old, new


def _lists(old: list[Any], new: list[Any], path: Keys) -> Iterator[tuple[Keys, Any, Any]]:
    """Compare two lists of rules: one that was taken out or put in does not change the others."""
    matcher = SequenceMatcher(None, [repr(each) for each in old], [repr(each) for each in new], autojunk=False)
    for what, i, i_end, j, j_end in matcher.get_opcodes():
        if what == "equal":
            continue
        for n in range(max(i_end - i, j_end - j)):
            left = old[i + n] if i + n < i_end else _ABSENT
            right = new[j + n] if j + n < j_end else _ABSENT
            yield from _compared(left, right, (*path, (j if j + n < j_end else i) + n))


def _has_parts(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(part, dict) for part in value)


def _text(value: Any) -> str | None:
    if value is _ABSENT:
        return None
    if isinstance(value, dict):
        return "；".join(
            f"{_table('keys').get(key, key)}：{_text(part)}" for key, part in value.items() if part not in ("", None)
        )
    if isinstance(value, list):
        return "、".join(
            materials()[part].zh if part in materials() else str(_text(part)) for part in map(_plain, value)
        )
    if isinstance(value, bool):
        return "是" if value else "否"
    return "—" if value in (None, "") else _table("values").get(str(value), str(value))


def _plain(value: Any) -> Any:
    return value if isinstance(value, str) else _text(value)


def place_zh(file: str, path: Keys, files: Files) -> str:
    """Return where something stands, in words: ``公式 熔剂消耗排放 · 表达式``."""
    if file.endswith(".csv"):
        return _row_zh(path)
    data = data_of(files, file)
    if file == "formulas.yaml":
        return " · ".join(["公式", *_named(data, path)])
    if file.startswith("cases/"):
        return " · ".join(["算例", str(data.get("title") or file) if isinstance(data, dict) else file, *_words(path)])
    if file == "standard.yaml" and path and path[0] in _table("sections"):
        inner = data.get(path[0]) if isinstance(data, dict) else None
        return " · ".join([_table("sections")[str(path[0])], *_named(inner, path[1:])])
    shown = {"standard.yaml": "标准", "processes.yaml": "工序模板", "report.yaml": "报告"}.get(file, file)
    return " · ".join([shown, *_words(path)])


def _row_zh(path: Keys) -> str:
    quantity, material, role, *_ = [*str(path[0]).split(" "), "-", "-", "-"]
    names = [glossary()[quantity].zh if quantity in glossary() else quantity]
    names += [materials()[material].zh] if material in materials() else []
    names += [role_zh(role)] if role not in ("-", "") else []
    return " · ".join(["缺省值", *names, *_words(path[1:])])


def _named(data: Any, path: Keys) -> list[str]:
    """Return the words of a path whose first key names an entry with a Chinese name of its own."""
    if not path:
        return []
    entry = data.get(path[0]) if isinstance(data, dict) else None
    name = entry.get("zh") if isinstance(entry, dict) else None
    quantity = glossary().get(str(path[0]))
    first = str(name) if name else quantity.zh if quantity else _words(path[:1])[0]
    return [first, *_words(path[1:])]


def _words(path: Keys) -> list[str]:
    return [f"第 {key + 1} 条" if isinstance(key, int) else _key_zh(key) for key in path]


def _key_zh(key: str) -> str:
    if key in _table("keys"):
        return _table("keys")[key]
    return glossary()[key].zh if key in glossary() else key


def rule_zh(rule: Mapping[str, Any]) -> str:
    """Return a take rule or a rule of what is not counted as a sentence."""
    chosen = rule.get("materials", "*")
    known = materials()
    names = (
        "任何物料" if chosen == "*" else "、".join(known[each].zh if each in known else str(each) for each in chosen)
    )
    said = f"用途为“{role_zh(str(rule['role']))}”的{names}" if rule.get("role") else names
    if rule.get("direction"):
        said += f"（{_table('directions').get(rule['direction'], rule['direction'])}）"
    if rule.get("basis"):
        said += f"，按{_table('basis').get(rule['basis'], rule['basis'])}计"
    if rule.get("requires"):
        said += "，须实测" + "、".join(_key_zh(each) for each in rule["requires"])
    return said
