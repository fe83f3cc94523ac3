"""A standard that nobody has heard of is a folder: wizard, workbook, approval, run, ledger and report do the rest.

Nothing of it stands in Python: an industry, a process kind, a source, a formula and a quantity unit of its own.
"""

from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.utils.http import urlencode

from tanheng.rules import package
from tanheng.rules.package import add_standard_folder, load_standard
from tanheng.rules.registry import registry
from tanheng_web.collection import services
from tanheng_web.collection.models import MonthReport, SourceStream
from tanheng_web.collection.vocabulary import BALANCE
from tanheng_web.demo.filling import fill
from tanheng_web.inventory.models import LedgerEntry, Report
from tanheng_web.inventory.reports import report_bytes
from tanheng_web.inventory.services import results_refresh
from tanheng_web.organisations.models import Organisation

SOURCE = "{doc: 试验标准, clause: null, equation: E = AD·EF, checked: false, confidence: seen, evidence: test}"
STANDARD = f"""
id: trial_brine_2031
zh: 盐湖提锂企业温室气体排放核算试行办法
short_zh: 盐湖提锂 试行
document: 试行〔2031〕1号
status: unverified
evidence: secondary
in_force: {{from: 2020-01-01, to: null}}
industry: brine_lithium
main_products: [lithium_carbonate]
gwp: {{set: none, values: {{CO2: 1}}, source: {SOURCE}}}
rounding: {{level: display, decimals: 2, mode: half_up}}
electricity_factor: {{indicator: average, level: national}}
accounts:
  enterprise: {{zh: 企业层级, flows: boundary}}
  process: {{zh: 工序层级, flows: process}}
sources:
  pond_lime:
    zh: 盐田石灰排放
    sign: 1
    lines: [{{gas: CO2, formula: pond_lime}}]
    take: [{{role: reagent, materials: [soda_ash], basis: net_consumption}}]
    source: {SOURCE}
  grid_power:
    zh: 电网电力
    sign: 1
    lines: [{{gas: CO2, formula: grid_power}}]
    take: [{{role: electricity, materials: [electricity], direction: in, basis: quantity}}]
    source: {SOURCE}
not_counted:
  - {{role: product, materials: "*", reason: 产品只作分母}}
subtotals:
  direct: {{zh: 直接排放, sources: [pond_lime]}}
  indirect: {{zh: 间接排放, sources: [grid_power]}}
indicators:
  intensity:
    zh: 吨碳酸锂排放
    numerator: total
    denominator: {{role: product, materials: [lithium_carbonate], basis: output}}
    unit: tCO2e/t
"""
FORMULAS = f"""
pond_lime:
  zh: 盐田石灰排放
  unit: tCO2
  expr: quantity * purity * decomposition_rate * carbonate_factor
  terms: {{quantity: t, purity: "1", decomposition_rate: "1", carbonate_factor: tCO2/t}}
  valid: {{from: 2020-01-01, to: null}}
  source: {SOURCE}
grid_power:
  zh: 电网电力
  unit: tCO2
  expr: quantity * emission_factor
  terms: {{quantity: MWh, emission_factor: tCO2/MWh}}
  valid: {{from: 2020-01-01, to: null}}
  source: {SOURCE}
"""
PROCESSES = """
processes:
  - id: pond
    zh: 盐田
    kind: brine_pond
    stage: mining
    sub_processes: [{id: first, zh: 一号池}]
    streams: [{material: electricity, role: electricity, direction: in}]
boundary_streams:
  - {material: soda_ash, role: reagent, direction: in, values: [purity, carbonate_factor], label: 沉锂纯碱}
  - {material: electricity, role: electricity, direction: in, label: 外购电力}
  - {material: lithium_carbonate, role: product, direction: out, label: 碳酸锂产量}
"""
DEFAULTS = (
    "quantity,material,role,value,unit,valid_from,valid_to,published_on,document,table,clause,evidence,confidence,"
    "checked,note\n"
    "decomposition_rate,soda_ash,reagent,0.9,1,2020-01-01,,2020-01-01,试验标准,,,test,seen,false,\n"
    "emission_factor,electricity,electricity,0.5,tCO2/MWh,2020-01-01,,2020-01-01,试验标准,,,test,seen,false,\n"
)
REPORT = """
title: 温室气体排放报告（试行）
preface: 依据{document}《{standard}》核算了 {period} 的排放。
preface_confidence: ours
checked: false
evidence: secondary
gas_unit: tCO2
chapters:
  - {id: basic, zh: 企业基本情况, confidence: ours, checked: false}
  - {id: emissions, zh: 排放, confidence: ours, checked: false}
  - {id: activity, zh: 活动数据, confidence: ours, checked: false}
  - {id: factors, zh: 因子, confidence: ours, checked: false}
basic_information_confidence: ours
basic_information: [{zh: 企业名称, field: name}]
boundary_confidence: ours
boundary: [盐田与提锂车间]
total_equation: 总量 ＝ 盐田石灰 ＋ 电力
activity_symbols: [quantity]
declaration: {text: 真实。, sign: [签字], confidence: ours, checked: false}
attached:
  - id: table_1
    zh: 附表 1
    confidence: ours
    checked: false
    blocks:
      - columns: [{zh: 源类别, value: label}, {zh: 排放量, value: figure}]
        rows:
          - {zh: 盐田石灰, figure: "source:pond_lime"}
          - {zh: 电力, figure: "source:grid_power"}
          - {zh: 总计, figure: total, kind: total}
"""


@pytest.fixture
def trial(tmp_path, monkeypatch):
    """The folder, known to the process for the length of the test."""
    monkeypatch.setattr(package, "_added", [])
    folder = tmp_path / "trial_brine_2031"
    (folder / "parameters").mkdir(parents=True)
    files = {"standard.yaml": STANDARD, "formulas.yaml": FORMULAS, "processes.yaml": PROCESSES, "report.yaml": REPORT}
    for name, text in {**files, "parameters/defaults.csv": DEFAULTS}.items():
        (folder / name).write_text(text.lstrip("\n"), encoding="utf-8")
    add_standard_folder(tmp_path)
    return load_standard("trial_brine_2031")


def _created(client, trial) -> Organisation:
    """Walk through the wizard as a person does: basics, then the plan with everything that is proposed."""
    basics = {"name": "盐湖一厂", "kind": "company", "province": "青海", "standard": trial.id}
    assert trial.short_zh in client.get("/organisations/new/").text
    plan = client.get("/organisations/new/", basics, follow=True)
    for text in ("盐田", "沉锂纯碱", "碳酸锂产量"):
        assert text in plan.text
    chosen = ["p.pond", "s.pond.first", "f.pond.0", "b0", "b1", "b2"]
    answer = client.post(f"/organisations/new/plan/?{urlencode(basics)}", {"chosen": chosen, "name.p.pond": "盐田"})
    assert answer.status_code == 302, answer.text[:2000]
    return Organisation.objects.get(name="盐湖一厂")  # with the processes and streams of the folder


def _entered(client, world, organisation) -> None:
    """Download the month's template, type into it, upload, confirm, submit, approve: by the pages' own services."""
    codes = {row.material: row.code for row in SourceStream.objects.filter(organisation=organisation, process=None)}
    template = client.get(f"/o/{organisation.pk}/data/template/?period=2025-01").content
    amounts = {
        (codes["soda_ash"], "2025-01", "purchased"): Decimal(1000),
        **{(codes["soda_ash"], "2025-01", key): Decimal(0) for key in BALANCE[1:]},
        (codes["soda_ash"], "2025-01", "purity"): Decimal("0.98"),
        (codes["soda_ash"], "2025-01", "carbonate_factor"): Decimal("0.4149"),
        (codes["electricity"], "2025-01", "quantity"): Decimal(2000),
        (codes["lithium_carbonate"], "2025-01", "quantity"): Decimal(400),
    }
    inside = SourceStream.objects.get(organisation=organisation, process__kind="brine_pond")
    amounts[inside.code, "2025-01", "quantity"] = Decimal(1500)
    assert codes.keys() == {"soda_ash", "electricity", "lithium_carbonate"}
    by = world.people["superuser"]
    file = ContentFile(fill(template, amounts), name="one.xlsx")
    workbook, _new = services.workbook_upload(by=by, organisation=organisation, file=file, name="one.xlsx")
    findings = services.workbook_check_now(workbook=workbook)
    assert findings is not None and not findings.errors
    services.workbook_confirm_now(by=by, workbook=workbook)
    report = MonthReport.objects.get(organisation=organisation)
    report = services.month_submit(by=by, report=report)
    organisation.allow_self_approval = True
    organisation.save()
    report.refresh_from_db()
    services.month_approve(by=by, report=report, refresh=False)


def test_a_folder_is_all_that_a_standard_needs(trial, world, sign_in):
    client = sign_in("superuser")
    assert registry().get(trial.id).is_here, "listed without an entry in the registry"
    organisation = _created(client, trial)
    assert organisation.processes.filter(kind="brine_pond").exists()
    _entered(client, world, organisation)

    run = results_refresh(organisation=organisation, year=2025, by=world.people["superuser"], now=True)

    lime, power = 1000 * 0.98 * 0.9 * 0.4149, 2000 * 0.5
    assert run.is_complete and run.total == pytest.approx(lime + power)
    assert run.summary["indicators"]["intensity"]["value"] == pytest.approx((lime + power) / 400)
    assert run.summary["processes"]["盐田"]["value"] == pytest.approx(1500 * 0.5)
    posted = dict(LedgerEntry.objects.filter(run=run, account="enterprise").values_list("source", "value"))
    assert posted == pytest.approx({"pond_lime": lime, "grid_power": power})
    page = client.get(f"/o/{organisation.pk}/results/{run.pk}/").text
    assert "盐田石灰排放" in page and "盐湖提锂 试行" in page
    why = client.get(f"/o/{organisation.pk}/results/{run.pk}/figure/", {"a": "source:pond_lime"}).text
    assert "盐田石灰排放" in why
    for kind in Report.Kind.values:
        assert len(report_bytes(run, kind, None)) > 2000
    assert client.get(f"/o/{organisation.pk}/settings/standards/?period=2025").status_code == 200
    assert client.get(f"/o/{organisation.pk}/").status_code == 200
