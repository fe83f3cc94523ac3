"""S-4d: what a page says to a person is Chinese."""

import re
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from tanheng_web.collection.models import SourceStream
from tanheng_web.common.access_table import access_table
from tanheng_web.common.models import Job
from tanheng_web.common.tests.test_access_matrix import examples, urls  # noqa: F401  a fixture

pytestmark = pytest.mark.django_db
SAID = ("title", "placeholder", "aria-label", "alt")
SKIPPED = {"script", "style", "svg", "math", "code", "textarea"}  # what a person typed is no word of the page
# proper names, formats, units, hashes and ids of standards (in the log) stay as they are
KEPT = (
    "Tanheng|Excel|Word|docx|xlsx|PDF|PNG|CSV|JSON|SHA-256|IPCC|Ctrl|Esc|CO|MWh|kWh|tce|Nm|[0-9a-f]{12,}|gbt_[0-9_]+"
    "|CETS-AG|ISO|GHG Protocol|kgce|CRU|H?CFC|HFC[0-9a-z]*|https?://[^ ]+|[a-z]+(:[a-z0-9]+){2,}"
)
ENGLISH = re.compile(r"[A-Za-z]{3,}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


class _Texts(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.found = [], []

    def handle_starttag(self, tag, attrs):
        if tag in SKIPPED:
            self.open.append(tag)
        self.found += [value for name, value in attrs if name in SAID and value]

    def handle_endtag(self, tag):
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_data(self, data):
        if not self.open and data.strip():
            self.found.append(data.strip())


def english(page: str, given: set[str]) -> set[str]:
    """Texts without a Chinese sign that hold an English word; `given` are names and codes that people chose."""
    reader = _Texts()
    reader.feed(page)
    kept = re.compile("|".join([*map(re.escape, sorted(given, key=len, reverse=True)), KEPT]))
    return {text for text in reader.found if not CHINESE.search(text) and ENGLISH.search(kept.sub("", text))}


def test_every_page_speaks_chinese(world, examples, client):  # noqa: F811
    client.force_login(world.people["superuser"])
    given = {user.username for user in world.people.values()} | set(Job.objects.values_list("kind", flat=True))
    given |= set(SourceStream.objects.values_list("code", flat=True))
    parameters, seen, wrong = urls(), 0, {}
    for name, access in access_table().items():
        if access.method != "get":
            continue
        values = {"org": world.works.pk, **examples, **(examples.get(name) or {})}
        response = client.get(reverse(name, kwargs={key: values[key] for key in parameters[name]}), access.query)
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            seen += 1
            if found := english(response.content.decode(), given):
                wrong[name] = found
    assert seen > 20
    assert wrong == {}
