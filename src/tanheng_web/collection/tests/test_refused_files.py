"""Files that are not opened at all: each real, each with a sentence that says what it is and how to mend it."""

import io
import shutil
import struct
import subprocess
import zipfile
from pathlib import Path

import pytest

from tanheng.kernel.errors import InputError
from tanheng_web.collection.tests.workbooks import found, spec, workbook
from tanheng_web.collection.workbook import safety
from tanheng_web.collection.workbook.reading import read_meta
from tanheng_web.collection.workbook.safety import inspect
from tanheng_web.collection.workbook.spec import TemplateSpec
from tanheng_web.collection.workbook.template import write_template

soffice = pytest.mark.skipif(not shutil.which("soffice"), reason="needs Debian's libreoffice-calc")


def refused(path: Path, name: str | None = None) -> InputError:
    with pytest.raises(InputError) as caught:
        inspect(path, name or path.name)
    assert path.name in caught.value.zh() or (name or "") in caught.value.zh()
    return caught.value


def office(directory: Path, source: Path, target: str) -> Path:
    """Convert with LibreOffice, as a person saves a file in another form."""
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{directory}/profile",
            "--headless",
            "--convert-to",
            target,
            "--outdir",
            str(directory / "out"),
            str(source),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return next((directory / "out").iterdir())


def changed(source: Path, target: Path, parts: dict[str, bytes]) -> Path:
    """A copy of a zip with parts replaced or added."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename not in parts:
                new.writestr(part, old.read(part.filename))
        for name, content in parts.items():
            new.writestr(name, content)
    return target


@pytest.fixture
def good(tmp_path):
    return workbook(tmp_path / "好.xlsx")


def test_a_good_file_passes(good):
    assert set(inspect(good, good.name).sheets) >= {"填写说明", "物料收支", "_tanheng"}


def test_an_empty_file(tmp_path):
    path = tmp_path / "空.xlsx"
    path.touch()
    assert refused(path).code == "workbook.empty_file"


def test_a_file_above_50_mb_is_refused_unread(tmp_path):
    path = tmp_path / "大.xlsx"
    with path.open("wb") as file:
        file.truncate(safety.MAX_BYTES + 1)
    assert refused(path).code == "workbook.too_large"


def test_a_file_that_says_it_unpacks_to_more_than_1_gb(good, tmp_path, monkeypatch):
    monkeypatch.setattr(safety, "MAX_UNPACKED", 10_000)
    assert refused(good).code == "workbook.unpacked_too_large"


def test_a_zip_bomb_is_stopped_while_unpacking(good, tmp_path):
    path = changed(good, tmp_path / "炸弹.xlsx", {"xl/media/image1.png": b"\0" * (60 * 1024 * 1024)})
    assert path.stat().st_size < 1024 * 1024
    assert refused(path).code == "workbook.unpacked_too_large"


def test_a_directory_that_lies_about_its_sizes(good, tmp_path):
    path = tmp_path / "谎.xlsx"
    content = bytearray(changed(good, path, {"xl/media/a.bin": b"\0" * (60 * 1024 * 1024)}).read_bytes())
    true_size, small = struct.pack("<I", 60 * 1024 * 1024), struct.pack("<I", 100)
    path.write_bytes(bytes(content).replace(true_size, small))
    assert refused(path).code in ("workbook.damaged", "workbook.unpacked_too_large")


def test_a_file_with_a_password(tmp_path):
    assert refused(_encrypted_container(tmp_path / "密.xlsx")).code == "workbook.encrypted"


def _encrypted_container(path: Path) -> Path:
    """A compound file (MS-CFB) of one FAT sector and a directory with EncryptionInfo and EncryptedPackage."""

    def entry(name: str, kind: int, child: int = 0xFFFFFFFF, right: int = 0xFFFFFFFF) -> bytes:
        text = name.encode("utf-16-le") + b"\0\0"
        head = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, 0xFFFFFFFF, right, child)
        return head + b"\0" * 36 + struct.pack("<IQ", 0xFFFFFFFE, 0)

    header = safety.OLE + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += (
        struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack("<I", 0) + b"\xff" * 432
    )
    fat = struct.pack("<II", 0xFFFFFFFD, 0xFFFFFFFE) + b"\xff" * 504
    directory = (
        entry("Root Entry", 5, child=1)
        + entry("EncryptionInfo", 2, right=2)
        + entry("EncryptedPackage", 2)
        + b"\0" * 128
    )
    path.write_bytes(header + fat + directory)
    return path


@soffice
def test_an_old_xls(good, tmp_path):
    path = office(tmp_path, good, "xls")
    assert refused(path).code == "workbook.xls"
    assert refused(path.rename(tmp_path / "改名.xlsx")).code == "workbook.xls"


@soffice
def test_an_ods(good, tmp_path):
    assert refused(office(tmp_path, good, "ods").rename(tmp_path / "表.xlsx")).code == "workbook.ods"


@pytest.mark.parametrize("name", ["带宏.xlsm", "改名.xlsx"])
def test_a_file_with_macros(good, tmp_path, name):
    path = changed(good, tmp_path / name, {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"})
    assert refused(path).code == "workbook.macro"


def test_a_renamed_csv(tmp_path):
    path = tmp_path / "数据.xlsx"
    path.write_text("月份,物料,数量\n2025-01,焦炭,100\n", encoding="gb18030")
    assert refused(path).code == "workbook.csv"


def test_a_web_page_called_xlsx(tmp_path):
    path = tmp_path / "导出.xlsx"
    path.write_text("<html><table><tr><td>焦炭</td></tr></table></html>", encoding="utf-8")
    assert refused(path).code == "workbook.html"


def test_another_kind_of_file(tmp_path):
    path = tmp_path / "图.xlsx"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\0")
    assert refused(path).code == "workbook.not_xlsx"


def test_a_damaged_file(good, tmp_path):
    path = tmp_path / "坏.xlsx"
    path.write_bytes(good.read_bytes()[:3000])
    assert refused(path).code == "workbook.damaged"


def test_a_zip_without_a_workbook(tmp_path):
    path = tmp_path / "压缩包.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "x")
    assert refused(path).code == "workbook.not_xlsx"


def test_entities_are_refused_not_expanded(good, tmp_path):
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;&b;">]><sst>&c;</sst>'
    path = changed(good, tmp_path / "实体.xlsx", {"xl/sharedStrings.xml": bomb})
    assert refused(path).code == "workbook.entities"


def test_links_to_other_workbooks(good, tmp_path):
    path = changed(good, tmp_path / "链接.xlsx", {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"})
    assert refused(path).code == "workbook.external_links"


def test_a_cell_far_out_does_not_allocate_the_rectangle(tmp_path):
    path = workbook(tmp_path / "远.xlsx", changes={"物料收支": {"XFD1048576": 1}})
    assert refused(path).code == "workbook.reaches_too_far"


def test_a_sheet_made_to_be_slow_is_read_quickly(good, tmp_path):
    import time

    start = b'<worksheet><sheetData><row r="1"><c r="A1"><f>1</f></c>'
    for n, poison in enumerate((b"<row ", b"<c ", b'<c r="A1"><f ', b"<mergeCell ")):
        parts = {"xl/worksheets/sheet2.xml": start + poison * 200_000}
        path = changed(good, tmp_path / f"慢{n}.xlsx", parts)
        begun = time.monotonic()
        inspect(path, path.name)
        assert time.monotonic() - begun < 5


def test_a_workbook_that_is_not_ours(tmp_path):
    import openpyxl

    book, target = openpyxl.Workbook(), io.BytesIO()
    book.active["A1"] = "焦炭"
    book.save(target)
    path = tmp_path / "别的.xlsx"
    path.write_bytes(target.getvalue())
    inspect(path, path.name)
    with pytest.raises(InputError) as caught:
        read_meta(path, path.name, organisation_id=7, organisation="示范钢铁")
    assert caught.value.code == "workbook.not_ours"


def test_an_older_template_version(tmp_path):
    old = TemplateSpec(7, "示范钢铁", "", spec().period, spec().streams, {}, version="0")
    path = tmp_path / "旧模板.xlsx"
    path.write_bytes(write_template(old))
    with pytest.raises(InputError) as caught:
        read_meta(path, path.name, organisation_id=7, organisation="示范钢铁")
    assert caught.value.code == "workbook.other_version" and "0" in caught.value.zh()


def test_the_template_of_another_enterprise(tmp_path):
    with pytest.raises(InputError) as caught:
        read_meta(workbook(tmp_path / "x.xlsx"), "x.xlsx", organisation_id=8, organisation="另一家")
    assert caught.value.code == "workbook.other_organisation" and "示范钢铁" in caught.value.zh()


@soffice
def test_a_workbook_written_by_libreoffice_is_read_like_ours(good, tmp_path):
    path = office(tmp_path, good, "xlsx")
    ours, theirs = found(good), found(path)
    assert not theirs.faults
    place = lambda entry: (entry.code, entry.month, entry.key, round(entry.value, 6), entry.sheet, entry.cell)  # noqa: E731
    assert [place(e) for e in theirs.entries] == [place(e) for e in ours.entries]
