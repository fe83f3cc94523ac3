"""Settings of an enterprise: who may view it reads them, who may change it saves them."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tanheng.rules.package import standards
from tanheng_web.common.access import can, needs
from tanheng_web.common.periods import period_of
from tanheng_web.organisations import services
from tanheng_web.organisations.forms import AccountingForm, BasicForm, StandardForm
from tanheng_web.organisations.selectors import standards_of
from tanheng_web.organisations.standards import product_choices, standard_view, standard_views

__all__ = ["accounting", "basic", "standard"]


def _form_page(request, form_class, template: str, url_name: str, **context):
    organisation = request.organisation
    context["may_change"] = can(request.user, "organisation.change", organisation)
    if request.method == "POST":
        form = _limited(form_class(request.POST, instance=organisation), request)
        if form.is_valid():
            organisation.refresh_from_db()
            services.organisation_change(organisation=organisation, by=request.user, **form.cleaned_data)
            messages.success(request, _("已保存。"))
            return redirect(url_name, org=organisation.pk)
        organisation.refresh_from_db()
        return render(request, template, {"form": form, **context}, status=422)
    return render(request, template, {"form": _limited(form_class(instance=organisation), request), **context})


def _limited(form, request):
    """Whoever reviews does not lift the rule that binds reviewers: an administrator of the enterprise does."""
    field = form.fields.get("allow_self_approval")
    if field and not can(request.user, "members.change", request.organisation):
        field.disabled, field.help_text = True, _("默认填报与审核须为两人；由企业管理员决定是否开启")
    return form


@require_http_methods(["GET", "POST"])
@needs("view")
def basic(request, org):
    """企业基本情况."""
    return _form_page(request, BasicForm, "organisations/settings_basic.html", "settings:basic")


@require_http_methods(["GET", "POST"])
@needs("view")
def accounting(request, org):
    """The standard and its state; product, grid factor, self-approval."""
    organisation, names = request.organisation, {found.id: found.short_zh for found in standards()}
    chosen = standards_of(organisation, period_of(request, organisation).first.year)
    shown = {
        "standard": standard_view(organisation.standard),
        "year_standards": [names.get(each, each) for each in chosen],
    }
    return _form_page(request, AccountingForm, "organisations/settings_accounting.html", "settings:accounting", **shown)


@require_http_methods(["GET", "POST"])
@needs("organisation.change")
def standard(request, org):
    """Choose another standard: what it would change is said before it is done."""
    organisation = request.organisation
    form = StandardForm(request.POST or None, organisation=organisation, initial={"standard": organisation.standard})
    if form.is_bound and form.is_valid():
        chosen = form.cleaned_data["standard"]
        kept = organisation.main_product if organisation.main_product in dict(product_choices(chosen)) else ""
        services.standard_change(organisation=organisation, by=request.user, standard=chosen, main_product=kept)
        messages.success(request, _("核算标准已设为“%s”，从下一次核算起采用。") % standard_view(chosen).short_zh)
        return redirect("settings:accounting", org=organisation.pk)
    context = {
        "form": form,
        "views": standard_views(organisation),
        "chosen": form["standard"].value(),
        "run_count": organisation.runs.count(),
    }
    return render(request, "organisations/standard.html", context, status=422 if form.is_bound else 200)
