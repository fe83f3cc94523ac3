import csv
import re
from functools import cache

from django import forms
from django.utils.translation import gettext_lazy as _

from tanheng.kernel.resources import data_dir
from tanheng.rules.package import standards
from tanheng_web.common.access import can
from tanheng_web.organisations.models import Organisation

__all__ = ["AccountingForm", "BasicForm", "NewForm", "ProcessForm"]

USCC = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}\Z")
USCC_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@cache
def provinces() -> tuple[str, ...]:
    """Provinces of the grid table, in its order."""
    return tuple(dict.fromkeys(row["province"] for row in _grid()))


@cache
def grid_parts() -> dict[str, tuple[str, ...]]:
    """Parts of provinces that belong to different grids."""
    found: dict[str, list[str]] = {}
    for row in _grid():
        if row["part"] and row["part"] not in found.setdefault(row["province"], []):
            found[row["province"]].append(row["part"])
    return {province: tuple(parts) for province, parts in found.items() if parts}


@cache
def _grid() -> tuple[dict[str, str], ...]:
    with (data_dir() / "tables" / "province_grid.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def _standard_choices():
    return [(found.id, found.short_zh) for found in standards()]


def uscc_is_valid(code: str) -> bool:
    """Check digit of GB 32100-2015: weights 3^i mod 31.

    >>> uscc_is_valid("91350100M000100Y43")
    True
    """
    if not USCC.match(code):
        return False
    total = sum(USCC_DIGITS.index(sign) * pow(3, place, 31) for place, sign in enumerate(code[:17]))
    return USCC_DIGITS[(31 - total % 31) % 31] == code[17]


class PlaceMixin(forms.Form):
    """Province, and the part of it where two grids meet."""

    def _place_fields(self):
        self.fields["province"] = forms.ChoiceField(
            label=_("省份"),
            choices=[("", _("请选择")), *((name, name) for name in provinces())],
            help_text=_("决定电网排放因子"),
        )
        parts = [(part, part) for found in grid_parts().values() for part in found]
        self.fields["grid_part"] = forms.ChoiceField(
            label=_("电网区域"), choices=[("", "—"), *parts], required=False, help_text=_("仅内蒙古需要选择")
        )

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
        above = [found.pk for found in Organisation.objects.visible_to(user) if can(user, "organisation.change", found)]
        self.fields["parent"].queryset = Organisation.objects.filter(pk__in=above)
        self.fields["standard"].choices = _standard_choices()
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

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._place_fields()
        self.order_fields(self.Meta.fields)

    def clean_uscc(self):
        code = self.cleaned_data["uscc"].strip().upper()
        if code and not uscc_is_valid(code):
            raise forms.ValidationError(_("统一社会信用代码应为 18 位且校验位正确，请对照营业执照检查。"))
        return code


class AccountingForm(forms.ModelForm):
    """How the enterprise accounts."""

    class Meta:
        model = Organisation
        fields = ["standard", "main_product", "electricity_factor_level", "allow_self_approval"]
        help_texts = {"main_product": _("留空则按标准规定的主要产品计算排放强度")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["standard"] = forms.ChoiceField(
            label=_("核算标准"), choices=_standard_choices(), help_text=_("新建核算时默认采用")
        )
        self.fields["allow_self_approval"].label = _("允许审核自己提交的数据")
        self.fields["allow_self_approval"].help_text = _("默认要求填报与审核为两人；人员不足时才开启")
        self.order_fields(self.Meta.fields)


class ProcessForm(forms.Form):
    """The name of a process."""

    name = forms.CharField(label=_("名称"), max_length=60)
