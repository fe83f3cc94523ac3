"""What each URL of this room needs; `common/tests/test_access_matrix.py` calls every one as every role."""

from tanheng_web.common.access import Access

__all__ = ["ACCESS"]

ACCESS = {
    "collection:overview": Access("view"),
    "collection:month": Access("view"),
    "collection:values": Access("data.enter", method="post"),
    "collection:news": Access("view"),
    "collection:checks": Access("view"),
    "collection:submit": Access("data.submit", method="post"),
    "collection:return": Access("data.review", method="post"),
    "collection:approve": Access("data.review", method="post"),
    "collection:reopen": Access("data.review", method="post"),
    "collection:version": Access("view"),
    "collection:template": Access("view"),
    "collection:imports": Access("view"),
    "collection:workbook": Access("view"),
    "collection:workbook-confirm": Access("data.enter", method="post"),
    "collection:workbook-check": Access("data.enter", method="post"),
    "collection:workbook-corrected": Access("view", method="post"),
    "collection:workbook-corrected-file": Access("view"),
    "collection:workbook-file": Access("view"),
    "collection:streams": Access("view"),
    "collection:needs": Access("view"),
    "collection:stream-add": Access("organisation.change"),
    "collection:stream": Access("view"),
    "collection:stream-remove": Access("organisation.change", method="post"),
    "collection:stream-restore": Access("organisation.change", method="post"),
    "collection:bases": Access("view"),
    "collection:own-values": Access("view"),
    "collection:own-value-remove": Access("organisation.change", method="post"),
}
