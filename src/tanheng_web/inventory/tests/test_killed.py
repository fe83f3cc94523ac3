"""A process that is really killed in the middle of posting leaves no half ledger, and the run can be done again."""

import os
import signal
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[3]
PREPARE = """
import os, django
from decimal import Decimal
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tanheng.kernel.periods import Month
from tanheng_web.accounts.models import User
from tanheng_web.inventory import services
from tanheng_web.inventory.tests.world import month_correct, month_fill, works_with_streams
from tanheng_web.organisations.models import Organisation
by = User.objects.create_superuser("chief")
works = Organisation.objects.create(
    name="示范钢铁", province="河北", standard="gbt_32151_5_2015", allow_self_approval=True
)
works_with_streams(works, by)
month_fill(works, Month(2025, 1), enter=by, review=by)
first = services.run_execute_now(organisation=works, period="2025-01", by=by)
month_correct(works, Month(2025, 1), enter=by, review=by, stream="coal", amount=Decimal(90_000), reason="更正")
month_correct(works, Month(2025, 1), enter=by, review=by, stream="ng", amount=Decimal(250), reason="更正")
services.run_create(organisation=works, period="2025-01", by=by)
print(first.pk)
"""
# stops itself with SIGKILL after the run is stored and half of the ledger is written, inside the transaction
KILL = """
import os, signal, django
django.setup()
from django.db import connection
from tanheng_web.inventory import execution
from tanheng_web.inventory.models import LedgerEntry, Run
real = type(LedgerEntry.objects.all()).bulk_create
def half(self, rows, **more):
    rows = list(rows)
    real(self, rows[: len(rows) // 2], **more)
    os.kill(os.getpid(), signal.SIGKILL)
type(LedgerEntry.objects.all()).bulk_create = half
run = Run.objects.select_related("organisation").get(status="queued")
execution.execute(run, execution.silent)
"""
LOOK = """
import django
django.setup()
from tanheng_web.common.jobs import interrupted_mark
from tanheng_web.common.models import Job
from tanheng_web.inventory import execution
from tanheng_web.inventory.models import LedgerEntry, Run
killed = Run.objects.get(status="running")
first = Run.objects.get(status="done")
assert first.superseded_at is None
assert not LedgerEntry.objects.filter(run=killed).exists()
posted = LedgerEntry.objects.filter(run=first, superseded_at=None).count()
assert posted == len(first.open().data["lines"]["account"])
execution.execute(killed, execution.silent)
killed.refresh_from_db()
first.refresh_from_db()
assert killed.status == "done" and first.superseded_by_id == killed.pk
assert LedgerEntry.objects.filter(run=killed).count() == 2
assert LedgerEntry.objects.filter(run=first, superseded_by=killed).count() == 2
assert LedgerEntry.objects.filter(superseded_at=None).count() == posted
print("consistent")
"""


def _python(code: str, home: Path, database: str = "") -> subprocess.CompletedProcess[str]:
    """Run a program on an installation of its own: on a file in it, or on the database named."""
    environment = os.environ | {
        "TANHENG_HOME": str(home),
        "PYTHONPATH": str(SOURCE),
        "DJANGO_SETTINGS_MODULE": "tanheng_web.settings",
        "TANHENG_DATABASE_URL": database,
    }
    environment.pop("PYTEST_CURRENT_TEST", None)
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=280, check=False)


def test_a_killed_run_leaves_the_ledger_as_it_was(tmp_path):
    prepared = _python(PREPARE, tmp_path)
    assert prepared.returncode == 0, prepared.stderr
    killed = _python(KILL, tmp_path)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    looked = _python(LOOK, tmp_path)
    assert looked.stdout.strip() == "consistent", looked.stderr
