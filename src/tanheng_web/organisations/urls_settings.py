from django.urls import path

from tanheng_web.accounts import views_members
from tanheng_web.common import views_audit
from tanheng_web.organisations import views_group, views_plant, views_settings, views_standards

app_name = "settings"

urlpatterns = [
    path("", views_settings.basic, name="basic"),
    path("sites/", views_plant.sites, name="sites"),
    path("sites/add/", views_plant.site_add, name="site-add"),
    path("sites/<int:site>/", views_plant.site_change, name="site-change"),
    path("sites/<int:site>/remove/", views_plant.site_remove, name="site-remove"),
    path("processes/", views_plant.processes, name="processes"),
    path("processes/add/", views_plant.process_add, name="process-add"),
    path("processes/<int:process>/", views_plant.process_edit, name="process-edit"),
    path("processes/<int:process>/change/", views_plant.process_change, name="process-change"),
    path("accounting/", views_settings.accounting, name="accounting"),
    path("accounting/standard/", views_settings.standard, name="standard"),
    path("standards/", views_standards.standards, name="standards"),
    path("group/", views_group.group, name="group"),
    path("log/", views_audit.audit_log, name="log"),
    path("members/", views_members.members, name="members"),
    path("members/add/", views_members.member_add, name="member-add"),
    path("members/invitations/<int:invitation>/withdraw/", views_members.uninvite, name="member-uninvite"),
    path("members/<int:user>/", views_members.member_roles, name="member-roles"),
    path("members/<int:user>/remove/", views_members.member_remove, name="member-remove"),
    path("members/<int:user>/password/", views_members.member_password, name="member-password"),
]
