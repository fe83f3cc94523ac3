"""Request number, response headers, upload limit, and domain errors as pages."""

import contextvars
import logging
import secrets

from django.conf import settings
from django.db import IntegrityError, OperationalError

from tanheng.kernel.errors import NotFound, TanhengError
from tanheng_web.common import errors

__all__ = [
    "NulMiddleware",
    "OneLineFormatter",
    "RequestIdFilter",
    "RequestIdMiddleware",
    "ResponseHeadersMiddleware",
    "TanhengErrorMiddleware",
    "UploadLimitMiddleware",
    "current_request_id",
]

_request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="-")
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0/O, 1/I: people read it out on the telephone


def current_request_id() -> str:
    return _request_id.get()


class RequestIdFilter(logging.Filter):
    """Put the number of the request into every log line."""

    def filter(self, record):
        record.request_id = _request_id.get()
        return True


class OneLineFormatter(logging.Formatter):
    """What a message quotes (addresses, names) cannot begin a line of the log; tracebacks stay as they are."""

    def formatMessage(self, record):
        line = super().formatMessage(record)
        return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in line)


class RequestIdMiddleware:
    """Give each request a short number, shown on error pages and in the log."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.id = "".join(secrets.choice(ALPHABET) for _ in range(8))
        token = _request_id.set(request.id)
        try:
            response = self.get_response(request)
        finally:
            _request_id.reset(token)
        response.headers["X-Request-ID"] = request.id
        return response


class ResponseHeadersMiddleware:
    """Headers Django has no setting for. Pages are personal: no cache may keep them, and back asks again."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
        response.headers.setdefault("Cache-Control", "private, no-cache")
        if "text/html" in response.headers.get("Content-Type", ""):
            vary = response.headers.get("Vary", "")
            if "HX-Request" not in vary:
                response.headers["Vary"] = f"{vary}, HX-Request".lstrip(", ")
        return response


class UploadLimitMiddleware:
    """Refuse a body above the limit before a byte of it is parsed."""

    slack_bytes = 1024 * 1024  # form fields and multipart borders around the file itself

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > settings.UPLOAD_LIMIT_BYTES + self.slack_bytes:
            return errors.too_large(request)
        return self.get_response(request)


class NulMiddleware:
    """Refuse a posted NUL: no keyboard gives one, and PostgreSQL keeps no text that holds it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.method != "POST":
            return None
        is_json = request.content_type == "application/json"
        posted = (text for values in request.POST.lists() for text in (values[0], *values[1]))
        found = b"\\u0000" in request.body if is_json else any("\0" in text for text in posted)
        return errors.bad_request(request) if found else None


class TanhengErrorMiddleware:
    """A domain error that no view caught becomes a page with its sentence: 404 for what is not there, else 422.

    Services check before they write; when two people press at once, the second is stopped by a constraint or a lock.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if _is_collision(exception):
            logging.getLogger("tanheng_web.errors").error("%s %s", request.method, request.path, exc_info=exception)
            return errors.meanwhile(request)
        if not isinstance(exception, TanhengError):
            return None
        logging.getLogger("tanheng_web.errors").warning("%s %s: %s", request.method, request.path, exception)
        if isinstance(exception, NotFound):
            return errors.page_not_found(request, exception)
        return errors.unprocessable(request, exception)


def _is_collision(exception: Exception) -> bool:
    """A constraint, a deadlock, or (SQLite) a lock not given in time."""
    if isinstance(exception, IntegrityError):
        return True
    cause = exception.__cause__ if isinstance(exception, OperationalError) else None
    is_rolled_back = str(getattr(cause, "sqlstate", None) or "").startswith("40")
    return is_rolled_back or str(getattr(cause, "sqlite_errorname", "")).startswith("SQLITE_BUSY")
