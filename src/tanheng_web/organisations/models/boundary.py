"""The boundary: legal form, rules, what a unit is, who holds whom, what goes between members."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tanheng.accounting.boundary_catalogue import entity_kinds, holding_kinds, unit_types
from tanheng_web.organisations.models.organisation import Organisation
from tanheng_web.organisations.models.plant import Process

__all__ = ["BoundarySettings", "Holding", "InternalTransfer", "UnitBoundary"]

PERSON = {"to": settings.AUTH_USER_MODEL, "on_delete": models.PROTECT, "related_name": "+"}
PERCENT = [Decimal(0), Decimal(100)]


class BoundarySettings(models.Model):
    """Legal form of a reporting entity, and the rules it chose otherwise than the data say. None: as the data say."""

    class Below(models.TextChoices):
        EXCLUDE = "exclude", _("不纳入")
        PROPORTIONAL = "proportional", _("仍按比例计入")

    class ExportedFrom(models.TextChoices):
        GENERATION = "generation", _("自发电")
        PURCHASED = "purchased", _("购入电（转供）")

    organisation = models.OneToOneField(
        Organisation, models.CASCADE, related_name="boundary", verbose_name=_("企业"), help_text=_("所属企业")
    )
    entity_kind = models.CharField(
        _("主体类型"), max_length=24, blank=True, help_text=_("法人企业或视同法人的独立核算单位才能作为报告主体")
    )
    entity_document = models.CharField(
        _("依据"), max_length=200, blank=True, help_text=_("营业执照，或独立核算的批准文件与文号")
    )
    majority_threshold = models.DecimalField(
        _("合并门槛（%）"), max_digits=6, decimal_places=3, null=True, blank=True, help_text=_("空为 50")
    )
    majority_strict = models.BooleanField(
        _("门槛不含本数"), default=False, help_text=_("勾选为“大于”，不勾选为“大于等于”（“50%以上”含 50%）")
    )
    below_majority = models.CharField(
        _("未达门槛的参股企业"),
        max_length=14,
        choices=Below,
        default=Below.EXCLUDE,
        help_text=_("只影响股权比例法"),
    )
    captive_threshold = models.DecimalField(
        _("自备电厂单列门槛（%）"), max_digits=6, decimal_places=3, null=True, blank=True, help_text=_("空为 50")
    )
    captive_strict = models.BooleanField(
        _("单列门槛不含本数"), default=True, help_text=_("勾选为“大于”（标准：供电自给率＞50%）")
    )
    captive_exported_from = models.CharField(
        _("外供电取自"),
        max_length=12,
        choices=ExportedFrom,
        default=ExportedFrom.GENERATION,
        help_text=_("计算供电自给率时，外供电量从自发电还是购入电中扣除"),
    )

    class Meta:
        verbose_name = _("边界设置")
        verbose_name_plural = _("边界设置")
        constraints = [
            models.CheckConstraint(
                condition=Q(majority_threshold=None) | Q(majority_threshold__range=PERCENT),
                name="boundary_majority_percent",
            ),
            models.CheckConstraint(
                condition=Q(captive_threshold=None) | Q(captive_threshold__range=PERCENT),
                name="boundary_captive_percent",
            ),
        ]

    def __str__(self):
        return f"{self.organisation} 边界设置"

    @property
    def entity_zh(self) -> str:
        known = entity_kinds().get(self.entity_kind)
        return known.zh if known else ""


class UnitBoundary(models.Model):
    """What somebody chose for a unit otherwise than follows from its process kind."""

    process = models.OneToOneField(
        Process, models.CASCADE, related_name="boundary", verbose_name=_("工序"), help_text=_("工序、子工序或设备")
    )
    unit_type = models.CharField(_("单位类型"), max_length=40, blank=True, help_text=_("空则按工序类别"))
    stage = models.CharField(
        _("阶段"), max_length=16, blank=True, help_text=_("采矿、选矿、冶炼、加工；空则按单位类型")
    )
    is_inside = models.BooleanField(_("在边界内"), default=True, help_text=_("移出须写明原因"))
    reason = models.CharField(_("原因"), max_length=300, blank=True, help_text=_("移出边界的原因，写入报告"))

    class Meta:
        verbose_name = _("单位边界")
        verbose_name_plural = _("单位边界")
        constraints = [
            models.CheckConstraint(condition=Q(is_inside=True) | ~Q(reason=""), name="unit_outside_has_reason"),
        ]

    def __str__(self):
        return f"{self.process_id} {self.unit_type}"

    @property
    def unit_type_zh(self) -> str:
        known = unit_types().get(self.unit_type)
        return known.zh if known else self.unit_type


class Holding(models.Model):
    """What one enterprise of a group has of another, and whether it controls it."""

    group = models.ForeignKey(
        Organisation, models.CASCADE, related_name="holdings", verbose_name=_("集团"), help_text=_("登记的集团")
    )
    owner = models.ForeignKey(
        Organisation, models.CASCADE, related_name="+", verbose_name=_("持有方"), help_text=_("集团或其下属企业")
    )
    member = models.ForeignKey(
        Organisation,
        models.CASCADE,
        related_name="held_by",
        verbose_name=_("被持有企业"),
        help_text=_("集团之下的企业"),
    )
    share = models.DecimalField(
        _("股权比例（%）"), max_digits=7, decimal_places=4, help_text=_("0 到 100；租赁、受托管理可为 0")
    )
    operational_control = models.BooleanField(
        _("运营控制权"), null=True, blank=True, help_text=_("不填则按合并门槛推定")
    )
    financial_control = models.BooleanField(_("财务控制权"), null=True, blank=True, help_text=_("不填则按合并门槛推定"))
    kind = models.CharField(_("类型"), max_length=16, default="subsidiary", help_text=_("见边界规则中的类型"))
    valid_from = models.DateField(_("起始日"), null=True, blank=True, help_text=_("空为一直"))
    valid_to = models.DateField(_("终止日"), null=True, blank=True, help_text=_("含当日；空为一直"))
    document = models.CharField(
        _("依据文件"), max_length=200, blank=True, help_text=_("公司章程、合资合同、租赁或托管协议及编号")
    )
    entered_by = models.ForeignKey(**PERSON, verbose_name=_("登记人"))
    entered_at = models.DateTimeField(_("登记时间"), auto_now=True)

    class Meta:
        verbose_name = _("持股与控制")
        verbose_name_plural = _("持股与控制")
        ordering = ["member__path", "valid_from", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(share__range=PERCENT), name="holding_share_percent"),
            models.CheckConstraint(condition=~Q(owner=models.F("member")), name="holding_not_of_itself"),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lte=models.F("valid_to")),
                name="holding_days_in_order",
            ),
        ]

    def __str__(self):
        return f"{self.owner} › {self.member} {self.share}%"

    @property
    def kind_zh(self) -> str:
        return holding_kinds().get(self.kind, self.kind)


class InternalTransfer(models.Model):
    """What one member says it delivered to, or got from, another of the same group. Withdrawn, never changed."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="transfers", verbose_name=_("申报企业"), help_text=_("申报的企业")
    )
    counterparty = models.ForeignKey(
        Organisation, models.CASCADE, related_name="+", verbose_name=_("对方企业"), help_text=_("同一集团的企业")
    )
    supplies = models.BooleanField(_("供出"), help_text=_("本企业供给对方；否则为从对方接受"))
    material = models.CharField(_("物料"), max_length=60)
    stream = models.CharField(_("源流编号"), max_length=40, help_text=_("这一数量包含在本企业的哪条源流中"))
    period = models.CharField(_("期间"), max_length=7, help_text=_("一个月或一年"))
    quantity = models.DecimalField(_("数量"), max_digits=24, decimal_places=6)
    unit = models.CharField(_("单位"), max_length=20)
    note = models.CharField(_("依据"), max_length=200, blank=True, help_text=_("结算单、计量记录等"))
    declared_by = models.ForeignKey(**PERSON, verbose_name=_("申报人"))
    declared_at = models.DateTimeField(_("申报时间"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(**PERSON, null=True, blank=True, verbose_name=_("撤销人"))

    class Meta:
        verbose_name = _("内部往来申报")
        verbose_name_plural = _("内部往来申报")
        ordering = ["-period", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="transfer_quantity_positive"),
            models.UniqueConstraint(
                fields=["organisation", "counterparty", "supplies", "material", "period", "stream"],
                condition=Q(withdrawn_at=None),
                name="transfer_declared_once",
            ),
        ]

    def __str__(self):
        return f"{self.organisation_id} {self.material} {self.period}"
