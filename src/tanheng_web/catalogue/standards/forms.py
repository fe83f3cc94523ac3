"""Forms in which a copied standard is changed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tanheng.kernel.catalogue import materials
from tanheng.kernel.errors import TanhengError
from tanheng.kernel.quantities import glossary
from tanheng.kernel.roles import roles
from tanheng.rules.formula import Expression
from tanheng_web.common.forms import WordedMixin

__all__ = [
    "CopyForm",
    "FormulaForm",
    "IdentityForm",
    "ReasonForm",
    "formula_choices",
    "material_choices",
    "quantity_choices",
    "units_text",
]

DAY = {"required": False, "widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


def material_choices() -> list[tuple[str, str]]:
    """Materials of the catalogue by Chinese name."""
    return [(found.id, found.zh) for found in materials().values()]


def quantity_choices() -> list[tuple[str, str]]:
    """Quantities of the glossary by Chinese name."""
    return [(name, found.zh) for name, found in glossary().items()]


def formula_choices(formulas: dict) -> list[tuple[str, str]]:
    """Formulas of a copy by Chinese name; where two have the same, by their ids too."""
    names = [entry.get("zh", name) for name, entry in formulas.items()]
    return [(name, zh if names.count(zh) == 1 else f"{zh}（{name}）") for name, zh in zip(formulas, names, strict=True)]


def _by_enterprise(note: str) -> dict[str, object]:
    """What a citation says of a thing that the enterprise changed: nobody may take it for the document's own."""
    return {"evidence": "enterprise", "checked": False, "note": str(note)}


def units_text(units) -> str:
    """Units as one field shows them: parallel variants separated by commas."""
    return ", ".join(units) if isinstance(units, list | tuple) else str(units or "")


def units_of(text: str) -> str | list[str]:
    """What a field of units means: one unit, or several parallel ones."""
    parts = [part.strip() for part in text.replace("，", ",").replace("、", ",").split(",") if part.strip()]
    return parts[0] if len(parts) == 1 else parts


class ReasonForm(WordedMixin, forms.Form):
    """Every change says why."""

    reason = forms.CharField(label=_("修改原因"), max_length=500, help_text=_("写入历史，发布时由复核人查看"))

    field_order = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name != "reason"] + ["reason"])


class CopyForm(WordedMixin, forms.Form):
    """A new copy of a standard."""

    zh = forms.CharField(label=_("名称"), max_length=200)
    short_zh = forms.CharField(label=_("简称"), max_length=80, help_text=_("结果和报告中显示，应能与原标准区别开"))
    name = forms.RegexField(
        r"^[a-z][a-z0-9_]{1,30}$",
        label=_("英文简称"),
        help_text=_("小写字母、数字、下划线，如 steel_internal；用于编号，建立后不变"),
    )
    reason = forms.CharField(label=_("为什么需要自有标准"), max_length=500)


class IdentityForm(ReasonForm):
    """Names, document, validity."""

    zh = forms.CharField(label=_("名称"), max_length=200)
    short_zh = forms.CharField(label=_("简称"), max_length=80)
    document = forms.CharField(label=_("文件"), max_length=200, help_text=_("内部文件号；没有时保留原标准文号"))
    start = forms.DateField(label=_("实施期起"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    end = forms.DateField(label=_("实施期止"), help_text=_("不含当日；空为长期"), **DAY)
    note = forms.CharField(label=_("说明"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class FormulaForm(ReasonForm):
    """One formula: expression, units of its terms and of its result, citation."""

    id = forms.RegexField(r"^[a-z][a-z0-9_]{1,60}$", label=_("编号"), help_text=_("小写字母、数字、下划线；建立后不变"))
    zh = forms.CharField(label=_("名称"), max_length=120)
    expr = forms.CharField(
        label=_("表达式"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "class": "formula-input"}),
        help_text=_("名称、数字和 + - * / **，函数 min、max、sum、where(比较, 成立时, 不成立时)"),
    )
    unit = forms.CharField(label=_("结果的单位"), max_length=120, help_text=_("必须等于由表达式推导出的单位"))
    gives = forms.ChoiceField(label=_("推导出的参数"), required=False, help_text=_("排放公式留空"))
    for_role = forms.ChoiceField(label=_("适用的用途"), required=False)
    doc = forms.CharField(label=_("来源文件"), max_length=300)
    clause = forms.CharField(label=_("条款"), max_length=80, required=False)
    equation = forms.CharField(label=_("公式号"), max_length=200, required=False)
    start = forms.DateField(label=_("有效期起"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    end = forms.DateField(label=_("有效期止"), help_text=_("空为长期"), **DAY)

    def __init__(self, *args, entry: dict | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.entry_before = entry or {}
        self.fields["gives"].choices = [("", _("无（排放公式）")), *quantity_choices()]
        self.fields["for_role"].choices = [("", _("任何用途")), *roles().items()]
        if entry is not None:
            del self.fields["id"]
        self.terms_wanted = self._names()
        for name in self.terms_wanted:
            self.field_add(f"term_{name}", self._term(name))

    def _names(self) -> list[str]:
        text = self.data.get("expr", "") if self.is_bound else self.entry_before.get("expr", "")
        try:
            return list(Expression.parse(text).names)
        except TanhengError:
            return list(self.entry_before.get("terms", {}))

    def _term(self, name: str) -> forms.CharField:
        known = glossary().get(name)
        units = self.entry_before.get("terms", {}).get(name) or (known.all_units[0] if known else "")
        shown = f"{known.zh}（{name}）" if known else name
        hint = _("可用：%s") % "、".join(known.all_units) if known else _("不在量的词表中，请改用词表中的名称")
        return forms.CharField(label=shown, max_length=120, initial=units_text(units), help_text=hint)

    @property
    def term_fields(self):
        """The fields of the terms, in the order of the expression."""
        return [self[f"term_{name}"] for name in self.terms_wanted]

    @property
    def plain_fields(self):
        """The fields above the terms, then those of source and validity."""
        rest = ("gives", "for_role", "doc", "clause", "equation", "start", "end", "reason")
        return [self[name] for name in rest]

    def entry(self) -> dict:
        """The formula as the package keeps it; what the form does not show stays as it was."""
        given = self.cleaned_data if hasattr(self, "cleaned_data") else {}
        raw = {name: given.get(name, self.data.get(name, "")) for name in self.fields}
        terms = {name: units_of(str(raw[f"term_{name}"] or "")) for name in self.terms_wanted}
        source = {**self.entry_before.get("source", {}), "doc": raw["doc"], "clause": raw["clause"] or None}
        source["equation"] = raw["equation"] or None
        if self.entry_before and str(raw["expr"]) != self.entry_before.get("expr"):
            source |= _by_enterprise(_("企业修改，原式：%s") % self.entry_before["expr"])
        found = {**self.entry_before, "zh": raw["zh"], "unit": units_of(str(raw["unit"])), "expr": str(raw["expr"])}
        found |= {"terms": terms, "valid": {"from": raw["start"] or None, "to": raw["end"] or None}, "source": source}
        for key, value in (("gives", raw["gives"]), ("for", {"role": raw["for_role"]} if raw["for_role"] else None)):
            kept = self.entry_before.get(key) if key == "for" and not self._role_changed(raw) else value
            if kept:
                found[key] = kept
            else:
                found.pop(key, None)
        return found

    def _role_changed(self, raw: dict) -> bool:
        before = self.entry_before.get("for", {})
        return (before.get("role") or "") != (raw["for_role"] or "") and not isinstance(before.get("role"), list)
