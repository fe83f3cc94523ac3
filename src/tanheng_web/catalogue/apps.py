from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "tanheng_web.catalogue"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "物料与单位"
