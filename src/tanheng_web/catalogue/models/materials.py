"""Materials, material-process mapping and unit names that an enterprise adds to the catalogue."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["MaterialRule", "OwnMaterial", "UnitAlias"]

PERSON = {"to": settings.AUTH_USER_MODEL, "on_delete": models.PROTECT, "related_name": "+"}


class OwnMaterial(models.Model):
    """A material or medium of the enterprise; accounted as the catalogue's `like`, under its own name."""

    organisation = models.ForeignKey(
        "organisations.Organisation", models.CASCADE, related_name="own_materials", verbose_name=_("企业"),
        help_text=_("所有者；其下属企业可以使用"),
    )  # fmt: skip
    zh = models.CharField(_("名称"), max_length=60, help_text=_("如“兰炭末”，显示在源流、模板和报告中"))
    like = models.CharField(_("按哪种物料核算"), max_length=60, help_text=_("物料目录中的标识"))
    role = models.CharField(_("通常用途"), max_length=32, blank=True, help_text=_("添加源流时的建议"))
    unit = models.CharField(_("单位"), max_length=20, help_text=_("填报数量的单位"))
    aliases = models.JSONField(_("别名"), default=list, blank=True, help_text=_("导入表格时认得的其他叫法"))
    carbon_content = models.DecimalField(_("含碳量"), max_digits=14, decimal_places=6, null=True, blank=True)
    carbon_source = models.CharField(_("含碳量来源"), max_length=200, blank=True, help_text=_("检测报告或合同编号"))
    note = models.CharField(_("说明"), max_length=300, blank=True)
    is_active = models.BooleanField(_("启用"), default=True, help_text=_("停用后不再出现在新源流中"))
    created_by = models.ForeignKey(**PERSON, verbose_name=_("建立人"))
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("自有物料")
        verbose_name_plural = _("自有物料")
        ordering = ["-is_active", "zh"]
        constraints = [models.UniqueConstraint(fields=["organisation", "zh"], name="own_material_once")]

    def __str__(self):
        return self.zh


class MaterialRule(models.Model):
    """What an enterprise says of a material in a kind of process, beside the template of its standard."""

    class Use(models.TextChoices):
        PROPOSED = "proposed", _("建议")
        REFUSED = "refused", _("不允许")

    organisation = models.ForeignKey(
        "organisations.Organisation", models.CASCADE, related_name="material_rules", verbose_name=_("企业")
    )
    kind = models.CharField(_("工序类别"), max_length=40)
    material = models.CharField(_("物料"), max_length=60, help_text=_("物料目录中的标识"))
    own = models.ForeignKey(
        OwnMaterial, models.PROTECT, null=True, blank=True, related_name="rules", verbose_name=_("自有物料")
    )
    role = models.CharField(_("用途"), max_length=32)
    direction = models.CharField(_("方向"), max_length=3, choices=[("in", _("投入")), ("out", _("产出"))])
    use = models.CharField(_("规定"), max_length=10, choices=Use, default=Use.PROPOSED)
    by = models.ForeignKey(**PERSON, verbose_name=_("修改人"))
    at = models.DateTimeField(_("时间"), auto_now=True)

    class Meta:
        verbose_name = _("工序物料")
        verbose_name_plural = _("工序物料")
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "material", "own", "role", "direction"],
                name="material_rule_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self):
        return f"{self.kind} · {self.own or self.material}"


class UnitAlias(models.Model):
    """Another way an enterprise writes a unit."""

    organisation = models.ForeignKey(
        "organisations.Organisation", models.CASCADE, related_name="unit_aliases", verbose_name=_("企业"),
        help_text=_("所有者；其下属企业也认得"),
    )  # fmt: skip
    alias = models.CharField(_("写法"), max_length=30, help_text=_("如“公吨”"))
    unit = models.CharField(_("单位"), max_length=30, help_text=_("单位表中的单位"))
    by = models.ForeignKey(**PERSON, verbose_name=_("修改人"))
    at = models.DateTimeField(_("时间"), auto_now=True)

    class Meta:
        verbose_name = _("单位别名")
        verbose_name_plural = _("单位别名")
        ordering = ["alias"]
        constraints = [models.UniqueConstraint(fields=["organisation", "alias"], name="unit_alias_once")]

    def __str__(self):
        return f"{self.alias} = {self.unit}"
