from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    name = "tanheng_web.catalogue"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("因子与标准")

    def ready(self):
        """Standards that enterprises published lie beside the packaged ones."""
        from tanheng.rules.package import add_standard_folder
        from tanheng_web.catalogue.standards.publishing import home

        add_standard_folder(home())
