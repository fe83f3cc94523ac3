from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "tanheng_web.organisations"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "企业"
