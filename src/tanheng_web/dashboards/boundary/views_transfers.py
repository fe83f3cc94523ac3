"""内部往来: what an enterprise declares that it delivered to, or got from, others of its group."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tanheng_web.collection.selectors import streams_of
from tanheng_web.common.access import can, needs
from tanheng_web.common.forms import attempted
from tanheng_web.organisations.boundary import partners, transfer_for, transfers_of
from tanheng_web.organisations.forms_boundary import TransferForm
from tanheng_web.organisations.services.holdings import transfer_declare, transfer_withdraw

__all__ = ["transfer_new", "transfer_take", "transfers"]

DELIVERED = frozenset({"electricity", "heat", "fuel", "product", "co_product", "by_product", "carbon_raw_material"})


@require_GET
@needs("view")
def transfers(request, org):
    """What was declared, withdrawn ones last."""
    if request.organisation.is_group:
        return redirect("boundary:group", org=org)
    names = {row.code: row.name for row in streams_of(request.organisation, active_only=False)}
    context = {
        "rows": [(row, names.get(row.stream, row.stream)) for row in transfers_of(request.organisation)],
        "has_partners": bool(partners(request.organisation)),
        "may_enter": can(request.user, "data.enter", request.organisation),
    }
    return render(request, "dashboards/boundary/transfers.html", context)


@require_http_methods(["GET", "POST"])
@needs("data.enter")
def transfer_new(request, org):
    """Declare a delivery."""
    streams = {
        row.code: row
        for row in streams_of(request.organisation)
        if not row.process_id and row.role in DELIVERED
    }  # fmt: skip
    choices = [(code, f"{row.name}（{row.unit_label}）") for code, row in streams.items()]
    form = TransferForm(partners(request.organisation), choices, request.POST or None)
    if form.is_bound and form.is_valid():
        stream = streams[form.cleaned_data["stream"]]
        values = form.cleaned_data | {"material": stream.material, "unit": stream.unit}
        if attempted(form, transfer_declare, organisation=request.organisation, by=request.user, **values):
            messages.success(request, _("已申报。对方也申报以后，集团合并时抵销。"))
            return redirect("boundary:transfers", org=org)
    context = {"form": form, "title": _("申报内部往来"), "back": "boundary:transfers"}
    return render(request, "dashboards/boundary/form.html", context, status=422 if form.is_bound else 200)


@require_POST
@needs("data.enter")
def transfer_take(request, org, transfer):
    """Withdraw a declaration."""
    transfer_withdraw(transfer=transfer_for(request.organisation, transfer), by=request.user)
    messages.success(request, _("已撤销申报。"))
    return redirect("boundary:transfers", org=org)
