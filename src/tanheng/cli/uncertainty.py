"""``tanheng uncertainty`` and ``tanheng sensitivity``: how sure a result is, and what moves it."""

import argparse
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from tanheng.accounting.case import Case, load_case
from tanheng.accounting.result import ResultDocument
from tanheng.accounting.run import run
from tanheng.accounting.study_subjects import subject_of
from tanheng.kernel.canonical_json import dumps
from tanheng.kernel.errors import InputError
from tanheng.kernel.yaml_lines import parse_yaml
from tanheng.rules.package import load_standard
from tanheng.uncertainty.drivers import Range, parse_mix, parse_range
from tanheng.uncertainty.sensitivity import METHODS, sensitivity_study
from tanheng.uncertainty.study import uncertainty_study
from tanheng.uncertainty.words import amount, basis_zh, distribution_zh, doubt_zh, percent, study_sentence

__all__ = ["add_commands"]

_NO_BASIS = 15  # how many of them are listed; the count is always said


def add_commands(several: "argparse._SubParsersAction[Any]") -> None:
    """Add both commands to the parser."""
    one = several.add_parser(
        "uncertainty",
        help="不确定度（蒙特卡洛） uncertainty by Monte Carlo",
        description="按公式对一个算例抽样，给出 95% 区间与驱动因素。Monte Carlo of a case file.",
    )
    _common(one)
    one.add_argument("--n", type=int, default=10_000, help="抽样次数，默认 10000 draws")
    months = {"choices": ("shared", "independent"), "default": "shared"}
    one.add_argument("--months", help="各月误差相同或独立 months of a meter", **months)
    chosen = "为变量选定分布，或 fixed 使它不变，可多次给出 distribution of an input"
    one.add_argument("--set", action="append", default=[], metavar="'ID={normal: 5 %}'", dest="chosen", help=chosen)
    one.set_defaults(run=uncertainty)
    two = several.add_parser(
        "sensitivity",
        help="敏感性 sensitivity",
        description="哪些变量最影响一个算例的总量。Which inputs move the total of a case file.",
    )
    _common(two)
    two.add_argument("--method", choices=METHODS, default="tornado", help="方法 method")
    vary = "变量及范围，可多次给出 input and range"
    two.add_argument("--vary", action="append", default=[], metavar="ID=-10%..10%", help=vary)
    mix = "价格驱动的用能替代 price-driven mix"
    two.add_argument("--mix", metavar="FROM>TO,price=-20%..20%,elasticity=0.3,rate=0.28", help=mix)
    two.add_argument("--n", type=int, default=None, help="基础样本数 base samples (morris: trajectories)")
    two.add_argument("--top", type=int, default=10, help="未选变量时取影响最大的几个 inputs to take when none is named")
    two.set_defaults(run=sensitivity)


def _common(one: argparse.ArgumentParser) -> None:
    one.add_argument("case", metavar="CASE.yaml", help="算例文件 case file")
    one.add_argument("--standard", metavar="ID", help="采用的标准，默认用算例所写 standard (default: the case's)")
    one.add_argument(
        "--of", default="total", metavar="ADDRESS",
        help="分析哪个数，如 source:flux、account:process、process:炼铁，默认总量 figure (default: total)",
    )  # fmt: skip
    one.add_argument("--seed", type=int, default=1, help="随机种子 seed")
    one.add_argument("--json", action="store_true", help="输出规范 JSON（逐字节可重现） print canonical JSON")


def uncertainty(options: argparse.Namespace) -> int:
    """Draw and print; the same case, draws and seed print the same bytes."""
    overrides = dict(_override(text) for text in options.chosen)
    wanted = {"n": options.n, "seed": options.seed, "months": options.months, "overrides": overrides}
    for doc in _documents(load_case(options.case), options.standard):
        study = uncertainty_study(doc.data, run_digest=doc.digest, subject=subject_of(doc, options.of), **wanted)
        _print(study, options.json, _uncertainty_lines)
    return 0


def _override(text: str) -> tuple[str, dict[str, Any] | None]:
    """Read ``ID={normal: 5 %}`` or ``ID=fixed``; raises InputError ``sensitivity.option``."""
    name, _, given = text.partition("=")
    if given.strip() == "fixed":
        return name, None
    found = parse_yaml(given.encode(), name="--set").data if given.strip() else None
    if not isinstance(found, dict):
        raise InputError("sensitivity.option", given=text, form="ID={normal: 5 %} 或 ID=fixed")
    return name, {str(key): value for key, value in found.items()}


def sensitivity(options: argparse.Namespace) -> int:
    """Vary and print, the strongest first."""
    ranges: list[Range] = [parse_range(text) for text in options.vary]
    mix = parse_mix(options.mix) if options.mix else None
    for doc in _documents(load_case(options.case), options.standard):
        study = sensitivity_study(
            doc.data, run_digest=doc.digest, method=options.method, subject=subject_of(doc, options.of), ranges=ranges,
            mix=mix, n=options.n, seed=options.seed, top=options.top,
        )  # fmt: skip
        _print(study, options.json, _sensitivity_lines)
    return 0


def _documents(case: Case, standard: str | None) -> Iterator[ResultDocument]:
    names = (standard,) if standard else case.standards
    if not names:
        raise InputError("case.no_standard", file=case.document.file)
    for name in names:
        loaded = load_standard(name)
        yield run(loaded, case.stream_set, period=case.period, as_of=case.as_of, title=case.title)


def _print(study: Mapping[str, Any], as_json: bool, lines: Any) -> None:
    if as_json:
        sys.stdout.buffer.write(dumps(study) + b"\n")
    else:
        print("\n".join(lines(study)))


def _uncertainty_lines(study: Mapping[str, Any]) -> Iterator[str]:
    summary, first, fixed = study["summary"], study["first_order"], study["fixed"]
    yield f"{study['run']['title']}  {study['run']['period']}  {study['run']['standard_zh']}"
    yield study_sentence(study)
    yield ""
    yield f"核算值 {amount(study['total']['value'])}；抽样 {study['n']:,} 次，种子 {study['seed']}"
    yield f"均值 {amount(summary['mean'])}，标准差 {amount(summary['sd'])}"
    difference = percent(first["difference"], signed=True)
    yield f"一阶法 {amount(first['low'])}～{amount(first['high'])}，抽样的标准差与它相差 {difference}"
    yield "\n按排放源（95% 区间）"
    for source in study["sources"].values():
        yield f"  {source['zh']}：{amount(source['low'])}～{amount(source['high'])}"
    yield "\n驱动因素（与总量相关系数的平方）"
    for entry in study["drivers"]["listed"][:10]:
        yield f"  {percent(entry['share']):>7}  {entry['label']}  [{entry['id']}]"
    yield f"\n{basis_zh('none')}：{fixed['inputs']} 个变量中有 {fixed['inputs_without_basis']} 个按不变处理，"
    some, everything = percent(fixed["share_with_some"]), percent(fixed["share_all_fixed"])
    yield f"涉及排放的 {some}；{everything} 的排放没有任何变量参与抽样"
    without = [entry for entry in study["inputs"] if entry["basis"] == "none"]
    yield from (f"  {entry['label']}  [{entry['id']}]" for entry in without[:_NO_BASIS])
    if len(without) > _NO_BASIS:
        yield f"  …… 另有 {len(without) - _NO_BASIS} 个，见 --json"
    if study["citations"]:
        yield "\n引用的分布的依据"
        for entry in study["citations"]:
            yield f"  {entry['zh']}：{entry['document']} {entry['clause']}（{doubt_zh(entry)}）"
    moved = [entry for entry in study["inputs"] if entry["basis"] in ("given", "chosen", "factor")]
    if moved:
        yield "\n随数据给出或自行选定的分布"
        yield from (f"  {entry['label']}：{distribution_zh(entry)}" for entry in moved)
    if study["rounding"] != "display":
        yield "\n标准规定的逐行修约在抽样时关闭：修约只影响末位，会给抽样添上没有意义的台阶。"


def _sensitivity_lines(study: Mapping[str, Any]) -> Iterator[str]:
    yield f"{study['run']['title']}  {study['run']['period']}  {study['run']['standard_zh']}"
    yield study_sentence(study)
    yield ""
    for place, entry in enumerate(study["ranked"], start=1):
        span = f"{percent(entry['range'][0], signed=True)}～{percent(entry['range'][1], signed=True)}"
        match study["method"]:
            case "tornado":
                elasticity = entry["elasticity"]
                said = f"{amount(entry['low'])}～{amount(entry['high'])}" + (
                    f"，弹性 {elasticity:.3f}" if elasticity is not None else ""
                )
            case "morris":
                said = f"μ* {amount(entry['mu_star'])}，σ {amount(entry['sigma'])}"
            case _:
                said = f"一阶 {entry['first']:.4f}，总效应 {entry['total']:.4f}"
        yield f"{place:>3}. {entry['label']}（{span}）：{said}  [{entry['id']}]"
