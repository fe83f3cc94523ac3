"""A plant's numbers as the stream set that the accounts read, to compare the model without the web."""

from tanheng.rules.streams import Given, SiteInfo, StreamDecl, StreamRecord, StreamSet
from tanheng_web.demo.plants.data import PlantData, StreamSpec

__all__ = ["stream_set"]


def stream_set(plant: PlantData, site: SiteInfo, year: int) -> StreamSet:
    """Return the numbers of a year with the provenance of a case."""
    records: dict[tuple[str, str], tuple[dict[str, Given], dict[str, Given]]] = {}
    for spec, key, month, value in plant.rows(year):
        quantity, values = records.setdefault((spec.code, str(month)), ({}, {}))
        place = quantity if key in spec.components else values
        place[key] = Given(
            float(value), spec.unit_of(key), provenance={"kind": "case", "file": plant.id, "path": spec.code}
        )
    declared = tuple(_declared(spec) for spec in plant.streams)
    return StreamSet(
        site, declared, tuple(StreamRecord(code, month, *given) for (code, month), given in records.items())
    )


def _declared(spec: StreamSpec) -> StreamDecl:
    return StreamDecl(spec.code, spec.material, spec.role, spec.direction, spec.process, label=spec.label)
