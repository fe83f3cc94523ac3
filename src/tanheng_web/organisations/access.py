from tanheng_web.common.access import Access

ACCESS = {
    "organisations:list": Access("login"),
    "organisations:new": Access("own"),
    "organisations:plan": Access("own", query={"name": "新建企业", "kind": "group", "province": "河北"}),
    "settings:basic": Access("view"),
    "settings:processes": Access("view"),
    "settings:process-add": Access("organisation.change", method="post"),
    "settings:process-edit": Access("organisation.change", method="post", query={"do": "up"}),
    "settings:accounting": Access("view"),
    "settings:members": Access("members.change"),
    "settings:member-add": Access("members.change"),
    "settings:member-roles": Access("members.change"),
    "settings:member-remove": Access("members.change", method="post"),
    "settings:member-password": Access("members.change"),
}
