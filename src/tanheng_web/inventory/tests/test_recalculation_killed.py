"""A recalculation whose worker is really killed, while computing and while posting, is taken up where it stopped."""

import signal

from tanheng_web.inventory.tests.test_killed import _python

PREPARE = """
import django
django.setup()
from datetime import date
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tanheng.kernel.periods import Month
from tanheng_web.accounts.models import User
from tanheng_web.inventory import services
from tanheng_web.inventory.tests.world import month_fill, works_with_streams
from tanheng_web.inventory.recalculation.services import recalculation_create
from tanheng_web.organisations.models import Organisation
by = User.objects.create_superuser("chief")
works = Organisation.objects.create(
    name="示范钢铁", province="河北", standard="gbt_32151_5_2015", allow_self_approval=True
)
works_with_streams(works, by)
runs = []
for year in (2023, 2024, 2025):
    month_fill(works, Month(year, 1), enter=by, review=by)
    runs.append(services.run_execute_now(organisation=works, period=f"{year}-01", by=by, as_of=date(2023, 6, 30)))
recalculation_create(organisation=works, runs=runs, by=by, as_of=date(2026, 6, 30))
"""
# the worker dies inside the second step, before it is committed
KILL = """
import os, signal, django
django.setup()
from tanheng_web.common.models import Job
from tanheng_web.inventory.recalculation import execution
from tanheng_web.inventory.models import RecalculationItem
real, seen = execution.{step}, []
def dies(made, item):
    real(made, item)
    seen.append(item.pk)
    if len(seen) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
execution.{step} = dies
job = Job.objects.order_by("-pk").first()
execution.{task}.func(job.pk, **job.kwargs)
"""
# what the worker does when it starts: mark, resume, carry out
RESUME = """
import django
django.setup()
from tanheng_web.common.jobs import interrupted_mark, resume
from tanheng_web.common.models import Job
from tanheng_web.inventory.models import LedgerEntry, Recalculation, RecalculationItem, Run
from tanheng_web.inventory.recalculation import execution, services
made = Recalculation.objects.get()
assert list(made.items.values_list("status", flat=True)).count("{done}") == 1
assert interrupted_mark() == 1 and resume() == 1
from django.core.management import call_command
call_command("db_worker", batch=True, interval=0.1, startup_delay=False)
made.refresh_from_db()
assert made.status == "{after}", made.status
assert Job.objects.order_by("-pk").first().status == "done"
assert set(made.items.values_list("status", flat=True)) == {{"{done}"}}
{more}
print("consistent")
"""
ACCEPT = """
services.recalculation_accept(recalculation=made, by=made.created_by)
"""
PROVE = """
assert Run.objects.count() == 6 and Run.objects.current().count() == 3
for item in made.items.all():
    assert item.new_run.total == item.new_total and item.run.superseded_by_id == item.new_run_id
    current = LedgerEntry.objects.filter(book=item.new_run.posting.book).current()
    assert current.count() == len(item.run.open().data["lines"]["account"]), "nothing double, nothing lost"
    assert LedgerEntry.objects.filter(run=item.new_run).count() == item.new_run.posting.superseded == 3
"""


def test_a_killed_recalculation_goes_on_where_it_stopped(tmp_path):
    prepared = _python(PREPARE, tmp_path)
    assert prepared.returncode == 0, prepared.stderr
    killed = _python(KILL.format(step="_compute", task="recalculation_compute"), tmp_path)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    resumed = _python(RESUME.format(done="computed", after="computed", more=ACCEPT), tmp_path)
    assert resumed.stdout.strip().endswith("consistent"), resumed.stderr
    killed = _python(KILL.format(step="_post", task="recalculation_post"), tmp_path)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    resumed = _python(RESUME.format(done="posted", after="accepted", more=PROVE), tmp_path)
    assert resumed.stdout.strip().endswith("consistent"), resumed.stderr
