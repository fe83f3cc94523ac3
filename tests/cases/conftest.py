"""Every worked case beside a standard is a test; a difference prints the calculation tree of the figure."""

from pathlib import Path

import pytest

from tanheng.accounting.case import load_case
from tanheng.kernel.resources import data_dir


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "case_path" not in metafunc.fixturenames:
        return
    found = [
        (path, name) for path in sorted((data_dir() / "standards").glob("*/cases/*.yaml")) for name in _standards(path)
    ]
    ids = [f"{path.parent.parent.name}/{path.stem}-{name}" for path, name in found]
    metafunc.parametrize(("case_path", "standard_id"), found, ids=ids)


def _standards(path: Path) -> tuple[str, ...]:
    return load_case(path).standards
