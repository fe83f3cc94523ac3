"""Browser tests: Debian's Chromium against a live server; a page that logs an error fails its test."""

import os
import shutil
from pathlib import Path

import pytest

from tanheng_web.conftest import PASSWORD, sign_in, world  # noqa: F401  fixtures shared with the web apps

# Playwright runs an event loop in the test's thread; Django's guard against async callers is not meant here.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SHOTS = Path("test-results")
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("chromium is not installed: apt-get install chromium (scripts/setup.sh dev does it where it may)")
    return {**browser_type_launch_args, "executable_path": chromium, "args": ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": DESK}


@pytest.fixture
def faults(page):
    """What the browser complained about; a test that expects some empties the list. Checked when the test ends."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(f"script: {error}"))
    page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
    page.on("requestfailed", lambda request: found.append(f"request: {request.url} {request.failure}"))
    yield found
    real = [fault for fault in found if "ERR_ABORTED" not in fault]  # polling that a navigation cut short
    assert not real, "\n".join(real)


@pytest.fixture
def login(page, live_server, world, faults):  # noqa: F811
    """Log in through the page: ``login("manager", "/o/1/")`` returns the page there."""

    def enter(name: str, path: str = "/organisations/"):
        page.goto(f"{live_server.url}/login/?next={path}")
        page.fill("#id_username", name)
        page.fill("#id_password", PASSWORD)
        page.click(".login-form button")
        page.wait_for_url(f"**{path}")
        return page

    return enter


@pytest.fixture
def screenshot(page):
    """Keep a picture in test-results/: ``screenshot("login-dark")``."""

    def taken(name: str) -> Path:
        SHOTS.mkdir(exist_ok=True)
        path = SHOTS / f"{name}.png"
        page.screenshot(path=path, full_page=True)
        return path

    return taken


def overflow_px(page) -> int:
    """How far the page reaches beyond the window to the right."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
