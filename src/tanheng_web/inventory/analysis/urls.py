from django.urls import path

from tanheng_web.inventory.analysis import views

urlpatterns = [
    path("<int:run>/processes/", views.processes, name="run-processes"),
    path("<int:run>/carbon/", views.carbon, name="run-carbon"),
]
