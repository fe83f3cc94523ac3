"""Search over 100 000 factors: the index alone, LIKE over the same rows beside it, and a real server under 20 users.

The entries are made of the packaged ones under other names and years; they are called synthetic and live only here.
"""

import http.client
import os
import random
import re
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.record import record

__all__ = ["main"]

ENTRIES = 100_000
QUERIES = 400
USERS, THINK_S, SECONDS = 20, 0.3, 30
TARGETS = {
    "query_p95_ms": "<= 10", "http_p95_ms": "<= 60", "http_first_page_s": "<= 3",
    "http_page_after_publication_s": "<= 3",
}  # fmt: skip
PASSWORD = "a-long-password-7"
WORDS = ["华北", "电力", "华东", "天然气", "柴油", "铝", "电解铝", "排放因子", "低位发热量", "河北", "生态环境部",
         "石油焦", "运输", "氧化铝", "平均", "碳酸", "热力", "焦炭", "欧盟", "CPCD", "合成 77", "2021"]  # fmt: skip
VALUES = {
    "metal": ["al", "fe", "cu"], "stage": ["smelting", "energy", "upstream", "transport"],
    "carrier": ["coal", "oil", "electricity"], "emission_type": ["direct", "indirect"], "gas": ["CO2", "CO2e"],
    "region": ["华北", "河北", "全国"], "data_year": ["2021", "2022", "2023"], "publisher": ["生态环境部"],
    "klass": ["electricity", "fossil_fuel"], "family": ["inventory", "life_cycle"],
}  # fmt: skip


def main() -> None:
    """Measure the index, the baseline and the server; print and keep the figures."""
    figures = _index()
    figures |= _server()
    figures["load_average"] = round(os.getloadavg()[0], 1)  # others at work on the machine count in every clock
    record("factor_search", figures, TARGETS)


def synthetic():
    """100 000 entries: the packaged ones under other names, ids and years."""
    from tanheng.rules.factors import packaged

    base = packaged().all()
    return [
        replace(
            base[number % len(base)],
            id=f"synthetic:{number}",
            zh=f"合成 {number} {base[number % len(base)].zh}",
            data_year=str(2010 + number % 16),
            valid_to=None,
        )
        for number in range(ENTRIES)
    ]


def questions(seed: int, count: int) -> list[tuple[str, dict[str, str]]]:
    """Words as they are typed, growing, with up to three dimensions."""
    rng = random.Random(seed)
    found = []
    while len(found) < count:
        text = " ".join(rng.sample(WORDS, rng.choice([0, 1, 1, 2])))
        names = rng.sample(sorted(VALUES), rng.choice([0, 1, 1, 2, 3]))
        chosen = {name: rng.choice(VALUES[name]) for name in names}
        found += [(text[:end], chosen) for end in range(1, len(text) + 1)] or [("", chosen)]
    return found[:count]


def _index() -> dict[str, object]:
    from tanheng.rules.factors.search import FactorIndex, Query

    factors = synthetic()
    began = time.perf_counter()
    index = FactorIndex(factors, {"state": ["current"] * len(factors)})
    built_s = time.perf_counter() - began
    asked = questions(1, QUERIES)
    took, worked, totals = [], [], []
    for text, chosen in asked:
        began, began_cpu = time.perf_counter(), time.thread_time()
        found = index.search(Query(text, {name: (value,) for name, value in chosen.items()}, 0, 30))
        took.append((time.perf_counter() - began) * 1000)
        worked.append((time.thread_time() - began_cpu) * 1000)
        totals.append(found.total)
    return {
        "entries": len(index),
        "index_built_s": round(built_s, 2),
        "query_p50_ms": round(statistics.median(took), 2),
        "query_p95_ms": round(_p95(took), 2),
        "query_p95_cpu_ms": round(_p95(worked), 2),
        "hits_median": int(statistics.median(totals)),
        **_like(index, asked, totals),
    }


def _like(index, asked, totals) -> dict[str, object]:
    """The same questions as LIKE over a table of the same texts, count and page only, no facets."""
    from tanheng.rules.factors.search import value_of

    base = sqlite3.connect(":memory:")
    names = sorted(VALUES)
    base.execute(f"create table factor (text, {', '.join(names)})")
    rows = (
        [index.text_of(f.id), *(f" {f.metal} " if name == "metal" else value_of(f, name) for name in names)]
        for f in index.factors
    )
    base.executemany(f"insert into factor values ({', '.join('?' * (len(names) + 1))})", rows)
    took, same = [], 0
    for (text, chosen), total in list(zip(asked, totals, strict=True))[:100]:
        where = ["text like ?" for _ in text.split()] + [
            "metal like ?" if name == "metal" else f"{name} = ?" for name in chosen
        ]
        values = [f"%{word.lower()}%" for word in text.split()]
        values += [f"% {value} %" if name == "metal" else value for name, value in chosen.items()]
        clause = f" where {' and '.join(where)}" if where else ""
        began = time.perf_counter()
        count = base.execute(f"select count(*) from factor{clause}", values).fetchone()[0]
        base.execute(f"select rowid from factor{clause} limit 30", values).fetchall()
        took.append((time.perf_counter() - began) * 1000)
        same += count == total
    return {"like_p95_ms": round(_p95(took), 2), "like_finds_the_same": f"{same} of {len(took)}"}


def _server() -> dict[str, object]:
    """Start `tanheng serve` over a library of 100 000 own factors and let 20 users type."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "TANHENG_HOME": home, "DJANGO_SETTINGS_MODULE": "tanheng_web.settings"}
        subprocess.run([sys.executable, "-m", "benchmarks.factor_search", "fill"], env=environment, check=True)
        port = _free_port()
        command = [sys.executable, "-m", "tanheng.cli", "serve", "--port", str(port)]
        with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
            try:
                return _typed(port, _until_it_answers(port)) | _after_a_publication(port, environment, server.pid)
            finally:
                server.terminate()


def _fill() -> None:
    """In a process of its own: an enterprise, users, 100 000 published own factors."""
    _django()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from tanheng_web.accounts.models import Membership, Role, User
    from tanheng_web.organisations.models import Organisation

    works = Organisation.objects.create(name="基准钢铁", province="河北", standard="gbt_32151_5_2015")
    people = [User.objects.create_user(name, password=PASSWORD) for name in ("bench", "bench2")]
    for person in people:
        Membership.objects.create(user=person, organisation=works, role=Role.MANAGER)
    _published(works, people, synthetic())


def _publish() -> None:
    """In a process of its own: one factor more."""
    _django()
    from tanheng_web.accounts.models import User
    from tanheng_web.organisations.models import Organisation

    people = [User.objects.get(username=name) for name in ("bench", "bench2")]
    _published(Organisation.objects.get(), people, [replace(synthetic()[0], id="synthetic:one-more")])


def _django() -> None:
    import django

    django.setup()


def _published(works, people, factors) -> None:
    """Factors as an import of them leaves them, without the checks that are not measured here."""
    import uuid
    from datetime import date

    from django.utils import timezone

    from tanheng_web.catalogue.factors.services import COLUMNS, DETAILS
    from tanheng_web.catalogue.models import Factor, FactorImport, FactorShelf, FactorVersion

    batch = FactorImport.objects.create(
        organisation=works, name="synthetic", uploaded_by=people[0], reviewed_by=people[1],
        status=FactorImport.Status.PUBLISHED, reviewed_at=timezone.now(),
    )  # fmt: skip
    rows = Factor.objects.bulk_create((Factor(organisation=works, code=f.id) for f in factors), batch_size=2000)
    FactorVersion.objects.bulk_create(
        (
            FactorVersion(
                factor=row, version=1, batch=batch, status="published", value=said.value, value_text=str(said.value),
                created_by=people[0], reviewed_by=people[1], recorded_on=date(2026, 1, 1),
                details={name: getattr(said, name) for name in DETAILS},
                **{name: getattr(said, name) for name in COLUMNS if name != "published_on"},
                published_on=said.published_on or date(2026, 1, 1),
            )
            for row, said in zip(rows, factors, strict=True)
        ),
        batch_size=2000,
    )  # fmt: skip
    FactorShelf.objects.update_or_create(organisation=works, defaults={"stamp": uuid.uuid4().hex})


def _free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


def _until_it_answers(port: int) -> float:
    began = time.perf_counter()
    while time.perf_counter() - began < 120:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            return time.perf_counter() - began
        except OSError:
            time.sleep(0.1)  # the server is starting: it has no other way to say so
    raise TimeoutError("the server did not start")


def _typed(port: int, started_s: float) -> dict[str, object]:
    cookie, path = _signed_in(port)
    began = time.perf_counter()
    _get(http.client.HTTPConnection("127.0.0.1", port, timeout=120), path, cookie, "", {})
    first_s = time.perf_counter() - began
    took: list[float] = []
    failed: list[int] = []
    users = [threading.Thread(target=_user, args=(port, path, cookie, seed, took, failed)) for seed in range(USERS)]
    for user in users:
        user.start()
    for user in users:
        user.join()
    return {
        "http_first_page_s": round(first_s, 2),
        "http_p50_ms": round(statistics.median(took), 1),
        "http_p95_ms": round(_p95(took), 1),
        "http_requests": len(took),
        "http_failed": len(failed),
        "http_users": USERS,
    }


def _after_a_publication(port: int, environment: dict[str, str], pid: int) -> dict[str, object]:
    """The first search after one factor more was published, and how large the server's process has been."""
    subprocess.run([sys.executable, "-m", "benchmarks.factor_search", "publish"], env=environment, check=True)
    cookie, path = _signed_in(port)
    began = time.perf_counter()
    _get(http.client.HTTPConnection("127.0.0.1", port, timeout=120), path, cookie, "", {})
    after_s = time.perf_counter() - began
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    peak_kb = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    return {"http_page_after_publication_s": round(after_s, 2), "server_peak_mb": round(peak_kb / 1024)}


def _signed_in(port: int) -> tuple[str, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/login/")
    answer = connection.getresponse()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.read().decode())[1]
    first = answer.headers["Set-Cookie"].split(";")[0]
    body = urlencode({"username": "bench", "password": PASSWORD, "csrfmiddlewaretoken": token})
    headers = {"Cookie": first, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/login/", body, headers)
    answer = connection.getresponse()
    answer.read()
    cookies = [value.split(";")[0] for name, value in answer.getheaders() if name.lower() == "set-cookie"]
    return "; ".join(cookies), "/o/1/catalogue/factors/"


def _user(port: int, path: str, cookie: str, seed: int, took: list[float], failed: list[int]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    rng, end = random.Random(seed), time.perf_counter() + SECONDS
    time.sleep(rng.uniform(0, THINK_S))
    for text, chosen in questions(seed + 100, 10_000):
        if time.perf_counter() > end:
            return
        began = time.perf_counter()
        status = _get(connection, path, cookie, text, chosen)
        took.append((time.perf_counter() - began) * 1000)
        if status != 200:
            failed.append(status)
        time.sleep(THINK_S)


def _get(connection: http.client.HTTPConnection, path: str, cookie: str, text: str, chosen: dict[str, str]) -> int:
    query = urlencode({"q": text, **chosen})
    connection.request("GET", f"{path}?{query}", headers={"Cookie": cookie, "HX-Request": "true"})
    answer = connection.getresponse()
    answer.read()
    return answer.status


def _p95(numbers: list[float]) -> float:
    return sorted(numbers)[int(len(numbers) * 0.95)]


if __name__ == "__main__":
    {"fill": _fill, "publish": _publish}.get("".join(sys.argv[1:]), main)()
