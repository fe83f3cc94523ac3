"""The form of a supplementary table."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tanheng_web.common.forms import WordedMixin
from tanheng_web.organisations.places import provinces

__all__ = ["PackForm", "VersionForm"]

FILE = {"widget": forms.ClearableFileInput(attrs={"accept": ".docx,.xlsx"})}


class PackForm(WordedMixin, forms.Form):
    """A new supplementary table of a province."""

    province = forms.ChoiceField(label=_("省份"), required=False)
    zh = forms.CharField(label=_("表名"), max_length=80, help_text=_("如“山东省重点企业碳排放补充数据表”"))
    file = forms.FileField(label=_("模板（docx 或 xlsx）"), help_text=_("上传时试填一次，认不出的变量会列出来"), **FILE)
    note = forms.CharField(label=_("说明"), max_length=300, required=False, help_text=_("文号、报送部门和时间"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["province"].choices = [("", _("各省通用")), *((each, each) for each in provinces())]


class VersionForm(WordedMixin, forms.Form):
    """The next version of a supplementary table."""

    file = forms.FileField(label=_("新版本"), **FILE)
    note = forms.CharField(label=_("说明"), max_length=300, required=False)
