from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from tanheng_web.common import jobs
from tanheng_web.common.health import database_answers, worker_is_alive
from tanheng_web.common.models import Job
from tanheng_web.common.search import found
from tanheng_web.organisations.selectors import remembered_organisation

__all__ = ["healthz", "home", "job_cancel", "job_restart", "job_show", "search", "theme"]

THEMES = {"light", "dark", "auto"}
YEAR_SECONDS = 365 * 24 * 3600


@require_GET
def home(request):
    """To the panorama of the enterprise last looked at, or to the page that makes the first one."""
    organisation = remembered_organisation(request)
    if organisation is None:
        return redirect("organisations:list")
    return redirect("dashboards:panorama", org=organisation.pk)


@login_not_required
@never_cache
@require_GET
def healthz(request):
    """For a monitor: 200 while the database answers, 503 otherwise; and whether this machine's worker is alive."""
    answers = database_answers()
    state = {"database": "ok" if answers else "failed", "worker": "ok" if worker_is_alive() else "absent"}
    return JsonResponse(state, status=200 if answers else 503)


@require_GET
def search(request):
    """Pages, enterprises, processes, streams – what this person may see."""
    text = request.GET.get("q", "").strip()[:60]
    hits = found(request.user, remembered_organisation(request), text)
    template = "common/components/search_results.html" if request.htmx else "common/search.html"
    return render(request, template, {"q": text, "hits": hits})


@login_not_required
@require_POST
def theme(request):
    """Keep light or dark in a cookie: the server renders it, so that nothing flashes and no inline script is needed."""
    chosen = request.POST.get("theme", "auto")
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = "/"
    response = HttpResponse(status=204) if request.htmx else HttpResponseRedirect(back)
    response.set_cookie(
        "theme",
        chosen if chosen in THEMES else "auto",
        max_age=YEAR_SECONDS,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return response


def _job(request, pk: int) -> Job:
    return get_object_or_404(Job.objects.visible_to(request.user).select_related("by", "organisation"), pk=pk)


def _waiting_on(request) -> str | None:
    """The page on which an htmx request was made, without query and fragment."""
    return urlsplit(request.htmx.current_url_abs_path or "").path or None


def _job_answer(request, job: Job):
    if request.htmx and job.status == Job.Status.DONE and job.link.partition("#")[0] == _waiting_on(request):
        return HttpResponseClientRefresh()  # somebody waits on the very page that the job was for
    template = "common/components/job.html" if request.htmx else "common/job.html"
    return render(request, template, {"job": job, "is_mine": job.by_id == request.user.pk or request.user.is_superuser})


@never_cache
@require_GET
def job_show(request, pk):
    """How far a job is: a page, or the fragment that replaces itself until the job has ended."""
    return _job_answer(request, _job(request, pk))


@require_POST
def job_cancel(request, pk):
    job = get_object_or_404(_own_jobs(request.user), pk=pk)
    return _job_answer(request, jobs.cancel(job=job, by=request.user))


@require_POST
def job_restart(request, pk):
    job = get_object_or_404(_own_jobs(request.user), pk=pk)
    return _job_answer(request, jobs.restart(job=job, by=request.user))


def _own_jobs(user):
    visible = Job.objects.visible_to(user)
    return visible if user.is_superuser else visible.filter(by=user)
