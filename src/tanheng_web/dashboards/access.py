from tanheng_web.common.access import Access

__all__ = ["ACCESS"]

ACCESS = {"dashboards:panorama": Access("view")}
