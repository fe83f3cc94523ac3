"""Addresses of 活动数据, below /o/<org>/data/."""

from django.urls import path, register_converter

from tanheng.kernel.errors import PeriodError
from tanheng.kernel.periods import Month
from tanheng_web.collection import views_bases, views_grid, views_months, views_needs, views_streams, views_workbooks


class MonthConverter:
    """``2025-07`` in an address; anything else is 404."""

    regex = r"\d{4}-\d{2}"

    def to_python(self, text: str) -> Month:
        try:
            return Month.parse(text)
        except PeriodError:
            raise ValueError(text) from None

    def to_url(self, month) -> str:
        return str(month)


register_converter(MonthConverter, "month")

app_name = "collection"

urlpatterns = [
    path("", views_months.overview, name="overview"),
    path("months/<month:month>/", views_grid.month_page, name="month"),
    path("months/<month:month>/values/", views_grid.values_save, name="values"),
    path("months/<month:month>/news/", views_grid.news, name="news"),
    path("months/<month:month>/checks/", views_grid.checks, name="checks"),
    path("months/<month:month>/submit/", views_months.submit, name="submit"),
    path("months/<month:month>/return/", views_months.give_back, name="return"),
    path("months/<month:month>/approve/", views_months.approve, name="approve"),
    path("months/<month:month>/reopen/", views_months.reopen, name="reopen"),
    path("months/<month:month>/versions/<int:version>/", views_months.version_page, name="version"),
    path("template/", views_workbooks.template, name="template"),
    path("imports/", views_workbooks.imports_page, name="imports"),
    path("imports/<int:workbook>/", views_workbooks.workbook_page, name="workbook"),
    path("imports/<int:workbook>/confirm/", views_workbooks.confirm, name="workbook-confirm"),
    path("imports/<int:workbook>/check/", views_workbooks.check_again, name="workbook-check"),
    path("imports/<int:workbook>/corrected/", views_workbooks.corrected, name="workbook-corrected"),
    path("imports/corrected/<int:job>/", views_workbooks.corrected_file, name="workbook-corrected-file"),
    path("imports/<int:workbook>/file/", views_workbooks.original, name="workbook-file"),
    path("streams/", views_streams.streams_page, name="streams"),
    path("streams/add/", views_streams.add, name="stream-add"),
    path("streams/needs/", views_needs.needs_page, name="needs"),
    path("streams/<int:stream>/", views_streams.change, name="stream"),
    path("streams/<int:stream>/remove/", views_streams.remove, name="stream-remove"),
    path("streams/<int:stream>/restore/", views_streams.restore, name="stream-restore"),
    path("streams/<int:stream>/bases/", views_bases.bases_page, name="bases"),
    path("own-values/", views_streams.own_values_page, name="own-values"),
    path("own-values/<int:own_value>/remove/", views_streams.own_value_remove, name="own-value-remove"),
]
