"""Error pages: a sentence, what to do next, a number to quote; a fragment where htmx asked. Never a traceback."""

from django.shortcuts import render
from django.utils.translation import gettext as _

from tanheng.kernel.errors import TanhengError

__all__ = [
    "bad_request",
    "csrf_failure",
    "page_not_found",
    "permission_denied",
    "server_error",
    "too_large",
    "unprocessable",
]


def _page(request, status: int, title: str, sentence: str, hint: str = ""):
    context = {
        "status": status,
        "title": title,
        "sentence": sentence,
        "hint": hint,
        "reference": getattr(request, "id", ""),
    }
    fragment = bool(getattr(request, "htmx", False)) and not request.htmx.history_restore_request
    template = "common/components/error.html" if fragment else "common/error.html"
    return render(request, template, context, status=status)


def bad_request(request, exception=None):
    return _page(
        request, 400, _("请求无法识别"), _("浏览器发来的内容不完整或格式不对。"), _("请返回上一页，刷新后重试。")
    )


def permission_denied(request, exception=None):
    sentence = str(exception) if exception and str(exception) else _("您没有执行此操作的权限。")
    return _page(request, 403, _("没有权限"), sentence)


def csrf_failure(request, reason=""):
    return _page(
        request, 403, _("页面已过期"), _("页面停留过久或已在别处退出登录，本次提交没有执行。"), _("请刷新页面后重试。")
    )


def page_not_found(request, exception=None):
    sentence = (
        exception.zh() if isinstance(exception, TanhengError) else _("您要找的内容不存在，或不在您可查看的企业范围内。")
    )
    return _page(request, 404, _("找不到页面"), sentence, _("请检查地址，或从首页重新进入。"))


def too_large(request, exception=None):
    return _page(
        request,
        413,
        _("文件过大"),
        _("上传的文件超过 50 MB，没有接收。"),
        _("请删除无关的工作表、图片后重试，或按月份拆分文件。"),
    )


def unprocessable(request, exception: TanhengError):
    return _page(request, 422, _("无法完成"), exception.zh(), _("已保存的数据不受影响。"))


def server_error(request):
    return _page(
        request,
        500,
        _("系统出错"),
        _("服务器在处理请求时出错，已保存的数据不受影响。"),
        _("请稍后重试；若再次出现，请将下面的编号告知管理员。"),
    )
