"""The builders of small result documents as a fixture."""

import pytest
from tests.boundary.documents import document, line_block


@pytest.fixture
def made():
    """The two builders: ``made.block`` and ``made.document``."""

    class Made:
        block = staticmethod(line_block)
        document = staticmethod(document)

    return Made
