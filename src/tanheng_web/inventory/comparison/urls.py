from django.urls import path

from tanheng_web.inventory.comparison import views

urlpatterns = [
    path("", views.pair, name="comparison"),
    path("export.xlsx", views.export, name="comparison-export"),
]
