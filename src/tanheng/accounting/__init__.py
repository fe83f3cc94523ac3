"""Accounting: completeness, the run, the result document, its explanation and comparison."""

from tanheng.accounting.carbon_flow import CarbonFlow, FlowLink, FlowNode, carbon_flow
from tanheng.accounting.case import Case, load_case, parse_case
from tanheng.accounting.compare import Change, Comparison, Part, Scope, SourceDifference, StreamDifference, compare
from tanheng.accounting.expect import Difference, differences
from tanheng.accounting.explain import addresses, explain, recompute
from tanheng.accounting.nodes import Child, Node
from tanheng.accounting.result import ResultDocument, sentence
from tanheng.accounting.run import run
from tanheng.accounting.tree import format_tree

__all__ = [
    "CarbonFlow",
    "Case",
    "Change",
    "Child",
    "Comparison",
    "Difference",
    "FlowLink",
    "FlowNode",
    "Node",
    "Part",
    "ResultDocument",
    "Scope",
    "SourceDifference",
    "StreamDifference",
    "addresses",
    "carbon_flow",
    "compare",
    "differences",
    "explain",
    "format_tree",
    "load_case",
    "parse_case",
    "recompute",
    "run",
    "sentence",
]
