from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "tanheng_web.dashboards"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "总览"
