from django.utils.translation import gettext_lazy as _

from tanheng_web.common.navigation import Entry

ENTRIES = [
    Entry("overview", 10, _("碳全景"), "dashboards:panorama", icon="layout-dashboard"),
    Entry("overview", 20, _("集团合并"), "boundary:group", icon="sitemap", match=("boundary:",), is_of_group=True),
    Entry("results", 5, _("核算边界"), "boundary:tree", icon="hierarchy-2", match=("boundary:",)),
]
