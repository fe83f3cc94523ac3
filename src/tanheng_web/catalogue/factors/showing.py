"""Factors as pages show them: words for ids, states with their colour, numbers as the source writes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe

from tanheng.kernel.catalogue import materials
from tanheng.kernel.units import label
from tanheng.rules.factors import STATES, LibraryFactor, vocabulary, word
from tanheng.rules.factors.search import Found, value_of

__all__ = ["DIMENSIONS", "STATE_TONES", "Choice", "Facet", "Line", "details", "facets", "lines", "state_zh"]

# in the order of the page; the first ones stand open
DIMENSIONS = {
    "metal": "金属", "stage": "环节", "carrier": "能源品种", "emission_type": "排放类型", "gas": "气体",
    "region": "区域", "data_year": "数据年份", "publisher": "发布机构", "klass": "有效期类别", "quantity": "参数",
    "family": "因子类别", "state": "状态",
}  # fmt: skip
OPEN = {"metal", "stage", "carrier", "emission_type"}
STATE_TONES = {
    "current": "tag-ok", "expiring": "tag-warn", "expired_with_successor": "tag-warn", "expired": "tag-bad",
    "superseded": "", "not_yet_valid": "tag-accent",
}  # fmt: skip
_MOST = 40
_ORIGINS = {"fossil": "化石源", "biogenic": "生物源"}
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True)
class Choice:
    """A value of a dimension and how many entries have it."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    """A dimension with its values."""

    name: str
    label: str
    choices: tuple[Choice, ...]
    is_open: bool

    @property
    def html(self) -> SafeString:
        """The choices as list items; a hundred of them on each answer, so not by the template engine."""
        return mark_safe("".join(self._item(number, each) for number, each in enumerate(self.choices, 1)))

    def _item(self, number: int, each: Choice) -> str:
        checked = " checked" if each.is_chosen else ""
        return (
            f'<li><label><input type="checkbox" id="f-{self.name}-{number}" name="{self.name}"'
            f' value="{escape(each.value)}"{checked}><span>{escape(each.label)}</span>'
            f"<small>{each.count}</small></label></li>"
        )


@dataclass(frozen=True)
class Line:
    """A row of the results."""

    id: str
    zh: str
    value: str
    unit: str
    year: str
    place: str
    publisher: str
    family: str
    is_life_cycle: bool
    state: str
    tone: str
    owner: str


def facets(found: Found, chosen: Mapping[str, tuple[str, ...]]) -> list[Facet]:
    """The dimensions with what could be chosen; a chosen value stays although nothing has it."""
    shown = []
    for name, zh in DIMENSIONS.items():
        counts, wanted = found.facets.get(name, {}), chosen.get(name, ())
        values = {**counts, **{value: counts.get(value, 0) for value in wanted}}
        choices = [Choice(value, _word(name, value), count, value in wanted) for value, count in values.items()]
        choices.sort(key=lambda choice: _order(name, choice))
        if choices:
            shown.append(Facet(name, zh, tuple(choices[:_MOST]), name in OPEN or bool(wanted)))
    return shown


def _order(name: str, choice: Choice) -> tuple:
    known = list(vocabulary().get(name, ())) if name != "state" else list(STATES)
    if choice.value in known:
        return (not choice.is_chosen, known.index(choice.value), 0, "")
    year = -int(choice.value) if name == "data_year" and choice.value.isdecimal() else 0
    return (not choice.is_chosen, len(known), year or -choice.count, choice.label)


def _word(name: str, value: str) -> str:
    if name == "gas":
        return _formula(value)
    return STATES.get(value, value) if name == "state" else word(name, value)


def lines(factors: tuple[LibraryFactor, ...], states: Mapping[str, str]) -> list[Line]:
    """Rows of the results; `states` by id."""
    return [
        Line(
            factor.id, factor.label, number(factor), label(factor.unit) if factor.unit != "1" else "", factor.data_year,
            value_of(factor, "region"), factor.publisher, word("family", factor.family),
            factor.family == "life_cycle", state_zh(states[factor.id]), STATE_TONES[states[factor.id]],
            "自有" if factor.owner.startswith("own") else "标准表" if factor.owner else "",
        )
        for factor in factors
    ]  # fmt: skip


def number(factor: LibraryFactor) -> str:
    """The value as the source writes it."""
    return f"{factor.value:f}"


def state_zh(state: str) -> str:
    """A state in words."""
    return STATES[state]


def details(factor: LibraryFactor) -> list[tuple[str, list[tuple[str, str]]]]:
    """Everything known of a factor, in groups; what is unknown is said to be."""
    material = materials().get(factor.material)
    kind = [
        ("参数", word("quantity", factor.quantity)), ("因子类别", word("family", factor.family)),
        ("电力指标", word("indicator", factor.indicator) if factor.klass in ("electricity", "heat") else ""),
        ("气体", _formula(factor.gas)), ("GWP 版本", factor.gwp_set), ("计算基准", word("basis", factor.basis)),
        ("系统边界", factor.boundary), ("不确定度", factor.uncertainty or "未给出"),
    ]  # fmt: skip
    what_for = [
        ("物料", material.zh if material else ""), ("金属", word("metal", factor.metal)),
        ("环节", word("stage", factor.stage)), ("能源品种", word("carrier", factor.carrier)),
        ("排放类型", word("emission_type", factor.emission_type)), ("地域级别", word("level", factor.level)),
        ("区域", factor.region_zh), ("省份", factor.province), ("适用范围", factor.applies_to),
    ]  # fmt: skip
    source = [
        ("发布机构", factor.publisher or "未查明"), ("来源文件", factor.document),
        ("文号", factor.document_no or "未查明"),
        ("数据年份", factor.data_year or "未给出"), ("发布日期", _day(factor.published_on)), ("网址", factor.url),
    ]  # fmt: skip
    life = [
        ("有效期类别", word("klass", factor.klass)), ("有效期起", _day(factor.valid_from)),
        ("有效期止", _end(factor)), ("入库日期", _day(factor.recorded_on) if factor.owner.startswith("own") else ""),
        ("核对", _checked(factor)), ("说明", factor.note),
    ]  # fmt: skip
    groups = [("数值的含义", kind), ("用在哪里", what_for), ("来源", source), ("有效期与核对", life)]
    return [(title, [(name, said) for name, said in rows if said]) for title, rows in groups]


def _formula(gas: str) -> str:
    """CO2 as CO₂; a trade name like HFC134a stays as it is."""
    name, _, origin = gas.partition("_")
    shown = name if name.startswith("H") else name.translate(_SUBSCRIPTS)
    return f"{shown}（{_ORIGINS[origin]}）" if origin in _ORIGINS else shown


def _day(day) -> str:
    return day.isoformat() if day else "未查明"


def _end(factor: LibraryFactor) -> str:
    if factor.valid_to:
        return f"{factor.valid_to.isoformat()}（当天起失效）"
    return "随印发它的文件有效" if factor.printed_in else "本类因子没有规定期限"


def _checked(factor: LibraryFactor) -> str:
    if factor.owner.startswith("own"):
        return f"{factor.checked_by} 复核"
    if factor.checked:
        return "已与原文逐条核对"
    return "凭记忆转录，待核原文" if factor.confidence == "recalled-high" else "二手来源，待核原文"
