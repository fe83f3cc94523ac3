"""Forms of trials and frozen cases."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tanheng_web.catalogue.standards.forms import ReasonForm
from tanheng_web.common.forms import WordedMixin

__all__ = ["FreezeForm", "TrialForm"]


class TrialForm(WordedMixin, forms.Form):
    """On which approved data."""

    on = forms.ChoiceField(label=_("用哪些已审核数据试算"))

    def __init__(self, *args, trials, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].choices = [(each.key, each.label) for each in trials]


class FreezeForm(ReasonForm):
    """An approved month as a case of one's own."""

    on = forms.ChoiceField(label=_("冻结哪一期已审核数据"), help_text=_("数据与结果一并写入算例，以后不随填报改变"))
    title = forms.CharField(label=_("算例名称"), max_length=120)
    checked_by = forms.CharField(label=_("核对人"), max_length=60, help_text=_("独立核对过这一期结果的人，不是系统"))
    how = forms.CharField(
        label=_("怎样核对"),
        max_length=300,
        help_text=_("如“用 Excel 逐条手算，见《核对表 2025-07》”；没有独立核对过请勿冻结"),
    )

    def __init__(self, *args, trials, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].choices = [("", _("请选择")), *((each.key, each.label) for each in trials)]
