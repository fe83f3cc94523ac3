from decimal import Decimal

from tanheng_web.organisations.models import InternalTransfer, Organisation

__all__ = ["examples"]


def examples(*, organisation, by) -> dict[str, object]:
    """A declaration of a delivery; holdings are a group's, an enterprise is led to its boundary."""
    other = Organisation.objects.create(name="示范电力", parent=organisation.parent)
    transfer = InternalTransfer.objects.create(
        organisation=organisation,
        counterparty=other,
        supplies=True,
        material="electricity",
        stream="el-out",
        period="2025",
        quantity=Decimal(10),
        unit="MWh",
        declared_by=by,
    )
    return {"transfer": transfer.pk, "holding": 1}
