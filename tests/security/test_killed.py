"""A process killed while it publishes factors or writes a report.

Really killed, on the kind of database that the tests run on. Runs and recalculations: ``test_killed.py`` of inventory
and ``test_recalculation_killed.py`` beside it.
"""

import hashlib
import signal
from urllib.parse import urlencode

import pytest
from django.db import connection

from tanheng_web.inventory.tests.test_killed import _python

PREPARE = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tanheng.kernel.periods import Month
from tanheng_web.accounts.models import User
from tanheng_web.catalogue.factors.services import factors_submit
from tanheng_web.catalogue.tests.factors import GOOD, batch_of
from tanheng_web.inventory import services
from tanheng_web.inventory.tests.world import month_fill, works_with_streams
from tanheng_web.organisations.models import Organisation
by, second = User.objects.create_superuser("chief"), User.objects.create_superuser("second")
works = Organisation.objects.create(
    name="示范钢铁", province="河北", standard="gbt_32151_5_2015", allow_self_approval=True
)
works_with_streams(works, by)
month_fill(works, Month(2025, 1), enter=by, review=by)
run = services.run_execute_now(organisation=works, period="2025-01", by=by)
factors_submit(batch=batch_of(works, by, GOOD), by=by)
services.report_create(run=run, kind="xlsx", by=by)
"""
HEAD = """
import os, signal, django
django.setup()
from tanheng_web.accounts.models import User
from tanheng_web.catalogue.factors import services as factors
from tanheng_web.catalogue.models import FactorImport, FactorVersion
from tanheng_web.common import jobs
from tanheng_web.common.models import Job
from tanheng_web.inventory import execution, posting
from tanheng_web.inventory.editions import file_verify
from tanheng_web.inventory.models import Report
from django.core.management import call_command
def work():
    call_command("db_worker", batch=True, interval=0.1, startup_delay=False)
def dies(*given, **named):
    os.kill(os.getpid(), signal.SIGKILL)
"""
PUBLISH = """
factors.shelf_restamp = dies
factors.factors_approve(batch=FactorImport.objects.get(), by=User.objects.get(username="second"))
"""
PUBLISHED = """
batch = FactorImport.objects.get()
assert batch.status == "in_review" and FactorVersion.objects.get().status == "in_review", "nothing half published"
factors.factors_approve(batch=batch, by=User.objects.get(username="second"))
assert FactorVersion.objects.get().status == "published"
"""
WRITE = """
posting.audit.log = dies  # the file is on the disk, its row is not committed
work()
"""
WRITTEN = """
job = Job.objects.get()
assert job.status == "running" and not Report.objects.exists()
assert jobs.interrupted_mark() == 1
job.refresh_from_db()
assert job.status == "interrupted" and job.can_restart, job.status
jobs.restart(job=job, by=job.by)
work()
job.refresh_from_db()
assert job.status == "done", job.message
file_verify(Report.objects.get())
"""


def database(home) -> str:
    """A database that belongs to this home: a file in it, or one on the PostgreSQL server of the tests."""
    if connection.vendor == "sqlite":
        return ""
    import psycopg

    facts, name = connection.settings_dict, f"killed_{hashlib.sha256(str(home).encode()).hexdigest()[:12]}"
    host, port = facts["HOST"], facts["PORT"]
    with psycopg.connect(
        dbname="postgres", user=facts["USER"], host=host, port=port or None, autocommit=True
    ) as server:
        server.execute(f"CREATE DATABASE {name}")
    query = urlencode({"host": host} | ({"port": port} if port else {}))
    return f"postgresql://{facts['USER']}@/{name}?{query}"


@pytest.mark.parametrize(
    ("kill", "look"), [(PUBLISH, PUBLISHED), (WRITE, WRITTEN)], ids=["publishing factors", "writing a report"]
)
def test_nothing_is_lost_or_done_twice(tmp_path, kill, look):
    place = database(tmp_path)
    prepared = _python(PREPARE, tmp_path, place)
    assert prepared.returncode == 0, prepared.stderr
    killed = _python(HEAD + kill, tmp_path, place)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    looked = _python(HEAD + look + "print('consistent')", tmp_path, place)
    assert looked.stdout.strip().endswith("consistent"), looked.stderr
