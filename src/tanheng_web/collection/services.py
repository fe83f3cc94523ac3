"""Changing activity data. Every door (page, command, job) calls these; each checks right, lock and rule, and logs."""

from tanheng_web.collection.services_months import month_approve, month_reopen, month_return, month_submit
from tanheng_web.collection.services_own import own_value_remove, own_value_set
from tanheng_web.collection.services_streams import (
    stream_add,
    stream_change,
    stream_remove,
    stream_restore,
    streams_create,
)
from tanheng_web.collection.services_values import Change, Refused, refused_keep, value_set, values_set
from tanheng_web.collection.services_workbooks import (
    MARK_JOB,
    marked_name,
    workbook_check,
    workbook_check_now,
    workbook_confirm,
    workbook_confirm_now,
    workbook_mark,
    workbook_upload,
)

__all__ = [
    "MARK_JOB",
    "Change",
    "Refused",
    "marked_name",
    "month_approve",
    "month_reopen",
    "month_return",
    "month_submit",
    "own_value_remove",
    "own_value_set",
    "refused_keep",
    "stream_add",
    "stream_change",
    "stream_remove",
    "stream_restore",
    "streams_create",
    "value_set",
    "values_set",
    "workbook_check",
    "workbook_check_now",
    "workbook_confirm",
    "workbook_confirm_now",
    "workbook_mark",
    "workbook_upload",
]
