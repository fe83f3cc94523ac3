"""Error pages: a sentence, what to do next, a number to quote; a fragment where htmx asked. Never a traceback.

Who is logged in stays inside the frame. The frame needs the database; when that is what fails, the page stands alone.
"""

import logging

from django.db import Error as DatabaseError
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from tanheng.kernel.errors import TanhengError

__all__ = [
    "bad_request",
    "csrf_failure",
    "meanwhile",
    "page_not_found",
    "permission_denied",
    "server_error",
    "too_large",
    "unprocessable",
]


logger = logging.getLogger(__name__)


def _page(request, status: int, title: str, sentence: str, hint: str = ""):
    context = {
        "status": status,
        "title": title,
        "sentence": sentence,
        "hint": hint,
        "reference": getattr(request, "id", ""),
    }
    if getattr(request, "htmx", False) and not request.htmx.history_restore_request:
        return render(None, "common/components/error.html", context, status=status)
    return HttpResponse(_framed(request, context) or _alone(request, context), status=status)


def _framed(request, context: dict) -> str | None:
    """The page inside the frame; None for a stranger, and while the frame itself cannot be drawn."""
    try:
        if not getattr(request, "user", None) or not request.user.is_authenticated or request.user.must_change_password:
            return None
        return render_to_string("common/error_framed.html", context, request)
    except DatabaseError:
        logger.exception("error page without its frame")
        return None


def _alone(request, context: dict) -> str:
    theme = request.COOKIES.get("theme")
    return render_to_string("common/error.html", context | {"theme": theme if theme in {"light", "dark"} else "auto"})


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


def meanwhile(request):
    """What another request made in the same moment keeps this one from being carried out."""
    return _page(
        request,
        409,
        _("有人同时操作"),
        _("另一个请求在同一时刻保存了与此冲突的内容，本次没有执行，已保存的数据不受影响。"),
        _("请刷新页面查看现状，需要时再试一次；若总是出现，请将下面的编号告知管理员。"),
    )


def server_error(request):
    return _page(
        request,
        500,
        _("系统出错"),
        _("服务器在处理请求时出错，已保存的数据不受影响。"),
        _("请稍后重试；若再次出现，请将下面的编号告知管理员。"),
    )
