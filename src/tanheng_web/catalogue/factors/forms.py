"""Forms of the factor library: one factor, the lives of its classes, what a reviewer says."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tanheng.rules.factors import default_life, vocabulary, word
from tanheng.rules.factors.rows import columns
from tanheng_web.catalogue.factors.files import MAX_CELL
from tanheng_web.common.forms import WordedMixin

__all__ = ["FactorForm", "LifeForm", "ReviewForm"]

_CHOSEN = ("quantity", "family", "klass", "stage", "carrier", "emission_type", "indicator", "level", "basis")
_DAYS = ("published_on", "valid_from", "valid_to")
_LONG = ("document", "applies_to", "url", "note", "supersedes")


class FactorForm(WordedMixin, forms.Form):
    """A factor, column by column of the workbook; what is wrong is said where it stands."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for key, column in columns().items():
            self.field_add(key, self._field(key, column))

    def _field(self, key: str, column) -> forms.Field:
        common = {"label": column["zh"], "required": column["required"], "help_text": column["help"]}
        if key in _CHOSEN:
            return forms.ChoiceField(choices=[("", "—"), *vocabulary()[key].items()], **common)
        if key in _DAYS:
            return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **common)
        if key == "metal":
            common["help_text"] = "、".join(vocabulary()["metal"].values())
        return forms.CharField(max_length=MAX_CELL, **common)

    def cells(self) -> dict[str, object]:
        """What was filled in, as a row of the workbook."""
        return {key: value for key, value in self.cleaned_data.items() if value not in (None, "")}

    def faults_show(self, faults) -> None:
        """Put each fault at its field."""
        by_name = {column["zh"]: key for key, column in columns().items()}
        for fault in faults:
            if fault.severity == "error":
                self.add_error(by_name.get(fault.column), fault.zh())


class LifeForm(WordedMixin, forms.Form):
    """Years of life by class, within what the standard allows."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        standard = default_life()
        for klass, years in standard.years.items():
            most = standard.most.get(klass)
            said = _("规定：%(years)s") % {"years": f"{years} 年" if years else "没有期限"}
            limit = _("，最长 %(most)s 年") % {"most": most} if most else ""
            field = forms.IntegerField(
                label=word("klass", klass),
                required=False,
                min_value=1,
                max_value=most or 50,
                help_text=f"{said}{limit}",
            )
            self.field_add(klass, field)
        self.field_add(
            "soon_days",
            forms.IntegerField(
                label=_("提前提醒"), required=False, min_value=1, max_value=365,
                help_text=_("到期前多少天列为“即将到期”；不填为 %(days)s 天") % {"days": standard.soon_days},
            ),
        )  # fmt: skip


class ReviewForm(WordedMixin, forms.Form):
    """What a reviewer says."""

    note = forms.CharField(
        label=_("复核意见"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("退回时必填"),
    )  # fmt: skip
