"""Sentences name a use in Chinese, never by its id."""

from typing import Any

from tanheng.accounting import sentence
from tanheng.kernel.roles import role_zh, roles


def test_what_a_standard_does_not_cover_is_said_with_the_chinese_name_of_its_use(account: Any) -> None:
    doc = account({"odd": ("coke", "raw_material", {"2022": {"quantity": "1 t"}})})
    said = "".join(sentence(gap) for gap in doc.data["gaps"])
    assert "作“原料”用" in said and "raw_material" not in said


def test_one_quantity_in_two_uses_names_both_in_chinese(account: Any) -> None:
    months = {"2022": {"quantity": "1000 t"}}
    doc = account({"a": ("coke", "fuel", months), "b": ("coke", "reductant", months)})
    said = [sentence(each) for each in doc.data["warnings"] if each["code"] == "double_count.same_quantity"]
    assert len(said) == 1 and "用途分别为燃料、还原剂" in said[0]


def test_every_use_has_a_chinese_name() -> None:
    assert all(zh and not zh.isascii() for zh in roles().values()) and role_zh("unheard_of") == "unheard_of"
