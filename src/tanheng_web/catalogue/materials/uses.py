"""Where a material is used, each use with the page on which it is changed; and how every standard counts it."""

from dataclasses import dataclass

from django.apps import apps
from django.urls import reverse
from django.utils.translation import gettext as _

from tanheng.kernel.catalogue import Material
from tanheng.kernel.roles import role_zh
from tanheng.rules.package import Standard
from tanheng.rules.package_copy_diff import rule_zh
from tanheng_web.catalogue.models import OwnMaterial

__all__ = ["Counted", "Use", "counted_by", "streams_like", "uses_of"]


@dataclass(frozen=True)
class Use:
    """One use in words, and the page on which it is changed."""

    text: str
    url: str

    def __str__(self):
        return self.text


@dataclass(frozen=True)
class Counted:
    """How a standard counts a material in one use."""

    standard: str
    standard_id: str
    place: str
    role: str
    words: str
    reason: str
    is_counted: bool
    defaults: int


def uses_of(own: OwnMaterial) -> list[Use]:
    """Where an own material is used: streams, own values, the mapping to processes."""
    streams = apps.get_model("collection", "SourceStream").objects.filter(**named(own)).select_related("organisation")
    found = [_stream(row) for row in streams]
    values = apps.get_model("collection", "EnterpriseValue").objects.filter(**named(own), is_current=True)
    for row in values.select_related("organisation"):
        page = reverse("collection:own-values", args=[row.organisation_id])
        found.append(Use(_("企业默认值（%s）") % row.organisation.label, page))
    for rule in own.rules.all():
        page = f"{reverse('catalogue:mapping', args=[rule.organisation_id])}?kind={rule.kind}"
        found.append(Use(_("工序物料规定（%s）") % rule.kind, page))
    return found


def named(own: OwnMaterial) -> dict[str, str]:
    """How streams and own values of an own material are found."""
    return {
        "organisation__path__startswith": own.organisation.path, "material": own.like, "material_zh": own.zh
    }  # fmt: skip


def _stream(row) -> Use:
    facts = {"name": row.name, "code": row.code, "enterprise": row.organisation.label}
    page = reverse("collection:stream", args=[row.organisation_id, row.pk])
    return Use(_("源流 %(name)s（%(code)s，%(enterprise)s）") % facts, page)


def streams_like(organisation, material: str) -> list[Use]:
    """The enterprise's own streams of a material of the catalogue."""
    rows = apps.get_model("collection", "SourceStream").objects.filter(organisation=organisation, material=material)
    return [_stream(row) for row in rows.select_related("organisation")]


def counted_by(standard: Standard, material: Material) -> list[Counted]:
    """Every rule of a standard that names a material, or takes any in a use that the material has."""
    places = [(source.zh, source.take, True) for source in standard.sources.values()]
    places.append((_("不计入"), standard.not_counted, False))
    defaults = sum(row.material == material.id for row in standard.parameters)
    return [
        Counted(
            standard.short_zh,
            standard.id,
            zh,
            role_zh(rule.role),
            _words(rule),
            rule.reason or "",
            is_counted,
            defaults,
        )
        for zh, rules, is_counted in places
        for rule in rules
        if (rule.materials == "*" and rule.role in material.roles) or material.id in rule.materials
    ]


def _words(rule) -> str:
    """The rule without the list of its materials: the page is about one of them."""
    text = {
        key: value
        for key, value in rule.model_dump(exclude_none=True).items()
        if key in ("direction", "basis", "requires")
    }
    return rule_zh({**text, "materials": "*"}).replace("任何物料", "").lstrip("，")
