"""The Word file: real tables, fields, formulas, fonts, and templates of others."""

import io
import zipfile

import pytest
from docx import Document
from docx.oxml.ns import qn

from tanheng.kernel.errors import InputError
from tanheng.reporting.docx import default_template, template_names, validate_template, write_docx
from tanheng.reporting.make_template import make_template
from tanheng.reporting.template_safety import MOST_BYTES

MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"


@pytest.fixture(scope="module")
def written(gapped):
    return Document(io.BytesIO(write_docx(gapped)))


def plain(text: str) -> str:
    return "".join(chr(ord(letter) - 0x2080 + 0x30) if "\u2080" <= letter <= "\u2089" else letter for letter in text)


def test_every_cell_of_every_table_is_in_the_file(written, gapped):
    found = [[[cell.text for cell in row.cells] for row in table.rows] for table in written.tables[1:]]
    expected = [
        ([[plain(column.title) for column in table.columns]] if table.head else [])
        + [[plain(cell.text) for cell in row.cells] for row in table.rows]
        for table in gapped.tables()
    ]
    assert found == expected


def test_heads_are_repeated_and_rows_are_not_torn(written):
    with_heads = [
        table for table in written.tables if table._tbl.tr_lst[0].find(qn("w:trPr")).find(qn("w:tblHeader")) is not None
    ]
    assert len(with_heads) >= len(written.tables) - 2  # the cover and the basic information have no head
    assert all(
        row.find(qn("w:trPr")).find(qn("w:cantSplit")) is not None
        for table in written.tables
        for row in table._tbl.tr_lst
    )


def test_there_is_a_table_of_contents_of_every_heading(written):
    fields = [element.text.strip() for element in written.element.body.iter(qn("w:instrText"))]
    headings = [
        paragraph.text for paragraph in written.paragraphs if paragraph.style.style_id in ("Heading1", "Heading2")
    ]
    assert fields[0].startswith("TOC")
    assert sum(field.startswith("PAGEREF") for field in fields) == len(headings) > 15
    assert written.settings.element.find(qn("w:updateFields")) is not None


def test_pages_are_numbered_and_demonstration_data_is_said_on_each(written):
    assert all("演示数据" in section.header.paragraphs[0].text for section in written.sections)
    footer = written.sections[1].footer._element
    assert [field.text.strip() for field in footer.iter(qn("w:instrText"))] == ["PAGE", "NUMPAGES"]


def test_formulas_are_office_math_and_charts_are_pictures(written):
    assert len(list(written.element.body.iter(MATH))) >= 15
    assert len(written.inline_shapes) == 3
    assert all(shape.width <= written.sections[0].page_width for shape in written.inline_shapes)


def test_east_asian_fonts_are_set(written):
    fonts = {
        style.element.rPr.rFonts.get(qn("w:eastAsia"))
        for style in written.styles
        if style.style_id in ("BodyText", "Heading1", "ReportTableText")
    }
    assert fonts == {"宋体", "黑体"}


def test_carbon_dioxide_has_a_real_subscript(written):
    runs = [run for paragraph in written.paragraphs for run in paragraph.runs]
    assert any(run.text == "2" and run.font.subscript for run in runs)
    assert not any("\u2082" in run.text for run in runs)


def test_signs_of_markup_in_names_do_not_break_the_file(steel):
    made = Document(io.BytesIO(write_docx(steel)))
    assert any(paragraph.text == "某<钢铁>&“联合”公司" for paragraph in made.paragraphs)


def test_the_file_is_stored_where_asked(steel, tmp_path):
    body = write_docx(steel, tmp_path / "report.docx")
    assert (tmp_path / "report.docx").read_bytes() == body


# templates


def own(*lines: str) -> bytes:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def changed(body: bytes, part: str, content: bytes) -> bytes:
    """Return a package with a part added or replaced."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
        new.writestr(part, content)
    return file.getvalue()


def refused(body: bytes) -> InputError:
    with pytest.raises(InputError) as caught:
        validate_template(body)
    assert "{" not in caught.value.zh().replace("{{", "").replace("{%", "")
    return caught.value


def test_our_template_is_what_the_script_makes(tmp_path):
    make_template(tmp_path / "made.docx")
    made, committed = (zipfile.ZipFile(file) for file in (tmp_path / "made.docx", io.BytesIO(default_template())))
    assert made.namelist() == committed.namelist()
    assert [name for name in made.namelist() if made.read(name) != committed.read(name)] == []


def test_our_template_is_valid_and_uses_every_part():
    validate_template(default_template())
    xml = zipfile.ZipFile(io.BytesIO(default_template())).read("word/document.xml").decode()
    assert [name for name in template_names() if name.startswith("正文.") and name not in xml] == []


def test_an_own_template_in_another_order_is_used(steel):
    body = own(
        "{{ 企业名称 }}的报告", "{{p 正文.table_1 }}", "{% if 排放总量 %}合计 {{ 排放总量 }} {{ 排放单位 }}{% endif %}"
    )
    validate_template(body)
    made = Document(io.BytesIO(write_docx(steel, template=body)))
    assert made.paragraphs[0].text == "某<钢铁>&“联合”公司的报告"
    assert "合计 5,795,849.25 tCO₂" in [paragraph.text for paragraph in made.paragraphs]
    assert len(made.tables) == 1


def test_an_unknown_variable_is_named():
    error = refused(own("{{ 企业名 }} {{ 排放量 }}"))
    assert error.code == "report.template_unknown" and "企业名、排放量" in error.zh()
    assert refused(own("{{p 正文.第五章 }}")).code == "report.template_unknown"


@pytest.mark.parametrize("text", ["{{ 企业名称 ", "{% if 企业名称 %}", "{{ 企业名称|nofilter }}", "{% endif %}"])
def test_a_broken_tag_is_a_fault_of_the_template(text):
    assert refused(own(text)).code in ("report.template_syntax", "report.template_unknown")


@pytest.mark.parametrize(
    "text",
    [
        "{{ 企业名称.__class__.__mro__ }}", "{{ 9**9**9 }}", "{{ 企业名称 * 1000000000 }}", "{{ '%1000000000d' % 1 }}",
        "{{ 企业名称.format('x') }}", "{% for a in range(10000000) %}x{% endfor %}", "{{ ''.join('x') }}",
    ],
)  # fmt: skip
def test_a_template_can_only_use_what_it_is_given(text):
    assert refused(own(text)).code in ("report.template_unsafe", "report.template_unknown")


def test_macros_and_links_to_elsewhere_are_refused():
    body = default_template()
    assert refused(changed(body, "word/vbaProject.bin", b"x")).code == "report.template_macro"
    target = b'Type="http://x/attachedTemplate" Target="http://x/y.dotm" TargetMode="External"'
    link = b'<Relationships><Relationship Id="r1" ' + target + b"/></Relationships>"
    assert refused(changed(body, "word/_rels/settings.xml.rels", link)).code == "report.template_macro"
    assert (
        refused(changed(body, "word/comments.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a/>')).code
        == "report.template_macro"
    )


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0old doc", b"just text"])
def test_what_is_no_docx_is_unreadable(body):
    assert refused(body).code == "report.template_unreadable"


def test_another_zip_is_unreadable():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("a.txt", "x")
    assert refused(file.getvalue()).code == "report.template_unreadable"


def test_a_large_template_is_refused_before_it_is_opened():
    assert refused(b"PK" + bytes(MOST_BYTES)).code == "report.template_too_large"
    assert (
        refused(changed(default_template(), "word/media/a.bin", bytes(70_000_000))).code == "report.template_too_large"
    )
