"""Copies of standards for tests."""

from tanheng.rules.package_copy import edited
from tanheng_web.catalogue.standards import services

__all__ = ["changed", "copied", "published"]


def copied(organisation, by, name: str = "steel"):
    """A draft copy of the steel standard."""
    return services.copy_create(
        organisation=organisation,
        by=by,
        base="gbt_32151_5_2015",
        name=name,
        zh="示范钢铁内部核算方法",
        short_zh="钢铁内部方法",
        reason="按本厂实测熔剂纯度计算",
    )


def changed(copy, by, path, value, file: str = "formulas.yaml", reason: str = "按实测"):
    """The copy with one value changed."""
    done, _count = services.copy_change(
        copy=copy, by=by, revision=copy.revision, reason=reason, change=lambda files: edited(files, file, path, value)
    )
    return done


def published(organisation, by, second, name: str = "steel"):
    """A copy that a second person published, unchanged."""
    copy = services.copy_submit(copy=copied(organisation, by, name), by=by)
    return services.copy_publish(copy=copy, by=second)
