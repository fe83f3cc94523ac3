from pathlib import Path

import pytest

from tanheng.accounting import addresses, differences, explain, format_tree, load_case, recompute, run
from tanheng.accounting.nodes import Node
from tanheng.accounting.result import ResultDocument
from tanheng.rules.package import load_standard


def _document(path: Path, standard: str) -> ResultDocument:
    case = load_case(path)
    return run(load_standard(standard), case.stream_set, period=case.period, as_of=case.as_of, title=case.title)


def test_case_gives_what_it_expects(case_path: Path, standard_id: str) -> None:
    case = load_case(case_path)
    doc = _document(case_path, standard_id)
    found = list(differences(doc, case.expect[standard_id]))
    if found:
        trees = [f"{difference.zh()}\n{_tree(doc, difference.address)}" for difference in found]
        pytest.fail("\n\n".join([str(case_path), *trees]), pytrace=False)


def _tree(doc: ResultDocument, address: str) -> str:
    known = set(addresses(doc))
    return format_tree(doc, address) if address in known else f"（结果中没有 {address}）"


def test_every_figure_of_the_case_recomputes_from_its_leaves(case_path: Path, standard_id: str) -> None:
    doc = _document(case_path, standard_id)
    seen: set[str] = set()
    for address in addresses(doc):
        _walk(doc, address, seen)
    assert any(address.startswith("input:") for address in seen)


def _walk(doc: ResultDocument, address: str, seen: set[str]) -> None:
    if address in seen:
        return
    seen.add(address)
    node: Node = explain(doc, address)
    if node.value is None:
        assert recompute(doc, address) != recompute(doc, address), address
    else:
        assert recompute(doc, address) == pytest.approx(node.value, rel=1e-11, abs=1e-7), address
    if node.kind == "input":
        assert node.origin and (node.provenance or node.origin == "computed"), address
    for child in node.children:
        assert explain(doc, child.address).value == child.value, (address, child.address)
        _walk(doc, child.address, seen)
