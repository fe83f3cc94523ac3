"""Published copies are folders; they go when a test ends, like its rows."""

import shutil

import pytest

from tanheng_web.catalogue.standards.publishing import home


@pytest.fixture(autouse=True)
def no_folders_left():
    yield
    for folder in home().iterdir():
        shutil.rmtree(folder)
