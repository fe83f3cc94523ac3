from getpass import getpass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from tanheng_web.accounts.models import User
from tanheng_web.common.audit import log


class Command(BaseCommand):
    """The first administrator: sees every enterprise, makes the others."""

    help = "创建系统管理员 / create the first administrator"

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("--name", default="", help="姓名 / display name")
        parser.add_argument(
            "--password-stdin", action="store_true", help="从标准输入读取密码 / read the password from stdin"
        )

    def handle(self, *, username, name, password_stdin, **options):
        call_command("migrate", interactive=False, verbosity=0)  # before the first start there are no tables yet
        if User.objects.filter(username=username).exists():
            raise CommandError(f"用户名 {username} 已存在 / the name is taken")
        password = input() if password_stdin else self._asked()
        try:
            validate_password(password, User(username=username, display_name=name))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        user = User.objects.create_superuser(username, password=password, display_name=name)
        log(action="user.create_admin", by=None, on=user)
        self.stdout.write(f"已创建系统管理员 {username}")

    @staticmethod
    def _asked():
        first, second = getpass("密码："), getpass("再输一次：")
        if first != second:
            raise CommandError("两次输入不一致 / the passwords differ")
        return first
