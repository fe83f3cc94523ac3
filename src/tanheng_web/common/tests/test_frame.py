import re
from pathlib import Path

import pytest
from django.urls import path

import tanheng_web
from tanheng_web import assets, environment, urls
from tanheng_web.accounts.models import Membership
from tanheng_web.common.errors import server_error

PACKAGE = Path(tanheng_web.__file__).parent


def failing(request):
    raise RuntimeError("secret detail")


class BrokenUrls:
    urlpatterns = [path("broken/", failing, name="broken"), *urls.urlpatterns]
    handler500 = staticmethod(server_error)


def test_a_bug_is_a_page_with_a_number_that_the_log_holds(sign_in, settings, caplog):
    settings.ROOT_URLCONF = BrokenUrls
    client = sign_in("viewer")
    client.raise_request_exception = False
    response = client.get("/broken/")
    assert response.status_code == 500
    assert "系统出错" in response.text
    assert "secret" not in response.text
    assert "Traceback" not in response.text
    assert response.headers["X-Request-ID"] in response.text


def test_a_foreign_enterprise_is_not_there_and_a_lacking_right_is_said(sign_in, world):
    client = sign_in("viewer")
    missing = client.get(f"/o/{world.foreign.pk}/settings/")
    assert missing.status_code == 404
    assert "外厂" not in missing.text
    assert client.get("/o/999999/settings/").text.replace(" ", "")[:200] == missing.text.replace(" ", "")[:200]
    refused = client.get(f"/o/{world.works.pk}/settings/members/")
    assert refused.status_code == 403
    assert "您在“示范钢铁”没有“管理成员”的权限" in refused.text


def test_too_large_a_body_is_refused_before_it_is_read(sign_in, settings):
    client = sign_in("manager")
    response = client.generic("POST", "/theme/", b"x", CONTENT_LENGTH=str(settings.UPLOAD_LIMIT_BYTES * 2))
    assert response.status_code == 413
    assert "超过 50 MB" in response.text


def test_an_expired_form_says_so(world):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    response = client.post("/login/", {"username": "x", "password": "y"})
    assert response.status_code == 403
    assert "页面已过期" in response.text


def test_errors_answer_htmx_with_a_fragment(sign_in):
    response = sign_in("viewer").get("/o/999999/", headers={"HX-Request": "true"})
    assert response.status_code == 404
    assert "<html" not in response.text
    assert "HX-Request" in response.headers["Vary"]


def test_health(client, db):
    assert client.get("/healthz").json() == {"database": "ok", "worker": "absent"}


def test_the_theme_is_a_cookie_that_the_server_renders(sign_in):
    client = sign_in("viewer")
    response = client.post("/theme/", {"theme": "dark", "next": "/organisations/"})
    assert response.url == "/organisations/"
    assert 'data-bs-theme="dark"' in client.get("/organisations/").text
    assert client.post("/theme/", {"theme": "<x>", "next": "//evil.example"}).url == "/"
    assert 'data-theme="auto"' in client.get("/organisations/").text


def test_the_menu_shows_what_a_person_may_open(sign_in, world):
    page = f"/o/{world.works.pk}/settings/"
    assert "settings/members/" in sign_in("admin").get(page).text
    assert "settings/members/" not in sign_in("viewer").get(page).text


def test_the_period_is_in_the_url_and_remembered(sign_in, world):
    client, page = sign_in("viewer"), f"/o/{world.works.pk}/settings/"
    assert "2024 年 3–5 月" in client.get(page, {"period": "2024-03..2024-05"}).text
    assert "2024 年 3–5 月" in client.get(page).text
    assert client.get(page, {"period": "rubbish"}).status_code == 200


def test_search_finds_what_a_person_may_see_and_nothing_else(sign_in, world):
    client = sign_in("group_viewer")
    found = client.get("/search/", {"q": "示范"}, headers={"HX-Request": "true"}).text
    assert "示范钢铁" in found
    assert "<html" not in found
    assert "没有找到" in client.get("/search/", {"q": "外厂"}).text


def test_home_leads_to_the_enterprise_last_looked_at(sign_in, world):
    client = sign_in("group_viewer")
    assert client.get("/").url == f"/o/{world.works.pk}/"
    client.get(f"/o/{world.group.pk}/settings/")
    assert client.get("/").url == f"/o/{world.group.pk}/"
    Membership.objects.all().delete()
    assert client.get("/").url == "/organisations/"
    assert "还不是任何企业的成员" in client.get("/organisations/").text


def test_the_list_of_enterprises_asks_the_database_a_fixed_number_of_times(
    sign_in, world, django_assert_max_num_queries
):
    from tanheng_web.organisations.models import Organisation

    for number in range(30):
        Organisation.objects.create(name=f"子公司 {number}", parent=world.group)
    client = sign_in("group_viewer")
    client.get("/organisations/")
    with django_assert_max_num_queries(12):
        client.get("/organisations/")


def test_every_icon_that_a_template_names_is_in_the_sprite():
    used = set()
    for template in PACKAGE.rglob("templates/**/*.html"):
        used |= set(re.findall(r'{% icon "([a-z0-9-]+)"', template.read_text(encoding="utf-8")))
    for module in PACKAGE.rglob("navigation.py"):
        used |= set(re.findall(r'icon="([a-z0-9-]+)"', module.read_text(encoding="utf-8")))
    assert used - set(assets.ICONS) == set(), "add these to tanheng_web/icons.txt"


def test_no_template_carries_inline_script_or_handlers():
    for template in PACKAGE.rglob("templates/**/*.html"):
        text = template.read_text(encoding="utf-8")
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", text), template
        assert not re.search(r"\son[a-z]+=", text), template
        assert "hx-on" not in text, f"{template}: hx-on evaluates, which the policy forbids"


def test_the_secret_key_is_made_once_and_private(tmp_path, monkeypatch):
    monkeypatch.delenv("TANHENG_SECRET_KEY", raising=False)
    key = environment.secret_key(tmp_path)
    assert len(key) > 60
    assert environment.secret_key(tmp_path) == key
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    assert [found.name for found in tmp_path.iterdir()] == ["secret_key"]


def test_the_database_follows_its_url(tmp_path):
    assert environment.database(tmp_path, "")["NAME"] == tmp_path / "tanheng.sqlite3"
    given = environment.database(tmp_path, "postgresql://tan:p%40ss@db:5433/carbon?sslmode=require")
    assert (given["HOST"], given["PORT"], given["PASSWORD"], given["NAME"]) == ("db", "5433", "p@ss", "carbon")
    assert given["OPTIONS"] == {"sslmode": "require"}
    assert environment.database(tmp_path, "postgresql://u@/db?host=/run/pg")["HOST"] == "/run/pg"
    with pytest.raises(ValueError, match="postgresql"):
        environment.database(tmp_path, "mysql://x/y")


def test_there_are_no_missing_migrations(db):
    from django.core.management import call_command

    call_command("makemigrations", "accounts", "organisations", "common", "--check", "--dry-run", verbosity=0)
