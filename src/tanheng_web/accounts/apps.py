from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "tanheng_web.accounts"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "用户"
