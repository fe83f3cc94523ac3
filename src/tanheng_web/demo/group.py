"""The boundary of the demonstration: reporting entities, kinds of unit, and what the group holds."""

from decimal import Decimal

from tanheng_web.demo.plants.parameters import plant_file
from tanheng_web.demo.setting_up import LOADER, company, person
from tanheng_web.organisations.models import Holding, Organisation, Process
from tanheng_web.organisations.services.boundary import entity_change, unit_change
from tanheng_web.organisations.services.holdings import holding_add

__all__ = ["boundary_create", "has_boundary"]


def boundary_create() -> None:
    """Record legal forms, the units whose kind does not follow from their process, and the holdings."""
    people, by = plant_file("people"), person(LOADER)
    group = Organisation.objects.get(name=people["group"]["name"])
    for facts in people["companies"]:
        organisation = company(facts["plant"])
        entity_change(organisation=organisation, by=by, entity_kind="legal_person", entity_document="营业执照（演示）")
        for path, unit_type in people["units"].get(facts["plant"], {}).items():
            unit_change(process=_process(organisation, path), by=by, unit_type=unit_type)
    for row in people["holdings"]:
        values = {**row, "share": Decimal(str(row["share"])), "member": company(row["member"])}
        holding_add(group=group, by=by, owner=group, **values)


def _process(organisation: Organisation, path: str) -> Process:
    above, _, name = path.rpartition("/")
    return Process.objects.get(organisation=organisation, name=name, parent__name=above or None)


def has_boundary() -> bool:
    """Whether the holdings are recorded."""
    return Holding.objects.exists()
