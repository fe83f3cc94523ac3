from django.urls import path

from tanheng_web.inventory.cutoff import views

urlpatterns = [
    path("cut-off/", views.cut_off, name="cut-off"),
    path("cut-off/<int:run>/decide/", views.decide, name="cut-off-decide"),
    path("cut-off/<int:decision>/withdraw/", views.withdraw, name="cut-off-withdraw"),
]
