"""From a directory to a running service: prepare, serve, demo, worker.

One process answers pages (waitress), one child carries out jobs. The child is restarted when it dies and ends when its
parent does; a file lock keeps it the only one of its installation.
"""

import fcntl
import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from argparse import Namespace
from pathlib import Path

from tanheng.cli.parser import Parser

__all__ = ["demo", "prepare", "serve", "worker"]

WORKER_STOP_SECONDS = 10
RESTART_PAUSE_SECONDS = 2
ORPHAN_CHECK_SECONDS = 2
CONNECTIONS = 500  # with waitress's 100, as many idle connections lock everybody out for two minutes
BODY_LIMIT_BYTES = 256 * 1024 * 1024  # above our own limit, whose page explains itself; this one only protects the disk


def _setup() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tanheng_web.settings")
    os.environ.setdefault("TANHENG_STATIC_MANIFEST", "1")
    import django

    django.setup()


def prepare(argv: list[str] | None = None) -> int:
    """Bring database and static files up to date; nothing happens when they are."""
    Parser(prog="tanheng prepare", description="更新数据库结构与静态文件 / migrate, collect static").parse_args(argv)
    _setup()
    _prepared()
    return 0


def _prepared() -> None:
    _migrated()
    _standards_laid_out()
    _collected()


def _standards_laid_out() -> None:
    from tanheng_web.catalogue.standards.publishing import materialise_all

    for name in materialise_all():
        print(f"自有标准 {name} 已按数据库更新", flush=True)


def _migrated() -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("更新数据库结构 …", flush=True)
        call_command("migrate", interactive=False, verbosity=0)


def _collected() -> None:
    from django.conf import settings
    from django.core.management import call_command

    stamp = Path(settings.STATIC_ROOT) / ".stamp"
    key = _static_key()
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != key:
        print("整理静态文件 …", flush=True)
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)
        stamp.write_text(key, encoding="utf-8")


def _static_key() -> str:
    """Names, sizes and times of all static files."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            state = Path(storage.path(name)).stat()
            digest.update(f"{name} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _arguments(argv: list[str] | None, name: str, words: str) -> Namespace:
    parser = Parser(prog=f"tanheng {name}", description=words)
    parser.add_argument("--host", default="127.0.0.1", help="监听地址 / address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="端口 / port (8000)")
    parser.add_argument("--threads", type=int, default=6, help="处理请求的线程数 / request threads (6)")
    parser.add_argument("--no-worker", action="store_true", help="不启动后台任务进程 / run the task worker elsewhere")
    return parser.parse_args(argv)


def serve(argv: list[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT; the database is migrated first when it must be."""
    options = _arguments(argv, "serve", "启动碳衡 / serve Tanheng")
    _setup()
    _prepared()
    return _serving(options)


def demo(argv: list[str] | None = None) -> int:
    """Load the demonstration plants when they are not there yet, then serve."""
    options = _arguments(argv, "demo", "载入演示企业并启动 / load two demonstration plants and serve")
    _setup()
    _prepared()
    _demo_loaded()
    return _serving(options)


def _demo_loaded() -> None:
    from tanheng_web.demo.load import accounts_text, is_complete, load

    if not is_complete():  # a load that was killed goes on where it stopped
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns) as bar:
            line = bar.add_task("载入演示数据", total=None)
            load(progress=lambda done, total, text: bar.update(line, completed=done, total=total, description=text))
    print(accounts_text(), flush=True)


def _serving(options: Namespace) -> int:
    from django.core.wsgi import get_wsgi_application
    from waitress import create_server

    try:
        server = create_server(
            get_wsgi_application(),
            host=options.host,
            port=options.port,
            threads=options.threads,
            max_request_body_size=BODY_LIMIT_BYTES,
            connection_limit=CONNECTIONS,
            asyncore_use_poll=True,  # select() knows 1,024 files at most
            ident=None,
            clear_untrusted_proxy_headers=True,
            **_trusted_proxy(),
        )
    except OSError as error:
        print(f"无法监听 {options.host}:{options.port}：{error.strerror}。请用 --port 换一个端口。", file=sys.stderr)
        return 1
    keeper = None if options.no_worker else _WorkerKeeper()
    signal.signal(signal.SIGTERM, _stop)
    print(f"碳衡已启动：http://{options.host}:{options.port}/  （Ctrl-C 停止）", flush=True)
    try:
        server.run()  # returns on KeyboardInterrupt and SystemExit, its threads having finished their requests
    finally:
        # Once is enough: supervisors signal process and group, people press Ctrl-C twice. The rest takes seconds.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        server.close()
        if keeper:
            keeper.stop()
    print("已停止。", flush=True)
    return 0


def _stop(number, frame):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise SystemExit(0)


def _trusted_proxy() -> dict[str, object]:
    """With TANHENG_HTTPS a reverse proxy on this machine (or TANHENG_PROXY) says who the client is."""
    from django.conf import settings

    if not settings.HTTPS:
        return {}
    return {
        "trusted_proxy": os.environ.get("TANHENG_PROXY", "127.0.0.1"),
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
    }


class _WorkerKeeper:
    """Keeps one worker process alive until told to stop."""

    def __init__(self) -> None:
        self._ending = threading.Event()
        self._process = self._started()
        self._thread = threading.Thread(target=self._watch, name="worker-keeper", daemon=True)
        self._thread.start()

    @staticmethod
    def _started() -> subprocess.Popen:
        command = [sys.executable, "-m", "tanheng_web", "worker", "--parent", str(os.getpid())]
        # Its own group: Ctrl-C reaches the server alone, which then ends the worker in order.
        return subprocess.Popen(command, start_new_session=True)

    def _watch(self) -> None:
        while True:
            code = self._process.wait()
            if self._ending.wait(RESTART_PAUSE_SECONDS):
                return
            print(f"后台任务进程意外退出（{code}），正在重新启动。", file=sys.stderr, flush=True)
            self._process = self._started()

    def stop(self) -> None:
        self._ending.set()
        self._process.terminate()
        try:
            self._process.wait(WORKER_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()  # the job is found as interrupted at the next start
            self._process.wait()


def worker(argv: list[str] | None = None) -> int:
    """Carry out background tasks until SIGTERM; the only worker of its installation."""
    parser = Parser(prog="tanheng worker", description="执行后台任务 / carry out background tasks")
    parser.add_argument("--parent", type=int, help="随此进程结束 / end when this process does")
    options = parser.parse_args(argv)
    os.environ["TANHENG_LOG_NAME"] = "worker"
    _setup()
    from django.conf import settings

    from tanheng_web.common.health import LOCK_NAME

    lock = (Path(settings.TANHENG_HOME) / LOCK_NAME).open("w")
    if not _locked(lock, settings.WORKER_LOCK_SECONDS):
        print("已有后台任务进程在运行 / another worker is running", file=sys.stderr)
        return 1
    _standards_laid_out()  # the worker may run on a machine of its own
    if options.parent:
        threading.Thread(target=_end_with, args=(options.parent,), daemon=True).start()
    return _working(settings.WORKER_INTERVAL_SECONDS)


def _locked(file, patience_seconds: float) -> bool:
    """Take the lock; a worker that is just ending gets a moment."""
    until = time.monotonic() + patience_seconds
    pause = threading.Event()
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() > until:
                return False
            pause.wait(0.2)


def _end_with(parent: int) -> None:
    """When the server is killed, its worker must not live on with the lock."""
    never = threading.Event()
    while os.getppid() == parent:
        never.wait(ORPHAN_CHECK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


def _working(interval: float) -> int:
    """Carry out what waits, look after the house once a day, wait a moment; a signal ends it."""
    from django.utils.crypto import get_random_string
    from django_tasks_db.management.commands.db_worker import Worker

    from tanheng_web.common.cleaning import Daily
    from tanheng_web.common.jobs import interrupted_mark, resume

    interrupted_mark()
    resume()
    loop = Worker(
        queue_names=["*"],
        interval=interval,
        batch=True,  # returns when nothing waits
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=get_random_string(32),
        excluded_queue_names=[],
    )
    loop.configure_signals()
    daily, pause = Daily(), threading.Event()
    while loop.running:
        loop.run()
        daily.tick()
        pause.wait(interval)
    return 0
