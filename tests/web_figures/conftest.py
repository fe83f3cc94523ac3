"""The small works of the inventory tests."""

from tanheng_web.conftest import sign_in, world
from tanheng_web.inventory.tests.conftest import run, works

__all__ = ["run", "sign_in", "works", "world"]
