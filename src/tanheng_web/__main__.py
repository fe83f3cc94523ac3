"""``python -m tanheng_web <command>``: Django's commands, and those of serving."""

import os
import sys

__all__ = ["main"]


def main(argv: list[str] | None = None) -> int:
    """Run a command; `collect_vendor`, `serve`, `demo`, `prepare` and `worker` are ours, the rest is Django's."""
    argv = sys.argv[1:] if argv is None else argv
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tanheng_web.settings")
    if argv[:1] == ["collect_vendor"]:
        from tanheng_web.assets import collect_vendor  # before Django: set-up has no database yet

        for path in collect_vendor():
            print(path.name)
        return 0
    if argv and argv[0] in {"serve", "demo", "prepare", "worker"}:
        from tanheng_web import serving

        return getattr(serving, argv[0])(argv[1:])
    from django.core.management import execute_from_command_line

    execute_from_command_line(["tanheng_web", *argv])
    return 0


if __name__ == "__main__":
    sys.exit(main())
