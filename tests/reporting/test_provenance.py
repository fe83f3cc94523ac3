"""Where a value comes from, in words."""

from math import nan

from tanheng.reporting.provenance import many_zh, provenance_zh
from tanheng.rules.steam import enthalpy
from tanheng_web.inventory.origins import facts

SATURATED = enthalpy(1.05, nan).provenance(pressure=1.05)
DOUBTFUL = enthalpy(0.6, 360).provenance(pressure=0.6, temperature=360.0)


def test_a_looked_up_enthalpy_names_its_document_its_state_and_its_doubts() -> None:
    said = provenance_zh(SATURATED)
    assert "蒸汽热焓表" in said and "按压力 1.05 MPa 查得" in said and "第 29、30 行" in said and "待核原文" in said
    assert "温度 360 °C" in provenance_zh(DOUBTFUL) and "疑抄录有误" in provenance_zh(DOUBTFUL)
    assert many_zh([SATURATED, SATURATED]) == said


def test_no_key_of_the_program_is_shown() -> None:
    for found in (SATURATED, DOUBTFUL):
        shown = provenance_zh(found) + "".join(
            fact.term + fact.text for fact in facts(found, "library", organisation_id=1)
        )
        assert not any(key in shown for key in ("tables/", "pressure", "temperature", "document", "seen", "degC"))


def test_the_panel_shows_the_same_of_a_lookup() -> None:
    shown = {fact.term: fact.text for fact in facts(DOUBTFUL, "library", organisation_id=1)}
    assert shown["查表"] == "压力 0.6 MPa　温度 360 °C" and "蒸汽热焓表" in shown["出处"]
    assert shown["核对"] == "二手来源，待核原文" and "疑抄录有误" in shown["说明"]
