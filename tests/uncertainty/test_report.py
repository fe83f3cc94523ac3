"""The report of a study: finding first, every word explained, what is unchecked or fixed said plainly."""

import io
import re
import zipfile

import pytest

from tanheng.kernel.canonical_json import digest, dumps
from tanheng.kernel.errors import InputError
from tanheng.reporting.entity import Entity
from tanheng.reporting.pdf import html_report
from tanheng.reporting.uncertainty_report import study_content, write_study
from tanheng.rules.package import load_standard
from tanheng.uncertainty.sensitivity import sensitivity_study
from tanheng.uncertainty.study import uncertainty_study
from tanheng.uncertainty.words import METHODS, glossary, remedy_sentence, study_sentence

from .worlds import electricity, fuels

DOC = fuels(["a", "b"], {"normal": "2 %"})
ENTITY = Entity(
    name="示范钢铁", uscc="", province="河北", address="", legal_representative="", contact="", phone="", industry="",
    kind="", filled_by="", is_demo=True,
)  # fmt: skip
STANDARD = load_standard("gbt_32151_5_2015")


def study(method: str) -> dict[str, object]:
    if method == "monte_carlo":
        return uncertainty_study(DOC.data, run_digest=DOC.digest, n=500)
    return sensitivity_study(DOC.data, run_digest=DOC.digest, method=method, n=64)


@pytest.mark.parametrize("method", ["monte_carlo", "tornado", "morris", "sobol"])
def test_every_report_begins_with_the_finding_and_explains_its_words(method: str) -> None:
    made = study(method)
    text = html_report(study_content(made, digest(dumps(made)), DOC, STANDARD, ENTITY))
    plain = text.replace("<sub>", "").replace("</sub>", "")
    assert study_sentence(made).replace("₂", "2") in plain
    assert all(word in text for word, _ in glossary(method))
    assert "演示数据" in text


def test_what_is_unchecked_or_has_no_basis_is_said() -> None:
    made = study("monte_carlo")
    text = html_report(study_content(made, digest(dumps(made)), DOC, STANDARD, ENTITY))
    assert "待核原文" in text
    assert "没有不确定度依据" in text
    assert "无不确定度依据" in text


def test_a_word_file_is_written() -> None:
    made = study("monte_carlo")
    body = write_study(made, digest(dumps(made)), DOC, STANDARD, ENTITY, "docx")
    document = zipfile.ZipFile(io.BytesIO(body)).read("word/document.xml").decode()
    assert "有 95% 的把握" in document
    assert "{{" not in document


def test_a_study_of_another_result_is_refused() -> None:
    made = study("tornado")
    other = fuels(["a"], {"normal": "2 %"})
    with pytest.raises(InputError):
        study_content(made, "", other, STANDARD, ENTITY)


def test_the_remedy_says_how_far_the_interval_would_narrow() -> None:
    """3 and 4 per cent in quadrature are 5; without the 4 the 3 are left."""
    doc = electricity({"2025": 1000.0}, {"normal": "3 %"}, factor_distribution={"normal": "4 %"})
    made = uncertainty_study(doc.data, run_digest=doc.digest, n=100_000)
    said = remedy_sentence(made)
    wide, narrow = (float(text) for text in re.findall(r"±([0-9.]+)%", said))
    assert "电力 · 排放因子" in said
    assert (wide, narrow) == (pytest.approx(5, abs=0.05), pytest.approx(3, abs=0.05))
    assert remedy_sentence({**made, "method": "tornado"}) == ""


def test_a_report_explains_the_words_of_its_own_method_only() -> None:
    assert "95% 区间" in dict(glossary("monte_carlo")) and "Sobol 指数" not in dict(glossary("monte_carlo"))
    assert dict(glossary("sobol")).keys() == {"Sobol 指数"}
    assert {word for method in METHODS for word, _ in glossary(method)} == {word for word, _ in glossary()}
