"""People, enterprises, processes and streams of the demonstration, made through the services that pages use."""

from typing import Any

from tanheng.kernel.errors import InputError
from tanheng_web.accounts.models import User
from tanheng_web.accounts.services import member_add, member_remove
from tanheng_web.collection.services import streams_create
from tanheng_web.demo.plants.aluminium import aluminium_plant
from tanheng_web.demo.plants.data import PlantData
from tanheng_web.demo.plants.parameters import plant_file
from tanheng_web.demo.plants.steel import steel_plant
from tanheng_web.organisations.models import Organisation
from tanheng_web.organisations.services import organisation_create, process_add

__all__ = ["LOADER", "PLANTS", "company", "company_create", "group_create", "members_create", "person", "refuse_real"]

LOADER = "demo_loader"  # owns no usable password: nobody can log in as it
PLANTS = {"steel": steel_plant, "aluminium": aluminium_plant}


def refuse_real() -> None:
    """Refuse a database with an enterprise that is no demonstration: demo accounts have a published password."""
    real = Organisation.objects.filter(is_demo=False).first()
    if real is not None:
        raise InputError("demo.not_demo", name=real.name)


def group_create() -> None:
    """Create the account that loads, and the parent of both enterprises."""
    loader = User(username=LOADER, display_name="演示数据装载", is_superuser=True)
    loader.set_unusable_password()
    loader.save()
    organisation_create(by=loader, kind=Organisation.Kind.GROUP, is_demo=True, **plant_file("people")["group"])


def company_create(facts: dict[str, Any]) -> None:
    """Create an enterprise with its processes and streams."""
    loader, plan = person(LOADER), plant_file(facts["plant"])
    group = Organisation.objects.get(name=plant_file("people")["group"]["name"])
    basics = {key: value for key, value in facts.items() if key != "plant"}
    organisation = organisation_create(
        by=loader, parent=group, is_demo=True, site_name=f"{facts['short_name']}厂区", **basics
    )
    for process in plan["processes"]:
        top = process_add(organisation=organisation, by=loader, name=process["zh"], kind=process["kind"])
        for sub in process["subs"]:
            process_add(organisation=organisation, by=loader, name=sub, parent=top)
    streams_create(by=loader, organisation=organisation, proposals=_proposals(PLANTS[facts["plant"]]()))


def _proposals(plant: PlantData) -> list[dict[str, object]]:
    return [
        {
            "code": spec.code,
            "label": spec.label,
            "material": spec.material,
            "role": spec.role,
            "direction": spec.direction,
            "process_path": spec.process,
            "components": list(spec.components),
            "values": list(spec.values),
        }
        for spec in plant.streams
    ]


def members_create() -> None:
    """Give the people of the demonstration their roles; the loading account leaves the enterprises."""
    people, loader = plant_file("people"), person(LOADER)
    places = {"group": Organisation.objects.get(name=people["group"]["name"])}
    places |= {facts["plant"]: company(facts["plant"]) for facts in people["companies"]}
    for user in people["users"]:
        for place, roles in user["where"].items():
            member_add(
                organisation=places[place],
                by=loader,
                username=user["username"],
                roles=roles,
                display_name=user["display_name"],
                password=people["password"],
                must_change=False,
            )
    for organisation in places.values():
        member_remove(organisation=organisation, by=loader, user=loader)


def company(plant: str) -> Organisation:
    """Return the enterprise of a plant."""
    name = next(facts["name"] for facts in plant_file("people")["companies"] if facts["plant"] == plant)
    return Organisation.objects.get(name=name, is_demo=True)


def person(username: str) -> User:
    """Return a user afresh: memberships are cached on the object."""
    return User.objects.get(username=username)
