from django.urls import path

from tanheng_web.inventory.trials import views

urlpatterns = [
    path("trials/<int:copy>/", views.trial, name="trial"),
    path("trials/<int:copy>/freeze/", views.case_freeze, name="case-freeze"),
]
