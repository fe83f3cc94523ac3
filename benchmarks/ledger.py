"""碳账本 with 150 000 entries of one enterprise: pages, proof, and what posting one changed line costs.

Five years of 500 streams (30 000 lines each time), posted once in full and then with new values for every line, so that
five generations lie in the tables. SQLite, through the test client: what the server needs for one request.
"""

import copy
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.record import record

YEARS, GENERATIONS, ROUNDS = (2021, 2022, 2023, 2024, 2025), 5, 15
QUERIES = {
    "year": "period=2025",
    "year_source": "period=2025&source=fuel_combustion&order=value",
    "year_superseded": "period=2025&state=all&page=40",
    "every_year": "years=all",
    "every_year_search": "years=all&q=s1",
}


def _enterprise() -> Any:
    from tanheng_web.accounts.models import User
    from tanheng_web.organisations.models import Organisation

    by = User.objects.create_superuser("chief", password="a-long-password-7")
    works = Organisation.objects.create(name="台账企业", province="河北", standard="gbt_32151_5_2015")
    return works, by


def _posted(works: Any, by: Any, year: int, document: Any) -> Any:
    from datetime import date

    from tanheng_web.inventory.models import Run
    from tanheng_web.inventory.posting import run_post

    run = Run.objects.create(
        organisation=works, standard=works.standard, period=str(year), first_month=date(year, 1, 1),
        last_month=date(year, 12, 1), created_by=by,
    )  # fmt: skip
    start = time.perf_counter()
    run_post(run=run, document=document, views={"decimals": 2}, fingerprint=str(run.pk))
    return time.perf_counter() - start


def _changed(document: Any, lines: Any) -> Any:
    """The same result with other values on some lines, its sums added up anew."""
    from tanheng.accounting.figures import add
    from tanheng.accounting.result import ResultDocument

    data = copy.deepcopy(document.data)
    for n in lines:
        data["lines"]["value"][n] += 1.0
    own = data["lines"]
    data["total"]["value"] = add(own["value"])
    for month, held in data["months"].items():
        held["value"] = add(v for v, m in zip(own["value"], own["month"], strict=True) if m == month)
    data["accounts"]["enterprise"]["value"] = data["total"]["value"]
    return ResultDocument(data)


def _filled(works: Any, by: Any) -> dict[str, float]:
    from benchmarks.recalculate import streams
    from tanheng.accounting.run import run
    from tanheng.kernel.periods import Period
    from tanheng.rules.package import load_standard

    standard, whole, one = load_standard(works.standard), [], []
    for year in YEARS:
        document = run(standard, streams(0, year), period=Period.parse(str(year)))
        every = range(len(document.data["lines"]["value"]))
        for _ in range(GENERATIONS):
            whole.append(_posted(works, by, year, document))
            document = _changed(document, every)
        one.append(_posted(works, by, year, _changed(document, every)))
        one.append(_posted(works, by, year, _changed(_changed(document, every), every[:1])))
    return {"seconds_post_6000_lines": statistics.median(whole), "seconds_post_1_of_6000_lines": min(one[1::2])}


def _measured(works: Any) -> dict[str, float]:
    from django.test import Client

    from tanheng_web.inventory.ledger.reconciliation import book_held

    client, found = Client(), {}
    client.login(username="chief", password="a-long-password-7")
    for name, query in QUERIES.items():
        seconds = []
        for _ in range(ROUNDS):
            book_held.cache_clear()  # every visit as the first one after a posting
            start = time.perf_counter()
            page = client.get(f"/o/{works.pk}/results/ledger/?{query}")
            seconds.append(time.perf_counter() - start)
            assert page.status_code == 200
        assert all(strip.agrees for strip in page.context["strips"]), name
        found[f"ms_{name}"] = round(1000 * statistics.median(seconds))
    return found


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"TANHENG_HOME": home, "DJANGO_SETTINGS_MODULE": "tanheng_web.settings"}
        os.environ.pop("TANHENG_DATABASE_URL", None)
        import django
        from django.conf import settings

        django.setup()
        from django.core.management import call_command
        from django.test.utils import setup_test_environment

        setup_test_environment()
        settings.SECURE_SSL_REDIRECT = False
        call_command("migrate", verbosity=0)
        works, by = _enterprise()
        posting = {name: round(seconds, 3) for name, seconds in _filled(works, by).items()}
        from tanheng_web.inventory.models import LedgerEntry

        entries = LedgerEntry.objects.count()
        assert entries >= 150_000, entries
        size = round((Path(home) / "tanheng.sqlite3").stat().st_size / 2**20)
        figures = {"entries": entries, "database_mb": size, **posting, **_measured(works)}
        record("ledger", figures, {"ms_year": "<= 500", "seconds_post_1_of_6000_lines": "<= 1"})


if __name__ == "__main__":
    main()
