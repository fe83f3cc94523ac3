"""What the surroundings decide: the home directory, the secret key, the database."""

import atexit
import os
import secrets
import shutil
import tempfile
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

__all__ = ["close", "database", "flag", "home", "secret_key", "testing"]

OTHERS = 0o027  # the mask that leaves other accounts nothing, the group reading
SQLITE_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"


def testing() -> bool:
    """Whether pytest itself runs this process (it sets PYTEST_VERSION)."""
    return "PYTEST_VERSION" in os.environ


def flag(name: str, default: bool = False) -> bool:
    """An on/off variable: 1, true, yes, on count as on."""
    value = os.environ.get(name)
    return default if value is None else value.strip().lower() in {"1", "true", "yes", "on"}


def home() -> Path:
    """Where everything that is not code lives: database, files, logs, key. TANHENG_HOME, else ./var.

    Tests get a directory of their own that goes when they end.
    """
    if given := os.environ.get("TANHENG_HOME"):
        path = Path(given)
    elif testing():
        path = Path(tempfile.mkdtemp(prefix="tanheng-test-"))
        atexit.register(shutil.rmtree, path, ignore_errors=True)
    else:
        path = Path("var")
    path = path.resolve()
    path.mkdir(mode=0o750, parents=True, exist_ok=True)
    return path


def close(directory: Path) -> None:
    """Other accounts of the machine read nothing: neither what is written from now on nor what an older version left.

    The directory itself may be shared with other things, so it is closed only where we make it.
    """
    os.umask(os.umask(OTHERS) | OTHERS)
    for name in ("tanheng.sqlite3", "tanheng.sqlite3-wal", "tanheng.sqlite3-shm", "files", "logs"):
        path = directory / name
        if path.exists() and path.stat().st_uid == os.geteuid():
            path.chmod(path.stat().st_mode & 0o7770)


def secret_key(directory: Path) -> str:
    """TANHENG_SECRET_KEY, or the file TANHENG_SECRET_KEY_FILE, else one made at the first start with mode 600."""
    if given := os.environ.get("TANHENG_SECRET_KEY"):
        return given
    path = Path(os.environ.get("TANHENG_SECRET_KEY_FILE") or directory / "secret_key")
    if path.exists():
        return path.read_text(encoding="utf-8").strip()
    return _key_made(path)


def _key_made(path: Path) -> str:
    # Two processes may start at once: each writes its own file, the first link wins and both read that one.
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(secrets.token_urlsafe(64))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text(encoding="utf-8").strip()


def database(directory: Path, url: str | None = None) -> dict[str, object]:
    """Django's settings for the database named by TANHENG_DATABASE_URL; SQLite in the home directory without one."""
    url = url if url is not None else os.environ.get("TANHENG_DATABASE_URL", "")
    if not url:
        return _sqlite(directory / "tanheng.sqlite3", directory)
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)), directory)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(f"TANHENG_DATABASE_URL: postgresql:// or sqlite:// expected, got {parts.scheme!r}")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or options.pop("port", "")),
        "OPTIONS": options,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _sqlite(path: Path, directory: Path) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE_PRAGMAS},
        # In memory, threads share one cache and lock each other's tables; a file behaves as in production.
        "TEST": {"NAME": directory / "test.sqlite3"},
    }
