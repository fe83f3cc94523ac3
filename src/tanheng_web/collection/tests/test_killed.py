"""A process killed in the middle of an import leaves nothing half-written, and the import can be started again."""

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

SETUP = """
import os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tanheng_web.settings")
import django; django.setup()
from io import BytesIO
from django.core.files.base import ContentFile
from django.core.management import call_command
from tanheng.kernel.periods import Period
from tanheng_web.collection import selectors, services, services_workbooks
from tanheng_web.collection.models import ActivityValue, Workbook
from tanheng_web.collection.tests.conftest import make_plant
from tanheng_web.collection.workbook.template import write_template
from dataclasses import replace
"""
PREPARE = """
call_command("migrate", verbosity=0)
plant = make_plant()
spec = selectors.template_spec(plant.works, Period.parse("2025"))
values = {(s.code, str(m), k): 1000.0 for s in spec.streams for m in spec.period.months for k in s.components}
content = write_template(replace(spec, values=values))
file = ContentFile(content)
book, _ = services.workbook_upload(by=plant.reporter, organisation=plant.works, file=file, name="全年.xlsx")
services.workbook_check_now(workbook=book)
book.refresh_from_db()
assert book.status == "checked", book.refusal
print(book.counts["values"])
"""
IMPORT = """
import time
from django.db.models.query import QuerySet
book = Workbook.objects.select_related("organisation").get()
by = book.uploaded_by
written = 0
create = QuerySet.bulk_create
def slowly(self, rows, **how):
    global written
    done = create(self, rows, **how)
    if self.model is ActivityValue:
        written += 1
        if written == 6:
            print("HALF", flush=True)
            while True: time.sleep(1)
    return done
if "stop" in sys.argv: QuerySet.bulk_create = slowly
print(services.workbook_confirm_now(by=by, workbook=book))
"""


def run(home: Path, code: str, *arguments: str) -> subprocess.Popen:
    environment = {
        key: value for key, value in os.environ.items() if key not in ("PYTEST_VERSION", "TANHENG_DATABASE_URL")
    }
    environment |= {
        "TANHENG_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "tanheng_web.settings",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    return subprocess.Popen(
        [sys.executable, "-c", SETUP + code, *arguments], env=environment, stdout=subprocess.PIPE, text=True
    )


def rows(home: Path, table: str, column: str = "count(*)") -> object:
    database = next(path for path in home.rglob("*.sqlite3"))
    with sqlite3.connect(database) as connection:
        return connection.execute(f"SELECT {column} FROM {table}").fetchone()[0]


def test_a_killed_import_leaves_the_database_as_it_was(tmp_path):
    process = run(tmp_path, PREPARE)
    values = int(process.communicate(timeout=120)[0].strip().splitlines()[-1])
    assert process.returncode == 0 and values > 100

    process = run(tmp_path, IMPORT, "stop")
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.strip() == "HALF", "six of twelve months are written inside the transaction"
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=30)

    assert rows(tmp_path, "collection_activityvalue") == 0
    assert rows(tmp_path, "collection_monthreport") == 0
    assert rows(tmp_path, "collection_workbook", "status") == "checked"

    process = run(tmp_path, IMPORT)
    assert int(process.communicate(timeout=120)[0].strip()) == values
    assert rows(tmp_path, "collection_activityvalue") == values
    assert rows(tmp_path, "collection_workbook", "status") == "confirmed"
