"""Forms that look like ours and say what is wrong, where, and how to mend it."""

from django import forms
from django.forms import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _

from tanheng.kernel.errors import Faults, InputError

__all__ = ["FormRenderer", "StyledField", "WordedMixin", "attempted"]

CLASSES = {"select": "form-select", "checkbox": "", "radio": "", "file": "form-control"}


class StyledField(BoundField):
    """Inputs carry the classes of the style sheet, whichever form they come from."""

    def build_widget_attrs(self, attrs, widget=None):
        attrs = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        style = CLASSES.get(getattr(widget, "input_type", ""), "form-control")
        given = attrs.get("class") or widget.attrs.get("class", "")
        if style and style not in given:
            attrs["class"] = f"{given} {style}".strip()
        return attrs

    @property
    def shown_for(self) -> str:
        """``province=内蒙古,…``: this field is asked only while another one has one of these values."""
        name, values = getattr(self.field, "shown_for", ("", ()))
        return f"{name}={','.join(values)}" if name else ""

    @property
    def is_asked(self) -> bool:
        """Whether the other field has such a value now, or this one has a fault to show."""
        name, values = getattr(self.field, "shown_for", ("", ()))
        return not name or str(self.form[name].value() or "") in values or bool(self.errors)


class FormRenderer(TemplatesSetting):
    """Every `{{ form }}` and `{{ field.as_field_group }}` comes out in our markup."""

    form_template_name = "common/forms/form.html"
    field_template_name = "common/forms/field.html"
    bound_field_class = StyledField


class WordedMixin:
    """Standard faults in whole sentences that name the field."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            self._word(name, field)

    def field_add(self, name: str, field: forms.Field) -> None:
        """Add or replace a field, worded like the others."""
        self.fields[name] = field
        self._word(name, field)

    def _word(self, name: str, field: forms.Field) -> None:
        label = field.label or name
        verb = _("请选择") if isinstance(field, forms.ChoiceField) else _("请填写")
        if str(field.error_messages.get("required")) == str(forms.Field.default_error_messages["required"]):
            field.error_messages["required"] = f"{verb}{label}。"
        if "invalid_choice" in field.error_messages:
            field.error_messages["invalid_choice"] = _("所选的值不在列表中，请重新选择。")
        for validator in field.validators:
            if getattr(validator, "code", "") == "max_length":
                validator.message = _("最多 %(limit_value)d 个字符，现在有 %(show_value)d 个，请缩短。")


def attempted(form: forms.Form, service, **values):
    """Call a service with what a form holds; what it refuses is said on the form, where nothing typed is lost.

    Returns what the service returns, True in place of None; None when it refused.
    """
    try:
        done = service(**values)
    except (InputError, Faults) as error:
        named = "name" in form.fields and "_name" in error.code
        form.add_error("name" if named else None, error.zh())
        return None
    return True if done is None else done
