from django.urls import path

from tanheng_web.accounts import views_members
from tanheng_web.organisations import views_settings

app_name = "settings"

urlpatterns = [
    path("", views_settings.basic, name="basic"),
    path("processes/", views_settings.processes, name="processes"),
    path("processes/add/", views_settings.process_add, name="process-add"),
    path("processes/<int:process>/", views_settings.process_edit, name="process-edit"),
    path("accounting/", views_settings.accounting, name="accounting"),
    path("members/", views_members.members, name="members"),
    path("members/add/", views_members.member_add, name="member-add"),
    path("members/<int:user>/", views_members.member_roles, name="member-roles"),
    path("members/<int:user>/remove/", views_members.member_remove, name="member-remove"),
    path("members/<int:user>/password/", views_members.member_password, name="member-password"),
]
