from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "tanheng_web.common"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "公共"
