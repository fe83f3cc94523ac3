"""Every code that a result or a case may carry has a Chinese sentence with the right placeholders."""

import re
from pathlib import Path

import tanheng.accounting
import tanheng.rules
from tanheng.kernel.errors import sentences

ROOMS = (
    "stream|streams|component|balance|quantity|value|heat|factor|record|account|source|indicator|process|double_count"
    "|result|address|case"
)
CODE = re.compile(rf'"((?:{ROOMS})\.[a-z_]+)"')


def test_every_code_has_a_sentence() -> None:
    files = [path for room in (tanheng.accounting, tanheng.rules) for path in Path(room.__path__[0]).glob("*.py")]
    used = {code for path in files for code in CODE.findall(path.read_text(encoding="utf-8"))}
    assert len(used) > 30
    assert used - set(sentences()) == set()


def test_public_names_exist() -> None:
    for name in tanheng.accounting.__all__:
        assert getattr(tanheng.accounting, name) is not None
