"""What a workbook of one enterprise and period looks like: its sheets, rows and columns."""

from dataclasses import dataclass, field
from functools import cached_property

from tanheng.kernel.periods import Month, Period
from tanheng_web.collection import vocabulary as words

__all__ = [
    "KEYS",
    "META_SHEET",
    "NOTE",
    "SHEETS",
    "TEMPLATE_VERSION",
    "Column",
    "SheetSpec",
    "StreamSpec",
    "TemplateSpec",
    "key_at",
]

TEMPLATE_VERSION = "1"
META_SHEET = "_tanheng"
GUIDE_SHEET = "填写说明"
WORDS_SHEET = "_字典"
SHEETS = {"materials": "物料收支", "products": "产品产量", "energy": "电力热力", "processes": "工序投入产出"}

# Key columns in their order; the second part are other heads that people use for the same thing.
KEYS = {
    "month": ("月份", ("期间", "年月", "统计月份")),
    "code": ("源流编号", ("编号", "源流代码")),
    "material": ("物料", ("物料名称", "品种", "名称")),
    "process": ("工序", ("工序名称", "所属工序")),
    "role": ("用途", ("类别",)),
    "direction": ("方向", ("投入产出",)),
    "unit": ("单位", ("计量单位",)),
}
NOTE = ("备注", ("说明", "备注说明"))
ALIASES = {
    "quantity": ("消耗量", "产量", "用量", "数量合计"),
    "purchased": ("采购量", "外购量", "购进量", "购入"),
    "opening_stock": ("期初库存", "月初库存", "月初库存量"),
    "closing_stock": ("期末库存", "月末库存", "月末库存量"),
    "sold": ("销售量", "外供量", "外销"),
    "used_outside": ("非本业使用量", "外业务使用量", "其他使用量"),
    "net_calorific_value": ("低位发热量", "低位热值", "收到基低位发热量", "热值"),
    "carbon_content": ("单位热值含碳",),
    "oxidation_factor": ("氧化率",),
    "carbon_content_mass": ("元素碳含量",),
}


def key_at(stream: "StreamSpec", key: str) -> str:
    """The unit of a key on a stream."""
    return words.key_unit(key, stream.unit)


@dataclass(frozen=True, slots=True)
class StreamSpec:
    """A stream as the workbook knows it; `components` (parts of the balance) and `values` (parameters) by id."""

    code: str
    material: str
    material_zh: str
    role: str
    direction: str
    unit: str
    process: str = ""
    label: str = ""
    components: tuple[str, ...] = ("quantity",)
    values: tuple[str, ...] = ()
    first_month: Month | None = None
    last_month: Month | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        return self.components + self.values

    @property
    def role_zh(self) -> str:
        return words.ROLES.get(self.role, self.role)

    @property
    def direction_zh(self) -> str:
        return words.DIRECTIONS[self.direction]

    @property
    def sheet(self) -> str:
        """Which sheet the stream stands on: inside the works, then by use."""
        if self.process:
            return "processes"
        if self.role in {"electricity", "heat"}:
            return "energy"
        return "products" if self.role in {"product", "co_product", "by_product"} else "materials"

    @property
    def name(self) -> str:
        """How messages call it: 炼铁/1号高炉 · 焦炭（燃料）."""
        place = f"{self.process} · " if self.process else ""
        return f"{place}{self.label or self.material_zh}（{self.role_zh}）"

    def active_in(self, month: Month) -> bool:
        return (self.first_month is None or self.first_month <= month) and (
            self.last_month is None or month <= self.last_month
        )


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its id, head, and the units that its cells may have (by stream unit)."""

    key: str
    head: str
    units: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The head with its units in the second line."""
        if not self.units or self.units == ("1",):
            return self.head
        return f"{self.head}\n" + " 或 ".join(words.unit_label(unit) or "小数" for unit in self.units)

    @property
    def is_number(self) -> bool:
        return self.key not in KEYS and self.key != "note"


@dataclass(frozen=True)
class SheetSpec:
    """One sheet: id, name, streams in order, columns in order."""

    id: str
    streams: tuple[StreamSpec, ...]

    @property
    def name(self) -> str:
        return SHEETS[self.id]

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Key columns, those parts of the balance and values that any stream of the sheet has, then the note."""
        used = {key for stream in self.streams for key in stream.keys}
        heads = tuple(Column(key, head) for key, (head, _) in KEYS.items())
        numbers = tuple(self._column(key) for key in (*words.QUANTITY_KEYS, *words.VALUE_KEYS) if key in used)
        return (*heads, *numbers, Column("note", NOTE[0]))

    def _column(self, key: str) -> Column:
        if key in words.QUANTITY_KEYS:
            return Column(key, words.key_zh(key))
        units = dict.fromkeys(key_at(stream, key) for stream in self.streams if key in stream.keys)
        return Column(key, words.key_zh(key), tuple(units))


@dataclass(frozen=True)
class TemplateSpec:
    """The workbook of one enterprise for a period; `values` prefill cells by (code, month, key)."""

    organisation_id: int
    organisation: str
    organisation_code: str
    period: Period
    streams: tuple[StreamSpec, ...]
    values: dict[tuple[str, str, str], float] = field(default_factory=dict)
    version: str = TEMPLATE_VERSION

    @cached_property
    def sheets(self) -> tuple[SheetSpec, ...]:
        """The sheets that have streams."""
        grouped = {sheet: tuple(s for s in self.streams if s.sheet == sheet) for sheet in SHEETS}
        return tuple(SheetSpec(sheet, streams) for sheet, streams in grouped.items() if streams)

    @cached_property
    def by_code(self) -> dict[str, StreamSpec]:
        return {stream.code: stream for stream in self.streams}

    def meta(self) -> dict[str, str]:
        """What the hidden sheet says, for reading back."""
        return {
            "format": "tanheng/workbook",
            "template_version": self.version,
            "organisation_id": str(self.organisation_id),
            "organisation": self.organisation,
            "organisation_code": self.organisation_code,
            "period": self.period.key,
        }
