"""Whatever is reported is counted, listed as not counted, or a gap: under no package does a stream drop out unsaid."""

import pytest

from tanheng.accounting.run import run
from tanheng.kernel.catalogue import materials
from tanheng.kernel.periods import Period
from tanheng.kernel.roles import roles
from tanheng.rules.package import Standard, load_standard, standards
from tanheng.rules.streams import Given, SiteInfo, StreamDecl, StreamRecord, StreamSet

MONTH = "2025-03"


def unsaid(standard: Standard, process: str) -> set[str]:
    """Every material in every role, without any value: what the result neither counts nor names."""
    declared, records = [], []
    for material in materials().values():
        for role in roles():
            id = f"{material.id} as {role}"
            declared.append(StreamDecl(id, material.id, role, "in", process))
            records.append(StreamRecord(id, MONTH, {"quantity": Given(10.0, material.unit)}, {}))
    streams = StreamSet(SiteInfo("山东"), tuple(declared), tuple(records))
    found = run(standard, streams, period=Period.parse(MONTH)).data
    named = {entry["stream"] for key in ("gaps", "not_counted") for entry in found[key]}
    kept = {said["values"].get("material") for said in found["warnings"] if said["code"] == "account.made_inside"}
    return (
        {decl.id for decl in declared if decl.material not in kept} - named - {each["id"] for each in found["streams"]}
    )


@pytest.mark.parametrize("process", ["", "某工序"])
@pytest.mark.parametrize("standard", [found.id for found in standards()])
def test_every_material_in_every_role_is_accounted_for_or_named(standard: str, process: str) -> None:
    assert unsaid(load_standard(standard), process) == set()
