"""A standard copied, changed, checked, published by a second person, offered to those below, then never changed."""

import pytest
from django.core.exceptions import PermissionDenied

from tanheng.kernel.errors import InputError
from tanheng.rules.package import load_standard, standards
from tanheng.rules.package_copy import case_names, data_of
from tanheng_web.catalogue.models import StandardCopy
from tanheng_web.catalogue.standards import publishing, services
from tanheng_web.catalogue.standards.selectors import copies_of, standards_for, waiting_for
from tanheng_web.catalogue.tests.copies import changed, copied, published
from tanheng_web.common.models import AuditEntry

EXPR = ("flux", "expr")


def ids(organisation) -> set[str]:
    return {found.id for found in standards_for(organisation)}


def test_an_unchanged_copy_holds_its_cases_and_is_published_by_a_second_person(world):
    manager, admin = world.people["manager"], world.people["admin"]
    copy = copied(world.works, manager)
    assert copy.standard_id == f"own_{world.works.pk}_steel"
    assert copy.standard_id not in ids(world.works)
    copy = services.copy_submit(copy=copy, by=manager)
    with pytest.raises(InputError) as refused:
        services.copy_publish(copy=copy, by=manager)
    assert refused.value.code == "copy.other_person"
    copy = services.copy_publish(copy=copy, by=admin)
    assert load_standard(copy.standard_id).digest == copy.digest
    assert copy.standard_id in ids(world.works)
    actions = list(AuditEntry.objects.filter(action__startswith="standard.").values_list("action", flat=True))
    assert actions == ["standard.publish", "standard.submit", "standard.copy"]


def test_only_the_owner_and_those_below_may_choose_it(world):
    of_works = published(world.works, world.people["manager"], world.people["admin"])
    assert of_works.standard_id not in ids(world.group) | ids(world.foreign)
    of_group = published(world.group, world.people["group_admin"], world.people["superuser"], "all")
    assert of_group.standard_id in ids(world.works)
    assert of_group.standard_id not in ids(world.foreign)
    assert {copy.pk for copy in copies_of(world.works)} == {of_works.pk, of_group.pk}
    with pytest.raises(InputError):
        services.copy_create(
            organisation=world.foreign, by=world.people["stranger"], base=of_works.standard_id, name="x", zh="x",
            short_zh="x", reason="x",
        )  # fmt: skip


@pytest.mark.parametrize("person", ["reporter", "verifier", "viewer", "stranger"])
def test_without_the_right_nothing_is_copied(world, person):
    with pytest.raises(PermissionDenied):
        copied(world.works, world.people[person])


def test_every_change_is_kept_with_who_when_and_why(world):
    manager = world.people["manager"]
    copy = changed(copied(world.works, manager), manager, EXPR, "quantity * emission_factor * 1.0", reason="试算")
    row = copy.changes.get()
    assert (row.place, row.before, row.after) == (
        "公式 · 熔剂消耗排放 · 表达式", "quantity * emission_factor", "quantity * emission_factor * 1.0",
    )  # fmt: skip
    assert (row.by, row.reason, row.revision) == (manager, "试算", 1)


def test_a_submitted_copy_waits_for_a_second_person_and_no_other(world):
    manager = world.people["manager"]
    services.copy_submit(copy=copied(world.works, manager), by=manager)
    waiting = {name: waiting_for(world.people[name], world.works) for name in ("manager", "admin", "viewer")}
    assert waiting == {"manager": 0, "admin": 1, "viewer": 0}


def test_a_fresh_copy_differs_in_its_names_alone(world):
    copy = copied(world.works, world.people["manager"])
    places = {each.place for each in services.differences(copy.original, copy.files)}
    assert places <= {"标准 · 编号", "标准 · 名称", "标准 · 简称", "标准 · 替代说明", "标准 · 状态"}


def test_a_second_edit_of_the_same_state_is_refused(world):
    manager = world.people["manager"]
    copy = copied(world.works, manager)
    changed(copy, manager, EXPR, "quantity * emission_factor * 2")
    with pytest.raises(InputError) as refused:
        changed(copy, manager, EXPR, "quantity * emission_factor * 3")
    assert refused.value.code == "copy.stale"


def test_a_faulty_copy_is_not_submitted(world):
    manager = world.people["manager"]
    copy = changed(copied(world.works, manager), manager, EXPR, "quantity + emission_factor")
    with pytest.raises(InputError) as refused:
        services.copy_submit(copy=copy, by=manager)
    assert refused.value.code == "copy.faulty"


def test_cases_that_no_longer_hold_hinder_until_each_is_replaced_deliberately(world):
    manager, admin = world.people["manager"], world.people["admin"]
    copy = changed(copied(world.works, manager), manager, EXPR, "quantity * emission_factor * 0.5")
    with pytest.raises(InputError) as refused:
        services.copy_submit(copy=copy, by=manager)
    assert refused.value.code == "copy.cases_broken"
    broken = [each["name"] for each in services.cases_check(copy=copy)["cases"] if not each["holds"]]
    assert broken
    with pytest.raises(InputError) as unsaid:
        services.case_adopt(copy=copy, by=manager, revision=copy.revision, case=broken[0], reason=" ")
    assert unsaid.value.code == "copy.reason_needed"
    for name in broken:
        copy = services.case_adopt(copy=copy, by=manager, revision=copy.revision, case=name, reason="熔剂一半外供")
    kinds = {name: data_of(copy.files, name)["kind"] for name in case_names(copy.files)}
    assert {name for name, kind in kinds.items() if kind == "own"} == set(broken)
    assert "熔剂一半外供" in data_of(copy.files, broken[0])["note"]
    copy = services.copy_publish(copy=services.copy_submit(copy=copy, by=manager), by=admin)
    assert copy.is_published


def test_a_case_that_holds_is_not_rewritten(world):
    manager = world.people["manager"]
    copy = copied(world.works, manager)
    with pytest.raises(InputError) as refused:
        services.case_adopt(copy=copy, by=manager, revision=0, case=case_names(copy.files)[0], reason="想改")
    assert refused.value.code == "copy.case_holds"


def test_self_approval_is_a_setting_of_the_enterprise(world):
    manager = world.people["manager"]
    world.works.allow_self_approval = True
    world.works.save()
    assert published(world.works, manager, manager).is_published


def test_who_edited_is_an_author_too(world):
    manager, admin = world.people["manager"], world.people["admin"]
    copy = changed(copied(world.works, manager), admin, ("flux", "zh"), "熔剂")
    copy = services.copy_submit(copy=copy, by=manager)
    with pytest.raises(InputError):
        services.copy_publish(copy=copy, by=admin)


def test_a_published_copy_never_changes_and_its_next_version_has_its_own_id(world):
    manager, admin = world.people["manager"], world.people["admin"]
    first = published(world.works, manager, admin)
    with pytest.raises(InputError) as refused:
        changed(first, manager, EXPR, "quantity")
    assert refused.value.code == "copy.locked"
    second = services.copy_version(copy=first, by=manager, reason="补充预焙阳极")
    assert (second.standard_id, second.version, second.base) == (f"{first.standard_id}_v2", 2, first.standard_id)
    second = services.copy_publish(copy=services.copy_submit(copy=second, by=manager), by=admin)
    first.refresh_from_db()
    assert load_standard(first.standard_id).digest == first.digest != second.digest
    assert {first.standard_id, second.standard_id} <= ids(world.works)


def test_a_chosen_copy_is_not_withdrawn_and_a_withdrawn_one_is_not_offered(world):
    manager, admin = world.people["manager"], world.people["admin"]
    copy = published(world.works, manager, admin)
    world.works.standard = copy.standard_id
    world.works.save()
    with pytest.raises(InputError) as refused:
        services.copy_withdraw(copy=copy, by=admin, reason="不用了")
    assert refused.value.code == "copy.still_chosen" and "示范钢铁" in refused.value.zh()
    world.works.standard = "gbt_32151_5_2015"
    world.works.save()
    services.copy_withdraw(copy=copy, by=admin, reason="不用了")
    assert copy.standard_id not in ids(world.works)
    assert load_standard(copy.standard_id).digest == copy.digest  # old results are still explained


def test_folders_are_brought_up_to_the_rows_and_only_then_written(world):
    copy = published(world.works, world.people["manager"], world.people["admin"])
    assert publishing.materialise_all() == []
    folder = publishing.folder_of(copy)
    (folder / "formulas.yaml").write_text("flux: broken", encoding="utf-8")
    (publishing.home() / "own_9_stray").mkdir()
    assert set(publishing.materialise_all()) == {copy.standard_id, "own_9_stray"}
    assert load_standard(copy.standard_id).digest == copy.digest
    assert publishing.materialise_all() == []


def test_a_copy_that_a_newer_version_refuses_is_left_out_and_the_others_stay(world, caplog):
    copy = published(world.works, world.people["manager"], world.people["admin"])
    StandardCopy.objects.filter(pk=copy.pk).update(files={**copy.files, "formulas.yaml": "flux: {}"})
    assert publishing.materialise_all() == [copy.standard_id]
    assert copy.standard_id not in {found.id for found in standards()}
    assert "refused" in caplog.text


def test_a_draft_is_discarded_and_the_log_stays(world):
    manager = world.people["manager"]
    services.copy_discard(copy=copied(world.works, manager), by=manager)
    assert not StandardCopy.objects.exists()
    assert AuditEntry.objects.filter(action="standard.discard").exists()


def test_a_published_copy_is_offered_for_a_year_with_the_purpose_of_its_original(world):
    from tanheng.rules.registry import registry
    from tanheng_web.organisations.choices import groups_of
    from tanheng_web.organisations.services import standards_choose

    copy = published(world.works, world.people["manager"], world.people["admin"])
    original, own = (registry().get(each) for each in ("gbt_32151_5_2015", copy.standard_id))
    assert (own.purpose, own.industry, own.years) == (original.purpose, original.industry, original.years)

    def shown(organisation) -> set[str]:
        rows = [row for group in groups_of(organisation, 2025) for row in (*group.options, *group.others)]
        return {row.edition.id for row in rows}

    assert copy.standard_id in shown(world.works)
    assert copy.standard_id not in shown(world.foreign)
    made = standards_choose(
        organisation=world.works, year=2025, standards=[copy.standard_id], by=world.people["manager"]
    )
    assert [row.standard for row in made] == [copy.standard_id]
    with pytest.raises(InputError) as chosen:
        services.copy_withdraw(copy=copy, by=world.people["admin"], reason="不用了")
    assert "2025 年" in chosen.value.zh()
    with pytest.raises(InputError):
        standards_choose(
            organisation=world.foreign, year=2025, standards=[copy.standard_id], by=world.people["stranger"]
        )


def test_a_report_is_made_under_an_own_standard(world):
    from tanheng.accounting.run import run
    from tanheng.reporting.content import Entity, ReportContent
    from tanheng_web.catalogue.standards.cases import case_of

    copy = published(world.works, world.people["manager"], world.people["admin"])
    standard = load_standard(copy.standard_id)
    case = case_of(copy.files, "cases/eaf_works.yaml")
    result = run(standard, case.stream_set, period=case.period, as_of=case.as_of)
    content = ReportContent.build(result, standard, Entity(name="示范钢铁"))
    assert content.reading.data["standard_digest"] == copy.digest
    assert "化石燃料燃烧排放" in str(content.sections)
