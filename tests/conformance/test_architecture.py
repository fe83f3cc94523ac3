"""S-5.1a, S-A: five layers and two systems, drawn, and held by the imports."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "explanation" / "architecture.md"


@pytest.fixture(scope="module")
def page():
    return PAGE.read_text(encoding="utf-8")


def test_the_figure_shows_the_five_layers_from_top_to_bottom(page):
    figure = re.search(r"```mermaid\n(.*?)```", page, re.DOTALL)[1]
    layers = [figure.index(name) for name in ("交互层", "应用层", "应用支撑层", "数据资源层", "基础设施层")]
    assert layers == sorted(layers)
    assert "interaction --> application --> support --> data --> infrastructure" in figure


def test_security_and_operation_run_across_the_layers(page):
    systems = re.search(r"Two systems run across the layers:(.*)", page)[1]
    assert "**security**" in systems and "**operation**" in systems


def test_what_the_figure_names_exists(page):
    figure = re.search(r"```mermaid\n(.*?)```", page, re.DOTALL)[1]
    for room in ("dashboards", "inventory", "collection", "organisations", "accounts"):
        assert f'{room}["' in figure and (ROOT / "src" / "tanheng_web" / room / "apps.py").exists()
    for room in ("reporting", "accounting", "rules", "kernel"):
        assert room in figure and (ROOT / "src" / "tanheng" / room / "__init__.py").exists()


def test_no_layer_calls_upwards():
    # A process of its own: the linter sets up logging and would silence the loggers of the tests after it.
    linter = Path(sys.executable).with_name("lint-imports")
    answer = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stdout + answer.stderr
