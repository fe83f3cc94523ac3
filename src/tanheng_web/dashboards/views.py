from django.shortcuts import render

from tanheng_web.common.access import needs

__all__ = ["panorama"]


@needs("view")
def panorama(request, org):
    return render(request, "dashboards/panorama.html")
