from django.forms.renderers import TemplatesSetting

__all__ = ["FormRenderer"]


class FormRenderer(TemplatesSetting):
    """Every `{{ form }}` and `{{ field.as_field_group }}` comes out in our markup."""

    form_template_name = "common/forms/form.html"
    field_template_name = "common/forms/field.html"
