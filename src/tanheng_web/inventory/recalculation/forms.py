from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from tanheng_web.common.forms import WordedMixin

__all__ = ["RecalculationForm"]

FIRST = date(2000, 1, 1)


class RecalculationForm(WordedMixin, forms.Form):
    """Which results, with the factors known on which day, and why."""

    runs = forms.MultipleChoiceField(label=_("结果"), required=True, widget=forms.CheckboxSelectMultiple)
    as_of = forms.DateField(
        label=_("因子截止日"),
        required=False,
        help_text=_("使用这一天以前发布并入库的因子；空为各结果原来的设定。"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    note = forms.CharField(label=_("说明"), required=False, max_length=300, help_text=_("记入每一次记账的原因。"))

    def __init__(self, *args, runs, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["runs"].choices = [(str(run.pk), str(run)) for run in runs if not run.is_taken]
        self.fields["runs"].error_messages["required"] = _("请至少勾选一份结果。")
        self.fields["as_of"].error_messages["invalid"] = _("日期应为 2026-01-31 的形式。")

    def clean_as_of(self):
        day = self.cleaned_data["as_of"]
        if day is not None and day < FIRST:
            raise forms.ValidationError(_("因子截止日太早，那时还没有可用的因子。"))
        return day
