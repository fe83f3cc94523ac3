"""Forms of streams and of the enterprise's own values."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tanheng.kernel.catalogue import materials
from tanheng.kernel.errors import InputError
from tanheng.kernel.quantities import parse_number
from tanheng.kernel.units import compatible
from tanheng_web.catalogue.units.reading import read_unit
from tanheng_web.collection import vocabulary as words
from tanheng_web.collection.models import SourceStream

__all__ = ["OwnValueForm", "StreamForm", "own_material"]

UNITS = ("t", "kg", "1e4t", "1e4Nm3", "1e3Nm3", "Nm3", "m3", "1e4m3", "MWh", "1e4kWh", "kWh", "GJ", "1e4GJ", "MJ")


def _material_choices(own, proposed) -> list[tuple[str, object]]:
    """What the process usually takes first, then the enterprise's own materials, then the catalogue."""
    groups = [
        (_("本工序常用"), list(dict.fromkeys((each.value, each.zh) for each in proposed if not each.is_refused))),
        (_("自有物料"), [(f"own:{row.pk}", row.zh) for row in own]),
        (_("物料目录"), [(material.id, material.zh) for material in materials().values()]),
    ]
    return [("", _("请选择")), *((label, rows) for label, rows in groups if rows)]


def _process_choices(processes) -> list[tuple[str, str]]:
    return [("", _("企业边界（购入、外销、库存）")), *((str(pk), path) for pk, path in processes.items())]


class StreamForm(forms.Form):
    """A source stream; material, use, direction and process are fixed once it exists."""

    FIXED = ("material", "role", "direction", "process")

    material = forms.ChoiceField(label=_("物料"), help_text=_("目录中没有时，选“其他…”并在下面填写名称"))
    material_zh = forms.CharField(
        label=_("物料名称"), max_length=60, required=False, help_text=_("自定义物料的名称；空则用目录名称")
    )
    label = forms.CharField(
        label=_("内部叫法"), max_length=80, required=False, help_text=_("如“喷吹煤”，显示在填报表中")
    )
    role = forms.ChoiceField(label=_("用途"), choices=[("", _("请选择")), *words.ROLES.items()])
    direction = forms.ChoiceField(label=_("方向"), choices=SourceStream.Direction)
    process = forms.ChoiceField(
        label=_("所在"),
        required=False,
        widget=forms.Select(  # another process proposes other materials
            attrs={"hx-get": "", "hx-target": "#id_material", "hx-select": "#id_material", "hx-swap": "outerHTML"}
        ),
    )
    unit = forms.ChoiceField(label=_("单位"), required=False, help_text=_("空则用目录单位"))
    components = forms.MultipleChoiceField(
        label=_("数量栏"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("净消耗 = 购入 + 期初 − 期末 − 外销 − 主营业务外使用；已有净值时只选“数量”"),
    )
    values = forms.MultipleChoiceField(label=_("随月填报的实测值"), required=False, widget=forms.CheckboxSelectMultiple)
    first_month = forms.DateField(
        label=_("起始月"), required=False, input_formats=["%Y-%m"], widget=forms.TextInput(attrs={"type": "month"})
    )
    last_month = forms.DateField(
        label=_("终止月"), required=False, input_formats=["%Y-%m"], widget=forms.TextInput(attrs={"type": "month"})
    )
    factor = forms.CharField(
        label=_("指定因子"),
        max_length=120,
        required=False,
        help_text=_("因子库中的编号，如 average:regional:north:2023；空则按标准规则"),
    )

    site = forms.ChoiceField(
        label=_("厂区"),
        required=False,
        help_text=_("电力、热力在哪个厂区购入或输出；决定电网排放因子，空为企业所在省"),
    )
    is_hazardous = forms.BooleanField(
        label=_("有毒有害物质或危险废物"), required=False, help_text=_("任何数量都不得按取舍规则忽略")
    )

    def __init__(self, *args, processes, stream: SourceStream | None = None, own=(), proposed=(), sites=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.stream = stream
        self.sites = {str(site.pk): site for site in sites}
        self.fields["site"].choices = [("", _("企业所在省")), *((pk, site.name) for pk, site in self.sites.items())]
        if len(self.sites) < 2:
            del self.fields["site"]
        self.fields["material"].choices = _material_choices(own, proposed)
        self.fields["process"].choices = _process_choices(processes)
        self.fields["unit"].choices = [("", _("目录单位")), *((unit, words.unit_label(unit)) for unit in UNITS)]
        self.fields["components"].choices = [(key, words.key_zh(key)) for key in words.QUANTITY_KEYS]
        self.fields["values"].choices = [(key, words.key_zh(key)) for key in words.VALUE_KEYS]
        if stream is not None:
            for name in self.FIXED:
                del self.fields[name]

    def clean_site(self):
        return self.sites.get(self.cleaned_data["site"])

    def clean_components(self):
        chosen = self.cleaned_data["components"]
        if "quantity" in chosen and len(chosen) > 1:
            raise forms.ValidationError(_("“数量”与收支各项只能选一种：要么直接填数量，要么由各项算出。"))
        if self.stream is not None and not chosen:
            raise forms.ValidationError(_("请至少选择一项。"))
        return chosen

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("first_month"), cleaned.get("last_month")
        if first and last and last < first:
            self.add_error("last_month", _("终止月早于起始月。"))
        material = cleaned.get("material", "")
        if material.startswith("other_") and not cleaned.get("material_zh"):
            self.add_error(
                "material_zh", InputError("stream.custom_name_needed", material=materials()[material].zh).zh()
            )
        return cleaned


def own_material(material: str, material_zh: str) -> str:
    """How the form names a material: one of the plant's own by its name as well."""
    is_own = material.startswith("other_") or material_zh != materials()[material].zh
    return f"{material}:{material_zh}" if is_own and material_zh else material


class OwnValueForm(forms.Form):
    """A value of the enterprise's own."""

    material = forms.ChoiceField(label=_("物料"))
    key = forms.ChoiceField(label=_("项目"))
    process = forms.ChoiceField(label=_("工序"), required=False)
    value = forms.CharField(label=_("数值"), max_length=40)
    unit = forms.CharField(label=_("单位"), max_length=30, required=False, help_text=_("空则按该项目的标准单位"))
    valid_from = forms.DateField(
        label=_("起始月"),
        required=False,
        input_formats=["%Y-%m"],
        widget=forms.TextInput(attrs={"type": "month"}),
        help_text=_("从该月起适用；空为一直"),
    )
    valid_to = forms.DateField(
        label=_("停用月"),
        required=False,
        input_formats=["%Y-%m"],
        widget=forms.TextInput(attrs={"type": "month"}),
        help_text=_("从该月起不再适用（不含该月）；空为一直"),
    )
    note = forms.CharField(label=_("依据"), max_length=300, help_text=_("检测报告编号、合同等，会写入报告"))

    def __init__(self, *args, processes, used: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["material"].choices = [(own_material(*each), each[1]) for each in used]
        self.fields["key"].choices = [(key, words.key_zh(key)) for key in words.VALUE_KEYS]
        self.fields["process"].choices = [("", _("全部工序")), *((str(pk), path) for pk, path in processes.items())]

    def clean_value(self):
        try:
            return parse_number(self.cleaned_data["value"])
        except InputError as error:
            raise forms.ValidationError(error.zh()) from error

    def clean(self):
        cleaned = super().clean()
        first, end = cleaned.get("valid_from"), cleaned.get("valid_to")
        if first and end and end <= first:
            self.add_error("valid_to", _("停用月早于或等于起始月。"))
        if not {"material", "key", "value"} <= cleaned.keys():
            return cleaned
        cleaned["material"], _colon, cleaned["material_zh"] = cleaned["material"].partition(":")
        expected = words.key_unit(cleaned["key"], materials()[cleaned["material"]].unit)
        try:
            unit = read_unit(cleaned.get("unit") or expected)
        except InputError as error:
            self.add_error("unit", error.zh())
            return cleaned
        if not compatible(unit, expected):
            self.add_error(
                "unit", InputError("unit.refused", found=cleaned["unit"], expected=words.unit_label(expected)).zh()
            )
        cleaned["unit"] = unit
        return cleaned
