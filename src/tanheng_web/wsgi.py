"""WSGI entry for a server of one's own, after `python -m tanheng_web prepare`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tanheng_web.settings")
os.environ.setdefault("TANHENG_STATIC_MANIFEST", "1")

application = get_wsgi_application()
