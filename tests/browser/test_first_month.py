"""The tutorial, walked by a machine: a fresh server with its worker, a new enterprise, its first month, its report."""

import os
import re
import socket
import subprocess
import sys

import openpyxl
import pytest
from docx import Document

PASSWORD = "first-month-2025!"
BAD_CELL = "一千二"


@pytest.fixture
def server(tmp_path):
    """A real `tanheng serve` with its worker, on a home directory of its own, and its first administrator."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_VERSION"}
    environment |= {"TANHENG_HOME": str(tmp_path / "home"), "PYTHONUNBUFFERED": "1"}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    admin = [sys.executable, "-m", "tanheng_web", "createadmin", "carbon", "--name", "管理员", "--password-stdin"]
    subprocess.run(admin, input=PASSWORD, text=True, env=environment, check=True)
    command = [sys.executable, "-m", "tanheng.cli", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        if "碳衡已启动" in line:
            break
    else:
        pytest.fail("the server did not start")
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    assert process.wait(timeout=30) == 0


def filled(path, target, bad: bool):
    """Type plausible amounts into every empty value cell, as a statistician would; return the cell spoilt."""
    book = openpyxl.load_workbook(path)
    spoilt = None
    for sheet in book.worksheets:
        heads = [str(cell.value or "") for cell in next(sheet.iter_rows(max_row=1))] if sheet.max_row else []
        if sheet.sheet_state != "visible" or "源流编号" not in heads:
            continue
        for row in range(2, sheet.max_row + 1):
            for column, head in enumerate(heads, 1):
                cell = sheet.cell(row, column)
                if (
                    cell.value is None
                    and cell.protection.locked is False
                    and re.match(r"购入量|数量|产量|外销量|期初库存|期末库存|主营业务外", head)
                ):
                    cell.value = 1200 if re.match(r"购入量|数量|产量", head) else 0
                    if bad and spoilt is None:
                        cell.value, spoilt = BAD_CELL, f"{sheet.title}!{cell.coordinate}"
    book.save(target)
    return spoilt


@pytest.mark.timeout(600)  # a whole month with jobs, in real processes
def test_a_new_user_gets_from_an_empty_server_to_a_report(page, server, faults, tmp_path):
    page.goto(server)
    page.fill("#id_username", "carbon")
    page.fill("#id_password", PASSWORD)
    page.click(".login-form button")

    # 新建企业
    page.goto(f"{server}/organisations/new/")
    page.fill("[name=name]", "滨海钢铁有限公司")
    page.select_option("[name=province]", "河北")
    page.check("[name=standard][value=gbt_32151_5_2015]")
    page.get_by_role("button", name="下一步").click()
    for box in page.locator("[data-group]").all():
        box.uncheck()
    page.get_by_role("button", name="创建企业").click()
    page.wait_for_url(re.compile(r"/o/\d+/"))
    base = re.match(r"(.*/o/\d+/)", page.url)[1]

    # 下载模板，填写，上传，检查
    page.goto(f"{base}data/imports/")
    page.select_option("#template-year", "2025")
    page.select_option("#template-month", "1")
    with page.expect_download() as download:
        page.get_by_role("button", name="下载").click()
    template = tmp_path / "template.xlsx"
    download.value.save_as(template)
    spoilt = filled(template, tmp_path / "bad.xlsx", bad=True)
    assert spoilt
    page.goto(f"{base}data/imports/")
    page.set_input_files("#file", tmp_path / "bad.xlsx")
    page.get_by_role("button", name="上传并检查").click()
    page.get_by_role("heading", name="问题清单").wait_for(timeout=30_000)
    sheet, cell = spoilt.split("!")
    assert cell in page.locator("main").inner_text() and sheet in page.locator("main").inner_text()
    with page.expect_download() as marked:
        page.get_by_role("button", name="下载标出问题的工作簿").click()
    marked.value.save_as(tmp_path / "marked.xlsx")
    assert openpyxl.load_workbook(tmp_path / "marked.xlsx")[sheet][cell].value == BAD_CELL

    # 更正，再上传，确认
    filled(template, tmp_path / "good.xlsx", bad=False)
    page.goto(f"{base}data/imports/")
    page.set_input_files("#file", tmp_path / "good.xlsx")
    page.get_by_role("button", name="上传并检查").click()
    page.get_by_role("button", name=re.compile("确认导入")).click(timeout=30_000)
    page.get_by_text("已写入").wait_for(timeout=30_000)

    # 允许自审（一个人的企业），提交，审核
    page.goto(f"{base}settings/accounting/")
    page.check("[name=allow_self_approval]")
    page.get_by_role("button", name="保存").click()
    page.goto(f"{base}data/months/2025-01/")
    page.get_by_role("button", name="提交", exact=True).click()
    if page.locator("#gap-reason").count():
        page.fill("#gap-reason", "本月没有外供")
    page.get_by_role("button", name="确认提交").click()
    page.get_by_role("button", name="审核通过").click()
    page.get_by_text("已审核锁定").wait_for()

    # 核算结果，数从何来
    page.goto(f"{base}results/")
    page.get_by_role("link", name=re.compile("2025 年")).first.click(timeout=60_000)
    total = page.locator("[data-figure=total]").first
    assert float(total.get_attribute("data-value")) > 0
    total.click()
    panel = page.locator("#th-panel")
    panel.locator("[data-explains=total]").wait_for()
    for address in iter(lambda: panel.locator("[data-explains]").get_attribute("data-explains"), None):
        deeper = panel.locator("section table a[data-figure]")
        if not deeper.count():
            break
        deeper.first.click()
        panel.locator(f"[data-explains]:not([data-explains='{address}'])").wait_for()
    assert "good.xlsx" in panel.inner_text()
    page.keyboard.press("Escape")

    # 第二个标准，并排比较
    page.goto(f"{base}settings/standards/?period=2025")
    for standard in ("gbt_32151_5_2015", "cets_ag_03_01_v01_2024"):
        page.check(f"[name=standard][value={standard}]")
    page.check("[name=primary][value=gbt_32151_5_2015]")
    page.get_by_role("button", name="保存选择").click()
    page.get_by_role("button", name="按所选标准核算").click()
    page.wait_for_url(re.compile(r"/results/\d+/"))
    page.goto(f"{base}results/")
    done = page.locator("main table tbody tr").filter(has_text="已完成")
    market = done.filter(has_text="CETS-AG-03.01")
    while not market.count():
        page.reload()
    market.get_by_role("link").first.click()
    page.get_by_role("link", name="比对", exact=True).click()
    page.get_by_role("heading", name="为什么不同").wait_for()
    assert "CETS-AG-03.01" in page.locator("main").inner_text()

    # 这个数有多准
    page.goto(f"{base}results/")
    done.filter(has_text="GB/T 32151.5").get_by_role("link").first.click()
    page.wait_for_url(re.compile(r"/results/\d+/"))
    result = page.url
    page.get_by_role("link", name="这个结果的不确定性").click()
    page.get_by_role("link", name="新建分析").first.click()
    page.get_by_label("抽样次数").fill("1000")
    page.get_by_role("button", name="开始分析").click()
    page.get_by_text("有 95% 的把握").first.wait_for(timeout=90_000)
    page.goto(result)

    # 报告
    page.get_by_role("button", name="生成 Word").click()
    finished = page.locator("#reports a[href*='/results/reports/']").first
    finished.wait_for(timeout=90_000)
    with page.expect_download() as report:
        finished.click()
    report.value.save_as(tmp_path / "report.docx")
    text = "\n".join(paragraph.text for paragraph in Document(tmp_path / "report.docx").paragraphs)
    assert "滨海钢铁有限公司" in text
