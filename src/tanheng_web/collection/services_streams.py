"""Adding, changing and removing source streams."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from django.db import transaction

from tanheng.kernel.catalogue import Material, find_material
from tanheng.kernel.errors import InputError
from tanheng.kernel.units import compatible
from tanheng_web.catalogue.factors.selectors import library_for
from tanheng_web.catalogue.materials.streams import check_allowed, own_material_of, own_material_prepared
from tanheng_web.catalogue.units.reading import read_unit
from tanheng_web.collection import vocabulary as words
from tanheng_web.collection.models import ActivityValue, EnterpriseValue, SourceStream
from tanheng_web.collection.services_own import own_value_set, own_values_renamed
from tanheng_web.common.access import require
from tanheng_web.common.audit import log
from tanheng_web.organisations.models import Process, Site

__all__ = ["stream_add", "stream_change", "stream_remove", "stream_restore", "streams_create"]

PREFIXES = {"materials": "M", "products": "P", "energy": "E", "processes": "G"}
PLAIN_ROLES = frozenset({"electricity", "heat"})
CHANGEABLE = (
    *("label", "material_zh", "unit", "components", "values", "factor", "first_month", "last_month", "order"),
    *("site", "is_hazardous"),
)


@transaction.atomic
def streams_create(*, by, organisation, proposals: Iterable[Mapping[str, object]]) -> list[SourceStream]:
    """Create the streams that a standard's plant template proposes.

    A proposal names ``material`` and ``role``, and may name ``direction``, ``process`` or ``process_path``,
    ``material_zh``, ``label``, ``unit``, ``components``, ``values``, ``code``, ``factor``, ``first_month``,
    ``last_month``.
    """
    require(by, "organisation.change", organisation)
    processes = {
        process.path: process for process in Process.objects.filter(organisation=organisation).select_related("parent")
    }
    codes = _Codes(organisation)
    rows = [
        _built(organisation, dict(proposal), processes, codes, order)
        for order, proposal in enumerate(proposals, codes.count)
    ]
    created = SourceStream.objects.bulk_create(rows)
    log(action="stream.create", by=by, organisation=organisation, data={"codes": [row.code for row in rows]})
    return created


@transaction.atomic
def stream_add(*, by, organisation, **fields) -> SourceStream:
    """Add one stream; its code is given or the next free one."""
    require(by, "organisation.change", organisation)
    processes = {
        process.path: process for process in Process.objects.filter(organisation=organisation).select_related("parent")
    }
    codes = _Codes(organisation)
    own = own_material_of(organisation, str(fields["material"]))
    given = own_material_prepared(own, fields) if own else fields
    stream = _built(organisation, given, processes, codes, codes.count)
    check_allowed(organisation, stream, own)
    _factor_known(organisation, stream.factor)
    stream.save()
    if own and own.carbon_content is not None:
        _carbon_content_kept(organisation, by, own)
    log(action="stream.add", by=by, organisation=organisation, on=stream, data={"code": stream.code})
    return stream


def _factor_known(organisation, factor: str) -> None:
    if factor and not library_for(organisation).versions(factor):
        raise InputError("stream.factor_unknown", factor=factor)


def _carbon_content_kept(organisation, by, own) -> None:
    """The carbon content known of an own material counts for its streams, unless the plant already has a value."""
    key = "carbon_content_mass"
    named = {"organisation": organisation, "material": own.like, "material_zh": own.zh, "key": key}
    if EnterpriseValue.objects.filter(**named, is_current=True).exists():
        return
    unit = words.key_unit(key, own.unit)
    own_value_set(by=by, **named, value=own.carbon_content, unit=unit, note=own.carbon_source)


@transaction.atomic
def stream_change(*, by, stream: SourceStream, **fields) -> SourceStream:
    """Rename a stream or change what is asked; the unit stays once there are data."""
    require(by, "organisation.change", stream.organisation)
    if unknown := set(fields) - set(CHANGEABLE):
        raise TypeError(f"not changeable: {sorted(unknown)}")
    stream = SourceStream.objects.select_for_update().get(pk=stream.pk)
    _site_checked(stream.organisation_id, fields.get("site"))
    if "unit" in fields:
        fields["unit"] = _unit(find_material(stream.material), str(fields["unit"]))
        if fields["unit"] != stream.unit and stream.entries.exists():
            found, expected = words.unit_label(fields["unit"]), stream.unit_label
            raise InputError("stream.unit_locked", stream=stream.name, expected=expected, found=found)
    changed = {
        key: [_json(getattr(stream, key)), _json(value)]
        for key, value in fields.items()
        if getattr(stream, key) != value
    }
    if "factor" in changed:
        _factor_known(stream.organisation, str(fields["factor"]))
    for key in changed:
        setattr(stream, key, fields[key])
    if changed:
        stream.save(update_fields=[*changed])
        if "material_zh" in changed:
            own_values_renamed(stream.organisation, stream.material, *changed["material_zh"])
        log(action="stream.change", by=by, organisation=stream.organisation, on=stream, data=changed)
    return stream


@transaction.atomic
def stream_remove(*, by, stream: SourceStream) -> bool:
    """Delete a stream without data, deactivate one with; returns whether it was deleted."""
    require(by, "organisation.change", stream.organisation)
    stream = SourceStream.objects.select_for_update().get(pk=stream.pk)
    has_data = ActivityValue.objects.filter(stream=stream).exists()
    log(
        action="stream.deactivate" if has_data else "stream.delete",
        by=by,
        organisation=stream.organisation,
        on=stream,
        data={"code": stream.code},
    )
    if has_data:
        stream.is_active = False
        stream.save(update_fields=["is_active"])
    else:
        stream.delete()
    return not has_data


@transaction.atomic
def stream_restore(*, by, stream: SourceStream) -> SourceStream:
    """Report a deactivated stream again."""
    require(by, "organisation.change", stream.organisation)
    stream = SourceStream.objects.select_for_update().get(pk=stream.pk)
    stream.is_active = True
    stream.save(update_fields=["is_active"])
    log(action="stream.restore", by=by, organisation=stream.organisation, on=stream)
    return stream


class _Codes:
    """The next free codes of an enterprise: M001, P001, E001, G001."""

    def __init__(self, organisation) -> None:
        self.taken = set(SourceStream.objects.filter(organisation=organisation).values_list("code", flat=True))
        self.count = len(self.taken)
        numbers = [(found[1], int(found[2])) for code in self.taken if (found := re.fullmatch(r"([MPEG])(\d+)", code))]
        self.last = {prefix: max([n for p, n in numbers if p == prefix], default=0) for prefix in PREFIXES.values()}

    def take(self, wanted: str, sheet: str) -> str:
        if wanted:
            if wanted in self.taken:
                raise InputError("stream.code_taken", number=wanted)
            self.taken.add(wanted)
            return wanted
        prefix = PREFIXES[sheet]
        self.last[prefix] += 1
        while (code := f"{prefix}{self.last[prefix]:03d}") in self.taken:
            self.last[prefix] += 1
        self.taken.add(code)
        return code


def _built(organisation, given: dict, processes: Mapping[str, Process], codes: _Codes, order: int) -> SourceStream:
    material = find_material(str(given["material"]))
    role, direction = str(given["role"]), str(given.get("direction") or "in")
    process = _process(given, processes)
    sheet = sheet_of(role, process is not None)
    stream = SourceStream(
        organisation=organisation,
        code=codes.take(str(given.get("code") or "").strip(), sheet),
        label=str(given.get("label") or "").strip(),
        material=material.id,
        material_zh=_material_zh(material, given),
        role=role,
        direction=direction,
        process=process,
        unit=_unit(material, str(given.get("unit") or material.unit)),
        components=list(given.get("components") or default_components(role, process is not None, material)),
        values=[key for key in given.get("values") or () if key in words.VALUE_KEYS],
        factor=str(given.get("factor") or ""),
        first_month=_day(given.get("first_month")),
        last_month=_day(given.get("last_month")),
        order=order,
        site=_site_checked(organisation.pk, given.get("site")),
        is_hazardous=bool(given.get("is_hazardous")),
    )
    if role not in words.ROLES or set(stream.components) - set(words.QUANTITY_KEYS):
        raise ValueError(f"unknown role or component in {given}")
    return stream


def _site_checked(organisation_id: int, site: object) -> Site | None:
    if site is None:
        return None
    if not isinstance(site, Site) or site.organisation_id != organisation_id:
        raise InputError("web.site_name", name=str(site))
    return site


def _process(given: Mapping[str, object], processes: Mapping[str, Process]) -> Process | None:
    process = given.get("process") or given.get("process_path")
    if not process or isinstance(process, Process):
        return process or None
    return processes[str(process)]


def _material_zh(material: Material, given: Mapping[str, object]) -> str:
    name = str(given.get("material_zh") or "").strip() or material.zh
    if material.id.startswith("other_") and not given.get("material_zh") and given.get("is_custom"):
        raise InputError("stream.custom_name_needed", material=material.zh)
    return name


def _unit(material: Material, text: str) -> str:
    unit = read_unit(text)
    if not compatible(unit, material.unit):
        raise InputError(
            "stream.unit_refused",
            material=material.zh,
            expected=words.unit_label(material.unit),
            found=words.unit_label(unit),
        )
    return unit


def sheet_of(role: str, in_process: bool) -> str:
    """The sheet and grid section of a stream."""
    if in_process:
        return "processes"
    if role in PLAIN_ROLES:
        return "energy"
    return "products" if role in {"product", "co_product", "by_product"} else "materials"


def default_components(role: str, in_process: bool, material: Material) -> list[str]:
    """What is asked of a new stream: a balance for what is kept in stock and bought, else one quantity."""
    if (
        in_process
        or role in PLAIN_ROLES
        or role in {"product", "co_product", "by_product", "uptake", "waste", "transport"}
    ):
        return ["quantity"]
    if material.state == "gas":
        return ["purchased", "sold"] if role == "fuel" else ["quantity"]
    return list(words.BALANCE)


def _day(given: object) -> date | None:
    return given if isinstance(given, date) or given is None else date.fromisoformat(f"{given}-01"[:10])


def _json(value: object) -> object:
    if isinstance(value, Site):
        return value.name
    return value.isoformat() if isinstance(value, date) else value
