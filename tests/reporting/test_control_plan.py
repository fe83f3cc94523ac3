"""The data-quality control plan: what is asked, what is proposed, what is written."""

import io
from datetime import date

import docx
import pytest

from tanheng.kernel.errors import StandardError
from tanheng.reporting.control_plan import (
    Known,
    plan_document,
    plan_spec,
    prefill,
    write_plan_docx,
    write_plan_pdf,
)  # fmt: skip
from tanheng.reporting.control_plan.spec import Field, PlanSpec
from tanheng.reporting.entity import Entity
from tanheng.rules.package import load_standard
from tanheng.rules.streams import StreamDecl

STEEL = "cets_ag_03_01_v01_2024"
ENTITY = Entity(name="某<钢铁>&“联合”公司", uscc="91130200MA00000000", address="河北省", contact="李四")
STREAMS = (
    StreamDecl("coal", "bituminous_coal", "fuel", label="喷吹烟煤"),
    StreamDecl("slurry", "other_washed_coal", "fuel"),
    StreamDecl("steel", "crude_steel", "product", "out"),
    StreamDecl("ore", "iron_ore", "raw_material"),
    StreamDecl("power", "electricity", "electricity"),
    StreamDecl("bf-coal", "bituminous_coal", "fuel", process="炼铁/1号高炉"),
)
FACILITIES = (
    ("炼铁", "炼铁", "ironmaking", "一厂"),
    ("1号高炉", "炼铁", "ironmaking", "一厂"),
    ("厂内运输", "厂内运输", "transport", "一厂"),
)


@pytest.fixture(scope="module")
def answers():
    known = Known(
        ENTITY, STREAMS, {"coal": ("carbon_content_mass", "net_calorific_value")}, FACILITIES, date(2026, 1, 1)
    )
    return prefill(plan_spec(), load_standard(STEEL), known)


def _written(answers, **changes):
    facts = {
        "document": "CETS-AG-03.01-V01-2024",
        "standard": "钢铁行业",
        "year": 2026,
        "version": "第 1 版",
        "state": "草稿",
    }
    return plan_document(plan_spec(), answers, ENTITY, **{**facts, **changes})


def _text(body: bytes) -> str:
    opened = docx.Document(io.BytesIO(body))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in opened.paragraphs), *cells])


def test_every_item_of_the_reference_is_asked() -> None:
    spec = plan_spec()
    asked = {item.zh for section in spec.sections for item in section.fields}
    assert {
        "修订内容与原因",
        "统一社会信用代码",
        "纳入核算的设施清单",
        "未纳入设施与理由",
        "排放源清单",
        "数据存证月度流程",
    } <= asked
    parameter = {item.zh: item for item in spec.parameter.fields}
    assert len(parameter) == 15 and "缺失数据处理" in parameter
    assert parameter["测量设备"].columns[-1] == "证书编号与有效期"
    assert not spec.checked and spec.confidence == "recalled-high" and "附录 B" in spec.note


def test_only_counted_streams_become_parameters(answers) -> None:
    names = [record["name"] for record in answers["parameters"]]
    assert "喷吹烟煤消耗量" in names and "粗钢产量" in names
    assert not [name for name in names if name.startswith(("铁矿石", "电力"))]
    kinds = {record["name"]: record["kind"] for record in answers["parameters"]}
    assert kinds["粗钢产量"] == "生产数据" and kinds["粗钢排放因子"] == "排放因子"


def test_defaults_are_cited_and_never_made_up(answers) -> None:
    by_name = {record["name"]: record for record in answers["parameters"]}
    assert by_name["喷吹烟煤平均低位发热量"]["obtained"] == "实测值"
    assert by_name["粗钢排放因子"]["obtained"] == "缺省值" and "0.037" in by_name["粗钢排放因子"]["method"]
    missing = by_name["其他洗煤平均低位发热量"]
    assert missing["obtained"] == "" and "没有缺省值" in missing["method"]
    assert all("sampling" not in record and "meter" not in record for record in answers["parameters"])


def test_facilities_of_other_guides_stand_apart(answers) -> None:
    boundary = answers["sections"]["boundary"]
    assert [row[1] for row in boundary["facilities"]] == ["炼铁", "1号高炉"]
    assert boundary["facilities"][1][5] == "化石燃料燃烧排放"
    assert [row[0] for row in boundary["excluded"]] == ["厂内运输"]


def test_the_document_has_every_answer_and_says_what_is_blank(answers) -> None:
    text = _text(write_plan_docx(_written(answers)))
    assert ENTITY.name in text and "第 1 版" in text and "喷吹烟煤消耗量" in text
    assert "未填写：" in text and "附录 B" in text and "12 月 31 日" in text


def test_what_people_write_is_text_not_markup() -> None:
    given = {"sections": {"unit": {"name": "<w:br/>{{ 7*7 }} & 公司"}}, "parameters": []}
    text = _text(write_plan_docx(_written(given)))
    assert "<w:br/>{{ 7*7 }} & 公司" in text and "49" not in text


def test_a_pdf_is_made_the_same_way(answers) -> None:
    assert write_plan_pdf(_written(answers)).startswith(b"%PDF-")


def test_a_faulty_file_is_refused() -> None:
    with pytest.raises(ValueError, match="columns"):
        Field(id="a", zh="甲", kind="table")
    with pytest.raises(ValueError, match="columns"):
        Field(id="a", zh="甲", kind="text", options=("一",))
    assert issubclass(StandardError, Exception) and isinstance(plan_spec(), PlanSpec)
