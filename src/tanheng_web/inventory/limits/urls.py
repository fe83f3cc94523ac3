from django.urls import path

from tanheng_web.inventory.limits import views

urlpatterns = [
    path("limits/", views.limits, name="limits"),
    path("limits/<int:limit>/withdraw/", views.withdraw, name="limit-withdraw"),
]
