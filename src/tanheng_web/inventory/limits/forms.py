from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from tanheng.rules.package import load_standard
from tanheng_web.inventory.models import EmissionLimit

__all__ = ["LimitForm"]


class LimitForm(forms.Form):
    """A limit of a year."""

    standard = forms.ChoiceField(label=_("核算标准"))
    measure = forms.ChoiceField(label=_("量"), choices=EmissionLimit.Measure.choices)
    kind = forms.ChoiceField(label=_("种类"), choices=EmissionLimit.Kind.choices)
    value = forms.DecimalField(
        label=_("限值"), min_value=Decimal("0.000001"), max_digits=19, decimal_places=6,
        help_text=_("总量填 tCO₂e，强度填该标准强度指标的单位"),
    )  # fmt: skip
    warn_percent = forms.DecimalField(
        label=_("预警比例（%）"), min_value=Decimal("0.01"), max_value=100, max_digits=5, decimal_places=2, initial=90,
        help_text=_("达到限值的这一比例时预警；超过限值一定预警"),
    )  # fmt: skip
    document = forms.CharField(label=_("依据"), max_length=200, help_text=_("文件名称、文号或内部决议"))

    def __init__(self, *args, standards, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["standard"].choices = [(each, load_standard(each).short_zh) for each in standards]
