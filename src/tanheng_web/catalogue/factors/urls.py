from django.urls import path

from tanheng_web.catalogue.factors import views, views_imports

urlpatterns = [
    path("factors/", views.search, name="factors"),
    path("factors/entry/", views.factor_page, name="factor"),
    path("factors/pick/", views.pick, name="factor-pick"),
    path("factors/expiring/", views.expiring, name="factors-expiring"),
    path("factors/metals/", views.metals, name="factor-metals"),
    path("factors/lives/", views_imports.lives, name="factor-lives"),
    path("factors/new/", views_imports.factor_new, name="factor-new"),
    path("factors/template/", views_imports.template, name="factor-template"),
    path("factors/imports/", views_imports.imports, name="factor-imports"),
    path("factors/imports/<int:batch>/", views_imports.import_page, name="factor-import"),
    path("factors/imports/<int:batch>/file/", views_imports.file, name="factor-import-file"),
    path("factors/imports/<int:batch>/submit/", views_imports.submit, name="factor-import-submit"),
    path("factors/imports/<int:batch>/approve/", views_imports.approve, name="factor-import-approve"),
    path("factors/imports/<int:batch>/return/", views_imports.send_back, name="factor-import-return"),
]
