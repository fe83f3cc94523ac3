"""One printer: MathML, OMML, SVG and text of every packaged formula, with and without numbers."""

from xml.etree import ElementTree as ET

import pytest

from tanheng.rules.formula import Expression, Formula
from tanheng.rules.package import load_standard, standards
from tanheng.rules.printers import mathml, omml, svg, text

FORMULAS = [formula for summary in standards() for formula in load_standard(summary.id).formulas.values()]
FUEL = load_standard("gbt_32151_5_2015").formulas["fuel_combustion"]
VALUES = {"quantity": "1,215,000 万Nm³", "net_calorific_value": "389.31 GJ/万Nm³", "carbon_content": "0.0153",
          "oxidation_factor": "−0.99"}  # fmt: skip


def leaves(xml):
    return [
        (part.tag.rpartition("}")[2], part.text) for part in ET.fromstring(xml).iter() if not len(part) and part.text
    ]


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda formula: formula.id)
def test_every_packaged_formula_prints_in_every_form(formula):
    values = dict.fromkeys(formula.terms, "1.5 t")
    for given in (None, values):
        for form in (mathml, omml, svg):
            ET.fromstring(form(formula, given))
        assert text(formula, given)


def test_symbols_come_from_the_glossary_and_the_ratio_stays_a_ratio():
    printed = leaves(mathml(FUEL))
    assert [content for tag, content in printed if tag == "mi"] == ["E", "Q", "NCV", "CC", "OF"]
    assert "<mfrac><mn>44</mn><mn>12</mn></mfrac>" in mathml(FUEL)
    assert text(FUEL) == "E = Q × NCV × CC × OF × (44/12)"


def test_numbers_are_put_in_with_their_units():
    assert text(FUEL, VALUES) == "E = 1,215,000 万Nm³ × 389.31 GJ/万Nm³ × 0.0153 × (−0.99) × (44/12)"
    contents = [content for _, content in leaves(mathml(FUEL, VALUES))]
    assert "1,215,000" in contents
    assert "\u2009万Nm³" in contents


def test_subscripts_and_chemical_figures_are_set_low():
    formula = load_standard("gbt_32151_4_2015").formulas["cf4_from_slope"]
    assert "<msub>" in mathml(formula)
    assert "CF₄" in mathml(formula)
    assert "sSub" in omml(formula)


def test_chinese_and_greek_do_not_become_boxes_in_svg():
    formula = Formula(id="x", zh="", expr="a * b", units=("1",), terms={}, source=None, symbol="E_燃料α")
    picture = ET.fromstring(svg(formula, {"a": "3.2 万Nm³", "b": "β"}))
    assert [part.text for part in picture.iter("{http://www.w3.org/2000/svg}text")] == ["燃料", "万"]
    # the glyph for a missing character is glyph 0 of the font; none is drawn for Greek
    assert ".notdef" not in svg(formula)
    import ziamath

    font = ziamath.Math("<math><mi>α</mi></math>").font
    assert all(font.glyphindex(char) for char in "αβ₄×−≤")


def test_several_pictures_on_one_page_share_no_ids():
    assert " id=" not in svg(FUEL)
    assert "<symbol" not in svg(FUEL)


def test_brackets_say_what_the_tree_says():
    shown = {"a - (b - c)": "a − (b − c)", "a - b - c": "a − b − c", "a / (b * c)": "a / (b × c)",
             "-(a + b)": "−(a + b)", "(a + b) ** 2": "(a + b)^2", "a * -b": "a × (−b)", "(a * b) ** 2": "(a × b)^2",
             "-a ** 2": "−a^2"}  # fmt: skip
    for source, printed in shown.items():
        assert text(Expression.parse(source)) == printed


def test_mathml_has_one_fraction_bar_and_a_text_for_screen_readers():
    root = ET.fromstring(mathml(Expression.parse("(a + b) / (c - d) ** 2")))
    assert len(root.findall(".//{*}mfrac")) == 1
    assert root.get("alttext") == "(a + b) / (c − d)^2"


def test_text_is_escaped():
    assert "<script>" not in mathml(FUEL, {"quantity": "<script>"})
    assert "<script>" not in svg(FUEL, {"quantity": "<script>"})
