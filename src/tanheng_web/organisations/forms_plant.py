"""Forms of sites, processes, and the group."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tanheng_web.common.access import can
from tanheng_web.common.forms import WordedMixin
from tanheng_web.organisations.forms import PlaceMixin
from tanheng_web.organisations.models import Organisation, Process, Site
from tanheng_web.organisations.selectors import groups_administered, organisations_for
from tanheng_web.organisations.standards import kind_choices

__all__ = ["ChildForm", "ParentForm", "ProcessForm", "SiteForm"]


class SiteForm(PlaceMixin):
    """Name and place of a site."""

    name = forms.CharField(label=_("厂区名称"), max_length=80, help_text=_("如：一厂、北区"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._place_fields()


class ProcessForm(WordedMixin, forms.Form):
    """A process: its name, what it is to the standard, where it belongs."""

    name = forms.CharField(label=_("名称"), max_length=60, help_text=_("本厂的叫法，如：1号高炉；不能含“/”"))
    kind = forms.ChoiceField(
        label=_("工序类别"), required=False, help_text=_("标准据此提示未覆盖的部分；没有相符的选“其他”")
    )
    parent = forms.ModelChoiceField(
        label=_("上级工序"),
        queryset=Process.objects.none(),
        required=False,
        empty_label=_("无，本身是工序"),
        help_text=_("选了上级即为其子工序或设备"),
    )
    site = forms.ModelChoiceField(
        label=_("厂区"),
        queryset=Site.objects.none(),
        required=False,
        empty_label=None,
        help_text=_("子工序随上级工序"),
    )

    def __init__(self, organisation: Organisation, *args, process: Process | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        choices = kind_choices(organisation.standard)
        self.known = dict(choices)
        self.fields["kind"].choices = [("", _("其他")), *choices]
        above = Process.objects.filter(organisation=organisation, parent=None)
        has_subs = process is not None and process.children.exists()
        self.fields["parent"].queryset = above.none() if has_subs else above.exclude(pk=process.pk if process else None)
        self.fields["parent"].label_from_instance = lambda row: row.name
        self.fields["site"].queryset = sites = Site.objects.filter(organisation=organisation).order_by("pk")
        self.fields["kind"].shown_for = self.fields["site"].shown_for = ("parent", ("",))
        if has_subs:
            del self.fields["parent"], self.fields["kind"].shown_for, self.fields["site"].shown_for
        if len(sites) < 2:
            del self.fields["site"]
        if not choices:
            del self.fields["kind"]

    def changes(self, process: Process | None = None) -> dict:
        """What the service takes; a kind that the form cannot show stays as it is."""
        cleaned = self.cleaned_data
        kind = cleaned.get("kind", "")
        if process is not None and not kind and process.kind not in self.known:
            kind = process.kind
        return {
            "name": cleaned["name"],
            "kind": kind,
            "parent": cleaned.get("parent"),
            "site": cleaned.get("site"),
        }


class ParentForm(WordedMixin, forms.Form):
    """The group of an enterprise."""

    parent = forms.ModelChoiceField(
        label=_("所属集团"), queryset=Organisation.objects.none(), required=False, empty_label=_("无")
    )

    def __init__(self, user, organisation: Organisation, *args, **kwargs):
        super().__init__(*args, **kwargs)
        found = {group.pk for group in groups_administered(user, but=organisation)}
        self.fields["parent"].queryset = Organisation.objects.filter(pk__in=found | {organisation.parent_id})


class ChildForm(WordedMixin, forms.Form):
    """An enterprise to be put under a group."""

    child = forms.ModelChoiceField(label=_("企业"), queryset=Organisation.objects.none(), empty_label=_("请选择"))

    def __init__(self, user, group: Organisation, *args, **kwargs):
        super().__init__(*args, **kwargs)
        found = [
            row.pk
            for row in organisations_for(user)
            if row.parent_id is None and not group.path.startswith(row.path) and can(user, "members.change", row)
        ]
        self.fields["child"].queryset = Organisation.objects.filter(pk__in=found)
