"""The page where a person says how the measured values of a stream come to be known."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tanheng.kernel.errors import InputError
from tanheng.kernel.test_methods import method_names, methods_for
from tanheng_web.collection import selectors
from tanheng_web.collection import vocabulary as words
from tanheng_web.collection.bases import KINDS, bases_of, basis_set
from tanheng_web.common.access import can, needs, require

__all__ = ["bases_page"]


@require_http_methods(["GET", "POST"])
@needs("view")
def bases_page(request, org, stream):
    """Every measured value of a stream with its basis; a POST sets one of them."""
    row = selectors.stream_for(request.organisation, stream)
    fault, typed = "", {}
    if request.method == "POST":
        require(request.user, "data.enter", request.organisation)
        typed = {name: request.POST.get(name, "")[:200] for name in ("key", "kind", "method", "document")}
        try:
            basis_set(by=request.user, stream=row, **typed)
        except InputError as error:
            fault = error.zh()
        else:
            messages.success(request, _("已保存取值依据。"))
            return redirect("collection:bases", org=org, stream=row.pk)
    context = {
        "stream": row,
        "rows": [_row(row, key, typed, fault) for key in row.values],
        "may_enter": can(request.user, "data.enter", request.organisation) and row.is_active,
        "kinds": KINDS.items(),
    }
    return render(request, "collection/bases.html", context, status=422 if fault else 200)


def _row(stream, key: str, typed: dict[str, str], fault: str) -> dict[str, object]:
    named = methods_for(stream.material, key)
    proposed = named.methods or tuple(method_names())
    is_typed = typed.get("key") == key
    basis = bases_of(stream).get(key)
    return {
        "key": key,
        "name": words.key_zh(key),
        "basis": basis,
        "given": typed if is_typed else basis,
        "fault": fault if is_typed else "",
        "only": named.methods[0] if named.only else "",
        "methods": [(number, method_names()[number]) for number in proposed],
    }
