"""One colour per emission source, in light and dark, told apart with any colour vision."""

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import yaml

from tanheng.kernel.resources import data_dir
from tanheng_web.common.colours import OWN, colour_name

CSS = Path(__file__).parents[2] / "src/tanheng_web/static/tanheng/figures.css"
# Machado, Oliveira & Fernandes 2009, severity 1.0, on linear RGB
VISION = {
    "normal": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
APART = 8.0  # CIE76 distance; neighbours in a chart also differ in place and label


def _tokens(theme: str) -> dict[str, str]:
    text = CSS.read_text(encoding="utf-8")
    light, dark = text.split('[data-bs-theme="dark"] {')
    block = light if theme == "light" else dark.split("}")[0]
    return dict(re.findall(r"--th-source-(\w+): (#[0-9a-f]{6})", block))


def _lab(colour: str, vision: str) -> np.ndarray:
    rgb = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(VISION[vision] @ linear, 0, 1)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ seen
    f = np.cbrt(xyz / np.array([0.9505, 1.0, 1.089]))
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def _standards() -> list[Path]:
    return sorted(path for path in (data_dir() / "standards").glob("*/standard.yaml"))


@pytest.mark.parametrize("path", _standards(), ids=lambda path: path.parent.name)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_source_has_a_colour(path, theme):
    sources = yaml.safe_load(path.read_text(encoding="utf-8"))["sources"]
    assert {colour_name(source) for source in sources} <= set(_tokens(theme))


@pytest.mark.parametrize("path", _standards(), ids=lambda path: path.parent.name)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("vision", list(VISION))
def test_sources_of_one_standard_are_told_apart(path, theme, vision):
    tokens = _tokens(theme)
    sources = yaml.safe_load(path.read_text(encoding="utf-8"))["sources"]
    sources = [source for source in sources if colour_name(source) == source]  # the spare colours may meet
    near = {
        (a, b): round(float(np.linalg.norm(_lab(tokens[a], vision) - _lab(tokens[b], vision))), 1)
        for a, b in combinations(sources, 2)
    }
    assert not {pair: distance for pair, distance in near.items() if distance < APART}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_source_of_an_own_standard_has_one_of_the_spare_colours(theme):
    assert colour_name("fuel_combustion") == "fuel_combustion"
    names = {colour_name(f"own_source_{n}") for n in range(200)}
    assert names == {f"own_{n}" for n in range(1, OWN + 1)} and names <= set(_tokens(theme))


def test_pages_and_reports_agree_on_the_colours():
    path = data_dir() / "report_templates" / "colours.yaml"
    spare = {f"own_{n}" for n in range(1, OWN + 1)}
    assert yaml.safe_load(path.read_text(encoding="utf-8")) == {
        source: colour for source, colour in _tokens("light").items() if source not in spare
    }
