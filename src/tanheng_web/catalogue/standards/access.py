"""What the URLs of the standards need."""

from tanheng_web.common.access import Access

__all__ = ["ACCESS"]

CHANGE = Access("catalogue.change")
ACCESS = {
    "catalogue:standards": Access("view"),
    "catalogue:standard": Access("view"),
    "catalogue:standard-case": Access("view"),
    "catalogue:copy-new": CHANGE,
    "catalogue:copy": CHANGE,
    "catalogue:copy-act": Access("catalogue.change", method="post", query={"act": "submit"}),
    "catalogue:copy-case": CHANGE,
    "catalogue:copy-identity": CHANGE,
    "catalogue:copy-constants": CHANGE,
    "catalogue:copy-rounding": CHANGE,
    "catalogue:copy-gwp": CHANGE,
    "catalogue:copy-place": CHANGE,
    "catalogue:copy-indicator-new": CHANGE,
    "catalogue:copy-indicator": CHANGE,
    "catalogue:copy-source-new": CHANGE,
    "catalogue:copy-formula-new": CHANGE,
    "catalogue:copy-formula-preview": Access("catalogue.change", method="post", query={"expr": "quantity * purity"}),
    "catalogue:copy-formula": CHANGE,
    "catalogue:copy-parameter": CHANGE,
    "catalogue:copy-source": CHANGE,
    "catalogue:copy-rule": CHANGE,
}
