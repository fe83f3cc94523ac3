"""The months of an enterprise: which are late, which are not asked, and older years folded."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from tanheng.kernel.periods import Month
from tanheng_web.collection.models import SourceStream
from tanheng_web.collection.months import overview_of
from tanheng_web.collection.tests.conftest import fill
from tanheng_web.organisations.models import Organisation

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 10)


def set_up_on(plant, day: dt.date):
    at = timezone.make_aware(dt.datetime(day.year, day.month, day.day, 9))
    Organisation.objects.filter(pk=plant.works.pk).update(created_at=at)
    plant.works.refresh_from_db()


def late(plant):
    return [str(cell.month) for year in overview_of(plant.works, TODAY) for cell in year.months if cell.is_late]


def test_nothing_is_late_for_an_enterprise_set_up_today(plant):
    set_up_on(plant, TODAY)
    assert late(plant) == []


def test_months_since_it_was_set_up_are_late_even_without_data(plant):
    set_up_on(plant, dt.date(2026, 1, 5))
    assert sorted(late(plant)) == ["2026-01", "2026-02"]


def test_with_data_the_months_after_the_first_are_late(plant):
    set_up_on(plant, TODAY)
    fill(plant, Month(2025, 12))
    assert sorted(late(plant)) == ["2025-12", "2026-01", "2026-02"]


def test_months_before_the_first_stream_are_not_asked(plant):
    set_up_on(plant, dt.date(2025, 6, 1))
    SourceStream.objects.filter(organisation=plant.works).update(first_month=dt.date(2026, 2, 1))
    assert late(plant) == ["2026-02"]
    cells = {str(cell.month): cell for year in overview_of(plant.works, TODAY) for cell in year.months}
    assert (cells["2026-01"].state, cells["2026-01"].word, cells["2026-02"].state) == ("unasked", "不填报", "missing")


def test_years_before_the_last_three_are_folded(plant, client):
    fill(plant, Month(2019, 5))
    client.force_login(plant.reporter)
    page = client.get(reverse("collection:overview", args=[plant.works.pk])).content.decode()
    assert page.count('class="heat-older"') == timezone.localdate().year - 2019 - 2
    years = overview_of(plant.works, TODAY)
    assert [year.year for year in years if year.is_recent] == [2026, 2025, 2024] and years[-1].year == 2019
