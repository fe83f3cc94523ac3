from django.urls import path

from tanheng_web.inventory.control_plan import views

urlpatterns = [
    path("", views.plans, name="control-plan"),
    path("draft/", views.draft, name="control-plan-draft"),
    path("<int:plan>/", views.plan_page, name="control-plan-version"),
    path("<int:plan>/issue/", views.issue, name="control-plan-issue"),
    path("<int:plan>/file/", views.plan_file, name="control-plan-file"),
    path("<int:plan>/print/", views.plan_print, name="control-plan-print"),
    path("printed/<int:job>/", views.plan_printed, name="control-plan-printed"),
    path("<int:plan>/section/<slug:section>/", views.section, name="control-plan-section"),
    path("<int:plan>/parameters/add/", views.parameter_new, name="control-plan-parameter-add"),
    path("<int:plan>/parameters/<int:number>/", views.parameter, name="control-plan-parameter"),
    path("<int:plan>/parameters/<int:number>/remove/", views.parameter_drop, name="control-plan-parameter-remove"),
]
