"""Forms of own materials and of the mapping to processes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tanheng.kernel.catalogue import materials
from tanheng.kernel.roles import roles
from tanheng_web.catalogue.materials.selectors import own_materials
from tanheng_web.catalogue.models import MaterialRule
from tanheng_web.common.forms import WordedMixin

__all__ = ["MaterialForm", "RuleForm"]


class MaterialForm(WordedMixin, forms.Form):
    """A material or medium of the enterprise's own."""

    zh = forms.CharField(label=_("名称"), max_length=60)
    like = forms.ChoiceField(label=_("按哪种物料核算"), help_text=_("决定适用的排放源、缺省值和单位"))
    role = forms.ChoiceField(label=_("通常用途"), required=False)
    unit = forms.CharField(label=_("单位"), max_length=20, required=False, help_text=_("空则用目录单位；须能与之换算"))
    aliases = forms.CharField(
        label=_("别名"), max_length=300, required=False, help_text=_("导入表格时认得的其他叫法，用顿号或逗号分开")
    )
    carbon_content = forms.DecimalField(
        label=_("含碳量"), max_digits=14, decimal_places=6, required=False,
        help_text=_("已知时填写，tC/t（气体为 tC/万Nm³）；新建源流时设为企业默认值"),
    )  # fmt: skip
    carbon_source = forms.CharField(
        label=_("含碳量来源"), max_length=200, required=False, help_text=_("检测报告或合同编号，填写含碳量时必填")
    )
    note = forms.CharField(label=_("说明"), max_length=300, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["like"].choices = [("", _("请选择")), *((each.id, each.zh) for each in materials().values())]
        self.fields["role"].choices = [("", _("不指定")), *roles().items()]

    def clean_aliases(self):
        text = self.cleaned_data["aliases"].replace("，", ",").replace("、", ",").replace("；", ",")
        return [part.strip()[:60] for part in text.split(",") if part.strip()][:20]


class RuleForm(WordedMixin, forms.Form):
    """A material in a kind of process."""

    kind = forms.ChoiceField(label=_("工序类别"))
    material = forms.ChoiceField(label=_("物料"))
    role = forms.ChoiceField(label=_("用途"))
    direction = forms.ChoiceField(label=_("方向"), choices=[("in", _("投入")), ("out", _("产出"))])
    use = forms.ChoiceField(label=_("规定"), choices=MaterialRule.Use.choices)

    def __init__(self, *args, organisation, kinds: dict[str, str], **kwargs):
        super().__init__(*args, **kwargs)
        self.own = {f"own:{row.pk}": row for row in own_materials(organisation)}
        self.fields["kind"].choices = [("", _("请选择")), *kinds.items()]
        catalogue = [(each.id, each.zh) for each in materials().values()]
        groups = [(_("自有物料"), [(key, row.zh) for key, row in self.own.items()])] if self.own else []
        self.fields["material"].choices = [("", _("请选择")), *groups, (_("物料目录"), catalogue)]
        self.fields["role"].choices = [("", _("请选择")), *roles().items()]

    def values(self) -> dict:
        """What the service takes."""
        given = dict(self.cleaned_data)
        return given | {"own": self.own.get(given["material"])}
