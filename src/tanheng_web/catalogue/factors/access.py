"""What the URLs of the factor library need."""

from tanheng_web.common.access import Access

__all__ = ["ACCESS"]

ACCESS = {
    "catalogue:factors": Access("view"),
    "catalogue:factor": Access("view", query={"id": "average:regional:north:2023"}),
    "catalogue:factor-pick": Access("view"),
    "catalogue:factors-expiring": Access("view"),
    "catalogue:factor-metals": Access("view"),
    "catalogue:factor-lives": Access("factor.change"),
    "catalogue:factor-new": Access("factor.change"),
    "catalogue:factor-template": Access("view"),
    "catalogue:factor-imports": Access("view"),
    "catalogue:factor-import": Access("view"),
    "catalogue:factor-import-file": Access("view"),
    "catalogue:factor-import-submit": Access("factor.change", method="post"),
    "catalogue:factor-import-approve": Access("factor.review", method="post"),
    "catalogue:factor-import-return": Access("factor.review", method="post"),
}
