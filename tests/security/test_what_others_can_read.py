"""Files of an installation, its log, and what leaves it as a table."""

import logging
import logging.config
import os
import stat
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from tanheng_web import environment

START = """
import os; os.umask(0o022)
import django; django.setup()
from django.core.management import call_command; call_command("migrate", verbosity=0)
"""


def open_to_others(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o007)


def started(home: Path) -> None:
    surroundings = {key: text for key, text in os.environ.items() if key != "PYTEST_VERSION"}
    surroundings |= {"TANHENG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "tanheng_web.settings"}
    subprocess.run([sys.executable, "-c", START], check=True, env=surroundings)


def test_a_new_installation_is_closed_to_other_accounts(tmp_path):
    home = tmp_path / "home"
    started(home)
    database = home / "tanheng.sqlite3"
    assert database.exists()
    assert [path.name for path in (home, *home.rglob("*")) if open_to_others(path)] == []
    assert stat.S_IMODE((home / "secret_key").stat().st_mode) == 0o600
    database.chmod(0o644)  # as an older version left it
    (home / "logs").chmod(0o755)
    started(home)
    assert not open_to_others(database)
    assert not open_to_others(home / "logs")


def test_a_directory_that_was_there_keeps_its_own_mode(tmp_path):
    tmp_path.chmod(0o755)
    environment.close(tmp_path)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_nobody_writes_a_line_of_the_log(caplog):
    wanted = settings.LOGGING["formatters"]["line"]
    formatter = logging.config.DictConfigurator({"version": 1}).configure_formatter(dict(wanted))
    text = "/o/1\n2026-01-01 ERROR forged\r\x1b[31m\u2028end 厂"
    record = logging.LogRecord("a", logging.WARNING, "", 1, "GET %s", (text,), None)
    record.request_id = "-"
    line = formatter.format(record)
    assert len(line.splitlines()) == 1
    assert "\x1b" not in line
    assert line.endswith("end 厂")


def test_a_traceback_keeps_its_lines():
    wanted = settings.LOGGING["formatters"]["line"]
    formatter = logging.config.DictConfigurator({"version": 1}).configure_formatter(dict(wanted))
    try:
        raise ValueError("x")
    except ValueError:
        record = logging.LogRecord("a", logging.ERROR, "", 1, "failed", (), sys.exc_info())
    record.request_id = "-"
    assert len(formatter.format(record).splitlines()) > 2


def test_nothing_secret_by_default():
    assert settings.DEBUG is False
    assert "*" not in settings.ALLOWED_HOSTS
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.CSRF_COOKIE_HTTPONLY
