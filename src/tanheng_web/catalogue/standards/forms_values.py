"""Forms of default values, constants, sources and rules of a copied standard, and of a case's expectation."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tanheng.kernel.errors import UnitError
from tanheng.kernel.quantities import glossary
from tanheng.kernel.roles import roles
from tanheng.kernel.units import label
from tanheng_web.catalogue.standards.forms import DAY, ReasonForm, formula_choices, material_choices, quantity_choices

__all__ = ["CaseForm", "ConstantsForm", "ParameterForm", "RuleForm", "SourceForm"]

BASIS = {
    "net_consumption": _("净消耗量（购入 + 期初 − 期末 − 外销 − 主营业务外使用）"),
    "output": _("产出量（外销 + 期末 − 期初）"),
    "minus_output": _("产出量取负"),
    "quantity": _("填报数量"),
}


class ParameterForm(ReasonForm):
    """One default value with its source."""

    quantity = forms.ChoiceField(label=_("参数"))
    material = forms.ChoiceField(label=_("物料"), required=False)
    role = forms.ChoiceField(label=_("用途"), required=False)
    value = forms.CharField(label=_("值"), max_length=40, help_text=_("小数，或比值如 44/12"))
    unit = forms.CharField(label=_("单位"), max_length=40)
    valid_from = forms.DateField(label=_("有效期起"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    valid_to = forms.DateField(label=_("有效期止"), help_text=_("不含当日；空为长期"), **DAY)
    document = forms.CharField(label=_("来源文件"), max_length=300, help_text=_("文件、检测报告或合同，必填"))
    table = forms.CharField(label=_("表"), max_length=80, required=False)
    clause = forms.CharField(label=_("条款"), max_length=80, required=False)
    note = forms.CharField(label=_("说明"), max_length=300, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["quantity"].choices = [("", _("请选择")), *quantity_choices()]
        self.fields["material"].choices = [("", _("任何物料")), *material_choices()]
        self.fields["role"].choices = [("", _("任何用途")), *roles().items()]

    def row(self, before: dict | None = None) -> dict[str, str]:
        """The row as the table keeps it."""
        given = {key: "" if value is None else str(value) for key, value in self.cleaned_data.items()}
        given.pop("reason")
        changed = before is None or any(before[key] != given[key] for key in ("value", "unit"))
        mark = {"evidence": "enterprise", "confidence": "seen"} if changed else {}
        return {**(before or {}), **given, **mark, "checked": "false"}


class ConstantsForm(ReasonForm):
    """The constants of a standard, and its GWP set."""

    gwp_set = forms.CharField(label=_("GWP 集"), max_length=80, help_text=_("如 IPCC-AR5"))
    gwp_doc = forms.CharField(label=_("GWP 的来源"), max_length=300)
    new_name = forms.ChoiceField(label=_("添加常数"), required=False, help_text=_("公式里要用、而上面没有的量"))
    new_value = forms.CharField(label=_("新常数的值"), max_length=40, required=False)
    new_unit = forms.CharField(label=_("新常数的单位"), max_length=40, required=False)
    new_doc = forms.CharField(label=_("新常数的来源"), max_length=300, required=False)

    def __init__(self, *args, text: dict, **kwargs):
        super().__init__(*args, **kwargs)
        self.text = text
        for name, constant in text.get("constants", {}).items():
            known = glossary().get(name)
            label = known.zh if known else name
            field = forms.CharField(
                label=label, max_length=40, initial=constant["value"], help_text=_unit_said(constant["unit"])
            )
            self.field_add(f"constant_{name}", field)
            doc = constant.get("source", {}).get("doc", "")
            source = forms.CharField(label=_("%s的来源") % label, max_length=300, initial=doc)
            self.field_add(f"source_{name}", source)
        for gas, value in text["gwp"]["values"].items():
            field = forms.FloatField(label=_("%s 的 GWP") % gas, min_value=0, max_value=100_000, initial=value)
            self.field_add(f"gas_{gas}", field)
        free = [each for each in quantity_choices() if each[0] not in text.get("constants", {})]
        self.fields["new_name"].choices = [("", _("不添加")), *free]
        last = ["new_name", "new_value", "new_unit", "new_doc", "reason"]
        self.order_fields([name for name in self.fields if name not in last] + last)

    def clean(self):
        cleaned = super().clean()
        for name in ("new_value", "new_unit", "new_doc") if cleaned.get("new_name") else ():
            if not cleaned.get(name):
                self.add_error(name, _("添加常数时必填。"))
        return cleaned

    def text_after(self) -> dict:
        """``standard.yaml`` with the new constants and GWP."""
        given = self.cleaned_data
        text = {**self.text, "constants": dict(self.text.get("constants", {}))}
        for name, constant in text["constants"].items():
            source = {**constant["source"], "doc": given[f"source_{name}"]}
            text["constants"][name] = {**constant, "value": given[f"constant_{name}"], "source": source}
        if given["new_name"]:
            source = {"doc": given["new_doc"], "checked": False, "evidence": "enterprise"}
            new = {"value": given["new_value"], "unit": given["new_unit"], "source": source}
            text["constants"][given["new_name"]] = new
        gwp = self.text["gwp"]
        values = {gas: _plain_number(given[f"gas_{gas}"]) for gas in gwp["values"]}
        source = {**gwp["source"], "doc": given["gwp_doc"]}
        return {**text, "gwp": {**gwp, "set": given["gwp_set"], "values": values, "source": source}}


def _unit_said(unit: object) -> str:
    """The unit of a constant under its field; one that is not readable as it was written."""
    try:
        return _("单位：%s") % (label(str(unit)) or _("无量纲"))
    except UnitError:
        return _("单位：%s") % unit


def _plain_number(value: float) -> int | float:
    return int(value) if float(value).is_integer() else value


class SourceForm(ReasonForm):
    """The name of an emission source and the formula of each of its gases."""

    zh = forms.CharField(label=_("名称"), max_length=120)
    doc = forms.CharField(label=_("来源文件"), max_length=300)
    clause = forms.CharField(label=_("条款"), max_length=80, required=False)

    def __init__(self, *args, source: dict, formulas: dict, **kwargs):
        super().__init__(*args, **kwargs)
        self.source = source
        choices = formula_choices(formulas)
        for n, line in enumerate(source["lines"]):
            field = forms.ChoiceField(label=_("%s 的公式") % line["gas"], choices=choices, initial=line["formula"])
            self.field_add(f"line_{n}", field)
        self.order_fields([name for name in self.fields if name != "reason"] + ["reason"])

    def entry(self) -> dict:
        """The source as the package keeps it."""
        given = self.cleaned_data
        lines = [{**line, "formula": given[f"line_{n}"]} for n, line in enumerate(self.source["lines"])]
        citation = {**self.source["source"], "doc": given["doc"], "clause": given["clause"] or None}
        return {**self.source, "zh": given["zh"], "lines": lines, "source": citation}


class RuleForm(ReasonForm):
    """Which streams a source takes, or which are not counted and why."""

    role = forms.ChoiceField(label=_("用途"))
    materials = forms.MultipleChoiceField(
        label=_("物料"), required=False, widget=forms.SelectMultiple(attrs={"size": 10}),
        help_text=_("不选表示任何物料；按住 Ctrl 可多选"),
    )  # fmt: skip
    direction = forms.ChoiceField(label=_("方向"), required=False)
    basis = forms.ChoiceField(label=_("计量基础"), choices=list(BASIS.items()))
    requires = forms.MultipleChoiceField(
        label=_("须有实测值"), required=False, widget=forms.SelectMultiple(attrs={"size": 5}),
        help_text=_("只有填报了这些参数的源流才按本条计入"),
    )  # fmt: skip
    formula = forms.ChoiceField(label=_("改用公式"), required=False)
    why = forms.CharField(label=_("理由"), max_length=500, required=False, help_text=_("在结果中向读者说明"))

    def __init__(self, *args, formulas: dict, is_counted: bool = True, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = list(roles().items())
        self.fields["materials"].choices = material_choices()
        self.fields["direction"].choices = [("", _("不限")), ("in", _("输入")), ("out", _("输出"))]
        self.fields["requires"].choices = quantity_choices()
        self.fields["formula"].choices = [("", _("用排放源的公式")), *formula_choices(formulas)]
        if not is_counted:
            for name in ("basis", "requires", "formula"):
                del self.fields[name]
            self.fields["why"].required = True

    def rule(self, before: dict | None = None) -> dict:
        """The rule as the package keeps it."""
        given = self.cleaned_data
        found = {**(before or {}), "role": given["role"], "materials": given["materials"] or "*"}
        for key, value in (
            ("direction", given["direction"]), ("basis", given.get("basis")), ("requires", given.get("requires")),
            ("formula", given.get("formula")), ("reason", given["why"]),
        ):  # fmt: skip
            if value:
                found[key] = value
            else:
                found.pop(key, None)
        return found


class CaseForm(ReasonForm):
    """Deliberately expect something else of a case."""

    understood = forms.BooleanField(
        label=_("我已核对新旧期望，确认改变是有意的；此算例今后标为“企业自有期望”，不再作为公布算例的佐证"),
    )
