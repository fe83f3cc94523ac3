"""Which library factors a result used: written when the run is posted, read when a factor is replaced."""

from django.db import models

from tanheng_web.inventory.models.run import Run

__all__ = ["FactorUse"]


class FactorUse(models.Model):
    """A version of a factor in the result of a run."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="factor_uses", verbose_name="核算")
    factor_id = models.CharField("因子编号", max_length=160, help_text="因子库中的编号")
    version = models.PositiveIntegerField("版本", default=1)

    class Meta:
        verbose_name = "因子使用"
        verbose_name_plural = "因子使用"
        ordering = ["run", "factor_id"]
        constraints = [models.UniqueConstraint(fields=["run", "factor_id", "version"], name="factor_use_once")]
        indexes = [models.Index(fields=["factor_id", "version"], name="factor_use_by_factor")]

    def __str__(self) -> str:
        return f"{self.factor_id} · 第 {self.version} 版"
