"""The page of metals and stages: counts that open the search, gaps that are named."""

import re

import pytest
from django.urls import reverse

from tanheng_web.catalogue.tests.factors import GOOD, published


@pytest.fixture
def seen(world, sign_in):
    url = reverse("catalogue:factor-metals", args=[world.works.pk])
    return lambda: sign_in("reporter").get(url).content.decode()


def test_each_count_opens_as_many_entries(world, sign_in, seen):
    found = re.findall(r'href="([^"]+\?metal=al&amp;stage=[a-z]+)">(\d+)</a>', seen())
    assert len(found) >= 5
    for link, count in found:
        assert f'role="status">{count} 条' in sign_in("reporter").get(link.replace("&amp;", "&")).content.decode()


def test_what_is_missing_is_named_and_goes_once_it_is_published(world, seen):
    missing = r"<dt>锡</dt><dd>([^<]+)</dd>"
    assert "再生" in re.search(missing, seen())[1]
    tin = {**GOOD, "code": "SN", "zh": "再生锡", "value": "0.9", "unit": "tCO2/t", "klass": "工业过程", "metal": "锡",
           "stage": "再生", "carrier": "", "indicator": "", "material": "", "supersedes": "", "level": "企业",
           "emission_type": "直接排放"}  # fmt: skip
    published(world.works, world.people["manager"], world.people["admin"], tin)
    assert "再生" not in re.search(missing, seen())[1]
