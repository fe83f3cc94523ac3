"""How a value came to be known, in the one wording of pages, reports and the command line."""

from collections.abc import Mapping

__all__ = ["LOOKED_UP", "ORIGINS", "origin_zh"]

ORIGINS: Mapping[str, str] = {
    "measured": "实测值",
    "contracted": "合同、凭证值",
    "derived": "由实测值推算",
    "enterprise_default": "企业缺省值",
    "standard_default": "标准缺省值",
    "library": "因子库",
    "constant": "常数",
    "computed": "计算值",
}
# what a table is looked up by, with the unit of its rows
LOOKED_UP: Mapping[str, tuple[str, str]] = {"pressure": ("压力", "MPa"), "temperature": ("温度", "degC")}


def origin_zh(origin: str | None) -> str:
    """Return the Chinese name of an origin; of an unknown one its id."""
    return ORIGINS.get(origin or "", origin or "")
