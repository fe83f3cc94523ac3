"""Where an enterprise stands: the group above it, the enterprises below a group."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tanheng_web.common.access import can, needs
from tanheng_web.common.forms import attempted
from tanheng_web.common.numbers import whole
from tanheng_web.organisations import services
from tanheng_web.organisations.forms_plant import ChildForm, ParentForm
from tanheng_web.organisations.models import Organisation
from tanheng_web.organisations.selectors import organisations_for

__all__ = ["group"]


@require_http_methods(["GET", "POST"])
@needs("view")
def group(request, org):
    """A group's enterprises, or an enterprise's group; administrators of both sides may change it."""
    if request.organisation.kind == Organisation.Kind.GROUP:
        return _members(request)
    return _membership(request)


def _membership(request):
    organisation = request.organisation
    may_change = _administers(request.user, organisation) and _administers(request.user, organisation.parent)
    form = ParentForm(request.user, organisation, request.POST or None, initial={"parent": organisation.parent_id})
    if form.is_bound and form.is_valid():
        values = {"organisation": organisation, "by": request.user, "parent": form.cleaned_data["parent"]}
        if placed := attempted(form, services.organisation_place, **values):
            said = _("已加入“%s”。") % placed.parent.label if placed.parent else _("已移出集团。")
            messages.success(request, said)
            return redirect("settings:group", org=organisation.pk)
    visible = {found.pk for found in organisations_for(request.user)}
    context = {
        "form": form,
        "may_change": may_change,
        "has_choice": form.fields["parent"].queryset.exists(),
        "parent": organisation.parent,
        "parent_is_visible": organisation.parent_id in visible,
    }
    return render(request, "organisations/group_parent.html", context, status=422 if form.is_bound else 200)


def _administers(user, organisation) -> bool:
    return organisation is None or can(user, "members.change", organisation)


def _members(request):
    """What lies below a group: ``do`` adds one or takes one out."""
    parent = request.organisation
    form = ChildForm(request.user, parent, request.POST if request.POST.get("do") == "add" else None)
    if request.method == "POST" and not form.is_bound:
        return _removed(request, parent)
    if form.is_bound and form.is_valid():
        values = {"organisation": form.cleaned_data["child"], "by": request.user, "parent": parent}
        if placed := attempted(form, services.organisation_place, **values):
            messages.success(
                request, _("“%(child)s”已加入“%(group)s”。") % {"child": placed.label, "group": parent.label}
            )
            return redirect("settings:group", org=parent.pk)
    below = [found for found in organisations_for(request.user) if _is_below(found, parent)]
    may_change = _administers(request.user, parent)
    context = {
        "form": form,
        "may_change": may_change,
        "has_choice": may_change and form.fields["child"].queryset.exists(),
        "rows": [{"organisation": row, "indent": min(row.depth - parent.depth - 1, 4)} for row in below],
    }
    return render(request, "organisations/group_members.html", context, status=422 if form.is_bound else 200)


def _is_below(organisation: Organisation, parent: Organisation) -> bool:
    return organisation.path.startswith(parent.path) and organisation.pk != parent.pk


def _removed(request, parent: Organisation):
    chosen = whole(request.POST.get("child", ""))
    child = Organisation.objects.filter(parent=parent, pk=chosen).first() if chosen is not None else None
    if child is None:
        raise Http404
    services.organisation_place(organisation=child, by=request.user, parent=None)
    messages.success(request, _("“%(child)s”已移出“%(group)s”。") % {"child": child.label, "group": parent.label})
    return redirect("settings:group", org=parent.pk)
