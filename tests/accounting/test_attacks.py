"""What a careless or hostile hand may put in: refused with a sentence, or a visible gap; never a crash, never a sum."""

import dataclasses
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tanheng.accounting import ResultDocument, addresses, explain, load_case, parse_case, recompute, run, sentence
from tanheng.kernel.errors import Faults, InputError, NotFound, TanhengError
from tanheng.kernel.periods import Period
from tanheng.kernel.resources import data_dir
from tanheng.rules.package import load_standard
from tanheng.rules.streams import Given, Parameter, SiteInfo, StreamDecl, StreamRecord, StreamSet

STEEL = "gbt_32151_5_2015"


def _text(streams: str, *, period: str = '"2022"', site: str = "{province: 河北}", more: str = "") -> bytes:
    return f"standard: {STEEL}\nperiod: {period}\nsite: {site}\n{more}streams:\n{streams}\n".encode()


def _coke(rest: str, name: str = "a") -> str:
    return f"  - {{id: {name}, material: 焦炭, role: fuel, {rest}}}"


def _run(content: bytes) -> ResultDocument:
    case = parse_case(content, name="case.yaml")
    return run(load_standard(case.standards[0]), case.stream_set, period=case.period, as_of=case.as_of)


def _refused(content: bytes) -> list[str]:
    with pytest.raises(Faults) as caught:
        parse_case(content, name="case.yaml")
    for fault in caught.value.faults:
        assert fault.zh().startswith("case.yaml:") and "\n" not in fault.zh() and "？" not in fault.zh(), fault.zh()
    return [fault.code for fault in caught.value.faults]


ONE = _coke("quantity: 1 t")
REFUSED = {
    "tab": (b"standard: x\nstreams:\n\t- {id: a}\n", "yaml.syntax"),
    "bomb": (b"a: &a [1, 1]\nb: [*a, *a]\n", "yaml.anchor"),
    "anchor on a text": (b"a: &a x\n", "yaml.anchor"),
    "brackets": (b"[" * 1_000_000, "yaml.too_deep"),
    "maps": (b"{a: " * 100_000, "yaml.too_deep"),
    "python tag on a list": (_text(ONE, more='source: !!python/object/apply:os.system ["id"]\n'), "yaml.tag"),
    "python tag on a text": (_text(ONE, more="source: !!python/name:os.system x\n"), "yaml.tag"),
    "binary": (bytes(range(256)), "yaml.syntax"),
    "another code page": (_text(ONE).decode().encode("gbk"), "yaml.syntax"),
    "empty": (b"", "case.not_a_mapping"),
    "standard with a path": (_text(ONE).replace(STEEL.encode(), b"../x"), "standard.unknown"),
    "same month, spelt twice": (_text(_coke('months: {2022-01: 1 t, "2022/1": 2 t}')), "case.duplicate_stream"),
    "one id, two streams": (
        _text(_coke("period: 2022-01, quantity: 1 t") + "\n  - {id: a, material: 石灰石, role: flux, quantity: 1 t}"),
        "case.stream_changed",
    ),
    "negative calorific value": (
        _text(_coke("quantity: 1 t, values: {net_calorific_value: -5}")),
        "case.negative_value",
    ),
    "not a number": (_text(_coke("quantity: .nan")), "number.not_a_number"),
    "infinity": (_text(_coke("quantity: .inf t")), "number.not_a_number"),
    "huge": (_text(_coke("quantity: 1e31 t")), "number.too_large"),
    "tiny": (_text(_coke("quantity: 1e-31 t")), "number.too_large"),
    "a mass of gas": (_text(_coke("quantity: 1 万Nm³")), "case.unit_mismatch"),
    "carbon dioxide of coke": (_text(_coke("quantity: 1 tCO2")), "case.unit_mismatch"),
    "a list as id": (_text(_coke("quantity: 1 t", "[1]")), "case.wrong_type"),
    "process 其他": (_text(_coke("process: 其他, quantity: 1 t")), "process.path"),
    "process 未分配": (_text(_coke("process: 炼铁/未分配, quantity: 1 t")), "process.path"),
    "process without a name": (_text(_coke('process: "/炼铁//1号", quantity: 1 t')), "process.path"),
    "ends before it begins": (
        _text(_coke("quantity: 1 t, first_month: 2022-05, last_month: 2022-04")),
        "period.reversed",
    ),
    "option that is no number": (_text(ONE, site="{province: 河北, options: {x: .nan}}"), "case.wrong_type"),
    "month of another year": (_text(_coke("months: {2023-01: 1 t}")), "case.month_outside"),
    "shared value twice": (
        _text(ONE, more="parameters: [{material: 焦炭, purity: 1}, {material: coke, purity: 0.9}]\n"),
        "parameter.duplicate",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_case_is_refused_with_its_line(name: str) -> None:
    content, code = REFUSED[name]
    assert code in _refused(content)


@pytest.mark.parametrize("kind", ["directory", "missing", "device", "huge"])
def test_what_is_no_case_file_is_refused(kind: str, tmp_path: Path) -> None:
    huge = tmp_path / "huge.yaml"
    if kind == "huge":
        huge.write_bytes(b"a: b\n" * 5_000_000)
    paths = {"directory": tmp_path, "missing": tmp_path / "no.yaml", "device": Path("/dev/zero"), "huge": huge}
    with pytest.raises(Faults) as caught:
        load_case(paths[kind])
    assert caught.value.faults[0].code in ("case.unreadable_file", "yaml.too_large")


def _set(*periods: str, parameters: tuple[Parameter, ...] = (), **more: Any) -> StreamSet:
    records = tuple(StreamRecord("c", period, {"quantity": Given(1.0, "t")}, {}) for period in periods)
    return StreamSet(SiteInfo("河北"), (StreamDecl("c", "coke", "fuel", **more),), records, parameters)


@pytest.mark.parametrize("periods", [("2022-01", "2022-01"), ("2022", "2022-03"), ("2022-01..2022-03", "2022-03")])
def test_records_of_a_stream_that_overlap_are_neither_added_nor_replaced(steel: Any, periods: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match=r"record\.overlap"):
        run(steel, _set(*periods), period=Period.parse("2022"))
    with pytest.raises(Faults) if periods[0] == periods[1] else pytest.raises(InputError, match=r"record\.overlap"):
        _run(_text("\n".join(_coke(f"period: {period}, quantity: 1 t") for period in periods)))


def test_a_shared_value_given_twice_is_refused(steel: Any) -> None:
    twice = (Parameter("coke", "purity", Given(1.0, "1")),) * 2
    with pytest.raises(InputError, match=r"parameter\.duplicate"):
        run(steel, _set("2022", parameters=twice), period=Period.parse("2022"))


@pytest.mark.parametrize("path", ["其他", "炼铁/未分配", "/炼铁", "炼铁//1号", "炼铁/ "])
def test_process_names_that_the_view_uses_itself_are_refused(steel: Any, path: str) -> None:
    with pytest.raises(InputError, match=r"process\.path"):
        run(steel, _set("2022", process=path), period=Period.parse("2022"))


SHARES = [
    [1], {"炼铁": [1]}, {"炼铁": {"甲": "x"}}, {"炼铁": {"甲": float("nan")}}, {"炼铁": {"甲": True}},
    {"炼铁": {"甲/乙": 0.5}}, {"炼铁": {"甲": 1.1}},
]  # fmt: skip


@pytest.mark.parametrize("shares", SHARES, ids=str)
def test_shares_that_are_none_are_refused(steel: Any, shares: Any) -> None:
    plant = _set("2022", process="炼铁")
    plant = dataclasses.replace(plant, site=dataclasses.replace(plant.site, options={"process_shares": shares}))
    with pytest.raises(TanhengError, match=r"process\.shares"):
        run(steel, plant, period=Period.parse("2022"))


STRANGE = ["total:x", "line:-1", "line:²", "line:٣", "line:", "line:" + "9" * 5000, "input:0", "input:²/quantity",
           "input:0//", "input:0/gwp/x", "input:0/quantity/x", "process:", "process:../..", "stream:zzz", "+", "",
           "source:fuel_combustion+source:flux", "month:2022-01", "denominator:intensity/9", "denominator:²", "share:",
           "shareof:x", "indicator:", "indicator:intensity+x", "own:zz", "material:zz", "x" * 100_000]  # fmt: skip


@pytest.mark.parametrize("address", STRANGE, ids=range(len(STRANGE)))
def test_an_address_that_is_none_is_not_found(address: str) -> None:
    doc = _run(_text(ONE))
    for read in (explain, recompute):
        with pytest.raises(NotFound):
            read(doc, address)


def test_names_with_signs_of_the_addresses_still_open() -> None:
    streams = [_coke('process: "1+2号：高炉:甲", quantity: 1 t'), _coke("quantity: 2 t", '"x+y:z"'),
               _coke("quantity: 2 t", '"a+b"')]  # fmt: skip
    doc = _run(_text("\n".join(streams)))
    for address in addresses(doc):
        node = explain(doc, address)
        for child in node.children:
            assert explain(doc, child.address).value == child.value
        if node.value is not None:
            assert recompute(doc, address) == pytest.approx(node.value), address


def test_what_cannot_be_derived_of_measured_values_is_no_default() -> None:
    doc = _run(_text(_coke("quantity: 1 t, values: {net_calorific_value: 0, carbon_content_mass: 0.8}")))
    assert [gap["code"] for gap in doc.data["gaps"]] == ["line.undefined"] and doc.data["total"]["value"] is None
    for address in addresses(doc):
        value = explain(doc, address).value
        assert value is None or recompute(doc, address) == pytest.approx(value), address


@pytest.mark.parametrize(
    "made",
    [
        "0 t",
        "{sold: 0 t, opening_stock: 9 t, closing_stock: 1 t}",
        "{sold: 1 t, opening_stock: 1 t, closing_stock: 0 t}",
    ],
)
def test_over_nothing_or_less_produced_there_is_no_intensity(made: str) -> None:
    doc = _run(_text(f"{ONE}\n  - {{id: s, material: 粗钢, role: product, quantity: {made}}}"))
    indicator = doc.data["indicators"]["intensity"]
    assert indicator["value"] is None and explain(doc, "indicator:intensity").value is None
    assert "indicator.no_denominator" in [entry["code"] for entry in doc.data["warnings"]]
    assert recompute(doc, "indicator:intensity") != recompute(doc, "indicator:intensity")


def test_a_month_without_production_has_no_intensity_and_the_year_has() -> None:
    months = "months: {2022-01: 3 t, 2022-02: 0 t}, last_month: 2022-02"
    doc = _run(_text(f"{_coke(months)}\n  - {{id: s, material: 粗钢, role: product, {months}}}"))
    assert explain(doc, "indicator:intensity+month:2022-02").value is None
    assert doc.data["indicators"]["intensity"]["value"] > 0


@pytest.mark.parametrize(
    ("site", "as_of", "factor"),
    [
        ("{province: 内蒙古自治区, part: 西部}", "2025-12-31", "average:regional:north:2023"),
        ("{province: 内蒙古, part: 东部}", "2025-12-31", "average:regional:northeast:2023"),
        ("{province: 内蒙古}", "2025-12-31", None),
        ("{province: 西藏}", "2025-12-31", None), ("{}", "2025-12-31", None), ("{province: 河北}", "2000-01-01", None),
        ("{province: 四川}", "2020-01-01", "average:regional:central:2012"),
        ("{province: 四川省}", "2025-12-31", "average:regional:southwest:2023"),
        ("{province: 河北, options: {electricity_factor_level: nonsense}}", "2025-12-31", None),
    ],
)  # fmt: skip
def test_the_grid_factor_of_a_place_and_day(site: str, as_of: str, factor: str | None) -> None:
    power = "  - {id: e, material: 电力, role: electricity, quantity: 1 MWh}"
    doc = _run(_text(power, site=site, more=f"as_of: {as_of}\n"))
    used = [entry["factor_id"] for entry in doc.data["provenance"] if entry["kind"] == "library"]
    assert used == ([factor] if factor else [])
    assert [gap["code"] for gap in doc.data["gaps"]] == ([] if factor else ["factor.none"])
    assert all("？" not in sentence(gap) for gap in doc.data["gaps"])


def test_a_gap_of_units_says_where() -> None:
    doc = _run(_text(_coke("quantity: 1 t, values: {net_calorific_value: 28 GJ/1e4Nm3}")))
    assert sentence(doc.data["gaps"][0]).startswith("“焦炭”（企业边界，2022 年，平均低位发热量）：单位")


CODE = """
import sys
from datetime import date
from tanheng.accounting import load_case, run
from tanheng.rules.package import load_standard
for path in sys.argv[1:]:
    case = load_case(path)
    for name in case.standards:
        doc = run(load_standard(name), case.stream_set, period=case.period, as_of=case.as_of, title=case.title)
        sys.stdout.write(doc.digest + "\\n")
"""


def test_every_case_gives_the_same_bytes_whatever_the_hash_seed() -> None:
    paths = [str(path) for path in sorted((data_dir() / "standards").glob("*/cases/*.yaml"))]
    outputs = set()
    for seed in ("0", "1", "4711"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run([sys.executable, "-c", CODE, *paths], env=environment, capture_output=True, check=True)
        outputs.add(done.stdout)
    assert len(outputs) == 1 and len(outputs.pop().splitlines()) >= len(paths)


def test_the_order_of_records_does_not_change_a_byte(steel: Any) -> None:
    case = load_case(data_dir() / "standards" / STEEL / "cases" / "months.yaml")
    turned = dataclasses.replace(case.stream_set, records=case.stream_set.records[::-1])
    digests = {
        run(steel, each, period=case.period, as_of=date(2025, 1, 1)).digest for each in (case.stream_set, turned)
    }
    assert len(digests) == 1


ROUNDING = {
    "line": "{level: line, decimals: 2, mode: half_up}",
    "parameter": "{level: display, decimals: 2, mode: half_up, parameters: {net_calorific_value: 1}}",
}


@pytest.mark.parametrize("rounding", ROUNDING.values(), ids=ROUNDING)
def test_a_copied_standard_may_round_otherwise_and_still_explains_itself(tmp_path: Path, rounding: str) -> None:
    copy = tmp_path / "my_steel"
    shutil.copytree(data_dir() / "standards" / STEEL, copy)
    text = (copy / "standard.yaml").read_text(encoding="utf-8")
    text = text.replace(f"id: {STEEL}", "id: my_steel", 1).replace(
        "{level: display, decimals: 2, mode: half_up}", rounding, 1
    )
    (copy / "standard.yaml").write_text(text, encoding="utf-8")
    case = load_case(copy / "cases" / "integrated_works.yaml")
    doc = run(load_standard(copy), case.stream_set, period=case.period, as_of=case.as_of)
    plain = run(load_standard(STEEL), case.stream_set, period=case.period, as_of=case.as_of)
    assert doc.data["total"]["value"] != plain.data["total"]["value"]
    assert doc.data["total"]["value"] == pytest.approx(plain.data["total"]["value"], rel=2e-3)
    if "line" in rounding:
        assert all(round(value, 2) == value for value in doc.data["lines"]["value"])
    for address in addresses(doc):
        value = explain(doc, address).value
        assert value is None or recompute(doc, address) == pytest.approx(value, rel=1e-11, abs=1e-7), address
