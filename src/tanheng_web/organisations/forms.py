import re

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from tanheng_web.common.forms import WordedMixin
from tanheng_web.organisations.models import Organisation
from tanheng_web.organisations.places import grid_parts, place_zh, provinces
from tanheng_web.organisations.selectors import groups_administered
from tanheng_web.organisations.standards import offered, product_choices

__all__ = ["AccountingForm", "BasicForm", "NewForm", "PlaceMixin", "StandardForm", "uscc_is_valid"]

USCC = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}\Z")
USCC_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
INDUSTRY = RegexValidator(
    r"^[A-Ta-t]?\d{2,4}$", _("行业代码应为门类字母加 2–4 位数字，如 C3120；请对照 GB/T 4754 填写。")
)
PHONE = RegexValidator(r"^[0-9+()（） 转\-]{5,40}$", _("联系电话应为数字，可含区号和分机，如 0315-1234567 转 8001。"))
OWNERSHIP = ("国有", "集体", "民营", "股份制", "港澳台投资", "外商投资", "其他")


def uscc_is_valid(code: str) -> bool:
    """Check digit of GB 32100-2015: weights 3^i mod 31.

    >>> uscc_is_valid("91350100M000100Y43")
    True
    """
    if not USCC.match(code):
        return False
    total = sum(USCC_DIGITS.index(sign) * pow(3, place, 31) for place, sign in enumerate(code[:17]))
    return USCC_DIGITS[(31 - total % 31) % 31] == code[17]


def province_field(help_text) -> forms.ChoiceField:
    """All provinces of the grid table."""
    choices = [("", _("请选择")), *((name, name) for name in provinces())]
    return forms.ChoiceField(label=_("省份"), choices=choices, help_text=help_text)


class PlaceMixin(WordedMixin, forms.Form):
    """Province, and the part of it where two grids meet."""

    def _place_fields(self):
        self.field_add("province", province_field(_("决定购入电力的电网排放因子")))
        parts = [(part, place_zh(province, part)) for province, found in grid_parts().items() for part in found]
        choices = [("", _("请选择")), *parts]
        self.field_add(
            "grid_part",
            forms.ChoiceField(label=_("电网区域"), choices=choices, required=False, help_text=_("省内分属不同电网")),
        )
        self.fields["grid_part"].shown_for = ("province", tuple(grid_parts()))

    def clean(self):
        cleaned = super().clean()
        parts = grid_parts().get(cleaned.get("province", ""), ())
        if parts and cleaned.get("grid_part") not in parts:
            self.add_error("grid_part", _("该省份分属不同电网，请选择所在区域。"))
        if not parts:
            cleaned["grid_part"] = ""
        return cleaned


class NewForm(PlaceMixin):
    """First step of a new enterprise."""

    name = forms.CharField(label=_("企业名称"), max_length=120, help_text=_("与营业执照一致的全称"))
    short_name = forms.CharField(
        label=_("简称"), max_length=40, required=False, help_text=_("页面上显示的名称，可不填")
    )
    kind = forms.ChoiceField(
        label=_("类型"),
        choices=Organisation.Kind,
        initial=Organisation.Kind.COMPANY,
        help_text=_("集团只汇总下属企业，不填报"),
    )
    parent = forms.ModelChoiceField(
        label=_("上级"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("无"),
        help_text=_("所属集团，可不选"),
    )
    standard = forms.ChoiceField(label=_("核算标准"), widget=forms.RadioSelect, required=False)

    def __init__(self, user, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._place_fields()
        above = [group.pk for group in groups_administered(user)]
        self.fields["parent"].queryset = Organisation.objects.filter(pk__in=above)
        self.fields["standard"].choices = [(found.id, found.short_zh) for found in offered()]
        self.fields["standard"].shown_for = ("kind", (Organisation.Kind.COMPANY.value,))
        self.order_fields(["name", "short_name", "kind", "parent", "province", "grid_part", "standard"])

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("kind") == Organisation.Kind.COMPANY and not cleaned.get("standard"):
            self.add_error("standard", _("请选择核算标准，系统据此建议工序和源流。"))
        return cleaned

    def basics(self) -> dict:
        """Fields of the enterprise."""
        return {
            key: self.cleaned_data[key]
            for key in ("name", "short_name", "kind", "parent", "province", "grid_part", "standard")
        }


class BasicForm(PlaceMixin, forms.ModelForm):
    """企业基本情况, as the report prints it."""

    class Meta:
        model = Organisation
        fields = [
            "name",
            "short_name",
            "uscc",
            "legal_representative",
            "province",
            "grid_part",
            "address",
            "industry_code",
            "ownership",
            "contact_person",
            "contact_phone",
            "filled_by",
        ]
        help_texts = {
            "industry_code": _("GB/T 4754 的行业小类，如 C3120 炼钢、C3216 铝冶炼"),
            "address": _("主要生产经营地址"),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._place_fields()
        self.fields["industry_code"].validators.append(INDUSTRY)
        self.fields["contact_phone"].validators.append(PHONE)
        kept = [self.instance.ownership] if self.instance.ownership not in ("", *OWNERSHIP) else []
        choices = [("", _("请选择")), *((name, name) for name in (*OWNERSHIP, *kept))]
        self.field_add("ownership", forms.ChoiceField(label=_("单位性质"), choices=choices, required=False))
        self.order_fields(self.Meta.fields)

    def clean_industry_code(self):
        return self.cleaned_data["industry_code"].upper()

    def clean_uscc(self):
        code = self.cleaned_data["uscc"].strip().upper()
        if self.instance.is_demo and code == self.instance.uscc:
            return code  # a demonstration bears no real code
        if code and not uscc_is_valid(code):
            raise forms.ValidationError(_("统一社会信用代码应为 18 位且校验位正确，请对照营业执照检查。"))
        return code


class AccountingForm(WordedMixin, forms.ModelForm):
    """How the enterprise accounts, its standard apart."""

    class Meta:
        model = Organisation
        fields = ["main_product", "electricity_factor_level", "electricity_factor_indicator", "allow_self_approval"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        choices = product_choices(self.instance.standard)
        kept = [] if self.instance.main_product in ("", *dict(choices)) else [(self.instance.main_product,) * 2]
        choices = [("", _("按标准")), *choices, *kept]
        help_text = _("随核算结果记录；排放强度的分母由标准规定")
        field = forms.ChoiceField(label=_("主要产品"), choices=choices, required=False, help_text=help_text)
        self.field_add("main_product", field)
        self.fields["electricity_factor_level"].help_text = _("标准规定用区域电网平均；改用其他口径会写入报告")
        indicator = self.fields["electricity_factor_indicator"]
        indicator.choices = [("", _("按标准")), *Organisation.FactorIndicator.choices]
        indicator.help_text = _("另行扣减市场化绿电时，其余电量用“不含市场化交易的非化石电量”，以免绿电扣两次")
        self.fields["allow_self_approval"].label = _("允许审核自己提交的数据")
        self.fields["allow_self_approval"].help_text = _("默认填报与审核须为两人；人员不足时才开启")
        self.order_fields(self.Meta.fields)

    def clean(self):
        cleaned = super().clean()
        average = ("", Organisation.FactorIndicator.AVERAGE)
        is_national = cleaned.get("electricity_factor_level") == Organisation.FactorLevel.NATIONAL
        if cleaned.get("electricity_factor_indicator") not in average and not is_national:
            self.add_error("electricity_factor_level", _("这一口径只公布全国值，请选择“全国平均”。"))
        return cleaned


class StandardForm(WordedMixin, forms.Form):
    """Another standard, knowingly."""

    standard = forms.ChoiceField(label=_("核算标准"), widget=forms.RadioSelect)
    confirmed = forms.BooleanField(
        label=_("我已了解更换的影响"), error_messages={"required": _("请先阅读更换的影响，再勾选确认。")}
    )

    def __init__(self, *args, organisation: Organisation, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["standard"].choices = [(found.id, found.short_zh) for found in offered(organisation)]
