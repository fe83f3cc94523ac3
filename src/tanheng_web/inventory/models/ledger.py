"""碳账本: the ledger that runs are posted to. A new run posts only the lines that differ from the current ones."""

from typing import TYPE_CHECKING, NoReturn

from django.conf import settings
from django.db import models

from tanheng.kernel.errors import InputError
from tanheng_web.inventory.models.run import Run

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["REASONS", "LedgerBook", "LedgerEntry", "LedgerPosting"]

REASONS = {
    "first": "首次记账",
    "period": "核算期延长",
    "data": "已审核数据变更",
    "factor": "因子更替",
    "standard": "标准变更",
    "engine": "软件更新",
    "again": "重新核算",
}


class LedgerBook(models.Model):
    """One account: the runs of an enterprise under a standard for a period, each superseding the one before."""

    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="ledger_books", verbose_name="企业"
    )
    standard = models.CharField("核算标准", max_length=64)
    run = models.OneToOneField(
        Run,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="现行核算",
        help_text="空：并入了另一本账",
    )
    postings_made = models.PositiveIntegerField("记账次数", default=0)

    class Meta:
        verbose_name = "账册"
        verbose_name_plural = "账册"
        ordering = ["pk"]
        indexes = [models.Index(fields=["organisation", "standard"], name="book_by_standard")]

    def __str__(self) -> str:
        return f"{self.standard} {self.run or '—'}"


class LedgerPosting(models.Model):
    """What one run changed in its book: who, when, why, how many lines."""

    book = models.ForeignKey(LedgerBook, models.PROTECT, related_name="postings", verbose_name="账册")
    number = models.PositiveIntegerField("序号", help_text="本账册第几次记账，从 1 起")
    run = models.OneToOneField(Run, models.PROTECT, related_name="posting", verbose_name="核算")
    reasons = models.JSONField("原因", default=list, help_text="REASONS 中的代码")
    note = models.CharField("说明", max_length=500, blank=True, default="")
    added = models.PositiveIntegerField("记入行数", default=0)
    kept = models.PositiveIntegerField("不变行数", default=0)
    superseded = models.PositiveIntegerField("替代行数", default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="记账人")
    posted_at = models.DateTimeField("记账时间")

    class Meta:
        verbose_name = "记账"
        verbose_name_plural = "记账"
        ordering = ["book", "number"]
        constraints = [models.UniqueConstraint(fields=["book", "number"], name="posting_number_once")]

    def __str__(self) -> str:
        return f"第 {self.number} 次记账"

    @property
    def reasons_zh(self) -> str:
        return "、".join(REASONS.get(reason, reason) for reason in self.reasons)


class LedgerQuerySet(models.QuerySet["LedgerEntry"]):
    def delete(self) -> NoReturn:
        """Refuse: an entry is superseded by a later one and stays."""
        raise InputError("ledger.never_deleted")

    def current(self) -> "LedgerQuerySet":
        return self.filter(superseded_no=None)

    def of_books(self, books: "Iterable[LedgerBook]") -> "LedgerQuerySet":
        return self.filter(book__in=list(books))

    def as_posted(self, posting: LedgerPosting) -> "LedgerQuerySet":
        """The state of the book right after a posting: what stood then, whatever came later."""
        then = models.Q(superseded_no=None) | models.Q(superseded_no__gt=posting.number)
        return self.filter(then, book=posting.book_id, posted_no__lte=posting.number)


class LedgerEntry(models.Model):
    """One line of 碳账本: one account, month, stream and gas. Superseded, never deleted or changed."""

    book = models.ForeignKey(LedgerBook, models.PROTECT, related_name="entries", verbose_name="账册")
    run = models.ForeignKey(Run, models.PROTECT, related_name="entries", verbose_name="记入的核算")
    line = models.PositiveIntegerField("行号", help_text="结果文件中的行，从 0 起")
    account = models.CharField("口径", max_length=32, default="enterprise", help_text="企业层级、工序层级等")
    month = models.CharField("期", max_length=7, help_text="月 2025-07，或只有年度数据时 2025")
    stream = models.CharField("源流", max_length=80)
    source = models.CharField("排放源", max_length=64)
    process = models.CharField("工序", max_length=200, blank=True, default="")
    material = models.CharField("物料", max_length=80)
    role = models.CharField("用途", max_length=32)
    direction = models.CharField("方向", max_length=4)
    gas = models.CharField("气体", max_length=16)
    formula = models.CharField("公式", max_length=64)
    mass = models.FloatField("气体质量", null=True, help_text="t")
    value = models.FloatField("排放量", null=True, help_text="tCO2e，扣减为负；空为缺口")
    posted_no = models.PositiveIntegerField("记入序号", help_text="由账册的第几次记账记入")
    superseded_no = models.PositiveIntegerField("替代序号", null=True, blank=True, help_text="由第几次记账替代")
    superseded_by = models.ForeignKey(
        Run, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="由何次核算替代"
    )
    superseded_at = models.DateTimeField("被替代时间", null=True, blank=True)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = "账目"
        verbose_name_plural = "碳账本"
        ordering = ["run", "line"]
        constraints = [
            models.UniqueConstraint(fields=["run", "line"], name="ledger_line_once"),
            models.CheckConstraint(
                condition=models.Q(superseded_no=None) | models.Q(superseded_no__gt=models.F("posted_no")),
                name="ledger_superseded_later",
            ),
        ]
        indexes = [
            models.Index(
                fields=["book", "account", "month", "source", "stream", "id"],
                condition=models.Q(superseded_no=None),
                name="ledger_current",
            ),
            models.Index(fields=["book", "account", "month", "source", "stream", "id"], name="ledger_ever"),
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.stream} {self.gas}"

    def delete(self, *args: object, **kwargs: object) -> NoReturn:
        """Refuse: an entry is superseded by a later one and stays."""
        raise InputError("ledger.never_deleted")
