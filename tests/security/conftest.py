from tanheng_web.collection.tests.conftest import plant
from tanheng_web.conftest import sign_in, world

__all__ = ["plant", "sign_in", "world"]
