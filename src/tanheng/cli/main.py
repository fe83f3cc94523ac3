"""Arguments, exit codes and errors: bad input exits 2 with one line a fault, and no traceback reaches a user."""

import argparse
import os
import sys
from collections.abc import Sequence

from tanheng import __version__
from tanheng.cli import commands, comparing, coverage, recalculating
from tanheng.cli.boundary import add_boundary
from tanheng.cli.consolidating import add_consolidate
from tanheng.cli.factors import add_factors
from tanheng.cli.parser import Parser
from tanheng.cli.uncertainty import add_commands
from tanheng.kernel.errors import Faults, TanhengError

__all__ = ["main"]

_EPILOG = "退出码 exit codes：0 正常 fine · 1 与预期不符 difference · 2 输入有误 bad input（每处一行 one line a fault）"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    given = list(sys.argv[1:] if argv is None else argv)
    if given[:1] in (["serve"], ["demo"]):
        return _guarded(lambda: commands.web(given[0], given[1:]))
    options = _parser().parse_args(given)
    if not hasattr(options, "run"):
        _parser().print_help()
        return 2
    return _guarded(lambda: int(options.run(options)))


def _guarded(run: "commands.Command") -> int:
    try:
        return run()
    except Faults as error:
        return _refuse(fault.zh() for fault in error.faults)
    except TanhengError as error:
        return _refuse([error.zh()])
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has gone, as with `| head`
        return 0
    except KeyboardInterrupt:
        return _refuse(["已中断 interrupted"], 130)
    except OSError as error:
        return _refuse([f"{error.filename or ''}：{error.strerror or error}"])


def _refuse(lines: "commands.Lines", code: int = 2) -> int:
    for line in lines:
        print(line, file=sys.stderr)
    return code


def _parser() -> Parser:
    parser = Parser(
        prog="tanheng",
        epilog=_EPILOG,
        description="碳衡：金属企业碳核算，每个数字都说得清来历。Carbon accounting for metal producers.",
    )
    parser.add_argument("--version", action="version", version=f"tanheng {__version__}", help="版本 print the version")
    several = parser.add_subparsers(title="命令 commands", metavar="COMMAND")
    one = several.add_parser(
        "standards", help="列出标准 list the standards", description="列出可用的核算标准。List the standards."
    )
    one.add_argument("--json", action="store_true", help="输出 JSON print JSON")
    one.add_argument(
        "--year", type=int, help="核算年度：按适用、可代用、已替代排列 rank the editions for a report year"
    )
    one.add_argument(
        "--industry", default="", help="行业，如 steel、other_nonferrous 或行业代码 C3211 industry or code"
    )
    one.add_argument("--product", default="", help="主要产品，如 copper main product")
    one.add_argument("--purpose", default="", help="用途：national_report、ets、general purpose")
    one.set_defaults(run=coverage.standards)
    _calculate(several)
    _check(several)
    _explain(several)
    add_commands(several)
    add_factors(several)
    add_boundary(several)
    add_consolidate(several)
    _compare(several)
    _recalculate(several)
    for name, text in (
        ("serve", "启动网页服务 serve the web pages"),
        ("demo", "演示企业与网页 demonstration plants and pages"),
    ):
        several.add_parser(name, help=text, description=f"{text}。参数见网页部分 options belong to the web part.")
    return parser


def _calculate(several: "argparse._SubParsersAction[Parser]") -> None:
    one = several.add_parser(
        "calculate",
        help="核算一个算例 account a case",
        description="核算一个算例文件，列出总量、排放源、工序和源流。Account a case file.",
    )
    one.add_argument("case", metavar="CASE.yaml", help="算例文件 case file")
    one.add_argument("--standard", metavar="ID", help="采用的标准，默认用算例所写 standard (default: the case's)")
    one.add_argument("--json", action="store_true", help="输出 JSON print JSON")
    one.set_defaults(run=commands.calculate)


def _check(several: "argparse._SubParsersAction[Parser]") -> None:
    one = several.add_parser(
        "check",
        help="与预期比较 compare with expect",
        description="核算算例并与 expect 比较，不符时退出码为 1。Compare cases; exits 1 on a difference.",
    )
    one.add_argument("case", metavar="CASE.yaml", nargs="+", help="一个或多个算例文件 case files")
    one.add_argument("--standard", metavar="ID", help="只按这一标准 only this standard")
    one.add_argument("--json", action="store_true", help="输出 JSON print JSON")
    one.set_defaults(run=commands.check)


def _explain(several: "argparse._SubParsersAction[Parser]") -> None:
    one = several.add_parser(
        "explain",
        help="数从何来 where a number comes from",
        description="打印一条源流或任一数字的计算树。Print the calculation tree of a stream or any figure.",
    )
    one.add_argument("case", metavar="CASE.yaml", help="算例文件 case file")
    one.add_argument(
        "figure",
        metavar="STREAM",
        help="源流编号，或地址如 total、source:fuel_combustion、month:2022-01。stream id or address",
    )
    one.add_argument("--standard", metavar="ID", help="采用的标准 standard")
    one.add_argument("--json", action="store_true", help="输出 JSON print JSON")
    one.set_defaults(run=commands.explain)


def _compare(several: "argparse._SubParsersAction[Parser]") -> None:
    one = several.add_parser(
        "compare",
        help="碳比对 compare two results",
        description="并排比较两个算例，或同一算例按两个标准、两个工序的结果，逐条说明差异的原因。"
        " Compare two cases, or one case under two standards or for two processes, with reasons.",
    )
    one.add_argument("case", metavar="CASE.yaml", nargs="+", help="一个或两个算例文件 one or two case files")
    one.add_argument("--standard", metavar="ID", action="append", help="采用的标准，可给两次 standard, up to twice")
    one.add_argument("--process", metavar="PATH", action="append", help="只比较工序，可给两次 process, up to twice")
    one.add_argument("--json", action="store_true", help="输出 JSON print JSON")
    one.set_defaults(run=comparing.comparison)


def _recalculate(several: "argparse._SubParsersAction[Parser]") -> None:
    one = several.add_parser(
        "recalculate",
        help="换因子重算 recalculate under other factors",
        description="同一算例按原因子与新因子各算一遍，列出每个排放源的原值、新值、差异和变化的行。"
        " The same cases under old and new factors: old, new and difference by source and line.",
    )
    one.add_argument("case", metavar="CASE.yaml", nargs="+", help="一个或多个算例文件 case files")
    one.add_argument(
        "--replace", metavar="OLD=NEW", action="append", default=[], help="因子替换，可多次 may be repeated"
    )
    one.add_argument("--library", metavar="FILE.csv", help="新的因子文件 factors to add or to put in place of others")
    one.add_argument("--as-of", metavar="DAY", help="新的因子截止日 the day of the factors after, as 2026-01-31")
    one.add_argument("--standard", metavar="ID", help="只按这一标准 only this standard")
    one.add_argument("--json", action="store_true", help="输出 JSON print JSON")
    one.set_defaults(run=recalculating.recalculate)
