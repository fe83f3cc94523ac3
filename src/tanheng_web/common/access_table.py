"""The whole table of who may open what: the apps' own, put together."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from tanheng_web.common.access import Access

__all__ = ["OWN", "access_table"]

OWN = {
    "home": Access("login"),
    "healthz": Access("public"),
    "common:search": Access("login"),
    "common:theme": Access("public", method="post"),
    "common:job": Access("own"),
    "common:job-cancel": Access("own", method="post"),
    "common:job-restart": Access("own", method="post"),
}


def access_table() -> dict[str, Access]:
    """Url name → what it needs, over all apps."""
    table = dict(OWN)
    for config in apps.get_app_configs():
        if config.name.startswith("tanheng_web.") and find_spec(f"{config.name}.access") and config.label != "common":
            table |= import_module(f"{config.name}.access").ACCESS
    return table
