"""操作日志: who did what, when. Read only."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from tanheng_web.accounts.models import User
from tanheng_web.common import audit_words
from tanheng_web.common.access import needs
from tanheng_web.common.forms import WordedMixin
from tanheng_web.common.models import AuditEntry

__all__ = ["audit_log"]

PAGE_ROWS = 50
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class FilterForm(WordedMixin, forms.Form):
    """What is looked for; everything may stay open."""

    since = forms.DateField(label=_("从"), required=False, widget=DATE)
    until = forms.DateField(label=_("到"), required=False, widget=DATE)
    kind = forms.ChoiceField(label=_("类型"), required=False)
    by = forms.ChoiceField(label=_("操作人"), required=False)
    q = forms.CharField(label=_("对象"), required=False, max_length=60)

    def __init__(self, people, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("全部类型")), *audit_words.KINDS.items()]
        self.fields["by"].choices = [("", _("所有人")), *((str(person.pk), str(person)) for person in people)]
        self.fields["q"].widget.attrs["placeholder"] = _("名称中的字")
        for name in ("since", "until"):
            self.fields[name].error_messages["invalid"] = _("日期应为 2025-07-31 的形式。")

    def clean(self):
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("结束日期早于开始日期，请调整。"))
        return cleaned


@require_GET
@needs("audit.view")
def audit_log(request, org):
    """Entries of an enterprise; of a group also those of the enterprises below it."""
    entries = AuditEntry.objects.filter(organisation__path__startswith=request.organisation.path)
    actors = User.objects.filter(pk__in=entries.order_by().values("by").distinct()).order_by("display_name", "pk")
    form = FilterForm(actors, request.GET)
    found = _filtered(entries, form.cleaned_data) if form.is_valid() else entries.none()
    page = Paginator(found.select_related("by", "organisation"), PAGE_ROWS).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [audit_words.row(entry) for entry in page],
        "is_filtered": any(request.GET.get(name) for name in form.fields),
        "shows_organisation": request.organisation.is_group,
    }
    return render(request, "common/audit_log.html", context, status=200 if form.is_valid() else 422)


def _filtered(entries, wanted: dict):
    if wanted["since"]:
        entries = entries.filter(at__gte=_midnight(wanted["since"]))
    if wanted["until"]:
        entries = entries.filter(at__lt=_midnight(wanted["until"] + timedelta(days=1)))
    if wanted["kind"]:
        entries = entries.filter(action__startswith=f"{wanted['kind']}.")
    if wanted["by"]:
        entries = entries.filter(by=wanted["by"])
    if wanted["q"]:
        entries = entries.filter(Q(object_label__icontains=wanted["q"]) | Q(organisation__name__icontains=wanted["q"]))
    return entries


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
