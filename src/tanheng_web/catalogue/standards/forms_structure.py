"""Forms that change what a copied standard is made of: a new source, a material's place, rounding, GWP, indicators."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tanheng.kernel.catalogue import materials
from tanheng.kernel.errors import TanhengError
from tanheng.kernel.roles import roles
from tanheng.kernel.units import canonical, compatible, label
from tanheng.rules.gwp_sets import published_gwp
from tanheng.rules.package_copy_rules import NOT_COUNTED
from tanheng_web.catalogue.standards.forms import ReasonForm, formula_choices, material_choices, quantity_choices
from tanheng_web.catalogue.standards.forms_values import BASIS

__all__ = ["GwpForm", "IndicatorForm", "PlaceForm", "RoundingForm", "SourceNewForm"]

ID = r"^[a-z][a-z0-9_]{1,60}$"
LEVELS = [("display", _("只在显示时修约，逐步计算不修约")), ("line", _("每一行结果先修约，再相加"))]
MANY = {"required": False, "widget": forms.SelectMultiple(attrs={"size": 8})}


class TakeMixin:
    """The fields of a rule: use, materials, direction, basis, required values, why."""

    def take_fields(self) -> None:
        """Add the fields, worded like the others."""
        several = _("按住 Ctrl 可多选")
        self.field_add("role", forms.ChoiceField(label=_("用途"), choices=list(roles().items())))
        chosen = forms.MultipleChoiceField(
            label=_("物料"),
            choices=material_choices(),
            widget=forms.SelectMultiple(attrs={"size": 8}),
            help_text=several,
        )
        self.field_add("materials", chosen)
        ways = [("", _("不限")), ("in", _("输入")), ("out", _("输出"))]
        self.field_add("direction", forms.ChoiceField(label=_("方向"), choices=ways, required=False))
        self.field_add("basis", forms.ChoiceField(label=_("计量基础"), choices=list(BASIS.items())))
        asked = forms.MultipleChoiceField(
            label=_("须有实测值"),
            choices=quantity_choices(),
            help_text=_("只有填报了这些参数的源流才按本条计入"),
            **MANY,
        )
        self.field_add("requires", asked)
        moved = forms.BooleanField(
            label=_("物料已由别的规则纳入时，从那一条中移出"), required=False,
            help_text=_("一种物料作一种用途只按最先合的一条计；不移出时，已被纳入的物料会被拒绝"),
        )  # fmt: skip
        self.field_add("move", moved)
        self.field_add("why", forms.CharField(label=_("理由"), max_length=500, required=False,
                                              help_text=_("在结果中向读者说明；不计入时必填")))  # fmt: skip

    def rule(self) -> dict:
        """The rule as the package keeps it."""
        given = self.cleaned_data
        found = {"role": given["role"], "materials": given["materials"], "basis": given["basis"]}
        found |= {key: given[key] for key in ("direction", "requires") if given[key]}
        return found | ({"reason": given["why"]} if given["why"] else {})


class PlaceForm(TakeMixin, ReasonForm):
    """Where a material in a use belongs: a source of emissions, or what is not counted and why."""

    def __init__(self, *args, text: dict, **kwargs):
        super().__init__(*args, **kwargs)
        self.take_fields()
        sources = [(name, source.get("zh", name)) for name, source in text["sources"].items()]
        where = forms.ChoiceField(label=_("计入哪里"), choices=[*sources, (NOT_COUNTED, _("不计入"))])
        self.field_add("place", where)
        self.order_fields(["role", "materials", "place"])
        self.order_fields([name for name in self.fields if name != "reason"] + ["reason"])

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("place") == NOT_COUNTED and not cleaned.get("why"):
            self.add_error("why", _("不计入必须写明理由。"))
        return cleaned

    def rule(self) -> dict:
        found = super().rule()
        if self.cleaned_data["place"] == NOT_COUNTED:
            found.pop("basis")
            found.pop("requires", None)
        return found


class SourceNewForm(TakeMixin, ReasonForm):
    """A new emission source: gas, formula, what it takes, where it is summed."""

    id = forms.RegexField(ID, label=_("编号"), help_text=_("小写字母、数字、下划线，如 lime_kiln；建立后不变"))
    zh = forms.CharField(label=_("名称"), max_length=120)
    sign = forms.ChoiceField(label=_("正负"), choices=[("1", _("排放，计入总量")), ("-1", _("扣减，从总量中减去"))])
    gas = forms.ChoiceField(label=_("气体"), help_text=_("GWP 集里有的气体；要用别的气体，先在“GWP 集”中添加"))
    formula = forms.ChoiceField(label=_("公式"), help_text=_("还没有合适的公式时，先“添加公式”，再回到这里"))
    subtotals = forms.MultipleChoiceField(label=_("计入哪些小计"), **MANY)
    doc = forms.CharField(label=_("来源文件"), max_length=300)
    clause = forms.CharField(label=_("条款"), max_length=80, required=False)

    def __init__(self, *args, text: dict, formulas: dict, **kwargs):
        super().__init__(*args, **kwargs)
        self.text = text
        self.take_fields()
        self.fields["gas"].choices = [(gas, gas) for gas in text["gwp"]["values"]]
        own = {name: entry for name, entry in formulas.items() if not entry.get("gives")}
        self.fields["formula"].choices = formula_choices(own)
        self.fields["subtotals"].choices = [(key, each["zh"]) for key, each in (text.get("subtotals") or {}).items()]
        last = ["subtotals", "doc", "clause", "reason"]
        self.order_fields([name for name in self.fields if name not in last] + last)

    def clean_id(self):
        taken = {*self.text["sources"], *(self.text.get("subtotals") or {}), NOT_COUNTED, "total"}
        if self.cleaned_data["id"] in taken:
            raise forms.ValidationError(_("已有同编号的排放源或小计，请换一个。"))
        return self.cleaned_data["id"]

    def source(self) -> dict:
        """The source as the package keeps it, still without rules."""
        given = self.cleaned_data
        cited = {"doc": given["doc"], "clause": given["clause"] or None, "checked": False, "evidence": "enterprise"}
        lines = [{"gas": given["gas"], "formula": given["formula"]}]
        return {"zh": given["zh"], "sign": int(given["sign"]), "lines": lines, "take": [], "source": cited}


class RoundingForm(ReasonForm):
    """Where and to how many decimals the standard rounds; parameters before they are multiplied."""

    level = forms.ChoiceField(label=_("在哪里修约"), choices=LEVELS)
    decimals = forms.IntegerField(label=_("保留小数"), min_value=0, max_value=12, help_text=_("位；四舍五入"))
    new_quantity = forms.ChoiceField(label=_("添加先修约的参数"), required=False)
    new_decimals = forms.IntegerField(label=_("该参数保留小数"), min_value=0, max_value=12, required=False)

    def __init__(self, *args, rounding: dict, **kwargs):
        super().__init__(*args, **kwargs)
        self.rounding = rounding
        names = dict(quantity_choices())
        for name, decimals in (rounding.get("parameters") or {}).items():
            field = forms.IntegerField(
                label=_("%s保留小数") % names.get(name, name),
                min_value=0, max_value=12, required=False, initial=decimals,
                help_text=_("相乘之前先修约；空则不再修约"),
            )  # fmt: skip
            self.field_add(f"parameter_{name}", field)
        free = [each for each in quantity_choices() if each[0] not in (rounding.get("parameters") or {})]
        self.fields["new_quantity"].choices = [("", _("不添加")), *free]
        last = ["new_quantity", "new_decimals", "reason"]
        self.order_fields([name for name in self.fields if name not in last] + last)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("new_quantity") and cleaned.get("new_decimals") is None:
            self.add_error("new_decimals", _("添加参数时必填。"))
        return cleaned

    def entry(self) -> dict:
        """The rounding as the package keeps it."""
        given = self.cleaned_data
        kept = {name: given[f"parameter_{name}"] for name in self.rounding.get("parameters") or {}}
        found = {name: decimals for name, decimals in kept.items() if decimals is not None}
        if given["new_quantity"]:
            found[given["new_quantity"]] = given["new_decimals"]
        return {"level": given["level"], "decimals": given["decimals"], "mode": "half_up", "parameters": found}


class GwpForm(ReasonForm):
    """One of the published sets of GWP, for the gases that the standard counts."""

    set = forms.ChoiceField(label=_("GWP 集"), help_text=_("数值取自软件所带的 IPCC 各次评估报告，标明是否已核对原文"))
    gases = forms.MultipleChoiceField(
        label=_("核算的气体"), widget=forms.SelectMultiple(attrs={"size": 10}),
        help_text=_("按住 Ctrl 可多选；排放源用到的气体不能去掉"),
    )  # fmt: skip

    def __init__(self, *args, gwp: dict, **kwargs):
        super().__init__(*args, **kwargs)
        sets = published_gwp()
        self.fields["set"].choices = [
            (name, f"{each.document}（{name}）{'' if each.checked else ' · 待核原文'}") for name, each in sets.items()
        ]
        names = {gas: zh for each in sets.values() for gas, zh in each.names.items()}
        # what the standard counts and no set gives (mixtures counted as CO2e) keeps its value
        self.kept = {gas: value for gas, value in gwp["values"].items() if gas not in names}
        self.fields["gases"].choices = [(gas, f"{gas} {zh}") for gas, zh in names.items()]
        self.initial.setdefault("set", gwp["set"] if gwp["set"] in sets else None)
        self.initial.setdefault("gases", [gas for gas in gwp["values"] if gas in names])

    def clean(self):
        cleaned = super().clean()
        found = published_gwp().get(cleaned.get("set", ""))
        lacking = [gas for gas in cleaned.get("gases") or () if found and gas not in found.values]
        if lacking:
            self.add_error("gases", _("所选的 GWP 集没有这些气体：%s。") % "、".join(lacking))
        if cleaned.get("gases") and "CO2" not in cleaned["gases"]:
            self.add_error("gases", _("必须包含 CO2。"))
        return cleaned

    def entry(self) -> dict:
        """The set as the package keeps it."""
        given = self.cleaned_data
        found = published_gwp()[given["set"]]
        values = {gas: found.values[gas] for gas in given["gases"]} | self.kept
        plain = {gas: int(value) if float(value).is_integer() else value for gas, value in values.items()}
        source = {"doc": found.document, "checked": found.checked, "evidence": "enterprise", "note": str(_("企业选定"))}
        return {"set": found.id, "values": plain, "source": source}


class IndicatorForm(ReasonForm):
    """An intensity: emissions per product, output or use."""

    id = forms.RegexField(ID, label=_("编号"), help_text=_("小写字母、数字、下划线；建立后不变"))
    zh = forms.CharField(label=_("名称"), max_length=80)
    numerator = forms.ChoiceField(label=_("分子"))
    role = forms.ChoiceField(label=_("分母：用途"), choices=list(roles().items()))
    materials = forms.MultipleChoiceField(
        label=_("分母：物料"), widget=forms.SelectMultiple(attrs={"size": 8}), help_text=_("按住 Ctrl 可多选，数量相加")
    )
    basis = forms.ChoiceField(label=_("分母：计量基础"))
    unit = forms.CharField(label=_("单位"), max_length=40, help_text=_("如 tCO2e/t"))
    decimals = forms.IntegerField(label=_("保留小数"), min_value=0, max_value=12, required=False)
    optional = forms.BooleanField(label=_("企业没有这种分母时不列出"), required=False)
    note = forms.CharField(label=_("说明"), max_length=300, required=False)

    def __init__(self, *args, text: dict, before: dict | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.text, self.before = text, before or {}
        groups = [("total", _("排放总量"))]
        for key in ("subtotals", "sources", "accounts"):
            groups += [(name, each.get("zh", name)) for name, each in (text.get(key) or {}).items()]
        given = self.before.get("numerator")
        if isinstance(given, dict):  # the processes of some kinds: not asked here, kept as it is
            groups = [("", _("若干类工序的排放（保持不变）"))]
            self.fields["numerator"].required = False
        self.fields["numerator"].choices = groups
        self.fields["materials"].choices = material_choices()
        self.fields["basis"].choices = [(key, zh) for key, zh in BASIS.items() if key != "minus_output"]
        if before is not None:
            del self.fields["id"]

    def clean_id(self):
        taken = {*(self.text.get("indicators") or {}), *(self.text.get("information") or {})}
        if self.cleaned_data["id"] in taken:
            raise forms.ValidationError(_("已有同编号的指标，请换一个。"))
        return self.cleaned_data["id"]

    def clean(self):
        cleaned = super().clean()
        unit, known = cleaned.get("unit"), materials()
        for name in cleaned.get("materials") or () if unit else ():
            expected = f"tCO2e/{known[name].unit}"
            try:
                fits = compatible(canonical(unit), expected)
            except TanhengError as error:
                self.add_error("unit", error.zh())
                break
            if not fits:
                said = {"zh": known[name].zh, "unit": label(expected)}
                self.add_error("unit", _("“%(zh)s”的数量以另一种单位计，单位应能换算为 %(unit)s。") % said)
                break
        return cleaned

    def entry(self) -> dict:
        """The indicator as the package keeps it; what the form does not show stays."""
        given = self.cleaned_data
        below = self.before.get("denominator") or {}
        denominator = {**below, "role": given["role"], "materials": given["materials"], "basis": given["basis"]}
        numerator = given["numerator"] or self.before["numerator"]
        found = {
            **self.before,
            "zh": given["zh"],
            "numerator": numerator,
            "denominator": denominator,
            "unit": given["unit"],
        }
        for key, value in (("decimals", given["decimals"]), ("optional", given["optional"]), ("note", given["note"])):
            if value in (None, "", False):
                found.pop(key, None)
            else:
                found[key] = value
        return found
