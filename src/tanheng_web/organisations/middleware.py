"""The enterprise of a request, decided once for every URL below /o/<org>/."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from tanheng_web.common.own_names import names_of
from tanheng_web.organisations.selectors import organisation_for

__all__ = ["OrganisationMiddleware"]

SESSION_KEY = "organisation"
OF_A_PLANT = frozenset({"collection", "inventory"})
# a group compares the results of its plants and keeps supplementary tables for them
OF_SEVERAL = ("comparison", "templates", "pack")


class OrganisationMiddleware:
    """Set ``request.organisation`` from the ``org`` of the URL; a foreign one is 404 before any view runs.

    Views keep ``org`` as their first argument and use ``request.organisation``. Pages without ``org`` get None.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.organisation = None
        with names_of(lambda: request.organisation):  # units and materials are read as this enterprise calls them
            return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if "org" in kwargs:
            request.organisation = organisation_for(request.user, kwargs["org"])
            if request.session.get(SESSION_KEY) != request.organisation.pk:
                request.session[SESSION_KEY] = request.organisation.pk
            place = request.resolver_match
            is_of_plant = place.namespace in OF_A_PLANT and not place.url_name.startswith(OF_SEVERAL)
            if request.organisation.is_group and is_of_plant:
                raise PermissionDenied(
                    _("“%s”是集团，没有自己的活动数据和核算结果。请在“集团合并”中查看，或切换到下属企业。")
                    % request.organisation.label
                )
