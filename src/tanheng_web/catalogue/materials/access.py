"""What the URLs of materials and units need."""

from tanheng_web.common.access import Access

__all__ = ["ACCESS"]

CHANGE, SENT = Access("catalogue.change"), Access("catalogue.change", method="post")
ACCESS = {
    "catalogue:materials": Access("view"),
    "catalogue:material-add": CHANGE,
    "catalogue:material": CHANGE,
    "catalogue:material-remove": SENT,
    "catalogue:material-merge": SENT,
    "catalogue:material-known": Access("view"),
    "catalogue:mapping": Access("view"),
    "catalogue:mapping-matrix": Access("view"),
    "catalogue:mapping-set": SENT,
    "catalogue:mapping-remove": SENT,
    "catalogue:units": Access("view"),
    "catalogue:unit-remove": SENT,
}
