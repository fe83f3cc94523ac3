"""docs/conformance.md claims only what a test or a file shows."""

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "conformance.md"
ROW = re.compile(
    r"^\| (?P<id>[NS]-[\w.\-]+) \|(?P<clause>.*?)\|(?P<kind>[^|]*)\|(?P<state>[^|]*)"
    r"\|(?P<feature>[^|]*)\|(?P<shown>[^|]*)\|$"
)
LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)]+)\)|`(?P<node>[\w./\-]+\.(?:py|yaml|md)(?:::\w+)?)`")


def rows() -> list[dict[str, str]]:
    matches = (ROW.match(line) for line in PAGE.read_text(encoding="utf-8").splitlines())
    return [{key: value.strip() for key, value in match.groupdict().items()} for match in matches if match]


def targets(text: str) -> list[str]:
    return [match["target"] or match["node"] for match in LINK.finditer(text)]


def missing(target: str) -> str | None:
    """Why a link does not resolve, or None."""
    name, _, test = target.partition("::")
    path = (PAGE.parent / name) if name.startswith("..") else ROOT / name
    if not path.exists():
        return f"{name}: no such file"
    if test and not re.search(rf"^\s*(async )?def {re.escape(test)}\(", path.read_text(encoding="utf-8"), re.MULTILINE):
        return f"{target}: no such test"
    return None


def test_every_clause_of_both_standards_has_one_row():
    ids = [row["id"] for row in rows()]
    assert len(ids) == len(set(ids)) == 397
    assert sum(id_.startswith("N-") for id_ in ids) == 272


def test_states_are_the_three_that_are_explained():
    assert {row["state"] for row in rows()} <= {"built", "planned", "organisational"}


@pytest.mark.parametrize("row", [row for row in rows() if row["state"] == "built"], ids=lambda row: row["id"])
def test_a_built_row_names_a_feature_and_a_test_that_exists(row):
    shown = targets(row["shown"])
    assert row["feature"], f"{row['id']} names no feature"
    assert any("::" in target or target.endswith(".yaml") for target in shown), f"{row['id']} names no test"
    assert [reason for target in shown if (reason := missing(target))] == []


def test_a_planned_row_claims_nothing():
    """It names no test; where its feature is not empty it says what is missing."""
    planned = [row for row in rows() if row["state"] == "planned"]
    assert [row["id"] for row in planned if row["shown"]] == []
    assert [row["id"] for row in planned if row["feature"] and not row["feature"].startswith("缺: ")] == []


def test_the_counts_are_those_of_the_rows():
    counts = Counter(row["state"] for row in rows())
    said = f"{counts['built']} rows are built, {counts['planned']} planned, {counts['organisational']} organisational."
    assert said in PAGE.read_text(encoding="utf-8")


def test_a_case_that_is_named_expects_something():
    cases = {target for row in rows() for target in targets(row["shown"]) if target.endswith(".yaml")}
    assert cases
    for case in cases:
        assert re.match(r"data/standards/\w+/cases/", case), case
        assert re.search(r"^expect:\n  \w", (ROOT / case).read_text(encoding="utf-8"), re.MULTILINE), case
