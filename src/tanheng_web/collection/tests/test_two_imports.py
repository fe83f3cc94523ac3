"""Two people confirm two workbooks of the same month in the same moment: real processes on the database in use."""

import os
import subprocess
import sys
from urllib.parse import urlencode

import pytest
from django.db import connection

from tanheng_web.collection import services
from tanheng_web.collection.models import ActivityValue, MonthReport, Workbook
from tanheng_web.collection.tests.conftest import JULY, VALUES
from tanheng_web.collection.tests.test_import import template, uploaded

CONFIRM = """
import os, sys, time
import django; django.setup()
from tanheng_web.collection import services
from tanheng_web.collection.models import Workbook
book = Workbook.objects.select_related("organisation", "uploaded_by").get(pk=int(sys.argv[1]))
print("READY", flush=True)
sys.stdin.readline()
print(services.workbook_confirm_now(by=book.uploaded_by, workbook=book), flush=True)
"""


def database_url() -> str:
    """The address of the database of this test."""
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{facts['NAME']}"
    host = facts["HOST"] or facts["OPTIONS"].get("host", "")
    query = urlencode({"host": host} | ({"port": facts["PORT"]} if facts["PORT"] else {}))
    return f"postgresql://{facts['USER']}@/{facts['NAME']}?{query}"


def confirming(book: Workbook, home) -> subprocess.Popen:
    environment = {key: value for key, value in os.environ.items() if key != "PYTEST_VERSION"}
    environment |= {
        "TANHENG_HOME": str(home),
        "TANHENG_DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "tanheng_web.settings",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen([sys.executable, "-c", CONFIRM, str(book.pk)], env=environment, **pipes)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("begun", [False, True], ids=["first version", "draft there"])
def test_the_later_one_wins_with_history_and_nothing_is_doubled(plant, tmp_path, begun):
    if begun:
        services.workbook_confirm_now(by=plant.reporter, workbook=uploaded(plant, template(plant), "先.xlsx"))
    books = [
        uploaded(plant, template(plant, changes={place: value + add for place, value in VALUES.items()}), f"{add}.xlsx")
        for add in (1, 2)
    ]
    processes = [confirming(book, tmp_path) for book in books]
    for process in processes:
        assert process.stdout.readline().strip() == "READY"
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    for process in processes:
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        assert int(out.strip()) == len(VALUES)

    report = MonthReport.objects.get(organisation=plant.works, month=JULY.first_day)
    rows = ActivityValue.objects.filter(report=report)
    current = rows.filter(is_current=True)
    assert current.count() == len(VALUES) and rows.count() == len(VALUES) * (3 if begun else 2)
    assert len(set(current.values_list("workbook", flat=True))) == 1, "one file as a whole, not a mixture"
    for book in books:
        book.refresh_from_db()
    last = max(books, key=lambda book: book.confirmed_at)
    assert last.pk == current.first().workbook_id and last.counts["changed"] == len(VALUES)
