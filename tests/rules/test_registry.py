"""Which standards exist, which are here, and which one applies when."""

import shutil
from datetime import date

import pytest

from tanheng.kernel.catalogue import materials
from tanheng.kernel.errors import Faults, NotFound
from tanheng.kernel.resources import data_dir
from tanheng.rules import registry as module
from tanheng.rules.package import standards
from tanheng.rules.proposal import proposal
from tanheng.rules.registry import Edition, industry_of, registry


def _ids(*asked: object) -> list[str]:
    return [each.edition.id for each in proposal(*asked)]  # type: ignore[arg-type]


def test_every_package_is_registered_and_every_entry_leads_somewhere() -> None:
    known = registry()
    assert {found.id for found in standards()} <= {edition.id for edition in known.editions}
    for edition in known.editions:
        assert edition.status != "not_here" or edition.missing, f"{edition.id} must say what is missing"
        assert edition.products == () or set(edition.products) <= set(materials()), edition.id


def test_verified_needs_a_case_that_is_not_our_own_arithmetic() -> None:
    for edition in registry().editions:
        if edition.is_here and edition.status == "verified":
            cases = (data_dir() / "standards" / edition.id / "cases").glob("*.yaml")
            assert any("kind: published" in path.read_text(encoding="utf-8") for path in cases), edition.id


@pytest.mark.parametrize(
    "id",
    [
        "gbt_32151_14_2023", "gbt_32151_34_2024", "gbt_32151_42_2024", "gbt_32151_43_2024", "gbt_32151_44_2024",
        "gbt_32151_4_revised", "gbt_32151_5_2026", "gbt_32150_2025", "mee_2022_steel_reporting",
        "ets_steel_data_sheet",
    ],
)  # fmt: skip
def test_editions_known_to_exist_but_not_here_are_named_as_such(id: str) -> None:
    edition = registry().get(id)
    assert not edition.is_here and edition.status_zh == "尚未收录" and edition.missing


def test_the_edition_of_the_year_comes_first() -> None:
    assert _ids("steel", "crude_steel", 2025, "national_report")[0] == "gbt_32151_5_2015"
    assert _ids("steel", "crude_steel", 2025, "ets")[0] == "cets_ag_03_01_v01_2024"
    assert _ids("steel", "crude_steel", 2022, "ets")[0] == "mee_2022_steel_reporting"
    assert _ids("steel", "crude_steel", 2020, "ets")[0] == "ets_steel_data_sheet"
    assert _ids("steel", "crude_steel", 2025, "general") == ["iso_14064_1_2018"]


def test_an_edition_that_is_not_here_is_still_named_first_and_the_older_one_stands_in() -> None:
    right, substitute = proposal("other_nonferrous", "copper", 2025, "national_report")[:2]
    assert right.edition.id == "gbt_32151_42_2024" and not right.is_usable and "尚未收录" in right.reason
    assert substitute.edition.id == "ndrc_2015_other_nonferrous" and substitute.fit == "substitute"
    before = proposal("other_nonferrous", "copper", 2024, "national_report")
    assert (before[0].edition.id, before[0].fit) == ("ndrc_2015_other_nonferrous", "applies")


def test_a_steel_account_of_2026_is_told_of_the_new_edition() -> None:
    right, old = proposal("steel", "", 2026, "national_report")
    assert right.edition.id == "gbt_32151_5_2026" and right.fit == "applies" and not right.is_usable
    assert old.edition.id == "gbt_32151_5_2015" and old.fit == "substitute"


def test_what_is_known_from_hearsay_only_is_said_as_such() -> None:
    heard = {edition.id for edition in registry().editions if edition.source.confidence == "recalled-low"}
    assert heard == {"gbt_32151_5_2026", "gbt_32150_2025"}
    right, old = proposal("steel", "", 2026, "national_report")
    assert right.reason.startswith("据未经核实的资料，") and old.reason.startswith("据未经核实的资料，")
    seen = proposal("other_nonferrous", "copper", 2025, "national_report")[0]
    assert not seen.reason.startswith("据")


def test_the_year_of_a_replacement_is_that_of_the_newer_edition() -> None:
    asked = {each.edition.id: each.reason for each in proposal("steel", "", 2026, "ets")}
    assert asked["mee_2022_steel_reporting"].startswith("2024 年度起由 CETS-AG-03.01-V01-2024 取代")


def test_metals_without_a_part_of_their_own_lead_to_the_part_for_the_others() -> None:
    for metal in ("nickel", "gold", "silver", "nonferrous_metal", "rare_earth_metal"):
        assert _ids("other_nonferrous", metal, 2025, "national_report")[0] == "gbt_32151_14_2023"


def test_codes_of_industries_lead_to_industries() -> None:
    assert [industry_of(code) for code in ("C3120", "C3216", "c3217", "C3211", "B0911", "3120", "C2011", "")] == [
        "steel", "aluminium", "magnesium", "other_nonferrous", "mining", "steel", "", "",
    ]  # fmt: skip


def test_an_unknown_edition_is_refused() -> None:
    with pytest.raises(NotFound, match=r"standard\.unknown"):
        registry().get("gbt_99999")


def test_what_leads_nowhere_is_reported_with_its_line(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "standards").mkdir()
    path = tmp_path / "standards" / "registry.yaml"
    shutil.copy(data_dir() / "standards" / "registry.yaml", path)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("successor: gbt_32151_5_2026", "successor: nothing"), encoding="utf-8")
    monkeypatch.setattr(module, "data_dir", lambda: tmp_path)
    with pytest.raises(Faults) as caught:
        registry()
    fault = caught.value.faults[0]
    assert fault.code == "standard.value" and fault.values["key"] == "successor" and fault.values["line"] > 1


def test_days_and_years_stay_apart() -> None:
    edition: Edition = registry().get("gbt_32151_42_2024")
    assert edition.in_force.start == date(2025, 4, 1) and edition.years.zh == "2025 年度起"
