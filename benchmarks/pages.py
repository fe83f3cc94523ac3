"""Server time of the result page and 碳全景 with 5 years × 200 streams: 100 requests each, real settings.

Data go in by the real services (streams, values, submit, approve, run); only the clock and the log-in are left out.
"""

import os
import statistics
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path

from benchmarks.record import record

__all__ = ["main"]

YEARS = range(2021, 2026)
STREAMS = 200
REQUESTS = 100
TARGET_MS = "<= 150"
# (material, role, direction, quantity a month, in a process): engineering magnitudes, varied by month and place
KINDS = [
    ("washed_coal", "fuel", "in", 9_000, False),
    ("anthracite", "fuel", "in", 3_000, False),
    ("natural_gas", "fuel", "in", 40, False),
    ("limestone", "flux", "in", 5_000, False),
    ("dolomite", "flux", "in", 2_000, False),
    ("electricity", "electricity", "in", 8_000, False),
    ("crude_steel", "product", "out", 40_000, False),
    ("coke", "fuel", "in", 4_000, True),
    ("anthracite", "fuel", "in", 2_000, True),
    ("electricity", "electricity", "in", 1_500, True),
]
PROCESSES = ["焦化", "烧结", "球团", "高炉炼铁", "转炉炼钢", "轧钢", "石灰", "自备电厂"]


def main() -> None:
    """Build the works, measure the pages, print and keep the figures."""
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(TANHENG_HOME=home, DJANGO_SETTINGS_MODULE="tanheng_web.settings")
        import django

        django.setup()
        from django.core.management import call_command
        from django.test.utils import override_settings

        call_command("migrate", verbosity=0)
        began = time.perf_counter()
        organisation, manager = _works()
        built_s = time.perf_counter() - began
        with override_settings(ALLOWED_HOSTS=["testserver"]):
            figures = _measure(organisation, manager)
        figures["built_s"] = round(built_s, 1)
        record("pages", figures, {key: TARGET_MS for key in figures if key.endswith("p95_ms")})


def _works():
    from tanheng_web.accounts.models import Membership, Role, User
    from tanheng_web.inventory.services import run_execute_now
    from tanheng_web.organisations.models import Organisation

    chief = User.objects.create_superuser("chief")
    manager = User.objects.create_user("manager")
    organisation = Organisation.objects.create(
        name="基准钢铁", province="河北", standard="gbt_32151_5_2015", allow_self_approval=True
    )
    Membership.objects.create(user=manager, organisation=organisation, role=Role.MANAGER)
    streams = _streams(organisation, chief)
    for year in YEARS:
        for number in range(1, 13):
            _month(organisation, streams, year, number, chief)
        run_execute_now(organisation=organisation, period=str(year), by=manager)
    run_execute_now(organisation=organisation, period=f"{YEARS[0]}..{YEARS[-1]}", by=manager)
    return organisation, manager


def _streams(organisation, by):
    from tanheng_web.collection.services import streams_create
    from tanheng_web.organisations.services import process_add

    paths = []
    for name in PROCESSES:
        top = process_add(organisation=organisation, by=by, name=name)
        for number in (1, 2, 3):
            paths.append(process_add(organisation=organisation, by=by, name=f"{number}号", parent=top).path)
    proposals = []
    for number in range(STREAMS):
        material, role, direction, _, inside = KINDS[number % len(KINDS)]
        place = {"process": paths[number % len(paths)]} if inside else {}
        named = {"code": f"S{number:03d}", "label": f"{material} {number}", "components": ["quantity"]}
        proposals.append({"material": material, "role": role, "direction": direction, **named, **place})
    return streams_create(by=by, organisation=organisation, proposals=proposals)


def _month(organisation, streams, year: int, number: int, by) -> None:
    from tanheng.kernel.periods import Month
    from tanheng_web.collection.models import MonthReport
    from tanheng_web.collection.services import Change, month_approve, month_submit, values_set

    month = Month(year, number)
    changes = [
        Change(stream, "quantity", Decimal(KINDS[place % len(KINDS)][3] + 7 * place + 31 * number + year - 2020))
        for place, stream in enumerate(streams)
    ]
    values_set(by=by, organisation=organisation, month=month, changes=changes)
    report = MonthReport.objects.get(organisation=organisation, month=month.first_day, status=MonthReport.Status.DRAFT)
    month_approve(by=by, report=month_submit(by=by, report=report), refresh=False)


def _measure(organisation, manager) -> dict[str, float]:
    from django.test import Client
    from django.urls import reverse

    from tanheng_web.inventory.models import Run

    client = Client()
    client.force_login(manager)
    year, five = (Run.objects.get(period=period) for period in (str(YEARS[-1]), f"{YEARS[0]}-01..{YEARS[-1]}-12"))
    panorama = reverse("dashboards:panorama", args=[organisation.pk]) + f"?period={YEARS[-1]}"
    pages = {
        "result_year": reverse("inventory:run", args=[organisation.pk, year.pk]),
        "result_five_years": reverse("inventory:run", args=[organisation.pk, five.pk]),
        "panorama": panorama,
        "screen": panorama + "&screen=1",
        "list": reverse("inventory:runs", args=[organisation.pk]),
        "panel_total": reverse("inventory:figure", args=[organisation.pk, year.pk]) + "?a=total",
    }
    figures: dict[str, float] = {}
    for name, url in pages.items():
        figures |= {f"{name}_{key}": value for key, value in _timed(client, url).items()}
    return figures


def _timed(client, url: str) -> dict[str, float]:
    times = []
    for _ in range(REQUESTS):
        began = time.perf_counter()
        response = client.get(url)
        times.append((time.perf_counter() - began) * 1000)
        assert response.status_code == 200, url
    cuts = statistics.quantiles(times, n=20)
    return {"p50_ms": round(statistics.median(times), 1), "p95_ms": round(cuts[18], 1)}


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))
    main()
