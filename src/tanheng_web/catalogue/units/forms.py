"""The form of an own name of a unit."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tanheng_web.common.forms import WordedMixin

__all__ = ["AliasForm"]


class AliasForm(WordedMixin, forms.Form):
    """A name, and the unit it means."""

    alias = forms.CharField(label=_("自有写法"), max_length=30, help_text=_("如“标立”；不含数字和运算符"))
    unit = forms.CharField(label=_("即单位"), max_length=30, help_text=_("上面单位表中的单位，如 Nm3"))
