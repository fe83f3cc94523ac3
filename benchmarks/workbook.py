"""100,000 rows with 1 % bad ones: how long the whole check takes, and whether it names exactly the bad rows.

Inspecting, reading and checking are timed together; building the file is not.
"""

import random
import resource
import tempfile
import time
from pathlib import Path

from benchmarks.record import record
from tanheng.kernel.periods import Period
from tanheng_web.collection.workbook.checked import Context
from tanheng_web.collection.workbook.checking import check
from tanheng_web.collection.workbook.faults import ERROR
from tanheng_web.collection.workbook.reading import read, read_meta
from tanheng_web.collection.workbook.safety import inspect
from tanheng_web.collection.workbook.spec import StreamSpec, TemplateSpec
from tanheng_web.collection.workbook.template import MarkedSheet, write_marked

ROWS = 100_000
BAD_SHARE = 0.01
LIMIT_SECONDS = 20.0
BALANCE = ("purchased", "opening_stock", "closing_stock", "sold", "used_outside")
MATERIALS = (("coke", "焦炭"), ("anthracite", "无烟煤"), ("bituminous_coal", "烟煤"), ("limestone", "石灰石"))


def plan() -> TemplateSpec:
    """Streams enough for 100,000 rows of a year."""
    streams = tuple(
        StreamSpec(f"M{n:05d}", *MATERIALS[n % 4], "fuel" if n % 4 < 3 else "flux", "in", "t", components=BALANCE)
        for n in range(-(-ROWS // 12))
    )
    return TemplateSpec(1, "基准企业", "", Period.parse("2025"), streams)


def built(spec: TemplateSpec, seed: int = 20260301) -> tuple[bytes, set[int]]:
    """The file, and the rows (as Excel counts) in which a fault was planted."""
    chance = random.Random(seed)
    sheet = spec.sheets[0]
    places = {column.key: place for place, column in enumerate(sheet.columns)}
    rows = [[column.title for column in sheet.columns]]
    for month in spec.period.months:
        for n, stream in enumerate(sheet.streams):
            amount = round((1000 + n % 977) * (1 + 0.05 * chance.random()), 3)
            keys = [str(month), stream.code, stream.material_zh, "", stream.role_zh, "投入", "t"]
            rows.append([*keys, amount, 50.0, 50.0, 0.0, 0.0, ""])
    rows = rows[: ROWS + 1]
    planted = set(chance.sample(range(1, ROWS + 1), int(ROWS * BAD_SHARE)))
    for kind, row in enumerate(sorted(planted)):
        _plant(rows[row], places, kind % 9)
    content = write_marked(spec, [MarkedSheet(sheet.name, rows, {}, 0)])
    return content, {row + 1 for row in planted}


def _plant(row: list[object], places: dict[str, int], kind: int) -> None:
    changes = {
        0: ("purchased", "约一千"),
        1: ("month", "2024-03"),
        2: ("code", "不存在"),
        3: ("purchased", -12.5),
        4: ("purchased", float(row[places["purchased"]]) * 1000),
        5: ("unit", "MWh"),
        6: ("material", "粗钢"),
        7: ("closing_stock", "1,23"),
        8: ("month", "二月"),
    }
    key, value = changes[kind]
    row[places[key]] = value


def main() -> None:
    """Build, time, compare, print and keep the figures."""
    spec = plan()
    content, planted = built(spec)
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "benchmark.xlsx"
        path.write_bytes(content)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        begun = time.perf_counter()
        inspection = inspect(path, path.name)
        read_meta(path, path.name, organisation_id=1, organisation="基准企业")
        book = read(path, path.name, spec, inspection)
        findings = check(spec, book, Context())
        texts = [fault.text for fault in findings.faults]
        seconds = time.perf_counter() - begun
    named = {fault.row + 1 for fault in findings.faults if fault.severity == ERROR}
    figures = {
        "rows": ROWS,
        "planted": len(planted),
        "named": len(named),
        "missed": len(planted - named),
        "wrongly_named": len(named - planted),
        "sentences": len(texts),
        "file_mb": round(len(content) / 1024**2, 1),
        "seconds": round(seconds, 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "peak_before_mb": round(before / 1024),
    }
    record("workbook", figures, {"seconds": "<= 20", "missed": "0", "wrongly_named": "0"})
    assert named == planted, (sorted(planted - named)[:5], sorted(named - planted)[:5])
    assert seconds <= LIMIT_SECONDS, seconds


if __name__ == "__main__":
    main()
