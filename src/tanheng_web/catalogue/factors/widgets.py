"""A field that names a factor of the library: what is typed is searched, a choice fills it."""

from django import forms
from django.urls import reverse

__all__ = ["FactorInput", "factor_picked"]


class FactorInput(forms.TextInput):
    """Text with a list of factors below it; without script it stays a text field."""

    template_name = "catalogue/factors/_input.html"

    def __init__(self, url: str, attrs=None):
        super().__init__(attrs)
        self.url = url

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["url"], context["list_id"] = self.url, f"{context['widget']['attrs'].get('id', name)}_list"
        return context


def factor_picked(field: forms.Field, organisation) -> None:
    """Let a text field offer the factors of an enterprise."""
    field.widget = FactorInput(reverse("catalogue:factor-pick", args=[organisation.pk]))
