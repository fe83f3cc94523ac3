"""What the URLs of templates need."""

from tanheng_web.common.access import Access

__all__ = ["ACCESS"]

ACCESS = {
    "inventory:templates": Access("view"),
    "inventory:pack-add": Access("template.change"),
    "inventory:template-fill": Access("template.change", method="post", query={"which": "report:0", "preview": "1"}),
    "inventory:pack": Access("template.change"),
    "inventory:pack-file": Access("template.change"),
    "inventory:pack-act": Access("template.change", method="post", query={"act": "deactivate"}),
    "inventory:filled": Access("view"),
    "inventory:filled-file": Access("view"),
    "inventory:template-restore": Access("template.change", method="post"),
    "inventory:template-remove": Access("template.change", method="post"),
}
