from django.urls import path

from tanheng_web.organisations import views

app_name = "organisations"

urlpatterns = [
    path("", views.organisation_list, name="list"),
]
