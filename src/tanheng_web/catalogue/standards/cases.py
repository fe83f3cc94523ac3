"""The worked cases of a standard, run against it: does what they expect still come out, and what comes out instead."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import lru_cache

from tanheng.accounting.case import Case, parse_case
from tanheng.accounting.expect import Difference, differences
from tanheng.accounting.result import ResultDocument
from tanheng.accounting.run import run
from tanheng.kernel.errors import TanhengError
from tanheng.kernel.quantities import parse_quantity
from tanheng.kernel.rounding import round_half_up
from tanheng.kernel.units import compatible, convert
from tanheng.rules.package import Standard, load_standard
from tanheng.rules.package_copy import case_names, copy_files, data_of, written

__all__ = [
    "FIGURES", "FROZEN", "GROUPS", "KINDS", "CaseOutcome", "case_of", "case_result", "figure_zh", "new_expectation",
    "outcomes", "packaged_files", "packaged_outcomes",
]  # fmt: skip

KINDS = {
    "published": "公布的算例",
    "published_check": "公布结果的核对",
    "hand_computed": "手算",
    "own": "企业自有期望",
    "frozen": "企业已审核数据",
}
GROUPS = {
    "total": "总量",
    "sources": "排放源",
    "subtotals": "小计",
    "gases": "气体",
    "processes": "工序",
    "months": "月份",
    "indicators": "指标",
    "streams": "源流",
    "accounts": "账户",
    "information": "辅助参数",
    "origins": "取值来源",
    "not_counted": "不计入",
    "complete": "是否完整",
    "gaps": "缺口",
    "warnings": "提示",
    "must_not": "不得为",
}
FROZEN = "cases/frozen_"  # how the files of cases of approved months begin
FIGURES = ("sources", "subtotals", "gases", "processes", "months", "indicators", "accounts", "information")


@dataclass(frozen=True)
class CaseOutcome:
    """A case after its run; `fault` is a sentence where it could not be run at all."""

    name: str
    title: str
    kind: str
    source: str
    total: float | None
    faults: tuple[dict, ...] = ()
    fault: str = ""

    @property
    def holds(self) -> bool:
        return not self.faults and not self.fault

    @property
    def kind_zh(self) -> str:
        return KINDS.get(self.kind, self.kind or "—")

    def as_json(self) -> dict:
        """For a column of a row; `holds` included."""
        return {**asdict(self), "faults": list(self.faults), "holds": self.holds, "kind_zh": self.kind_zh}


def outcomes(files: Mapping[str, str], standard: Standard) -> tuple[CaseOutcome, ...]:
    """Run every case of a package against it."""
    return tuple(_outcome(files, name, standard) for name in case_names(files))


@lru_cache(maxsize=64)
def _packaged(directory, standard_id: str, digest: str) -> tuple[CaseOutcome, ...]:
    return outcomes(packaged_files(directory, standard_id), load_standard(standard_id))


def packaged_files(directory, standard_id: str) -> dict[str, str]:
    """The files of a standard on disk, its cases reduced to what they expect of this one."""
    return copy_files(directory, standard_id)


def packaged_outcomes(standard: Standard) -> tuple[CaseOutcome, ...]:
    """The cases of a standard on disk, run once a process."""
    return _packaged(standard.directory, standard.id, standard.digest)


def case_of(files: Mapping[str, str], name: str) -> Case:
    """Read a case; which standard it is for is not asked, it is the one that is run."""
    data = {key: value for key, value in data_of(files, name).items() if key != "standard"}
    return parse_case(written(data).encode(), name=name)


def case_result(files: Mapping[str, str], name: str, standard: Standard) -> tuple[Case, ResultDocument]:
    """Run one case."""
    case = case_of(files, name)
    return case, run(standard, case.stream_set, period=case.period, as_of=case.as_of, title=case.title)


def _outcome(files: Mapping[str, str], name: str, standard: Standard) -> CaseOutcome:
    data = data_of(files, name)
    said = {
        "name": name,
        "title": str(data.get("title") or name),
        "kind": str(data.get("kind") or ""),
        "source": str(data.get("citation") or data.get("source") or ""),
    }
    try:
        case, result = case_result(files, name, standard)
        found = tuple(_shown(each, standard) for each in differences(result, case.expect.get("", {})))
    except TanhengError as error:
        return CaseOutcome(**said, total=None, fault=error.zh())
    return CaseOutcome(**said, total=result.data["total"]["value"], faults=found)


def _shown(difference: Difference, standard: Standard) -> dict:
    group, _space, key = difference.place.partition(" ")
    return {
        "place": figure_zh(group, key, standard),
        "expected": difference.expected,
        "found": difference.found,
    }


def figure_zh(group: str, key: str, standard: Standard | None) -> str:
    """The name of a figure of a case in words."""
    known = getattr(standard, group, None) if standard else None
    name = getattr(known.get(key), "zh", key) if isinstance(known, Mapping) else key
    return " ".join(part for part in (GROUPS.get(group, group), name) if part)


def new_expectation(expect: dict, result: ResultDocument) -> dict:
    """What a case would expect if the present result were right: the same figures, to as many digits."""
    data = result.data
    new = dict(expect)
    if "total" in expect:
        new["total"] = _renewed(expect["total"], data["total"])
    for group in FIGURES:
        if group in expect:
            figures = {key: _renewed(given, data.get(group, {}).get(key)) for key, given in expect[group].items()}
            new[group] = {key: value for key, value in figures.items() if value is not None}
    if "streams" in expect:
        figures = {key: _renewed(given, _stream(data, key)) for key, given in expect["streams"].items()}
        new["streams"] = {key: value for key, value in figures.items() if value is not None}
    return _lists_renewed(new, data, result)


def _lists_renewed(new: dict, data: Mapping, result: ResultDocument) -> dict:
    if "complete" in new:
        new["complete"] = data["complete"]
    for name in ("gaps", "warnings"):
        if name in new:
            new[name] = [code for code in new[name] if code in {entry["code"] for entry in data[name]}]
    if "not_counted" in new:
        listed = {entry["stream"] for entry in data["not_counted"]}
        new["not_counted"] = [stream for stream in new["not_counted"] if stream in listed]
    for name in ("origins", "must_not"):
        if name in new and any(differences(result, {name: new[name]})):
            new.pop(name)
    return {key: value for key, value in new.items() if value is not None}


def _stream(data: Mapping, stream: str) -> dict | None:
    entries = [entry for entry in data["streams"] if entry["id"] == stream]
    own = [entry for entry in entries if entry["account"] == "enterprise"] or entries
    values = [entry["value"] for entry in own]
    return {"value": None if None in values else sum(values), "unit": "tCO2e"} if own else None


def _renewed(given, figure: Mapping | None):
    """A figure in the unit and to the digits in which it was expected; None where there is none any more."""
    if isinstance(given, list):
        return [found for each in given if (found := _renewed(each, figure)) is not None]
    if figure is None or figure["value"] is None:
        return None
    text = str(given["value"] if isinstance(given, dict) else given)
    expected = parse_quantity(text, default_unit=figure["unit"])
    unit = expected.unit if compatible(figure["unit"], expected.unit) else figure["unit"]
    exponent = expected.value.as_tuple().exponent
    value = convert(figure["value"], figure["unit"], unit)
    return f"{round_half_up(Decimal(f'{value:.15g}'), max(0, -int(exponent)))} {unit}"
