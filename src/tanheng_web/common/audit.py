"""The record of what was done, written inside the transaction of the change: both exist or neither."""

from tanheng_web.common.models import AuditEntry

__all__ = ["log"]


def log(*, action: str, by, organisation=None, on=None, data: dict | None = None) -> AuditEntry:
    """Write an audit entry: `action` as ``noun.verb``, `on` the object, `data` what changed (JSON)."""
    return AuditEntry.objects.create(
        action=action,
        by=by,
        organisation=organisation,
        model=on._meta.label_lower if on is not None else "",
        object_id=str(on.pk) if on is not None else "",
        object_label=str(on)[:200] if on is not None else "",
        data=data or {},
    )
