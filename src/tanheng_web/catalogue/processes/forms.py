"""Forms of process templates."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tanheng_web.catalogue.materials.selectors import Proposal, kinds_of
from tanheng_web.catalogue.processes.selectors import Template
from tanheng_web.common.forms import WordedMixin
from tanheng_web.organisations.models import Site

__all__ = ["TemplateForm", "UseForm"]


class TemplateForm(WordedMixin, forms.Form):
    """A template of one's own."""

    zh = forms.CharField(label=_("名称"), max_length=60, help_text=_("如“带 TRT 的高炉”；不能含“/”"))
    kind = forms.ChoiceField(
        label=_("工序类别"), required=False, help_text=_("标准据此归类；没有相符的，作为企业自有类别")
    )
    parts = forms.CharField(
        label=_("子工序与设备"), required=False, max_length=3000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("每行一个，按工艺顺序"),
    )  # fmt: skip
    note = forms.CharField(label=_("说明"), max_length=300, required=False)

    def __init__(self, *args, organisation, **kwargs):
        super().__init__(*args, **kwargs)
        known = {kind: zh for kind, zh in kinds_of(organisation).items() if not kind.startswith("own_")}
        self.fields["kind"].choices = [("", _("企业自有类别")), *known.items()]

    def clean_parts(self):
        return [line.strip() for line in self.cleaned_data["parts"].splitlines() if line.strip()]


class UseForm(WordedMixin, forms.Form):
    """A process set up from a template: name, place, parts, streams."""

    name = forms.CharField(label=_("工序名称"), max_length=60, help_text=_("本厂的叫法，如：1号高炉"))
    site = forms.ModelChoiceField(label=_("厂区"), queryset=Site.objects.none(), required=False, empty_label=None)
    parts = forms.MultipleChoiceField(
        label=_("子工序与设备"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("去掉本厂没有的")
    )
    flows = forms.MultipleChoiceField(
        label=_("源流"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("按“工序物料”的建议；以后可以再加"),
    )  # fmt: skip

    def __init__(self, *args, organisation, template: Template, flows: list[Proposal], **kwargs):
        super().__init__(*args, **kwargs)
        sites = Site.objects.filter(organisation=organisation).order_by("pk")
        self.fields["site"].queryset = sites
        if len(sites) < 2:
            del self.fields["site"]
        self.flows = {str(number): flow for number, flow in enumerate(flows)}
        self.fields["parts"].choices = [(part, part) for part in template.parts]
        self.fields["flows"].choices = [
            (key, f"{flow.zh} · {flow.role_zh} · {flow.direction_zh}") for key, flow in self.flows.items()
        ]
        if not template.parts:
            del self.fields["parts"]
        if not flows:
            del self.fields["flows"]
        self.initial.setdefault("name", template.zh)
        self.initial.setdefault("parts", list(template.parts))

    def values(self) -> dict:
        """What the service takes."""
        given = self.cleaned_data
        return {
            "name": given["name"], "site": given.get("site"), "parts": given.get("parts") or [],
            "flows": [self.flows[key] for key in given.get("flows") or []],
        }  # fmt: skip
