"""What the URLs of trials need."""

from tanheng_web.common.access import Access

__all__ = ["ACCESS"]

ACCESS = {
    "inventory:trial": Access("catalogue.change"),
    "inventory:case-freeze": Access("catalogue.change"),
}
