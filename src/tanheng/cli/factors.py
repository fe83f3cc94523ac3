"""``tanheng factors search``: the factor library on the command line."""

import argparse
import json
from datetime import date
from typing import Any

from tanheng.cli.parser import count
from tanheng.cli.printing import width
from tanheng.kernel.errors import InputError
from tanheng.kernel.units import label
from tanheng.rules.factors import STATES, LibraryFactor, packaged, vocabulary, word
from tanheng.rules.factors.search import FactorIndex, Query, value_of
from tanheng.rules.factors.tables import printed_factors
from tanheng.rules.package import standards

__all__ = ["add_factors", "search"]

# option → dimension; Chinese names and ids are both understood
OPTIONS = {
    "metal": "metal", "stage": "stage", "carrier": "carrier", "type": "emission_type", "gas": "gas", "region": "region",
    "year": "data_year", "publisher": "publisher", "class": "klass", "quantity": "quantity", "family": "family",
}  # fmt: skip
_HELP = {
    "metal": "金属，如 铝 metal", "stage": "环节，如 冶炼 stage", "carrier": "能源品种，如 煤 energy carrier",
    "type": "排放类型：直接排放、间接排放 direct or indirect", "gas": "气体，如 CO2 gas", "region": "区域或省份 region",
    "year": "数据年份 data year", "publisher": "发布机构 publisher", "class": "有效期类别，如 电力 class of life",
    "quantity": "参数，如 排放因子 quantity", "family": "类别：组织核算、产品全生命周期 family",
}  # fmt: skip
_SHOWN = (
    "id", "zh", "quantity", "family", "klass", "material", "metal", "stage", "carrier", "emission_type", "gas", "level",
    "region_zh", "province", "data_year", "unit", "basis", "gwp_set", "uncertainty", "publisher", "document",
    "document_no", "printed_in", "boundary", "applies_to", "evidence", "confidence", "checked", "version", "url",
    "note",
)  # fmt: skip


def add_factors(several: "argparse._SubParsersAction[Any]") -> None:
    """Add the command to the parser."""
    group = several.add_parser("factors", help="因子库 factor library", description="因子库。The factor library.")
    commands = group.add_subparsers(title="命令 commands", metavar="COMMAND", required=True)
    one = commands.add_parser(
        "search",
        help="检索 search",
        description="按文字和任意维度的组合检索因子。Search factors by words and any combination of dimensions.",
    )
    one.add_argument("text", nargs="*", metavar="TEXT", help="须全部出现的词 words that must all occur")
    for option in OPTIONS:
        one.add_argument(f"--{option}", action="append", default=[], help=_HELP[option])
    one.add_argument("--as-of", type=date.fromisoformat, default=None, help="状态按哪一天 state on this day")
    one.add_argument("--limit", type=count(1), default=20, help="最多列出几条 how many to list")
    one.add_argument("--json", action="store_true", help="输出 JSON print JSON")
    one.set_defaults(run=search)


def search(options: argparse.Namespace) -> int:
    """Print what fits, newest first; exits 0 also where nothing does."""
    library = packaged()
    index = FactorIndex([*library.all(), *printed_factors(standard.id for standard in standards())])
    chosen = {
        name: tuple(_id(name, text, option) for text in getattr(options, option))
        for option, name in OPTIONS.items()
        if getattr(options, option)
    }
    found = index.search(Query(" ".join(options.text), chosen, limit=options.limit))
    on = options.as_of or date.today()
    rows = [_json(factor, STATES[library.state(factor, on)], on) for factor in found.factors]
    if options.json:
        print(json.dumps({"total": found.total, "on": on.isoformat(), "factors": rows}, ensure_ascii=False, indent=1))
        return 0
    print(f"{found.total} 条" + (f"，列出前 {len(rows)} 条" if len(rows) < found.total else ""))
    for factor, row in zip(found.factors, rows, strict=True):
        print(_line(factor, str(row["state"])))
    return 0


def _id(name: str, text: str, option: str) -> str:
    words = vocabulary().get(name)
    if words is None or text in words:
        return text
    for key, zh in words.items():
        if text == zh:
            return key
    raise InputError(
        "factor.choice", dimension=f"--{option}", text=text, known=[f"{zh}（{key}）" for key, zh in words.items()]
    )


def _json(factor: LibraryFactor, state: str, on: date) -> dict[str, object]:
    days = {
        name: str(day) if (day := getattr(factor, name)) else None
        for name in ("published_on", "valid_from", "valid_to")
    }
    return {**{name: getattr(factor, name) for name in _SHOWN}, "value": str(factor.value), **days, "state": state}


def _line(factor: LibraryFactor, state: str) -> str:
    place = value_of(factor, "region")
    value = f"{factor.value} {label(factor.unit)}"
    rest = " · ".join(part for part in (factor.data_year, place, word("family", factor.family), state) if part)
    return f"{_padded(factor.label, 44)}{value:>24}  {rest}\n    {factor.id} · {factor.document} {factor.document_no}"


def _padded(text: str, columns: int) -> str:
    return text + " " * max(1, columns - width(text))
