"""Reviews of a result: internal or by a third party; comparisons, comments on figures, a signed conclusion."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from tanheng_web.inventory.models.run import Run

__all__ = ["Review", "ReviewComment"]

PERSON = {"to": settings.AUTH_USER_MODEL, "on_delete": models.PROTECT, "related_name": "+"}


class Review(models.Model):
    """One review of one result. Concluded, it never changes; the result it speaks of never does anyway."""

    class Kind(models.TextChoices):
        INTERNAL = "internal", "内部审核"
        THIRD_PARTY = "third_party", "第三方核查"

    class Conclusion(models.TextChoices):
        AGREED = "agreed", "认可"
        REMARKS = "remarks", "有保留地认可"
        REFUSED = "refused", "不认可"

    run = models.ForeignKey(Run, models.CASCADE, related_name="reviews", verbose_name="核算")
    kind = models.CharField("种类", max_length=12, choices=Kind.choices)
    opened_by = models.ForeignKey(**PERSON, verbose_name="核查人")
    opened_at = models.DateTimeField("开始时间", auto_now_add=True)
    checks = models.JSONField("核对", default=dict, help_text="内部、历史、同行业三项核对的结论和说明")
    conclusion = models.CharField("结论", max_length=10, choices=Conclusion.choices, blank=True, default="")
    statement = models.TextField("意见", blank=True, default="")
    concluded_by = models.ForeignKey(**PERSON, null=True, blank=True, verbose_name="签署人")
    concluded_at = models.DateTimeField("签署时间", null=True, blank=True)

    class Meta:
        verbose_name = "核查"
        verbose_name_plural = "核查"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "kind"], condition=Q(concluded_at=None), name="review_open_once"),
            models.CheckConstraint(
                condition=Q(concluded_at=None) | (Q(concluded_by__isnull=False) & ~Q(conclusion="") & ~Q(statement="")),
                name="review_signed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run} {self.get_kind_display()}"

    @property
    def is_open(self) -> bool:
        return self.concluded_at is None


class ReviewComment(models.Model):
    """A remark on a figure of the result, and the answer to it."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="comments", verbose_name="核查")
    address = models.CharField("数字", max_length=300, help_text="结果中的地址")
    label = models.CharField("名称", max_length=300)
    text = models.TextField("意见")
    by = models.ForeignKey(**PERSON, verbose_name="提出人")
    at = models.DateTimeField("时间", auto_now_add=True)
    answer = models.TextField("答复", blank=True, default="")
    answered_by = models.ForeignKey(**PERSON, null=True, blank=True, verbose_name="答复人")
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    class Meta:
        verbose_name = "核查意见"
        verbose_name_plural = "核查意见"
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="review_comment_says_something")]

    def __str__(self) -> str:
        return f"{self.label}：{self.text[:40]}"
