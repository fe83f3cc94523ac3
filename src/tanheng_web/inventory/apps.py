from django.apps import AppConfig


class InventoryConfig(AppConfig):
    name = "tanheng_web.inventory"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "核算结果"
