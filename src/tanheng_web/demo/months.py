"""A year of a plant through template, upload, check, confirmation, submission, approval; one correction afterwards."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile

from tanheng.kernel.errors import InputError
from tanheng.kernel.periods import Month, Period
from tanheng_web.collection import services
from tanheng_web.collection.models import MonthReport, Workbook
from tanheng_web.collection.selectors import current_report, template_spec
from tanheng_web.collection.workbook.template import write_template
from tanheng_web.demo.filling import Entry, fill
from tanheng_web.demo.plants.parameters import plant_file
from tanheng_web.demo.setting_up import PLANTS, company, person
from tanheng_web.organisations.models import Organisation

__all__ = ["MANAGERS", "correct", "import_year", "is_corrected", "is_imported", "is_reviewed", "review_year"]

MANAGERS = {"steel": "gangtie", "aluminium": "lvye"}
REPORTERS = {"steel": "gangtie_tianbao", "aluminium": "lvye_tianbao"}


def import_year(plant: str, year: int) -> None:
    """Download the year's template, type the numbers in, upload, check and confirm it as the statistician."""
    entries = _numbers(plant, year)
    _import(plant, Period.parse(str(year)), _name(plant, str(year)), entries)


def is_imported(plant: str, year: int) -> bool:
    """Whether the year's workbook is in."""
    return _imported(plant, _name(plant, str(year)))


def review_year(plant: str, year: int) -> None:
    """Submit every month as the statistician, approve as the manager, but for what the history leaves open."""
    organisation, history = company(plant), _history(plant)
    reporter, manager = person(REPORTERS[plant]), person(MANAGERS[plant])
    reasons = {row["month"]: row["reason"] for row in history["missing"]}
    for month in Period.parse(str(year)).months:
        report = current_report(organisation, month)
        if report is None:
            raise InputError("month.nothing_entered", month=month.label_zh)
        report = services.month_submit(by=reporter, report=report, gap_reason=reasons.get(str(month), ""))
        if str(month) not in history["unapproved"]:
            services.month_approve(by=manager, report=report, refresh=False)


def is_reviewed(plant: str, year: int) -> bool:
    """Whether every month of the year has left the statistician's desk."""
    reports = MonthReport.objects.filter(organisation=company(plant), month__year=year)
    return reports.exists() and not reports.filter(status__in=("draft", "returned")).exists()


def correct(plant: str) -> None:
    """Reopen an approved month with a reason, import the right number from a workbook of that month, approve again."""
    organisation, change = company(plant), _history(plant)["corrected"]
    reporter, manager = person(REPORTERS[plant]), person(MANAGERS[plant])
    month = Month.parse(change["month"])
    report = current_report(organisation, month)
    if report is None:
        raise InputError("month.nothing_entered", month=month.label_zh)
    services.month_reopen(by=manager, report=report, reason=change["reason"])
    right = {
        (spec.code, str(when), key): value
        for spec, key, when, value in PLANTS[plant]().rows(month.year)
        if (spec.code, key) == (change["code"], change["key"]) and when == month
    }
    note = {(change["code"], change["month"], "note"): change["reason"]}
    _import(plant, Period.parse(change["month"]), _name(plant, change["month"]), right | note)
    fresh = current_report(organisation, month)
    if fresh is None:
        raise InputError("month.nothing_entered", month=month.label_zh)
    fresh = services.month_submit(by=reporter, report=fresh)
    services.month_approve(by=manager, report=fresh, refresh=False)


def is_corrected(plant: str) -> bool:
    """Whether the correction is in force, or there is none."""
    change = _history(plant)["corrected"]
    if not change:
        return True
    month = Month.parse(change["month"]).first_day
    return MonthReport.objects.filter(organisation=company(plant), month=month, version=2, status="approved").exists()


def _numbers(plant: str, year: int) -> dict[Entry, Decimal | str]:
    """Return what was typed: the numbers of the plant, less what was missing, wrong where corrected later."""
    history = _history(plant)
    entries: dict[Entry, Decimal | str] = {
        (spec.code, str(month), key): value for spec, key, month, value in PLANTS[plant]().rows(year)
    }
    for row in history["missing"]:
        entries.pop((row["code"], row["month"], row["key"]), None)
    change = history["corrected"]
    if change and (place := (change["code"], change["month"], change["key"])) in entries:
        entries[place] = Decimal(entries[place]) - Decimal(change["first_less"])
    for row in history["notes"]:
        if row["month"].startswith(str(year)):
            entries |= {(code, row["month"], "note"): row["text"] for code in row["codes"]}
    return entries


def _import(plant: str, period: Period, name: str, entries: Mapping[Entry, Decimal | str]) -> None:
    organisation, reporter = company(plant), person(REPORTERS[plant])
    body = fill(write_template(template_spec(organisation, period)), entries)
    workbook, _is_new = services.workbook_upload(
        by=reporter, organisation=organisation, file=ContentFile(body, name=name), name=name
    )
    findings = services.workbook_check_now(workbook=workbook)
    if findings is None or findings.errors:
        faults = workbook.refusal or "；".join(f.text for f in findings.faults if f.severity == "error")[:500]
        raise InputError("demo.import_faults", name=organisation.label, period=period.label_zh, faults=faults)
    services.workbook_confirm_now(by=reporter, workbook=workbook)


def _imported(plant: str, name: str) -> bool:
    return Workbook.objects.filter(organisation=company(plant), name=name, status=Workbook.Status.CONFIRMED).exists()


def _name(plant: str, period: str) -> str:
    return f"{_short(company(plant))}-{period}-活动数据.xlsx"


def _short(organisation: Organisation) -> str:
    return organisation.short_name or organisation.name


def _history(plant: str) -> dict[str, Any]:
    return plant_file(plant)["history"]
