from django.utils.translation import gettext_lazy as _

from tanheng_web.common.navigation import Entry

ENTRIES = [Entry("overview", 10, _("碳全景"), "dashboards:panorama", icon="layout-dashboard")]
