from django.urls import include, path

from tanheng_web.inventory import views

app_name = "inventory"

urlpatterns = [
    path("", views.run_list, name="runs"),
    path("new/", views.run_new, name="run-new"),
    path("refresh/", views.refresh, name="refresh"),
    path("template/", views.template, name="template"),
    path("template/<int:version>/", views.template_file, name="template-file"),
    path("<int:run>/", views.run_page, name="run"),
    path("<int:run>/again/", views.run_again, name="run-again"),
    path("<int:run>/figure/", views.figure, name="figure"),
    path("<int:run>/report/", views.report_new, name="report-new"),
    path("<int:run>/result.json", views.run_document, name="document"),
    path("reports/", views.reports, name="reports"),
    path("reports/<int:report>/", views.report_file, name="report"),
    path("reports/<int:report>/publish/", views.report_publish, name="report-publish"),
    path("", include("tanheng_web.inventory.templating.urls")),
    path("", include("tanheng_web.inventory.trials.urls")),
    path("", include("tanheng_web.inventory.ledger.urls")),
    path("", include("tanheng_web.inventory.cutoff.urls")),
    path("", include("tanheng_web.inventory.limits.urls")),
    path("", include("tanheng_web.inventory.reviews.urls")),
    path("", include("tanheng_web.inventory.per_product.urls")),
    path("", include("tanheng_web.inventory.uncertainty.urls")),
    path("", include("tanheng_web.inventory.recalculation.urls")),
    path("compare/", include("tanheng_web.inventory.comparison.urls")),
    path("control-plan/", include("tanheng_web.inventory.control_plan.urls")),
    path("", include("tanheng_web.inventory.analysis.urls")),
]
