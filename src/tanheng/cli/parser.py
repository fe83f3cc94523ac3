"""argparse in both languages: usage, headings and the words of its errors."""

import argparse
import re
import sys
from collections.abc import Callable
from typing import Any, NoReturn

__all__ = ["Parser", "count"]

# what argparse says of a bad argument, and how a user reads it; anything else stays as it is
_SAID: tuple[tuple[str, str], ...] = (
    (r"the following arguments are required: (.+)", r"缺少 \1"),
    (r"unrecognized arguments: (.+)", r"不认识 \1"),
    (r"argument (.+?): invalid choice: (.+?) \(choose from (.+)\)", r"\1 不能是 \2，可选：\3"),
    (r"argument (.+?): invalid (?:int|count) value: (.+)", r"\1 应为整数，不能是 \2"),
    (r"argument (.+?): invalid fromisoformat value: (.+)", r"\1 应为日期（如 2026-01-31），不能是 \2"),
    (r"argument (.+?): invalid (?:float) value: (.+)", r"\1 应为数字，不能是 \2"),
    (r"argument (.+?): expected one argument", r"\1 后面缺少取值"),
    (r"argument (.+?): expected at least one argument", r"\1 后面至少要有一个取值"),
    (r"argument (.+?): (.+)", r"\1 \2"),
)


class _Formatter(argparse.HelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法 usage: " if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """Speaks both languages where argparse would speak English alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"formatter_class": _Formatter, **kwargs, "add_help": False})
        self._positionals.title, self._optionals.title = "参数 arguments", "选项 options"
        self.add_argument("-h", "--help", action="help", help="显示本说明 show this help")

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        said = next((re.sub(pattern, zh, message) for pattern, zh in _SAID if re.fullmatch(pattern, message)), message)
        self.exit(2, f"tanheng：命令有误 bad command line：{said}（--help 查看用法）\n")


def count(least: int) -> Callable[[str], int]:
    """A whole number of at least `least`, for ``type=``."""

    def read(text: str) -> int:
        value = int(text)
        if value < least:
            raise argparse.ArgumentTypeError(f"应为不小于 {least} 的整数，不能是 {value}")
        return value

    read.__name__ = "count"
    return read
