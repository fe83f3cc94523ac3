from django import forms
from django.utils.translation import gettext_lazy as _

from tanheng.kernel.errors import PeriodError
from tanheng.kernel.periods import Period

__all__ = ["RunForm", "TemplateForm"]


class RunForm(forms.Form):
    """Which months to account, under which standard, with factors known on which day."""

    first = forms.ChoiceField(label=_("起始月"), help_text=_("只列出有已审核数据的年份。"))
    last = forms.ChoiceField(label=_("结束月"))
    standard = forms.ChoiceField(label=_("核算标准"))
    as_of = forms.DateField(
        label=_("因子截止日"),
        required=False,
        help_text=_("只使用这一天之前发布的因子；留空用软件包内最新的。"),
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}),
    )

    def __init__(self, *args, months: list[tuple[str, str]], standards: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["first"].choices = self.fields["last"].choices = months
        self.fields["standard"].choices = standards
        for name in ("first", "last", "standard"):
            self.fields[name].widget.attrs["class"] = "form-select"

    def clean(self):
        cleaned = super().clean()
        if "first" in cleaned and "last" in cleaned:
            try:
                cleaned["period"] = Period.parse(f"{cleaned['first']}..{cleaned['last']}").key
            except PeriodError as fault:
                self.add_error("last", fault.zh())
        return cleaned


class TemplateForm(forms.Form):
    """A docx template for the reports of this enterprise."""

    file = forms.FileField(
        label=_("报告模板（docx）"),
        help_text=_("上传后立即试排一次，通过才启用；旧版本保留。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".docx", "class": "form-control"}),
    )
