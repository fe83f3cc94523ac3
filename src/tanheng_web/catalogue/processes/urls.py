from django.urls import path

from tanheng_web.catalogue.processes import views

urlpatterns = [
    path("process-templates/", views.templates, name="process-templates"),
    path("process-templates/add/", views.add, name="process-template-add"),
    path("process-templates/use/", views.use, name="process-from-template"),
    path("process-templates/<int:template>/", views.change, name="process-template"),
    path("process-templates/<int:template>/remove/", views.remove, name="process-template-remove"),
]
