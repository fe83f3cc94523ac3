from tanheng_web.common.access import Access

ACCESS = {
    "accounts:login": Access("public"),
    "accounts:logout": Access("login", method="post"),
    "accounts:profile": Access("login"),
    "accounts:password": Access("login"),
    "accounts:invitation-answer": Access("own", method="post"),
}
