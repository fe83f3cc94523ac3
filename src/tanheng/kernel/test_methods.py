"""Test methods that a measured value has to name, by material and quantity."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import yaml

from tanheng.kernel.errors import InputError
from tanheng.kernel.resources import data_dir

__all__ = ["TestMethods", "check_method", "method_names", "methods_for"]


@dataclass(frozen=True, slots=True)
class TestMethods:
    """The methods named for a value; where ``only``, no other will do."""

    __test__ = False  # a name like this is no test

    methods: tuple[str, ...] = ()
    only: bool = False


@cache
def _text() -> Mapping[str, object]:
    loaded: dict[str, object] = yaml.safe_load((data_dir() / "test_methods.yaml").read_text(encoding="utf-8"))
    return MappingProxyType(loaded)


def method_names() -> Mapping[str, str]:
    """Return the title of every method by its number (``GB/T 3286.9``)."""
    names = _text()["methods"]
    assert isinstance(names, dict)
    return names


def methods_for(material: str, quantity: str) -> TestMethods:
    """Return the methods named for a quantity of a material; none where the text names none."""
    rules = _text()["rules"]
    assert isinstance(rules, list)
    for rule in rules:
        if material in rule["materials"] and quantity in rule["quantities"]:
            return TestMethods(tuple(rule["methods"]), bool(rule.get("only")))
    return TestMethods()


def check_method(material: str, quantity: str, method: str) -> str:
    """Return the number of a method as it is written in the list; another one is kept as it was typed.

    Raises
    ------
    InputError
        ``method.missing`` when none was named, ``method.not_this`` when the text allows one method only.
    """
    text = " ".join(method.split())
    if not text:
        raise InputError("method.missing", quantity=quantity)
    found = methods_for(material, quantity)
    same = {_plain(name): name for name in method_names()}
    number = next((name for plain, name in same.items() if _plain(text).startswith(plain)), text)
    if found.only and number not in found.methods:
        raise InputError("method.not_this", method=text, expected="、".join(found.methods))
    return number


def _plain(text: str) -> str:
    return text.upper().replace(" ", "").replace("／", "/")
