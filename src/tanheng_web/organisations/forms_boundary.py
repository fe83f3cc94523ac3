"""Forms of the boundary: legal form, units, rules, holdings, deliveries between members."""

from itertools import groupby

from django import forms
from django.utils.translation import gettext_lazy as _

from tanheng.accounting.boundary_catalogue import entity_kinds, holding_kinds, stages, systems, unit_types
from tanheng.kernel.errors import InputError
from tanheng.kernel.quantities import parse_number
from tanheng_web.common.forms import WordedMixin
from tanheng_web.organisations.models import BoundarySettings, Organisation

__all__ = ["EntityForm", "HoldingForm", "RulesForm", "TransferForm", "UnitForm"]

TRI = [("", _("未填，按门槛推定")), ("yes", _("有")), ("no", _("没有"))]
TRI_VALUES = {"": None, "yes": True, "no": False}


class EntityForm(WordedMixin, forms.Form):
    """What kind of entity reports."""

    entity_kind = forms.ChoiceField(label=_("主体类型"), widget=forms.RadioSelect)
    entity_document = forms.CharField(
        label=_("依据"),
        max_length=200,
        required=False,
        help_text=_("营业执照，或独立核算的批准文件与文号；视同法人的单位必填"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["entity_kind"].choices = [
            (kind.id, kind.zh if kind.may_report else _("%s（不能作为报告主体）") % kind.zh)
            for kind in entity_kinds().values()
        ]


class UnitForm(WordedMixin, forms.Form):
    """What a unit is, its stage, and whether it lies inside."""

    unit_type = forms.ChoiceField(label=_("单位类型"), required=False)
    stage = forms.ChoiceField(label=_("阶段"), required=False, help_text=_("只对核心生产单元；空则按单位类型"))
    is_inside = forms.BooleanField(
        label=_("在核算边界内"), required=False, help_text=_("核心、辅助和行政生活单元默认都在边界内")
    )
    reason = forms.CharField(
        label=_("移出原因"),
        max_length=300,
        required=False,
        help_text=_("移出边界时必填，写入报告，如“已出租，由承租方运营”"),
    )

    def __init__(self, *args, default: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        names = systems()
        groups = [
            (f"{names[system]} · {group}", [(unit.id, unit.zh) for unit in found])
            for (system, group), found in groupby(unit_types().values(), key=lambda unit: (unit.system, unit.group))
        ]
        self.fields["unit_type"].choices = [("", _("默认（%s）") % (default or _("未分类"))), *groups]
        self.fields["stage"].choices = [("", _("按单位类型")), *stages().items()]


class RulesForm(WordedMixin, forms.Form):
    """Thresholds of consolidation or of the captive plant."""

    GROUP = ("majority_threshold", "majority_strict", "below_majority")
    COMPANY = ("captive_threshold", "captive_strict", "captive_exported_from")

    def __init__(self, organisation: Organisation, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.GROUP if organisation.is_group else self.COMPANY:
            field = BoundarySettings._meta.get_field(name).formfield()
            if name.endswith("_threshold"):
                field.min_value, field.max_value = 0, 100
            self.field_add(name, field)

    def clean(self):
        cleaned = super().clean()
        for name in ("majority_threshold", "captive_threshold"):
            value = cleaned.get(name)
            if value is not None and not 0 <= value <= 100:
                self.add_error(name, _("门槛应在 0 与 100 之间。"))
        return cleaned


class HoldingForm(WordedMixin, forms.Form):
    """A holding of one member of a group in another."""

    owner = forms.ModelChoiceField(label=_("持有方"), queryset=Organisation.objects.none(), empty_label=None)
    member = forms.ModelChoiceField(
        label=_("被持有企业"), queryset=Organisation.objects.none(), empty_label=_("请选择")
    )
    kind = forms.ChoiceField(label=_("类型"))
    share = forms.DecimalField(
        label=_("股权比例（%）"),
        max_digits=7,
        decimal_places=4,
        min_value=0,
        max_value=100,
        help_text=_("0 到 100；租赁、受托管理而无股权的填 0"),
    )
    operational_control = forms.ChoiceField(
        label=_("运营控制权"), choices=TRI, required=False, help_text=_("能否制定并执行该企业的运营方针")
    )
    financial_control = forms.ChoiceField(
        label=_("财务控制权"), choices=TRI, required=False, help_text=_("能否决定其财务与经营方针并从中获益")
    )
    valid_from = forms.DateField(
        label=_("起始日"), required=False, widget=forms.DateInput(attrs={"type": "date"}), help_text=_("空为一直")
    )
    valid_to = forms.DateField(
        label=_("终止日"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("含当日；空为一直。按月末的持股计入当月"),
    )
    document = forms.CharField(
        label=_("依据文件"), max_length=200, required=False, help_text=_("公司章程、合资合同、租赁或托管协议及编号")
    )

    def __init__(self, group: Organisation, *args, **kwargs):
        super().__init__(*args, **kwargs)
        within = Organisation.objects.filter(path__startswith=group.path).order_by("path")
        self.fields["owner"].queryset = within
        self.fields["member"].queryset = within.exclude(pk=group.pk)
        self.fields["kind"].choices = list(holding_kinds().items())
        for name, message in (("min_value", _("比例不能小于 0。")), ("max_value", _("比例不能大于 100。"))):
            self.fields["share"].error_messages[name] = message
        for validator in self.fields["share"].validators:
            if getattr(validator, "code", "") in self.fields["share"].error_messages:
                validator.message = self.fields["share"].error_messages[validator.code]

    def clean_operational_control(self):
        return TRI_VALUES[self.cleaned_data["operational_control"]]

    def clean_financial_control(self):
        return TRI_VALUES[self.cleaned_data["financial_control"]]

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("valid_from"), cleaned.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("终止日早于起始日。"))
        return cleaned


class TransferForm(WordedMixin, forms.Form):
    """A delivery to or from another member of the group; ``streams`` are the own streams it may be contained in."""

    counterparty = forms.ModelChoiceField(
        label=_("对方企业"), queryset=Organisation.objects.none(), empty_label=_("请选择")
    )
    supplies = forms.ChoiceField(label=_("方向"), choices=[("out", _("本企业供出")), ("in", _("本企业受入"))])
    stream = forms.ChoiceField(label=_("所在源流"), help_text=_("这一数量已包含在本企业的哪条源流中"))
    period = forms.CharField(label=_("期间"), max_length=7, help_text=_("一个月或一年，如 2025-07 或 2025"))
    quantity = forms.CharField(label=_("数量"), max_length=40, help_text=_("单位同所选源流"))
    note = forms.CharField(label=_("依据"), max_length=200, required=False, help_text=_("结算单、计量记录等"))

    def __init__(self, partners: list[Organisation], streams: list[tuple[str, str]], *args, **kwargs):
        super().__init__(*args, **kwargs)
        ids = [partner.pk for partner in partners]
        self.fields["counterparty"].queryset = Organisation.objects.filter(pk__in=ids).order_by("path")
        self.fields["stream"].choices = [("", _("请选择")), *streams]

    def clean_supplies(self):
        return self.cleaned_data["supplies"] == "out"

    def clean_quantity(self):
        try:
            return parse_number(self.cleaned_data["quantity"])
        except InputError as error:
            raise forms.ValidationError(error.zh()) from error
