"""What the URLs of process templates need."""

from tanheng_web.common.access import Access

__all__ = ["ACCESS"]

ACCESS = {
    "catalogue:process-templates": Access("view"),
    "catalogue:process-template-add": Access("catalogue.change"),
    "catalogue:process-template": Access("catalogue.change"),
    "catalogue:process-template-remove": Access("catalogue.change", method="post"),
    "catalogue:process-from-template": Access("organisation.change", query={"template": "std:coking"}),
}
