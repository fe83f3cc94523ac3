"""The enterprise of a request, decided once for every URL below /o/<org>/."""

from tanheng_web.common.own_names import names_of
from tanheng_web.organisations.selectors import organisation_for

__all__ = ["OrganisationMiddleware"]

SESSION_KEY = "organisation"


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
