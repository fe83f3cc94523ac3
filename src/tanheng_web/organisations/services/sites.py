"""Sites of an enterprise. Every enterprise that reports has one from its first day."""

from django.db import transaction

from tanheng.kernel.errors import InputError
from tanheng.rules.grids import grid_parts, plain_part, plain_province
from tanheng_web.common.access import require
from tanheng_web.common.audit import log
from tanheng_web.organisations.models import Organisation, Site

__all__ = ["FIRST_SITE", "site_add", "site_change", "site_default", "site_remove"]

FIRST_SITE = "主厂区"


def site_default(organisation: Organisation) -> Site:
    """The first site, made where an enterprise has none."""
    first = Site.objects.filter(organisation=organisation).order_by("pk").first()
    place = {"province": organisation.province, "grid_part": organisation.grid_part}
    return first or Site.objects.create(organisation=organisation, name=FIRST_SITE, **place)


def _checked_name(organisation: Organisation, name: str, but: int | None = None) -> str:
    name = name.strip()
    if not name:
        raise InputError("web.site_name", name=name)
    if Site.objects.filter(organisation=organisation, name=name).exclude(pk=but).exists():
        raise InputError("web.site_name_taken", name=name)
    return name


def _place(province: str, part: str) -> dict[str, str]:
    """Province and part, checked: a part only where the province has it; without one: as the enterprise."""
    province = province.strip()
    known = grid_parts().get(plain_province(province), {})
    part = plain_part(province, part.strip())
    if part and part not in known:
        raise InputError("web.site_part", province=province, part=part, known=list(known) or ["—"])
    return {"province": province, "grid_part": part}


@transaction.atomic
def site_add(*, organisation: Organisation, by, name: str, province: str, grid_part: str = "") -> Site:
    """Add a site."""
    require(by, "organisation.change", organisation)
    if organisation.kind == Organisation.Kind.GROUP:
        raise InputError("web.group_has_no_plant", name=organisation.label)
    place = _place(province, grid_part)
    site = Site.objects.create(organisation=organisation, name=_checked_name(organisation, name), **place)
    log(action="site.add", by=by, organisation=organisation, on=site, data={k: v for k, v in place.items() if v})
    return site


@transaction.atomic
def site_change(*, site: Site, by, name: str, province: str, grid_part: str = "") -> Site:
    """Rename a site, or say in which province, or part of it, it lies."""
    require(by, "organisation.change", site.organisation)
    site = Site.objects.select_for_update().get(pk=site.pk)
    new = {"name": _checked_name(site.organisation, name, site.pk), **_place(province, grid_part)}
    changed = {key: [getattr(site, key), value] for key, value in new.items() if getattr(site, key) != value}
    for key, (_old, value) in changed.items():
        setattr(site, key, value)
    if changed:
        site.save(update_fields=[*changed])
        log(action="site.change", by=by, organisation=site.organisation, on=site, data=changed)
    return site


@transaction.atomic
def site_remove(*, site: Site, by) -> None:
    """Delete a site without processes; one site stays."""
    require(by, "organisation.change", site.organisation)
    rows = list(Site.objects.select_for_update().filter(organisation=site.organisation))
    if len(rows) < 2:
        raise InputError("web.site_last", name=site.name)
    if count := site.processes.count():
        raise InputError("web.site_used", name=site.name, count=count)
    log(action="site.remove", by=by, organisation=site.organisation, on=site, data={"province": site.province})
    site.delete()
