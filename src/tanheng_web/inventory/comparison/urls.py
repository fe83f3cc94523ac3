from django.urls import path

from tanheng_web.inventory.comparison import views

urlpatterns = [
    path("", views.pair, name="comparison"),
    path("many/", views.many, name="comparison-many"),
    path("reference/", views.reference, name="comparison-reference"),
    path("export.xlsx", views.export, name="comparison-export"),
]
