from tanheng_web.common.access import Access

__all__ = ["ACCESS"]

ACCESS = {
    "dashboards:panorama": Access("view"),
    "boundary:tree": Access("view"),
    "boundary:entity": Access("organisation.change"),
    "boundary:rules": Access("organisation.change"),
    "boundary:export": Access("view"),
    "boundary:unit": Access("organisation.change"),
    "boundary:group": Access("view"),
    "boundary:group-docx": Access("view"),
    "boundary:group-xlsx": Access("view"),
    "boundary:holdings": Access("view"),
    "boundary:holding-add": Access("organisation.change"),
    "boundary:holding-change": Access("organisation.change"),
    "boundary:holding-remove": Access("organisation.change", method="post"),
    "boundary:transfers": Access("view"),
    "boundary:transfer-add": Access("data.enter"),
    "boundary:transfer-withdraw": Access("data.enter", method="post"),
}
