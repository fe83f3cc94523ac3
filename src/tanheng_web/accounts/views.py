from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import RedirectURLMixin
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django.views.generic import FormView

from tanheng_web.accounts import services
from tanheng_web.accounts.forms import LoginForm, OwnPasswordForm, ProfileForm
from tanheng_web.accounts.models import User
from tanheng_web.accounts.selectors import invitations_to, memberships_of
from tanheng_web.accounts.services import profile_change
from tanheng_web.common.audit import log
from tanheng_web.common.errors import bad_request

__all__ = ["LoginView", "invitation_answer", "logout_now", "password", "profile"]


@method_decorator([login_not_required, never_cache, sensitive_post_parameters("password")], name="dispatch")
class LoginView(RedirectURLMixin, FormView):
    """Log in; who is logged in already goes on to where they were going."""

    form_class = LoginForm
    template_name = "accounts/login.html"
    next_page = "home"

    def get(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            return redirect(self.get_success_url())
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"request": self.request}

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"next": self.get_redirect_url()}

    def form_valid(self, form):
        login(self.request, form.get_user())
        log(action="user.login", by=form.get_user(), on=form.get_user())
        if count := invitations_to(form.get_user()).count():
            messages.info(self.request, _("有 %d 家企业邀请您加入，请在“我的”中接受或谢绝。") % count)
        return redirect(self.get_success_url())

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)


@require_POST
def logout_now(request):
    logout(request)
    return redirect("accounts:login")


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request):
    """Change one's own password; other sessions of the same person end with it."""
    was_initial = request.user.must_change_password
    form = OwnPasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        update_session_auth_hash(request, form.save())
        log(action="user.password_change", by=request.user, on=request.user)
        messages.success(request, _("密码已修改，其他设备上的登录已失效。"))
        return redirect("home" if was_initial else "accounts:password")
    return render(
        request,
        "accounts/password.html",
        {"form": form, "is_initial": was_initial},
        status=422 if form.is_bound else 200,
    )


@never_cache
@require_http_methods(["GET", "POST"])
def profile(request):
    """我的: name, e-mail, what one is where."""
    person = User.objects.get(pk=request.user.pk)  # the form writes into it, the frame shows request.user
    form = ProfileForm(request.POST or None, instance=person)
    if form.is_bound and form.is_valid():
        profile_change(by=request.user, **form.cleaned_data)
        messages.success(request, _("已保存。"))
        return redirect("accounts:profile")
    context = {
        "form": form,
        "memberships": memberships_of(request.user),
        "invitations": invitations_to(request.user),
    }
    return render(request, "accounts/profile.html", context, status=422 if form.is_bound else 200)


@require_POST
def invitation_answer(request, invitation):
    """Join an enterprise that asked, or decline."""
    row = get_object_or_404(invitations_to(request.user), pk=invitation)
    answer = request.POST.get("answer")
    if answer not in ("accept", "decline"):
        return bad_request(request)
    services.invitation_answer(invitation=row, by=request.user, accept=answer == "accept")
    if answer == "decline":
        messages.success(request, _("已谢绝“%s”的邀请。") % row.organisation.label)
        return redirect("accounts:profile")
    messages.success(request, _("您已是“%s”的成员。") % row.organisation.label)
    return redirect("dashboards:panorama", org=row.organisation_id)
