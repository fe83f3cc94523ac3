"""Load the demonstration: two enterprises, 36 months each, through workbooks, import, approval and runs.

Every step is one transaction and asks first whether it is done: a load that was killed goes on where it stopped.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.db import transaction

from tanheng_web.accounts.models import User
from tanheng_web.common.audit import log
from tanheng_web.common.models import AuditEntry
from tanheng_web.demo import group, months, setting_up
from tanheng_web.demo.plants.calendar import YEARS
from tanheng_web.demo.plants.parameters import plant_file
from tanheng_web.inventory.selectors import latest_run
from tanheng_web.inventory.services import results_refresh
from tanheng_web.organisations.models import Organisation, StandardChoice
from tanheng_web.organisations.selectors import standards_of
from tanheng_web.organisations.services import standards_choose

__all__ = ["accounts_text", "is_complete", "load", "steps"]

LOADED = "demo.loaded"
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Step:
    """What is done, said in Chinese; ``is_done`` lets a second load pass over it."""

    text: str
    run: Callable[[], object]
    is_done: Callable[[], bool]


def load(progress: Progress) -> None:
    """Load what is not there yet; ``progress`` is told (done, total, text).

    Raises
    ------
    InputError
        ``demo.not_demo`` when the database holds a real enterprise and the demonstration is not complete.
    """
    if is_complete():
        return
    setting_up.refuse_real()
    todo = steps()
    for number, step in enumerate(todo):
        progress(number, len(todo), step.text)
        if not step.is_done():
            with transaction.atomic():
                step.run()
    progress(len(todo), len(todo), "演示数据已装载")


def is_complete() -> bool:
    """Whether a load went through to its end: one query."""
    return AuditEntry.objects.filter(action=LOADED).exists()


def accounts_text() -> str:
    """Return the demonstration accounts as the command prints them."""
    people = plant_file("people")
    lines = [f"  {user['username']:<16} {user['display_name']}" for user in people["users"]]
    return "\n".join([f"演示账号（密码均为 {people['password']}，仅供演示）：", *lines])


def steps() -> list[Step]:
    """Return the whole load in order."""
    companies = plant_file("people")["companies"]
    found = [Step("建立示范集团", setting_up.group_create, _has_loader)]
    for facts in companies:
        text = f"建立{facts['short_name']}：工序与源流"
        found.append(Step(text, partial(setting_up.company_create, facts), partial(_has_company, facts["name"])))
    found.append(Step("登记报告主体、单位类型与持股", group.boundary_create, group.has_boundary))
    found.append(Step("建立演示账号", setting_up.members_create, _has_people))
    for facts in companies:
        found += _plant_steps(facts["plant"], facts["short_name"])
    return [*found, Step("完成", _mark, is_complete)]


def _plant_steps(plant: str, name: str) -> list[Step]:
    found = [Step(f"{name}：选定各年核算标准", partial(_choose, plant), partial(_has_chosen, plant))]
    for year in YEARS:
        found += [
            Step(
                f"{name} {year} 年：填写模板、检查、导入",
                partial(months.import_year, plant, year),
                partial(months.is_imported, plant, year),
            ),
            Step(
                f"{name} {year} 年：逐月提交、审核",
                partial(months.review_year, plant, year),
                partial(months.is_reviewed, plant, year),
            ),
            Step(f"{name} {year} 年：核算", partial(_account, plant, year), partial(_is_accounted, plant, year)),
        ]
    change = plant_file(plant)["history"]["corrected"]
    if change:
        corrected = partial(months.is_corrected, plant)
        found.append(Step(f"{name} {change['month']}：重新开启并更正", partial(_corrected, plant), corrected))
    return found


def _corrected(plant: str) -> None:
    months.correct(plant)
    _account(plant, int(plant_file(plant)["history"]["corrected"]["month"][:4]))


def _choose(plant: str) -> None:
    manager = setting_up.person(months.MANAGERS[plant])
    for year, chosen in plant_file("standards")[plant].items():
        standards_choose(organisation=setting_up.company(plant), year=int(year), standards=chosen, by=manager)


def _has_chosen(plant: str) -> bool:
    years = StandardChoice.objects.filter(organisation=setting_up.company(plant), is_primary=True)
    return years.count() == len(plant_file("standards")[plant])


def _account(plant: str, year: int) -> None:
    manager = setting_up.person(months.MANAGERS[plant])
    results_refresh(organisation=setting_up.company(plant), year=year, by=manager, now=True)


def _is_accounted(plant: str, year: int) -> bool:
    company = setting_up.company(plant)
    return all(latest_run(company, year, standard) for standard in standards_of(company, year))


def _has_loader() -> bool:
    return User.objects.filter(username=setting_up.LOADER).exists()


def _has_company(name: str) -> bool:
    return Organisation.objects.filter(name=name).exists()


def _has_people() -> bool:
    return User.objects.filter(username=plant_file("people")["users"][-1]["username"]).exists()


def _mark() -> None:
    log(action=LOADED, by=setting_up.person(setting_up.LOADER))
