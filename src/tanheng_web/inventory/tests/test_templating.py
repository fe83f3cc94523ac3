"""Templates: versions and restoring, supplementary tables by province, previews with real data, files."""

import io

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tanheng.kernel.errors import InputError
from tanheng_web.common.models import AuditEntry, Job
from tanheng_web.inventory.models import FilledTemplate, ReportTemplate, TemplatePack
from tanheng_web.inventory.reports import template_default
from tanheng_web.inventory.services import template_upload
from tanheng_web.inventory.templating import selectors, services
from tanheng_web.inventory.templating.tasks import filled
from tanheng_web.organisations.models import StandardChoice


def workbook(*rows) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


TABLE = [["{{ 企业名称 }}", "{{ 排放总量 }}"], ["{{ 排放源[].名称 }}", "{{ 排放源[].数值 }}"]]


def pack(world, organisation=None, **given) -> TemplatePack:
    values = {"province": "河北", "zh": "河北省补充数据表", "name": "a.xlsx", "body": workbook(*TABLE), **given}
    return services.pack_upload(organisation=organisation or world.works, by=world.people["admin"], **values)


def url(name: str, world, **values) -> str:
    return reverse(f"inventory:{name}", kwargs={"org": world.works.pk, **values})


def test_a_table_is_filled_with_the_result_and_shown(works, run, world):
    row = filled(run, world.people["manager"], pack(world), None, is_preview=False)
    sheet = openpyxl.load_workbook(io.BytesIO(bytes(row.body))).active
    assert sheet["A1"].value == "示范钢铁有限公司"
    assert sheet["B1"].value == pytest.approx(run.total)
    assert "化石燃料燃烧排放" in row.html and "<table>" in row.html
    assert AuditEntry.objects.filter(action="report.create").exists()


def test_the_report_template_is_previewed_and_only_the_newest_previews_are_kept(works, run, world):
    by = world.people["manager"]
    for _ in range(services.MOST_PREVIEWS + 1):
        row = filled(run, by, None, None, is_preview=True)
    assert "温室气体" in row.html and FilledTemplate.objects.count() == services.MOST_PREVIEWS


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"name": "a.xlsm"}, "template.kind"),
        ({"body": workbook(["{{ 利润 }}"])}, "report.template_unknown"),
        ({"body": workbook(['=WEBSERVICE("http://x")'])}, "report.template_unsafe"),
        ({"name": "a.docx"}, "report.template_unreadable"),
    ],
)
def test_an_unusable_table_is_refused(world, given, code):
    with pytest.raises(InputError) as refused:
        pack(world, **given)
    assert refused.value.code == code


def test_an_older_version_is_restored_as_a_new_one(world):
    first = pack(world)
    pack(world, body=workbook(["{{ 企业名称 }}"]))
    third = services.pack_restore(pack=first, by=world.people["admin"])
    assert (third.version, third.sha256) == (3, first.sha256)
    assert [row.version for row in selectors.newest_packs(world.works)] == [3]


def test_the_report_template_is_restored_too(world):
    admin = world.people["admin"]
    body = template_default()
    given = {"organisation": world.works, "standard": world.works.standard, "body": body, "by": admin}
    first = template_upload(name="a.docx", **given)
    template_upload(name="b.docx", **given)
    third = services.template_restore(template=first, by=admin)
    assert (third.version, third.name, third.sha256) == (3, "a.docx", first.sha256)
    assert ReportTemplate.objects.count() == 3
    services.template_remove(template=third, by=admin)
    assert list(ReportTemplate.objects.values_list("version", flat=True)) == [2, 1]


def test_a_report_template_in_use_is_not_deleted(works, run, world):
    admin = world.people["admin"]
    given = {"organisation": world.works, "standard": world.works.standard, "body": template_default(), "by": admin}
    template = template_upload(name="a.docx", **given)
    filled(run, admin, None, template, is_preview=False)
    with pytest.raises(InputError) as refused:
        services.template_remove(template=template, by=admin)
    assert refused.value.code == "template.used"


def test_a_table_with_which_files_were_made_is_switched_off_not_deleted(works, run, world):
    admin, row = world.people["admin"], pack(world)
    filled(run, admin, row, None, is_preview=False)
    with pytest.raises(InputError) as refused:
        services.pack_remove(pack=row, by=admin)
    assert refused.value.code == "template.used"
    services.pack_switch(pack=row, by=admin, is_active=False)
    assert selectors.newest_packs(world.works) == []
    other = pack(world, zh="另一表")
    filled(run, admin, other, None, is_preview=True)
    services.pack_remove(pack=other, by=admin)
    assert not TemplatePack.objects.filter(zh="另一表").exists()


def test_tables_of_the_group_serve_its_works_by_province(world):
    group_admin = world.people["superuser"]
    services.pack_upload(
        organisation=world.group, by=group_admin, province="河北", zh="集团表", name="a.xlsx", body=workbook(*TABLE)
    )
    pack(world, zh="通用表", province="")
    provinces = [(province, [row.zh for row in rows]) for province, rows in selectors.packs_by_province(world.works)]
    assert provinces == [("河北", ["集团表"]), ("", ["通用表"])]
    assert selectors.packs_by_province(world.foreign) == []


def test_who_may_not_change_templates_neither_uploads_nor_previews(works, run, world):
    with pytest.raises(PermissionDenied):
        services.pack_upload(
            organisation=world.works, by=world.people["reporter"], province="", zh="x", name="a.xlsx", body=b"x"
        )
    with pytest.raises(PermissionDenied):
        services.fill_start(run=run, by=world.people["viewer"], is_preview=True)


def test_the_pages_upload_fill_restore_and_delete(works, run, world, sign_in):
    client = sign_in("manager")
    file = SimpleUploadedFile("a.xlsx", workbook(*TABLE))
    given = {"province": "河北", "zh": "补充数据表", "note": "冀环〔2025〕1号", "file": file}
    answer = client.post(url("pack-add", world), given)
    row = TemplatePack.objects.get()
    assert answer.url == url("pack", world, pack=row.pk)
    assert "第 1 版" in client.get(answer.url).content.decode()
    wrong = {"province": "", "zh": "x", "file": SimpleUploadedFile("a.xlsx", workbook(["{{ 利润 }}"]))}
    refused = client.post(url("pack-add", world), wrong)
    assert refused.status_code == 422 and "利润" in refused.content.decode()
    new = {"file": SimpleUploadedFile("b.xlsx", workbook(["{{ 报告期 }}"]))}
    assert client.post(url("pack", world, pack=row.pk), new).status_code == 302
    client.post(url("pack-act", world, pack=row.pk), {"act": "restore"})
    assert TemplatePack.objects.get(version=3).sha256 == row.sha256
    page = client.get(url("templates", world)).content.decode()
    assert "补充数据表" in page and "本企业所在省" in page
    client.post(url("template-fill", world), {"which": f"pack:{row.pk}", "run": run.pk})
    assert Job.objects.get(kind="template").kwargs["is_preview"] is False
    made = filled(run, world.people["manager"], row, None, is_preview=False)
    shown = client.get(url("filled", world, filled=made.pk)).content.decode()
    assert "化石燃料燃烧排放" in shown
    download = client.get(url("filled-file", world, filled=made.pk))
    assert b"".join(download.streaming_content) == bytes(made.body)


def test_every_chosen_standard_has_a_template_of_its_own(client, world):
    works = world.works
    year = {"organisation": works, "year": 2025, "chosen_by": world.people["manager"]}
    StandardChoice.objects.create(**year, standard=works.standard, is_primary=True)
    StandardChoice.objects.create(**year, standard="iso_14064_1_2018")
    client.force_login(world.people["manager"])
    page = client.get(url("template", world) + "?period=2025").content.decode()
    assert "ISO 14064-1" in page and f'name="standard" value="{works.standard}"' in page
    other = client.get(url("template", world) + "?period=2025&standard=iso_14064_1_2018").content.decode()
    assert 'name="standard" value="iso_14064_1_2018"' in other
    foreign = client.get(url("template", world) + "?period=2025&standard=gbt_32151_4_2015").content.decode()
    assert f'name="standard" value="{works.standard}"' in foreign  # one that was not chosen


def test_a_group_keeps_supplementary_tables_and_no_report_template(client, world):
    client.force_login(world.people["group_admin"])
    page = client.get(reverse("inventory:templates", args=[world.group.pk]))
    assert page.status_code == 200 and "排放报告的 Word" in page.content.decode()
    assert "更换与历史版本" not in page.content.decode()
    assert client.get(reverse("inventory:runs", args=[world.group.pk])).status_code == 403


def test_a_preview_is_seen_on_the_page_it_was_ordered_from(works, run, world, sign_in):
    from tanheng_web.inventory.templating.tasks import template_fill

    client, row = sign_in("manager"), pack(world)
    page = url("pack", world, pack=row.pk)
    assert 'id="preview"' not in client.get(page).content.decode()
    client.post(url("template-fill", world), {"which": f"pack:{row.pk}", "preview": "1"})
    job = Job.objects.get()
    template_fill.func(job.pk, **job.kwargs)
    job.refresh_from_db()
    assert job.link == f"{page}#preview"
    text = client.get(page).content.decode()
    assert 'id="preview"' in text and "化石燃料燃烧排放" in text
    report = filled(run, world.people["manager"], None, None, is_preview=True)
    templates = client.get(url("templates", world)).content.decode()
    assert f'href="{url("filled-file", world, filled=report.pk)}"' in templates and "温室气体" in templates
