"""Which standards a year is accounted under: proposed with reasons, chosen, audited, refused."""

import pytest

from tanheng.kernel.errors import InputError
from tanheng.rules.package import load_standard
from tanheng_web.collection.models import SourceStream
from tanheng_web.common.models import AuditEntry
from tanheng_web.organisations.models import StandardChoice
from tanheng_web.organisations.plant import plan_for, plant_create, proposed
from tanheng_web.organisations.selectors import primaries_of, standards_of
from tanheng_web.organisations.services import standards_choose

STEEL, VIEW = "gbt_32151_5_2015", "iso_14064_1_2018"


def url(world, year: int = 2025) -> str:
    return f"/o/{world.works.pk}/settings/standards/?period={year}"


def test_without_a_choice_the_own_standard_holds(world):
    assert standards_of(world.works, 2025) == (world.works.standard,)


def test_several_are_chosen_for_a_year_the_primary_first(world):
    manager = world.people["manager"]
    standards_choose(organisation=world.works, year=2025, standards=[VIEW, STEEL], primary=STEEL, by=manager)
    assert standards_of(world.works, 2025) == (STEEL, VIEW)
    assert standards_of(world.works, 2024) == (world.works.standard,), "the other years stay"
    assert primaries_of([world.works], 2025) == {world.works.pk: STEEL}
    purposes = StandardChoice.objects.filter(organisation=world.works).values_list("standard", "purpose")
    assert dict(purposes) == {STEEL: "national_report", VIEW: "general"}
    entry = AuditEntry.objects.filter(action="organisation.standards").latest("pk")
    assert entry.data["standards"] == [[], [STEEL, VIEW]]
    standards_choose(organisation=world.works, year=2025, standards=[], by=manager)
    assert standards_of(world.works, 2025) == (world.works.standard,)


@pytest.mark.parametrize(
    ("standards", "primary", "year", "code"),
    [
        (["gbt_0"], "", 2025, "web.standard_unknown"),
        (["gbt_32151_42_2024"], "", 2025, "web.standard_unknown"),
        ([STEEL], VIEW, 2025, "web.primary_not_chosen"),
        ([STEEL], "", 20250, "web.year_refused"),
    ],
)
def test_what_cannot_be_chosen_is_refused_and_nothing_changes(standards, primary, year, code, world):
    with pytest.raises(InputError) as caught:
        standards_choose(
            organisation=world.works, year=year, standards=standards, primary=primary, by=world.people["manager"]
        )
    assert caught.value.code == code
    assert not StandardChoice.objects.exists()


def test_the_page_proposes_with_reasons_and_names_what_is_missing(world, sign_in):
    page = sign_in("manager").get(url(world)).text
    assert "2025 年度的企业温室气体排放报告适用 GB/T 32151.5-2015" in page
    assert "GB/T 32151.5-2026 自 2026 年度起适用" in page
    assert "二手来源，待核原文" in page and "尚未收录" in page
    assert 'value="gbt_32151_42_2024"' not in page, "what is not here cannot be ticked"
    assert 'value="ndrc_2015_other_nonferrous"' in page, "other industries may be chosen"


def test_the_choice_is_made_on_the_page(world, sign_in):
    client = sign_in("manager")
    answer = client.post(url(world), {"standard": [STEEL, VIEW], "primary": STEEL})
    assert answer.status_code == 302
    page = client.get(answer.url).text
    assert "已选定 2025 年度的 2 个标准" in page and "按所选标准核算" in page
    assert client.get(f"/o/{world.works.pk}/settings/accounting/?period=2025").text.count("通用视图") >= 2
    refused = client.post(url(world), {"standard": [STEEL], "primary": VIEW})
    assert refused.status_code == 422 and "不在所选的标准之中" in refused.text


def test_a_year_with_a_newer_edition_is_warned_of(world, sign_in):
    page = sign_in("viewer").get(url(world, 2026)).text
    assert "2026 年度应采用 GB/T 32151.5-2026，但本平台尚未收录" in page
    assert "保存选择" not in page, "a viewer reads"


def test_only_who_may_change_the_enterprise_chooses(world, sign_in):
    assert sign_in("reporter").post(url(world), {"standard": [STEEL]}).status_code == 403
    assert not StandardChoice.objects.exists()


@pytest.mark.parametrize(
    ("standard", "kinds"),
    [
        ("gbt_32151_3_2015", {"calcining", "ferrosilicon", "reduction", "refining"}),
        ("ndrc_2015_other_nonferrous", {"cu_smelting", "zn_leaching", "ni_refining", "re_separation", "rolling"}),
        ("ndrc_2015_mining", {"open_pit", "underground", "crushing", "grinding", "flotation"}),
    ],
)
def test_the_wizard_makes_a_works_of_every_industry(standard, kinds, world):
    plan = plan_for(standard)
    choice = proposed(plan)
    basics = {"name": standard, "kind": "company", "province": "江西", "standard": standard}
    made = plant_create(
        by=world.people["superuser"], basics=basics, plan=plan, chosen=set(choice.chosen), names=choice.names, extra=[]
    )
    assert kinds <= set(made.processes.values_list("kind", flat=True))
    stages = {process.kind: process.stage for process in load_standard(standard).processes}
    assert all(stages.values()), "every process belongs to mining, concentrating, smelting, processing or serves them"
    assert SourceStream.objects.filter(organisation=made).count() > 20
