"""Addresses. Everything of an enterprise lies under /o/<org>/, where OrganisationMiddleware decides who may see it."""

from django.urls import include, path

from tanheng_web.common import errors, views

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error

enterprise = [
    path("data/", include("tanheng_web.collection.urls")),
    path("results/", include("tanheng_web.inventory.urls")),
    path("catalogue/", include("tanheng_web.catalogue.urls")),
    path("settings/", include("tanheng_web.organisations.urls_settings")),
    path("boundary/", include("tanheng_web.dashboards.boundary.urls")),
    path("", include("tanheng_web.dashboards.urls")),
]

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("", include("tanheng_web.common.urls")),
    path("", include("tanheng_web.accounts.urls")),
    path("organisations/", include("tanheng_web.organisations.urls")),
    path("o/<int:org>/", include(enterprise)),
]
