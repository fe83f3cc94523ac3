"""The members page of an enterprise."""

from django.contrib import messages
from django.contrib.auth.forms import SetPasswordForm
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tanheng_web.accounts import services
from tanheng_web.accounts.forms import MemberAddForm, RolesForm
from tanheng_web.accounts.models import Invitation
from tanheng_web.accounts.selectors import invitations_of, member_for, members_of
from tanheng_web.common.access import needs
from tanheng_web.common.forms import attempted

__all__ = ["member_add", "member_password", "member_remove", "member_roles", "members", "uninvite"]


def _to_list(request):
    return redirect("settings:members", org=request.organisation.pk)


@require_GET
@needs("members.change")
def members(request, org):
    """Who belongs to this enterprise, as what."""
    context = {"members": members_of(request.organisation), "invitations": invitations_of(request.organisation)}
    return render(request, "accounts/members.html", context)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@needs("members.change")
def member_add(request, org):
    """Add a person."""
    form = MemberAddForm(request.POST or None)
    if form.is_bound and form.is_valid():
        made = attempted(
            form, services.member_add, organisation=request.organisation, by=request.user, **form.cleaned_data
        )
        if isinstance(made, Invitation):
            messages.success(request, _("已邀请“%s”。本人登录并接受后成为成员。") % made.user.username)
        elif made:
            messages.success(request, _("已添加“%s”。请把用户名和初始密码当面或电话告知本人。") % made.user)
        if made:
            return _to_list(request)
    return render(request, "accounts/member_add.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@needs("members.change")
def member_roles(request, org, user):
    """Change a member's roles."""
    member = member_for(request.organisation, user)
    form = RolesForm(request.POST or None, initial={"roles": list(member.roles)})
    if form.is_bound and form.is_valid():
        services.member_roles_set(
            organisation=request.organisation, by=request.user, user=member.user, **form.cleaned_data
        )
        messages.success(request, _("已修改“%s”的角色。") % member.user)
        return _to_list(request)
    context = {"form": form, "member": member}
    return render(request, "accounts/member_roles.html", context, status=422 if form.is_bound else 200)


@require_POST
@needs("members.change")
def uninvite(request, org, invitation):
    """Take an invitation back."""
    row = get_object_or_404(invitations_of(request.organisation), pk=invitation)
    services.invitation_withdraw(invitation=row, by=request.user)
    messages.success(request, _("已撤回对“%s”的邀请。") % row.user.username)
    return _to_list(request)


@require_POST
@needs("members.change")
def member_remove(request, org, user):
    """Take a member out of the enterprise."""
    member = member_for(request.organisation, user)
    services.member_remove(organisation=request.organisation, by=request.user, user=member.user)
    messages.success(request, _("已移除“%s”，其填报和审核记录保留。") % member.user)
    return _to_list(request)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@needs("members.change")
def member_password(request, org, user):
    """Set a new initial password."""
    member = member_for(request.organisation, user)
    form = SetPasswordForm(member.user, request.POST or None)
    if form.is_bound and form.is_valid():
        services.member_password_set(
            organisation=request.organisation,
            by=request.user,
            user=member.user,
            password=form.cleaned_data["new_password1"],
        )
        messages.success(request, _("已重设“%s”的密码，首次登录后须修改。") % member.user)
        return _to_list(request)
    context = {"form": form, "member": member}
    return render(request, "accounts/member_password.html", context, status=422 if form.is_bound else 200)
