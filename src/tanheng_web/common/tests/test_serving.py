"""The service as a process: starts, restarts its worker, stops both cleanly."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tanheng_web.serving import serve

PATIENCE_SECONDS = 40
PAUSE_SECONDS = 0.1


def wait_for(condition):
    """The first true answer of `condition`, polled; fails when none comes."""
    until, pause = time.monotonic() + PATIENCE_SECONDS, threading.Event()
    while time.monotonic() < until:
        if found := condition():
            return found
        pause.wait(PAUSE_SECONDS)
    raise AssertionError("it did not happen in time")


def is_up(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def workers_of(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task")
    return [int(child) for task in tasks.iterdir() for child in (task / "children").read_text().split()]


@pytest.fixture
def service(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {key: value for key, value in os.environ.items() if key != "PYTEST_VERSION"}
    environment |= {
        "TANHENG_HOME": str(tmp_path),
        "TANHENG_DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "tanheng_web.settings",
    }
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    command = [sys.executable, "-m", "tanheng_web", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        wait_for(lambda: is_up(port) or process.poll() is not None)
        yield process, port, tmp_path
    finally:
        process.kill()
        process.wait()


@pytest.mark.slow
def test_it_serves_keeps_its_worker_alive_and_stops_both(service):
    process, _port, home = service
    assert process.poll() is None, process.stdout.read()
    first = wait_for(lambda: workers_of(process.pid))[0]
    wait_for((home / "logs" / "worker.log").parent.exists)
    os.kill(first, signal.SIGKILL)
    second = wait_for(lambda: [pid for pid in workers_of(process.pid) if pid != first])[0]
    process.send_signal(signal.SIGTERM)
    process.send_signal(signal.SIGTERM)  # as `timeout` and some supervisors do
    assert process.wait(PATIENCE_SECONDS) == 0
    assert not Path(f"/proc/{second}").exists()
    assert "已停止" in process.stdout.read()
    assert (home / "secret_key").stat().st_mode & 0o777 == 0o600


@pytest.mark.slow
def test_a_killed_server_takes_its_worker_along(service):
    process, _port, _home = service
    worker = wait_for(lambda: workers_of(process.pid))[0]
    process.kill()
    process.wait()
    wait_for(lambda: not Path(f"/proc/{worker}").exists() or "Z" in Path(f"/proc/{worker}/stat").read_text())


def test_help_is_in_both_languages(capsys):
    with pytest.raises(SystemExit):
        serve(["--help"])
    assert "启动碳衡 / serve Tanheng" in capsys.readouterr().out
