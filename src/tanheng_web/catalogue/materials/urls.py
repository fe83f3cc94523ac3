from django.urls import path

from tanheng_web.catalogue.materials import views, views_more
from tanheng_web.catalogue.units import views as units

urlpatterns = [
    path("materials/", views.material_list, name="materials"),
    path("materials/add/", views.add, name="material-add"),
    path("materials/<int:material>/", views.change, name="material"),
    path("materials/<int:material>/remove/", views.remove, name="material-remove"),
    path("materials/<int:material>/merge/", views_more.merge, name="material-merge"),
    path("materials/known/<slug:material>/", views_more.known, name="material-known"),
    path("materials/processes/matrix/", views_more.matrix, name="mapping-matrix"),
    path("materials/processes/", views.mapping, name="mapping"),
    path("materials/processes/set/", views.rule_set, name="mapping-set"),
    path("materials/processes/<int:rule>/remove/", views.rule_remove, name="mapping-remove"),
    path("units/", units.units, name="units"),
    path("units/<int:alias>/remove/", units.alias_remove, name="unit-remove"),
]
