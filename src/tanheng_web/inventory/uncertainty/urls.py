from django.urls import path

from tanheng_web.inventory.uncertainty import views

urlpatterns = [
    path("uncertainty/", views.study_list, name="uncertainty"),
    path("uncertainty/new/", views.study_new, name="uncertainty-new"),
    path("uncertainty/<int:study>/", views.study_page, name="uncertainty-study"),
    path("uncertainty/<int:study>/study.json", views.study_document, name="uncertainty-document"),
    path("uncertainty/<int:study>/report/", views.report_new, name="uncertainty-report-new"),
    path("uncertainty/reports/<int:report>/", views.report_file, name="uncertainty-report"),
]
