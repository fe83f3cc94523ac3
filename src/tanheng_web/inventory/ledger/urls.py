from django.urls import path

from tanheng_web.inventory.ledger import views

urlpatterns = [
    path("ledger/", views.ledger, name="ledger"),
    path("ledger/export/", views.export, name="ledger-export"),
    path("ledger/export/<int:job>/", views.export_file, name="ledger-file"),
]
