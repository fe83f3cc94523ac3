"""Groups of materials: named once, spread out wherever a standard lists materials, faults named with their line."""

import pytest

from tanheng.kernel.errors import Faults
from tanheng.rules.material_groups import without_groups
from tanheng.rules.package import load_standard
from tanheng.rules.package_copy import checked_copy, copy_files, data_of

ACCOUNTS = "accounts:\n"
TAKEN = "materials: [coke, natural_gas]"


def grouped(package, groups: str):
    return package(
        ("standard.yaml", ACCOUNTS, f"groups:\n{groups}{ACCOUNTS}"),
        ("standard.yaml", TAKEN, "materials: [coke, gases]"),
    )


def test_a_list_takes_the_materials_of_its_groups(package):
    directory = grouped(package, "  clean: [natural_gas]\n  gases: [clean, cog, natural_gas]\n")
    standard = load_standard(directory)
    assert standard.sources["fuel_combustion"].take[0].materials == ("coke", "natural_gas", "cog")
    assert standard.digest != load_standard(package()).digest


@pytest.mark.parametrize(
    ("groups", "code", "line"),
    [
        ("  gases: []\n", "standard.group_members", 16),
        ("  gases: natural_gas\n", "standard.group_members", 16),
        ("  gases: [natural_gas]\n  coke: [bfg]\n", "standard.group_is_material", 17),
        ("  gases: [later]\n  later: [bfg]\n", "standard.unknown_material", None),
    ],
)
def test_a_group_that_does_not_hold_is_refused(package, groups, code, line):
    with pytest.raises(Faults) as caught:
        load_standard(grouped(package, groups))
    fault = next(each for each in caught.value.faults if each.code == code)
    assert line in (None, fault.values["line"]) and "？" not in fault.zh()


def test_a_copy_holds_the_materials_themselves(package):
    directory = grouped(package, "  gases: [natural_gas]\n")
    files = copy_files(directory, "my_steel")
    text = data_of(files, "standard.yaml")
    assert "groups" not in text and text["sources"]["fuel_combustion"]["take"][0]["materials"] == [
        "coke",
        "natural_gas",
    ]
    original = load_standard(directory)
    assert checked_copy(files, "my_steel").sources == original.sources


def test_what_is_no_list_of_names_is_left_to_the_models():
    assert without_groups({"groups": [1], "sources": {"s": {"materials": [1, "coke"]}}}) == {
        "sources": {"s": {"materials": [1, "coke"]}}
    }
