"""Cold start after set-up: seconds from process start to the first 200 of /login/, memory of all processes."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

__all__ = ["main", "measure"]

LIMIT_SECONDS = 5.0
LIMIT_MIB = 400.0
PATIENCE_SECONDS = 60
PAUSE_SECONDS = 0.02
WORKER_SECONDS = 2.0
RESULTS = Path(__file__).parent / "results" / "cold_start.json"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _status(port: int) -> int | None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/login/")
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    threads = Path(f"/proc/{pid}/task").iterdir()
    children += [child for thread in threads for child in (thread / "children").read_text().split()]
    return [pid, *(found for child in sorted(set(children)) for found in _family(int(child)))]


def _memory_mib(pid: int) -> dict[str, float]:
    """Resident and proportional size of one process [MiB]."""
    wanted = {"Rss:": "rss", "Pss:": "pss"}
    rows = (line.split() for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:])
    return {wanted[row[0]]: int(row[1]) / 1024 for row in rows if row[0] in wanted}


def measure(home: Path) -> dict[str, object]:
    """Start the service in a prepared home, wait for the first page, look at the processes, stop it."""
    port = _free_port()
    environment = {**os.environ, "TANHENG_HOME": str(home)}
    command = [sys.executable, "-m", "tanheng_web", "serve", "--port", str(port)]
    begun = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        while _status(port) != 200:
            if process.poll() is not None or time.perf_counter() - begun > PATIENCE_SECONDS:
                raise RuntimeError("the service did not start")
            time.sleep(PAUSE_SECONDS)
        seconds = time.perf_counter() - begun
        time.sleep(WORKER_SECONDS)  # the worker has set itself up by then
        _status(port)
        processes = [_memory_mib(pid) for pid in _family(process.pid)]
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE_SECONDS)
    return {
        "seconds": round(seconds, 2),
        "processes": len(processes),
        "rss_mib": round(sum(found["rss"] for found in processes), 1),
        "pss_mib": round(sum(found["pss"] for found in processes), 1),
    }


def main() -> None:
    """Measure in a fresh home (or TANHENG_BENCH_HOME), print, and keep the figures."""
    with tempfile.TemporaryDirectory(prefix="tanheng-cold-") as fresh:
        home = Path(os.environ.get("TANHENG_BENCH_HOME", fresh))
        environment = {**os.environ, "TANHENG_HOME": str(home)}
        subprocess.run(
            [sys.executable, "-m", "tanheng_web", "prepare"], env=environment, check=True, stdout=subprocess.DEVNULL
        )
        runs = sorted((measure(home) for _ in range(3)), key=lambda run: run["seconds"])
    result = runs[1] | {"limit_seconds": LIMIT_SECONDS, "limit_mib": LIMIT_MIB}
    result["ok"] = result["seconds"] <= LIMIT_SECONDS and result["rss_mib"] <= LIMIT_MIB
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(
        f"cold_start: {result['seconds']} s to the first page, {result['processes']} processes, "
        f"{result['rss_mib']} MiB resident ({result['pss_mib']} MiB proportional)"
    )


if __name__ == "__main__":
    main()
