from django.urls import path

from tanheng_web.catalogue.standards import views, views_cases, views_copies, views_edit, views_structure, views_values

urlpatterns = [
    path("standards/", views.standard_list, name="standards"),
    path("standards/s/<slug:standard>/", views.standard_page, name="standard"),
    path("standards/s/<slug:standard>/cases/<int:number>/", views_cases.standard_case, name="standard-case"),
    path("standards/s/<slug:standard>/copy/", views.copy_new, name="copy-new"),
    path("standards/own/<int:copy>/", views_copies.copy_page, name="copy"),
    path("standards/own/<int:copy>/do/", views_copies.copy_act, name="copy-act"),
    path("standards/own/<int:copy>/cases/<int:number>/", views_cases.case_page, name="copy-case"),
    path("standards/own/<int:copy>/identity/", views_edit.identity, name="copy-identity"),
    path("standards/own/<int:copy>/constants/", views_values.constants, name="copy-constants"),
    path("standards/own/<int:copy>/rounding/", views_structure.rounding, name="copy-rounding"),
    path("standards/own/<int:copy>/gwp/", views_structure.gwp, name="copy-gwp"),
    path("standards/own/<int:copy>/place/", views_structure.place, name="copy-place"),
    path("standards/own/<int:copy>/indicators/new/", views_structure.indicator_new, name="copy-indicator-new"),
    path("standards/own/<int:copy>/indicators/i/<slug:indicator>/", views_structure.indicator, name="copy-indicator"),
    path("standards/own/<int:copy>/sources/new/", views_structure.source_new, name="copy-source-new"),
    path("standards/own/<int:copy>/formulas/new/", views_edit.formula_new, name="copy-formula-new"),
    path("standards/own/<int:copy>/formulas/preview/", views_edit.formula_preview, name="copy-formula-preview"),
    path("standards/own/<int:copy>/formulas/f/<slug:formula>/", views_edit.formula, name="copy-formula"),
    path("standards/own/<int:copy>/parameters/<int:table>/<int:row>/", views_values.parameter, name="copy-parameter"),
    path("standards/own/<int:copy>/sources/s/<slug:source>/", views_values.source, name="copy-source"),
    path("standards/own/<int:copy>/rules/<slug:source>/<int:number>/", views_values.rule, name="copy-rule"),
]
