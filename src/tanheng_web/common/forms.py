from django.forms import BoundField
from django.forms.renderers import TemplatesSetting

__all__ = ["FormRenderer", "StyledField"]

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


class FormRenderer(TemplatesSetting):
    """Every `{{ form }}` and `{{ field.as_field_group }}` comes out in our markup."""

    form_template_name = "common/forms/form.html"
    field_template_name = "common/forms/field.html"
    bound_field_class = StyledField
