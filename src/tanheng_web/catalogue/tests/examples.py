"""Objects for the matrix of every URL by every role."""

from tanheng_web.catalogue.materials import services as materials
from tanheng_web.catalogue.processes import services as processes
from tanheng_web.catalogue.tests.copies import copied
from tanheng_web.catalogue.tests.factors import GOOD, batch_of
from tanheng_web.catalogue.units import services as units

__all__ = ["examples"]

STEEL = "gbt_32151_5_2015"


def examples(*, organisation, by) -> dict[str, object]:
    """A copied standard, an own material and a rule of its use, an own name of a unit."""
    copy = copied(organisation, by, "matrix")
    own = materials.material_add(organisation=organisation, by=by, zh="兰炭末", like="other_coal_products", unit="t")
    rule = materials.rule_set(
        organisation=organisation,
        by=by,
        kind="sintering",
        material="",
        role="fuel",
        direction="in",
        use="proposed",
        own=own,
    )
    template = processes.template_add(organisation=organisation, by=by, zh="带 TRT 的高炉", kind="", parts=["高炉本体"])
    alias = units.alias_set(organisation=organisation, by=by, alias="标立", unit="Nm3")
    return {
        "copy": copy.pk,
        "batch": batch_of(organisation, by, GOOD).pk,
        "catalogue:material": {"material": own.pk},
        "catalogue:material-remove": {"material": own.pk},
        "template": template.pk,
        "catalogue:material-merge": {"material": own.pk},
        "catalogue:material-known": {"material": "coke"},
        "catalogue:mapping-remove": {"rule": rule.pk},
        "catalogue:unit-remove": {"alias": alias.pk},
        "catalogue:standard": {"standard": STEEL},
        "catalogue:standard-case": {"standard": STEEL, "number": 0},
        "catalogue:copy-new": {"standard": STEEL},
        "catalogue:copy-case": {"number": 0},
        "catalogue:copy-formula": {"formula": "flux"},
        "catalogue:copy-parameter": {"table": 0, "row": 0},
        "catalogue:copy-indicator": {"indicator": "intensity"},
        "catalogue:copy-source": {"source": "flux"},
        "catalogue:copy-rule": {"source": "flux", "number": 0},
    }
