from django.urls import path

from tanheng_web.organisations import views

app_name = "organisations"

urlpatterns = [
    path("", views.organisation_list, name="list"),
    path("new/", views.organisation_new, name="new"),
    path("new/plan/", views.organisation_plan, name="plan"),
]
