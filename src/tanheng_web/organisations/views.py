from django.shortcuts import render
from django.views.decorators.http import require_GET

from tanheng_web.common.access import can_create_organisation
from tanheng_web.organisations.selectors import organisations_for

__all__ = ["organisation_list"]


@require_GET
def organisation_list(request):
    """Every enterprise one may see, as a tree."""
    return render(
        request,
        "organisations/list.html",
        {"found": organisations_for(request.user), "may_create": can_create_organisation(request.user)},
    )
