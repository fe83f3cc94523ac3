"""The documentation keeps its promises: links resolve, settings are described, commands exist."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\((?!https?://|#|mailto:)([^)#\s]+)")
SETTING = re.compile(r"TANHENG_[A-Z][A-Z_]*[A-Z]")


def settings_in_the_code() -> set[str]:
    return {
        name
        for path in (ROOT / "src").rglob("*.py")
        if "tests" not in path.parts
        for name in SETTING.findall(path.read_text("utf-8"))
    }


@pytest.mark.parametrize("written", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_pages_resolve(written):
    targets = LINK.findall(written.read_text("utf-8"))
    assert [target for target in targets if not (written.parent / target).exists()] == []


def test_every_setting_is_documented():
    documented = set(SETTING.findall((ROOT / "docs" / "reference" / "settings.md").read_text("utf-8")))
    assert settings_in_the_code() - documented == set()
    assert documented - settings_in_the_code() == set(), "documented but unknown to the code"


def test_every_make_target_of_the_readme_exists():
    named = set(re.findall(r"^make (\w+)", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE))
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert named and named <= targets


def test_no_third_party_asset_is_committed():
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert [name for name in listing if name.endswith((".min.js", ".min.css", ".woff", ".woff2", ".ttf", ".otf"))] == []
