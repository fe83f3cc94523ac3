"""What every form of a copied standard does when it is sent: check with the strict loader, save, or say the faults."""

from collections.abc import Callable

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tanheng.kernel.errors import InputError
from tanheng.rules.package_copy import faults_of
from tanheng_web.catalogue.models import StandardCopy
from tanheng_web.catalogue.standards import publishing, services
from tanheng_web.common.numbers import whole

__all__ = ["Files", "edit_page", "revision_of", "saved"]

Files = dict[str, str]
NO_REVISION = -1  # that of no copy


def revision_of(request) -> int:
    """The revision that the person saw; what is no number is none that there ever was."""
    found = whole(request.POST.get("revision", "0"))
    return NO_REVISION if found is None else found


def saved(request, copy: StandardCopy, form, change: Callable[[Files], Files], file: str, at: tuple, fields: dict):
    """Save what a form says unless the strict loader finds a fault in that very place; its faults go to the fields."""
    try:
        after = change(dict(copy.files))
        faults = [
            fault
            for fault in faults_of(after, publishing.folder_of(copy))
            if fault.file == file and fault.path[: len(at)] == at
        ]
        for fault in faults:
            name = next((name for key, name in fields.items() if fault.path[: len(key)] == key), None)
            form.add_error(name if name in form.fields else None, fault.error.zh())
        if faults:
            return None
        revision = revision_of(request)
        reason = form.cleaned_data["reason"]
        _copy, count = services.copy_change(copy=copy, by=request.user, revision=revision, reason=reason, change=change)
    except InputError as error:
        form.add_error(None, error.zh())
        return None
    messages.success(request, _("已保存 %d 处修改。") % count if count else _("没有改动。"))
    return redirect("catalogue:copy", org=copy.organisation_id, copy=copy.pk)


def edit_page(request, copy: StandardCopy, form, title: str, template: str = "edit", **context):
    context |= {"copy": copy, "form": form, "title": title}
    return render(request, f"catalogue/standards/{template}.html", context, status=422 if form.errors else 200)
