"""Clauses on how the product is set up: N-6.5a (works offline), N-8.1-3a (light)."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tanheng.kernel.resources import data_dir
from tanheng_web.common.tests.test_serving import is_up, service, workers_of  # noqa: F401  a fixture

CASE = data_dir() / "standards" / "gbt_32151_5_2015" / "cases" / "integrated_works.yaml"
TWO_GB_IN_KB = 2 * 1024**2
PROGRAM = """
import resource, sys
from pathlib import Path

def forbid(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        raise SystemExit(f"network: {event} {args}")

sys.addaudithook(forbid)

from tanheng.accounting import load_case, run
from tanheng.cli import main
from tanheng.reporting.content import Entity, ReportContent
from tanheng.reporting.docx import write_docx
from tanheng.rules.package import load_standard

case = load_case(sys.argv[1])
standard = load_standard(case.standards[0])
result = run(standard, case.stream_set, period=case.period, as_of=case.as_of)
write_docx(ReportContent.build(result, standard, Entity("某钢铁公司"), None), Path(sys.argv[2]))
code = main(["check", sys.argv[1]])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
sys.exit(code)
"""


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """A year accounted and reported in a process that ends as soon as it looks up a name or connects."""
    report = tmp_path_factory.mktemp("offline") / "report.docx"
    command = [sys.executable, "-c", PROGRAM, str(CASE), str(report)]
    finished = subprocess.run(command, capture_output=True, text=True, timeout=120)
    return finished, report


def test_the_accounts_and_the_report_need_no_network(done):
    finished, report = done
    assert finished.returncode == 0, finished.stderr
    assert "相符" in finished.stdout
    assert report.stat().st_size > 10_000


def resident_kb(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1])


@pytest.mark.slow
def test_server_worker_accounts_and_report_together_stay_below_2_gb(service, done):  # noqa: F811
    process, port, _ = service
    assert is_up(port)
    serving = sum(resident_kb(pid) for pid in [process.pid, *workers_of(process.pid)])
    working = int(done[0].stdout.split()[-1])
    assert 0 < serving + working < TWO_GB_IN_KB
