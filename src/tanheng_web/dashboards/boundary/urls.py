from django.urls import path

from tanheng_web.dashboards.boundary import views, views_group, views_transfers

app_name = "boundary"

urlpatterns = [
    path("", views.tree, name="tree"),
    path("entity/", views.entity, name="entity"),
    path("rules/", views.rules, name="rules"),
    path("export.csv", views.export, name="export"),
    path("units/<int:process>/", views.unit, name="unit"),
    path("group/", views_group.group, name="group"),
    path("group/report.docx", views_group.group_file, {"kind": "docx"}, name="group-docx"),
    path("group/report.xlsx", views_group.group_file, {"kind": "xlsx"}, name="group-xlsx"),
    path("holdings/", views_group.holdings, name="holdings"),
    path("holdings/add/", views_group.holding_new, name="holding-add"),
    path("holdings/<int:holding>/", views_group.holding_edit, name="holding-change"),
    path("holdings/<int:holding>/remove/", views_group.holding_take, name="holding-remove"),
    path("transfers/", views_transfers.transfers, name="transfers"),
    path("transfers/add/", views_transfers.transfer_new, name="transfer-add"),
    path("transfers/<int:transfer>/withdraw/", views_transfers.transfer_take, name="transfer-withdraw"),
]
