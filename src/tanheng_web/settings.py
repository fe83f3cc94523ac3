"""Settings. Everything a site may want to change comes from the environment (docs/how-to/deploy.md lists it)."""

import os
from pathlib import Path

from csp.constants import NONE, SELF

from tanheng_web import environment

PACKAGE = Path(__file__).resolve().parent
TANHENG_HOME = environment.home()
environment.close(TANHENG_HOME)
SECRET_KEY = environment.secret_key(TANHENG_HOME)
DEBUG = environment.flag("TANHENG_DEBUG")
TESTING = environment.testing()

ALLOWED_HOSTS = os.environ.get("TANHENG_HOSTS", "127.0.0.1,localhost,[::1]").split(",") + ["testserver"] * TESTING
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("TANHENG_ORIGINS", "").split(",") if origin]

INSTALLED_APPS = [
    "tanheng_web.common",
    "tanheng_web.accounts",
    "tanheng_web.organisations",
    "tanheng_web.catalogue",
    "tanheng_web.collection",
    "tanheng_web.inventory",
    "tanheng_web.dashboards",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "tanheng_web.common.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "tanheng_web.common.middleware.ResponseHeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "tanheng_web.accounts.middleware.IdleSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tanheng_web.common.middleware.UploadLimitMiddleware",
    "tanheng_web.accounts.middleware.PasswordChangeMiddleware",
    "tanheng_web.organisations.middleware.OrganisationMiddleware",
    "tanheng_web.common.middleware.TanhengErrorMiddleware",
    "tanheng_web.common.middleware.NulMiddleware",
]

ROOT_URLCONF = "tanheng_web.urls"
WSGI_APPLICATION = "tanheng_web.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "tanheng_web.common.forms.FormRenderer"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tanheng_web.common.context.frame",
            ],
            "builtins": ["tanheng_web.common.templatetags.tanheng"],
        },
    }
]

DATABASES = {"default": environment.database(TANHENG_HOME)}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# People
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "accounts:login"
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if TESTING
    else [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        "django.contrib.auth.hashers.ScryptPasswordHasher",
    ]
)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_FAILURES_ALLOWED = 5
LOGIN_LOCK_MINUTES = 15

# Idle sessions end. IdleSessionMiddleware renews the age every few minutes; SESSION_SAVE_EVERY_REQUEST would make every
# page view wait for SQLite's write lock while an import holds it.
SESSION_COOKIE_AGE = int(os.environ.get("TANHENG_IDLE_MINUTES", "120")) * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# Behind TLS: TANHENG_HTTPS=1 (a reverse proxy that sets X-Forwarded-Proto).
HTTPS = environment.flag("TANHENG_HTTPS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_NAME = "tanheng_session"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "tanheng_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "tanheng_web.common.errors.csrf_failure"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# No inline script, no eval, nothing from elsewhere. Styles inline: ECharts and Tabler set them on elements.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF, "'unsafe-inline'"],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Words and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = False

# Files
STATIC_URL = "/static/"
STATIC_ROOT = TANHENG_HOME / "static"
STATICFILES_DIRS = [PACKAGE / "static"]
MEDIA_ROOT = TANHENG_HOME / "files"
# Hashed, compressed files once `prepare` has collected them (wsgi and serve say so); plain ones in tests.
STATIC_MANIFEST = environment.flag("TANHENG_STATIC_MANIFEST")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_MANIFEST
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not STATIC_MANIFEST
UPLOAD_LIMIT_BYTES = 50 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
FILE_UPLOAD_PERMISSIONS = 0o640

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "ENQUEUE_ON_COMMIT": False}}
JOB_FILE_DAYS = 7  # how long a file that a job wrote can be fetched
WORKER_INTERVAL_SECONDS = 0.4
WORKER_LOCK_SECONDS = 15

SILENCED_SYSTEM_CHECKS: list[str] = []

# A file per process: two of them cannot rotate one.
LOG_FILE = TANHENG_HOME / "logs" / f"{os.environ.get('TANHENG_LOG_NAME', 'tanheng')}.log"
LOG_FILE.parent.mkdir(exist_ok=True)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "tanheng_web.common.middleware.RequestIdFilter"}},
    "formatters": {
        "line": {
            "()": "tanheng_web.common.middleware.OneLineFormatter",
            "format": "{asctime} {levelname} {name} [{request_id}] {message}",
            "style": "{",
        }
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["request_id"],
            "level": "WARNING",
        },
        "file": {
            "class": "logging.handlers.RotatingFileHandler",
            "filename": LOG_FILE,
            "maxBytes": 10 * 1024 * 1024,
            "backupCount": 5,
            "encoding": "utf-8",
            "delay": True,
            "formatter": "line",
            "filters": ["request_id"],
        },
    },
    "root": {"handlers": ["console", "file"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        # It says at every round that nothing waits.
        "django_tasks_db": {"handlers": ["file"], "propagate": False, "level": "WARNING"},
    },
}
