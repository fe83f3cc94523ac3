"""Every form of every page, found by opening the examples of the URL table as somebody who may do everything."""

from collections.abc import Iterator
from dataclasses import dataclass

import lxml.html
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tanheng_web.common.access_table import access_table
from tanheng_web.common.tests.test_access_matrix import urls

__all__ = ["Field", "Form", "addresses", "forms_of", "posted"]

LEAVES = {"accounts:logout", "accounts:password"}  # who walks must stay logged in


@dataclass(frozen=True)
class Field:
    """An input of a form, as a browser would send it untouched."""

    name: str
    kind: str
    value: str
    values: tuple[str, ...] = ()

    @property
    def is_text(self) -> bool:
        return self.kind in {"text", "textarea", "search", "email", "tel", "url", "password", "date", "month", "number"}


@dataclass(frozen=True)
class Form:
    """A form that posts: where it was found, where it goes, what it holds."""

    page: str
    action: str
    fields: tuple[Field, ...]


def addresses(world, examples, method: str = "get") -> Iterator[tuple[str, str, dict]]:
    """Name, address and query of every URL of the table with this method."""
    parameters = urls()
    for name, access in access_table().items():
        if access.method == method and name not in LEAVES:
            values = {"org": world.works.pk, **examples, **(examples.get(name) or {})}
            yield name, reverse(name, kwargs={key: values[key] for key in parameters[name]}), access.query


def forms_of(client, world, examples) -> list[Form]:
    """Each form once, by where it goes and what it asks."""
    found: dict[tuple[str, tuple[str, ...]], Form] = {}
    for _name, address, query in addresses(world, examples):
        answer = client.get(address, query)
        if answer.status_code == 200 and "text/html" in answer.headers["Content-Type"] and answer.content:
            for form in _forms(address, answer.text):
                found.setdefault((form.action, tuple(field.name for field in form.fields)), form)
    for _name, address, query in addresses(world, examples, "post"):
        bare = Form("", address, tuple(Field(key, "text", value) for key, value in query.items()))
        if all(form.action != address for form in found.values()):
            found[(address, ())] = bare
    return [*found.values()]


def _forms(address: str, text: str) -> Iterator[Form]:
    page = lxml.html.fromstring(text)
    for form in page.xpath("//form"):
        method = (form.get("method") or "get").lower()
        action = form.get("hx-post") or (form.get("action") if method == "post" else None)
        if action is None and method != "post":
            continue
        action = (action or address).partition("#")[0] or address
        if any(action.endswith(ending) for ending in ("/logout/", "/password/")) and "/members/" not in action:
            continue
        outside = page.xpath("//*[@form=$id]", id=form.get("id")) if form.get("id") else []
        inputs = [*form.xpath(".//input|.//textarea|.//select|.//button[@name]"), *outside]
        fields = [_field(each) for each in inputs if each.get("name") and each.get("name") != "csrfmiddlewaretoken"]
        yield Form(address, action, tuple(fields))


def _field(each) -> Field:
    name = each.get("name")
    if each.tag == "select":
        values = tuple(option.get("value", option.text or "") for option in each.iter("option"))
        chosen = [option.get("value", "") for option in each.iter("option") if option.get("selected") is not None]
        filled = [value for value in values if value]
        return Field(name, "select", (chosen or filled or [""])[0], values)
    if each.tag == "textarea":
        return Field(name, "textarea", each.text or "")
    return Field(
        name, (each.get("type") or "text").lower() if each.tag == "input" else "hidden", each.get("value") or ""
    )


def posted(form: Form, changes: dict[str, str], file: bytes = b"\x00<hurt>") -> dict[str, object]:
    """What a browser would send, with some fields changed."""
    data: dict[str, object] = {}
    for field in form.fields:
        if field.kind == "file":
            data[field.name] = SimpleUploadedFile("=<hurt>.xlsx", file)
        elif field.name in changes:
            data[field.name] = changes[field.name]
        elif field.kind not in {"checkbox", "radio"} or field.name not in data:
            data[field.name] = field.value or ("on" if field.kind == "checkbox" else "")
    return data
