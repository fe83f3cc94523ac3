from django.urls import path

from tanheng_web.dashboards import views

app_name = "dashboards"

urlpatterns = [path("", views.panorama, name="panorama")]
