from django.urls import path

from tanheng_web.inventory.templating import views

urlpatterns = [
    path("templates/", views.templates, name="templates"),
    path("templates/add/", views.pack_add, name="pack-add"),
    path("templates/fill/", views.fill, name="template-fill"),
    path("templates/packs/<int:pack>/", views.pack, name="pack"),
    path("templates/packs/<int:pack>/file/", views.pack_file, name="pack-file"),
    path("templates/packs/<int:pack>/do/", views.pack_act, name="pack-act"),
    path("templates/filled/<int:filled>/", views.filled, name="filled"),
    path("templates/filled/<int:filled>/file/", views.filled_file, name="filled-file"),
    path("template/<int:version>/restore/", views.restore, name="template-restore"),
    path("template/<int:version>/remove/", views.template_remove, name="template-remove"),
]
