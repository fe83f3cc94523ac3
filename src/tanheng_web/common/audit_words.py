"""Words for audit entries: codes stay in the database, sentences on the page."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from tanheng.rules.package import standards
from tanheng_web.accounts.models import Role
from tanheng_web.common.models import AuditEntry

__all__ = ["ACTIONS", "KINDS", "Row", "row"]

KINDS = {
    "month": _("月度数据"),
    "workbook": _("导入"),
    "own_value": _("实测值"),
    "stream": _("源流"),
    "run": _("核算"),
    "report": _("报告"),
    "recalculation": _("重算"),
    "template": _("报告模板"),
    "study": _("不确定性分析"),
    "factor": _("排放因子"),
    "organisation": _("企业设置"),
    "site": _("厂区"),
    "process": _("工序"),
    "member": _("成员"),
    "standard": _("自有标准"),
    "material": _("物料"),
    "unit": _("单位"),
    "boundary": _("核算边界"),
    "holding": _("持股"),
    "transfer": _("内部往来"),
    "cut_off": _("取舍"),
    "control_plan": _("数据质量控制方案"),
}
ACTIONS = {
    "month.submit": _("提交"),
    "month.return": _("退回"),
    "month.approve": _("审核通过"),
    "month.reopen": _("重新开启"),
    "workbook.upload": _("上传文件"),
    "workbook.confirm": _("确认导入"),
    "own_value.set": _("设定实测值"),
    "own_value.remove": _("取消实测值"),
    "stream.create": _("建立源流"),
    "stream.add": _("添加源流"),
    "stream.change": _("修改源流"),
    "stream.deactivate": _("停用源流"),
    "stream.delete": _("删除源流"),
    "stream.restore": _("恢复源流"),
    "stream.basis": _("写明取值依据"),
    "run.create": _("发起核算"),
    "run.post": _("核算完成"),
    "review.open": _("开始核查"),
    "review.check": _("记下核对"),
    "review.comment": _("提出核查意见"),
    "review.answer": _("答复核查意见"),
    "review.conclude": _("签署核查结论"),
    "limit.set": _("设定排放限值"),
    "limit.withdraw": _("撤销排放限值"),
    "report.create": _("生成报告"),
    "report.publish": _("发布报告"),
    "recalculation.create": _("发起重算"),
    "recalculation.accept": _("采纳重算"),
    "recalculation.discard": _("放弃重算"),
    "template.upload": _("上传报告模板"),
    "control_plan.draft": _("起草数据质量控制方案"),
    "control_plan.issue": _("发布数据质量控制方案"),
    "study.create": _("发起不确定性分析"),
    "study.finish": _("不确定性分析完成"),
    "study.report": _("生成不确定性分析报告"),
    "factor.import": _("上传因子文件"),
    "factor.enter": _("填写因子"),
    "factor.submit": _("提交因子复核"),
    "factor.publish": _("发布因子"),
    "factor.return": _("退回因子"),
    "factor.lives": _("设定因子有效期"),
    "organisation.create": _("新建企业"),
    "organisation.change": _("修改企业设置"),
    "organisation.place": _("调整所属集团"),
    "organisation.standards": _("选定核算标准"),
    "site.add": _("添加厂区"),
    "site.change": _("修改厂区"),
    "site.remove": _("删除厂区"),
    "process.add": _("添加工序"),
    "process.change": _("修改工序"),
    "process.rename": _("工序改名"),
    "process.move": _("调整工序顺序"),
    "process.deactivate": _("停用工序"),
    "process.remove": _("删除工序"),
    "process.restore": _("恢复工序"),
    "standard.copy": _("复制标准"),
    "standard.change": _("修改自有标准"),
    "standard.submit": _("提交自有标准复核"),
    "standard.return": _("退回自有标准"),
    "standard.publish": _("发布自有标准"),
    "standard.version": _("建立标准新版本"),
    "standard.withdraw": _("停用自有标准"),
    "standard.discard": _("删除标准草稿"),
    "material.add": _("添加物料"),
    "material.merge": _("合并物料"),
    "process_template.add": _("添加工序模板"),
    "process_template.change": _("修改工序模板"),
    "process_template.remove": _("删除工序模板"),
    "material.change": _("修改物料"),
    "material.deactivate": _("停用物料"),
    "material.restore": _("恢复物料"),
    "material.remove": _("删除物料"),
    "material.rule": _("规定工序物料"),
    "material.rule_remove": _("取消工序物料规定"),
    "unit.set": _("设定单位写法"),
    "unit.remove": _("删除单位写法"),
    "template.restore": _("恢复报告模板旧版"),
    "template.deactivate": _("停用补充报表"),
    "template.activate": _("启用补充报表"),
    "template.remove": _("删除补充报表"),
    "member.add": _("添加成员"),
    "member.invite": _("邀请成员"),
    "member.join": _("接受邀请"),
    "member.decline": _("谢绝邀请"),
    "member.uninvite": _("撤回邀请"),
    "member.roles": _("修改角色"),
    "member.remove": _("移除成员"),
    "member.password": _("重设密码"),
    "user.login": _("登录"),
    "user.password_change": _("修改密码"),
    "user.profile": _("修改个人信息"),
    "user.create_admin": _("建立系统管理员"),
    "demo.loaded": _("装载演示数据"),
    "boundary.entity": _("登记报告主体"),
    "boundary.rules": _("修改边界规则"),
    "boundary.unit": _("修改核算边界"),
    "holding.add": _("登记持股"),
    "holding.change": _("修改持股"),
    "holding.remove": _("删除持股"),
    "transfer.declare": _("申报内部往来"),
    "transfer.withdraw": _("撤销内部往来申报"),
    "cut_off.decide": _("忽略物料"),
    "cut_off.withdraw": _("撤销忽略"),
}
FIELDS = {
    "name": _("名称"),
    "short_name": _("简称"),
    "uscc": _("统一社会信用代码"),
    "province": _("省份"),
    "grid_part": _("电网区域"),
    "address": _("地址"),
    "legal_representative": _("法定代表人"),
    "contact_person": _("联系人"),
    "contact_phone": _("联系电话"),
    "filled_by": _("填报负责人"),
    "industry_code": _("行业代码"),
    "ownership": _("单位性质"),
    "standard": _("核算标准"),
    "standards": _("核算标准"),
    "main_product": _("主要产品"),
    "electricity_factor_level": _("电力排放因子"),
    "electricity_factor_indicator": _("电力因子口径"),
    "allow_self_approval": _("允许自审"),
    "parent": _("上级"),
    "site": _("厂区"),
    "kind": _("类别"),
    "path": _("位置"),
    "to": _("次序"),
    "roles": _("角色"),
    "new_account": _("新建账号"),
    "reason": _("原因"),
    "comment": _("意见"),
    "version": _("版本"),
    "period": _("期间"),
    "month": _("月份"),
    "supersedes": _("替代的核算"),
    "code": _("编码"),
    "codes": _("源流"),
    "label": _("名称"),
    "material": _("物料"),
    "method": _("检测方法"),
    "document": _("文件"),
    "role": _("用途"),
    "direction": _("方向"),
    "process": _("工序"),
    "unit": _("单位"),
    "values": _("参数项"),
    "components": _("组成"),
    "count": _("数量"),
    "rows": _("行数"),
    "display_name": _("姓名"),
    "email": _("电子邮箱"),
    "total": _("总量"),
    "lines": _("明细行"),
    "sha256": "SHA-256",
    "digest": _("摘要"),
    "quantity": _("参数"),
    "value": _("值"),
    "note": _("说明"),
    "written": _("写入单元格"),
    "gaps": _("缺口"),
    "key": _("参数"),
    "zh": _("名称"),
    "places": _("位置"),
    "like": _("按何种核算"),
    "aliases": _("别名"),
    "carbon_content": _("含碳量"),
    "carbon_source": _("含碳量来源"),
    "use": _("规定"),
    "first_month": _("起始月"),
    "last_month": _("截止月"),
    "factor": _("排放因子"),
    "entity_kind": _("主体类型"),
    "entity_document": _("依据"),
    "majority_threshold": _("合并门槛"),
    "majority_strict": _("门槛不含本数"),
    "below_majority": _("未达门槛"),
    "captive_threshold": _("单列门槛"),
    "captive_strict": _("单列门槛不含本数"),
    "captive_exported_from": _("外供电取自"),
    "unit_type": _("单位类型"),
    "stage": _("阶段"),
    "is_inside": _("在边界内"),
    "owner": _("持有方"),
    "share": _("股权比例"),
    "operational_control": _("运营控制权"),
    "financial_control": _("财务控制权"),
    "valid_from": _("起始日"),
    "valid_to": _("终止日"),
    "counterparty": _("对方企业"),
    "is_hazardous": _("有毒有害"),
    "year": _("年度"),
}
SAID_BY_THE_LABEL = frozenset({"month", "version"})  # 2025-07 第 2 版
DIGESTS = frozenset({"sha256", "digest"})
DIGEST_SIGNS = 12
LONG = 60


@dataclass(frozen=True)
class Row:
    """An entry as the page shows it."""

    entry: AuditEntry
    action: str
    details: tuple[tuple[str, str], ...]


def row(entry: AuditEntry) -> Row:
    """Words for an entry; a code without words is shown as it is, nothing is hidden."""
    details = tuple((str(FIELDS.get(key, key)), _value(key, value)) for key, value in _shown(entry))
    return Row(entry, str(ACTIONS.get(entry.action, entry.action)), details)


def _shown(entry: AuditEntry):
    known = SAID_BY_THE_LABEL if entry.action.startswith("month.") else frozenset()
    return [(key, value) for key, value in entry.data.items() if key not in known and value not in ([], None)]


def _value(key: str, value) -> str:
    if key == "standard":
        return _changed(value, _standard) if isinstance(value, list) else _standard(value)
    if key == "standards":
        return _changed(value, lambda ids: "、".join(map(_standard, ids)) or "—")
    if key in DIGESTS:
        return f"{value[:DIGEST_SIGNS]}…"
    if key == "roles":
        return _changed(value, _roles) if value and isinstance(value[0], list) else _roles(value)
    if isinstance(value, list) and len(value) == 2 and key != "codes":
        return _changed(value, _plain)
    return _plain(value)


def _changed(pair: list, words) -> str:
    return f"{words(pair[0])} → {words(pair[1])}"


def _standard(standard_id: str) -> str:
    names = {found.id: found.short_zh for found in standards()}
    return names.get(standard_id, standard_id) or "—"


def _roles(roles: list[str]) -> str:
    labels = dict(Role.choices)
    return "、".join(str(labels.get(role, role)) for role in roles) or "—"


def _plain(value) -> str:
    if value is None or value == "" or value == []:
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        shown = "、".join(str(part) for part in value)
        return shown if len(shown) <= LONG else f"{shown[:LONG]}…（共 {len(value)} 项）"
    text = str(value)
    return text if len(text) <= LONG * 2 else f"{text[: LONG * 2]}…"
