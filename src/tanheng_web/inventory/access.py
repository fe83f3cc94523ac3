"""What each URL of this room needs; `common/tests/test_access_matrix.py` calls every one as every role."""

from tanheng_web.common.access import Access

__all__ = ["ACCESS"]

ACCESS = {
    "inventory:runs": Access("view"),
    "inventory:run-new": Access("run.create"),
    "inventory:refresh": Access("run.create", method="post"),
    "inventory:template": Access("template.change"),
    "inventory:template-file": Access("template.change"),
    "inventory:run": Access("view"),
    "inventory:run-again": Access("run.create", method="post"),
    "inventory:comparison": Access("view"),
    "inventory:comparison-export": Access("view"),
    "inventory:figure": Access("view", query={"a": "total"}),
    "inventory:report-new": Access("report.create", method="post"),
    "inventory:document": Access("view"),
    "inventory:report": Access("view"),
    "inventory:reports": Access("view"),
    "inventory:report-publish": Access("report.create", method="post"),
    "inventory:ledger": Access("view"),
    "inventory:ledger-export": Access("view", method="post"),
    "inventory:ledger-file": Access("view"),
    "inventory:limits": Access("view"),
    "inventory:limit-withdraw": Access("organisation.change", method="post"),
    "inventory:cut-off": Access("view"),
    "inventory:cut-off-decide": Access("data.review", method="post", query={"run": "1"}),
    "inventory:cut-off-withdraw": Access("data.review", method="post"),
    "inventory:per-product": Access("view"),
    "inventory:per-product-export": Access("view"),
    "inventory:uncertainty": Access("view"),
    "inventory:uncertainty-new": Access("run.create"),
    "inventory:uncertainty-study": Access("view"),
    "inventory:uncertainty-document": Access("view"),
    "inventory:uncertainty-report-new": Access("report.create", method="post"),
    "inventory:uncertainty-report": Access("view"),
    "inventory:recalculations": Access("view"),
    "inventory:recalculation-new": Access("run.create"),
    "inventory:recalculation": Access("view"),
    "inventory:recalculation-decide": Access("run.create", method="post"),
}
