"""Public names stand in ``__all__``, examples run, and the domain runs alone."""

import doctest
import importlib
import os
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import tanheng.kernel
import tanheng.rules

MODULES = [
    f"{room.__name__}.{module.name}"
    for room in (tanheng.kernel, tanheng.rules)
    for module in pkgutil.iter_modules(room.__path__)
]


@pytest.mark.parametrize("name", MODULES)
def test_every_module_names_what_is_public(name):
    module = importlib.import_module(name)
    assert module.__doc__
    assert all(hasattr(module, public) for public in module.__all__)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_docstrings_run(name):
    module = importlib.import_module(name)
    result = doctest.testmod(module, extraglobs={"np": importlib.import_module("numpy")})
    assert result.failed == 0


def test_the_example_of_the_page_on_formulas_runs():
    page = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "formulas.md"
    (example,) = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(example, page.name, "exec"), names)  # our own page
    fuel = names["fuel"]
    assert f"'{names['text'](fuel)}'" in example


def test_the_rules_need_neither_django_nor_the_report_extra():
    found = "[m for m in ('django', 'ziamath') if m in sys.modules]"
    code = f"import sys, tanheng.rules.package, tanheng.rules.printers; print({found})"
    environment = {"PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert run.stdout.strip() == "[]"
