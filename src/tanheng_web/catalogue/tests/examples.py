"""Objects for the matrix of every URL by every role."""

from tanheng_web.catalogue.tests.copies import copied

__all__ = ["examples"]

STEEL = "gbt_32151_5_2015"


def examples(*, organisation, by) -> dict[str, object]:
    """A copied standard."""
    copy = copied(organisation, by, "matrix")
    return {
        "copy": copy.pk,
        "catalogue:standard": {"standard": STEEL},
        "catalogue:copy-new": {"standard": STEEL},
        "catalogue:copy-case": {"number": 0},
        "catalogue:copy-formula": {"formula": "flux"},
        "catalogue:copy-parameter": {"table": 0, "row": 0},
        "catalogue:copy-source": {"source": "flux"},
        "catalogue:copy-rule": {"source": "flux", "number": 0},
    }
