"""碳账本: the ledger that runs are posted to."""

from django.db import models

from tanheng_web.inventory.models.run import Run

__all__ = ["LedgerEntry"]


class LedgerEntry(models.Model):
    """One line of 碳账本: one month, stream and gas. Superseded, never deleted or changed."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="entries", verbose_name="核算")
    line = models.PositiveIntegerField("行号", help_text="结果文件中的行，从 0 起")
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
    superseded_at = models.DateTimeField("被替代时间", null=True, blank=True)

    class Meta:
        verbose_name = "账目"
        verbose_name_plural = "碳账本"
        ordering = ["run", "line"]
        constraints = [models.UniqueConstraint(fields=["run", "line"], name="ledger_line_once")]

    def __str__(self) -> str:
        return f"{self.month} {self.stream} {self.gas}"
