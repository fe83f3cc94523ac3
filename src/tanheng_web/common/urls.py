from django.urls import path

from tanheng_web.common import views

app_name = "common"

urlpatterns = [
    path("search/", views.search, name="search"),
    path("theme/", views.theme, name="theme"),
    path("jobs/<int:pk>/", views.job_show, name="job"),
    path("jobs/<int:pk>/cancel/", views.job_cancel, name="job-cancel"),
    path("jobs/<int:pk>/restart/", views.job_restart, name="job-restart"),
]
