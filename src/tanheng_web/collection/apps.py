from django.apps import AppConfig


class CollectionConfig(AppConfig):
    name = "tanheng_web.collection"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "活动数据"
