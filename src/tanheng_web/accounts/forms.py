from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

from tanheng_web.accounts import throttle
from tanheng_web.accounts.models import Role, User
from tanheng_web.common.forms import WordedMixin

__all__ = ["LoginForm", "MemberAddForm", "OwnPasswordForm", "ProfileForm", "RolesForm"]


class LoginForm(AuthenticationForm):
    """Login with a limit on failures; the answer never says whether the name exists."""

    error_messages = {
        "invalid_login": _("用户名或密码不正确。连续输错 5 次后需等待 15 分钟。"),
        "inactive": _("用户名或密码不正确。连续输错 5 次后需等待 15 分钟。"),
    }

    def clean(self):
        username, address = self.cleaned_data.get("username") or "", self.request.META.get("REMOTE_ADDR")
        if minutes := throttle.locked_minutes(username, address):
            raise ValidationError(
                _("登录失败次数过多，请在 %(minutes)s 分钟后再试，或请企业管理员重设密码。"),
                "locked",
                {"minutes": minutes},
            )
        try:
            cleaned = super().clean()
        except ValidationError:
            throttle.failure_add(username, address)
            raise
        if self.user_cache is not None:
            throttle.failures_forget(username)
        return cleaned


class OwnPasswordForm(PasswordChangeForm):
    """Change one's own password; the new one must differ from the old."""

    def clean_new_password1(self):
        new = self.cleaned_data.get("new_password1")
        if new and self.user.check_password(new):
            raise ValidationError(_("新密码与原密码相同，请换一个。"), "password_unchanged")
        return new

    def save(self, commit=True):
        self.user.must_change_password = False
        return super().save(commit)


class ProfileForm(WordedMixin, forms.ModelForm):
    """What others see of a person."""

    class Meta:
        model = User
        fields = ["display_name", "email"]
        help_texts = {"email": _("仅供企业管理员联系，可不填")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["display_name"].required = True
        self.fields["email"].label = _("电子邮箱")
        invalid = _("电子邮箱格式不对，应如 zhang@example.cn。")
        self.fields["email"].error_messages["invalid"] = invalid
        for validator in self.fields["email"].validators:
            if isinstance(validator, EmailValidator):
                validator.message = invalid


class RolesForm(forms.Form):
    """Roles of one member; at least one."""

    roles = forms.MultipleChoiceField(
        label=_("角色"),
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选择一个角色；若不再需要此人，请使用“移除”。")},
    )


class MemberAddForm(WordedMixin, RolesForm):
    """A new person, or one who already has an account."""

    username = forms.CharField(
        label=_("用户名"), max_length=150, help_text=_("登录时使用，建议用姓名拼音或工号；已有账号的填原用户名。")
    )
    display_name = forms.CharField(
        label=_("姓名"), max_length=60, required=False, help_text=_("显示在数据和审核记录中。")
    )
    password = forms.CharField(
        label=_("初始密码"),
        required=False,
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("至少 10 个字符，首次登录后必须修改；已有账号的不用填。"),
    )
    field_order = ["username", "display_name", "password", "roles"]

    def clean_username(self):
        username = self.cleaned_data["username"].strip()
        User.username_validator(username)
        return username

    def clean(self):
        cleaned = super().clean()
        username = cleaned.get("username")
        if username and not User.objects.filter(username=username).exists():
            self._check_new(cleaned, username)
        return cleaned

    def _check_new(self, cleaned, username):
        if not cleaned.get("display_name"):
            self.add_error("display_name", _("请填写新用户的姓名。"))
        if not cleaned.get("password"):
            self.add_error("password", _("请为新用户设定初始密码。"))
            return
        try:
            validate_password(
                cleaned["password"], User(username=username, display_name=cleaned.get("display_name", ""))
            )
        except ValidationError as error:
            self.add_error("password", error)
