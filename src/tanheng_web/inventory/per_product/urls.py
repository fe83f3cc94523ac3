from django.urls import path

from tanheng_web.inventory.per_product import views

urlpatterns = [
    path("per-product/", views.table, name="per-product"),
    path("per-product/table.csv", views.export, name="per-product-export"),
]
