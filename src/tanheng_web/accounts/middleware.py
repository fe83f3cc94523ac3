"""Sessions that end when idle, and initial passwords that must be changed first."""

import time

from django.shortcuts import redirect
from django.urls import Resolver404, resolve

__all__ = ["IdleSessionMiddleware", "PasswordChangeMiddleware"]

RENEW_SECONDS = 300
ALLOWED_BEFORE_CHANGE = {"accounts:password", "accounts:logout", "accounts:login", "common:theme", "healthz"}


class IdleSessionMiddleware:
    """Renew a session's age when its last renewal is some minutes old."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        session = request.session
        now = int(time.time())
        if session.get("_auth_user_id") and now - session.get("renewed_at", 0) > RENEW_SECONDS:
            session["renewed_at"] = now
        return self.get_response(request)


class PasswordChangeMiddleware:
    """Whoever still has the password an administrator chose sees nothing but the page to change it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        user = request.user
        if user.is_authenticated and user.must_change_password and not self._allowed(request):
            return redirect("accounts:password")
        return self.get_response(request)

    @staticmethod
    def _allowed(request) -> bool:
        try:
            return resolve(request.path_info).view_name in ALLOWED_BEFORE_CHANGE
        except Resolver404:
            return False
