"""What a standard proposes to a new enterprise, and what its maker chose of it."""

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cache

from django.db import transaction

from tanheng.kernel.roles import role_zh
from tanheng.rules.package import standards
from tanheng_web.organisations.chains import chains_of, leading_to
from tanheng_web.organisations.models import Organisation
from tanheng_web.organisations.services import organisation_create, process_add

__all__ = ["Choice", "Plan", "plan_for", "plant_create", "proposed", "standard_names"]


@dataclass(frozen=True)
class StreamChoice:
    """A proposed stream; `key` names its checkbox."""

    key: str
    label: str
    role: str
    direction: str
    is_default: bool
    proposal: dict

    @property
    def role_zh(self) -> str:
        return role_zh(self.role)

    @property
    def direction_zh(self) -> str:
        return "产出" if self.direction == "out" else "投入"


@dataclass(frozen=True)
class SubChoice:
    key: str
    id: str
    name: str


@dataclass(frozen=True)
class ProcessChoice:
    key: str
    id: str
    kind: str
    name: str
    subs: tuple[SubChoice, ...]
    streams: tuple[StreamChoice, ...]


@dataclass(frozen=True)
class Plan:
    """Processes with their flows, and the streams that cross the enterprise's boundary."""

    processes: tuple[ProcessChoice, ...]
    boundary: tuple[StreamChoice, ...]
    chains: dict[str, frozenset[str]] = field(default_factory=dict)

    @property
    def products(self) -> list[tuple[str, str]]:
        """Main products to choose among, with their names; none where every plant of the standard makes the same."""
        return [(product, _materials()[product].zh) for product in self.chains]

    @property
    def stream_count(self) -> int:
        return len(self.boundary) + sum(len(process.streams) for process in self.processes)


@dataclass(frozen=True)
class Choice:
    """What the maker of an enterprise ticked and typed."""

    chosen: frozenset[str]
    names: dict[str, str]
    extra: str = ""


def proposed(plan: Plan, products: Collection[str] = ()) -> Choice:
    """The proposals as they stand before anybody touches them; with `products`, those of a plant that makes them."""
    wanted = leading_to(plan.chains, products, (process.id for process in plan.processes)) if products else None
    processes = [process for process in plan.processes if wanted is None or process.id in wanted]
    streams = [stream for process in processes for stream in process.streams]
    chosen = {stream.key for stream in streams if stream.is_default}
    for process in processes:
        chosen |= {process.key, *(sub.key for sub in process.subs)}
    used = {(stream.proposal["material"], stream.role) for stream in streams}
    chosen |= {stream.key for stream in plan.boundary if _crosses(stream, products, used)}
    return Choice(frozenset(chosen), {process.key: process.name for process in plan.processes})


def _crosses(stream: "StreamChoice", products: Collection[str], used: Collection[tuple[str, str]]) -> bool:
    """Whether a boundary stream is proposed: by itself, or for what the chosen products and their processes need."""
    material = stream.proposal["material"]
    if products and stream.role == "product":
        return material in products
    return stream.is_default or bool(products and stream.role == "reductant" and (material, stream.role) in used)


@cache
def _materials():
    from tanheng.kernel.catalogue import materials

    return materials()


def plan_for(standard_id: str) -> Plan:
    """The proposals of a standard package."""
    from tanheng.rules.package import load_standard  # sympy and all formulas: only when somebody creates an enterprise

    standard = load_standard(standard_id)
    return Plan(
        tuple(_process(process) for process in standard.processes),
        tuple(_stream(f"b{index}", row) for index, row in enumerate(standard.boundary_streams)),
        chains_of(standard),
    )


def _process(process) -> ProcessChoice:
    return ProcessChoice(
        key=f"p.{process.id}",
        id=process.id,
        kind=process.kind or process.id,
        name=process.zh,
        subs=tuple(SubChoice(f"s.{process.id}.{sub.id}", sub.id, sub.zh) for sub in process.sub_processes),
        streams=tuple(_stream(f"f.{process.id}.{index}", row) for index, row in enumerate(process.streams)),
    )


def _stream(key: str, row) -> StreamChoice:
    zh = _materials()[row.material].zh
    proposal = {
        "material": row.material,
        "material_zh": zh,
        "role": row.role,
        "direction": row.direction,
        "process_path": "",
        "values": list(row.values),
        "label": row.label or "",
    }
    return StreamChoice(key, row.label or zh, row.role, row.direction, row.default, proposal)


@transaction.atomic
def plant_create(
    *, by, basics: dict, plan: Plan, chosen: set[str], names: dict[str, str], extra: list[str]
) -> Organisation:
    """Create the enterprise with the chosen processes and streams: all of it or nothing."""
    from tanheng_web.collection.services import streams_create  # an app above this one

    organisation = organisation_create(by=by, **basics)
    proposals = [stream.proposal for stream in plan.boundary if stream.key in chosen]
    for process in plan.processes:
        if process.key in chosen:
            proposals += _process_create(organisation, by, process, chosen, names)
    for name in extra:
        process_add(organisation=organisation, by=by, name=name)
    streams_create(by=by, organisation=organisation, proposals=proposals)
    return organisation


def _process_create(organisation, by, process: ProcessChoice, chosen: set[str], names: dict[str, str]) -> list[dict]:
    name = names.get(process.key) or process.name
    row = process_add(organisation=organisation, by=by, name=name, kind=process.kind)
    for sub in process.subs:
        if sub.key in chosen:
            process_add(organisation=organisation, by=by, name=sub.name.replace("/", "、"), parent=row, kind=sub.id)
    return [stream.proposal | {"process_path": row.path} for stream in process.streams if stream.key in chosen]


def standard_names() -> dict[str, str]:
    """Short names of the standards, by id."""
    return {found.id: found.short_zh for found in standards()}
