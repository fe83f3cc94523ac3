"""The life of a copied standard: copy, edit, check, submit, publish by a second person, new version, withdraw."""

import re
from collections.abc import Callable, Mapping

from django.db import transaction
from django.utils import timezone

from tanheng import __version__
from tanheng.kernel.errors import InputError
from tanheng.rules.package import load_standard, standards
from tanheng.rules.package_copy import case_names, checked_copy, copy_files, data_of, edited, faults_of, written
from tanheng.rules.package_copy_diff import Change, package_changes
from tanheng.rules.registry import registry
from tanheng_web.catalogue.models import StandardChange, StandardCopy
from tanheng_web.catalogue.standards import cases, publishing
from tanheng_web.catalogue.standards.selectors import OWN_PREFIX, is_offered
from tanheng_web.catalogue.standards.uses import has_approved_data, uses_of
from tanheng_web.common.access import require
from tanheng_web.common.audit import log

__all__ = [
    "case_adopt", "cases_check", "copy_change", "copy_create", "copy_discard", "copy_publish", "copy_return",
    "copy_submit", "copy_version", "copy_withdraw", "differences", "is_author",
]  # fmt: skip

Files = dict[str, str]
RIGHT = "catalogue.change"
MOST_DRAFTS = 20
TEXT_LIMIT = 4000
NAME = re.compile(r"[a-z][a-z0-9_]{1,30}")  # part of an id and of a folder


def _locked(copy: StandardCopy, by, *states: str) -> StandardCopy:
    require(by, RIGHT, copy.organisation)
    copy = StandardCopy.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=copy.pk)
    if copy.status not in states:
        raise InputError("copy.locked", copy=str(copy), status=copy.get_status_display())
    return copy


def _identified(files: Files, **values: object) -> Files:
    for key, value in values.items():
        files = edited(files, "standard.yaml", (key,), value)
    return files


def _registered(files: Files, base: str) -> Files:
    """An entry of its own for the registry, after that of its base: what it is for, which years, what is missing."""
    entry = next((each for each in registry().editions if each.id == base), None)
    if entry is None:
        return files
    text = data_of(files, "standard.yaml")
    kept = entry.model_dump(mode="json", by_alias=True, exclude={"is_here", "short_zh", "predecessor", "successor"})
    own = {**kept, "id": text["id"], "zh": text["zh"], "document": text["document"], "status": "secondary_source"}
    return {**files, "registry.yaml": written({**own, "source": {"doc": f"复制自 {base}"}})}


def _without_standard(files: Files) -> Files:
    """Cases of a copy are run against it, whatever its id is at the time."""
    for name in case_names(files):
        files[name] = written({key: value for key, value in data_of(files, name).items() if key != "standard"})
    return files


@transaction.atomic
def copy_create(*, organisation, by, base: str, name: str, zh: str, short_zh: str, reason: str) -> StandardCopy:
    """Copy a standard that the enterprise may choose, under an id of its own."""
    require(by, RIGHT, organisation)
    if not is_offered(organisation, base):
        raise InputError("copy.unknown_base", id=base)
    if not NAME.fullmatch(name):
        raise InputError("copy.name", name=name[:40])
    drafts = StandardCopy.objects.filter(organisation=organisation, status=StandardCopy.Status.DRAFT)
    if drafts.count() >= MOST_DRAFTS:
        raise InputError("copy.too_many", most=MOST_DRAFTS)
    family = f"{OWN_PREFIX}{organisation.pk}_{name}"
    if StandardCopy.objects.filter(family=family).exists() or family in {found.id for found in standards()}:
        raise InputError("copy.name_taken", id=family)
    origin = load_standard(base)
    files = _without_standard(copy_files(origin.directory, base))
    own = _identified(files, id=family, zh=zh, short_zh=short_zh, status="unverified", superseded_note=None)
    own = _registered(own, base)
    copy = StandardCopy.objects.create(
        organisation=organisation, standard_id=family, family=family, base=base, base_digest=origin.digest, zh=zh,
        short_zh=short_zh, reason=reason, files=own, original=files, created_by=by,
    )  # fmt: skip
    log(action="standard.copy", by=by, organisation=organisation, on=copy, data={"standard": base, "reason": reason})
    return copy


@transaction.atomic
def copy_change(
    *, copy: StandardCopy, by, revision: int, reason: str, change: Callable[[Files], Files]
) -> tuple[StandardCopy, int]:
    """Change the files of a draft; every value that differs is kept with who, when and why. Returns how many.

    Faults elsewhere in the standard do not hinder: several edits may belong together. They hinder the submission.
    """
    if not reason.strip():
        raise InputError("copy.reason_needed")
    copy = _locked(copy, by, StandardCopy.Status.DRAFT)
    if copy.revision != revision:
        raise InputError("copy.stale", copy=str(copy))
    files = change(dict(copy.files))
    if files == copy.files:
        return copy, 0
    differing = differences(copy.files, files)
    copy.files, copy.revision, copy.checked = files, copy.revision + 1, {}
    text = data_of(files, "standard.yaml")
    copy.zh, copy.short_zh = str(text.get("zh") or copy.zh)[:200], str(text.get("short_zh") or copy.short_zh)[:80]
    copy.save(update_fields=["files", "revision", "checked", "zh", "short_zh"])
    StandardChange.objects.bulk_create(
        StandardChange(
            copy=copy, revision=copy.revision, place=each.place[:300], before=_cut(each.before), after=_cut(each.after),
            reason=reason[:500], by=by,
        )
        for each in differing
    )  # fmt: skip
    data = {"places": "；".join(each.place for each in differing)[:300], "count": len(differing), "reason": reason}
    log(action="standard.change", by=by, organisation=copy.organisation, on=copy, data=data)
    return copy, len(differing)


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Change, ...]:
    """What people are told of two states of a standard: its entry in the registry only follows what they changed."""
    return tuple(each for each in package_changes(before, after) if each.file != "registry.yaml")


def _cut(text: str | None) -> str:
    return "（无）" if text is None else text[:TEXT_LIMIT]


def cases_check(*, copy: StandardCopy) -> dict:
    """Run the worked cases against a copy and keep what came out; the same files are not run twice."""
    mark = f"{__version__} {publishing.digest_of(copy.files)}"  # another engine may give another result
    if copy.checked.get("files") == mark:
        return copy.checked
    faults = faults_of(copy.files, publishing.folder_of(copy))
    found = () if faults else cases.outcomes(copy.files, checked_copy(copy.files, publishing.folder_of(copy)))
    copy.checked = {"files": mark, "faults": len(faults), "cases": [each.as_json() for each in found]}
    StandardCopy.objects.filter(pk=copy.pk, revision=copy.revision).update(checked=copy.checked)
    return copy.checked


def case_adopt(*, copy: StandardCopy, by, revision: int, case: str, reason: str) -> StandardCopy:
    """Deliberately replace what a case expects by what the copy gives; the case no longer counts as published."""
    if case not in case_names(copy.files):
        raise InputError("copy.case_unknown", case=case)
    found = {each["name"]: each for each in cases_check(copy=copy)["cases"]}
    if case in found and found[case]["holds"]:
        raise InputError("copy.case_holds", case=found[case]["title"])

    def adopted(files: Files) -> Files:
        data = data_of(files, case)
        _read, result = cases.case_result(files, case, checked_copy(files, publishing.folder_of(copy)))
        expect = cases.new_expectation(data.get("expect") or {}, result)
        note = f"期望由 {by} 于 {timezone.localdate():%Y-%m-%d} 改写：{reason}"
        return {**files, case: written({**data, "kind": "own", "note": note, "expect": expect})}

    return copy_change(copy=copy, by=by, revision=revision, reason=reason, change=adopted)[0]


def _checked(copy: StandardCopy) -> None:
    """Refuse a copy that is faulty or whose cases do not hold."""
    found = cases_check(copy=copy)
    if found["faults"]:
        raise InputError("copy.faulty", copy=str(copy), count=found["faults"])
    if not found["cases"]:
        raise InputError("copy.no_cases", copy=str(copy))
    broken = [each["title"] for each in found["cases"] if not each["holds"]]
    if broken:
        raise InputError("copy.cases_broken", copy=str(copy), count=len(broken), cases=broken[:5])


@transaction.atomic
def copy_submit(*, copy: StandardCopy, by) -> StandardCopy:
    """Hand a draft to a second person: sound, and every case holds."""
    copy = _locked(copy, by, StandardCopy.Status.DRAFT)
    _checked(copy)
    if copy.effect.get("files") != publishing.digest_of(copy.files) and has_approved_data(copy):
        raise InputError("copy.trial_needed", copy=str(copy))
    copy.status, copy.submitted_by, copy.submitted_at = StandardCopy.Status.SUBMITTED, by, timezone.now()
    copy.save(update_fields=["status", "submitted_by", "submitted_at"])
    log(action="standard.submit", by=by, organisation=copy.organisation, on=copy)
    return copy


@transaction.atomic
def copy_return(*, copy: StandardCopy, by, reason: str) -> StandardCopy:
    """Give a submitted copy back to be edited."""
    if not reason.strip():
        raise InputError("copy.reason_needed")
    copy = _locked(copy, by, StandardCopy.Status.SUBMITTED)
    copy.status = StandardCopy.Status.DRAFT
    copy.save(update_fields=["status"])
    log(action="standard.return", by=by, organisation=copy.organisation, on=copy, data={"reason": reason})
    return copy


def is_author(copy: StandardCopy, by) -> bool:
    """Whether a person had a hand in a copy: the second pair of eyes is somebody else's."""
    return by.pk in {copy.created_by_id, copy.submitted_by_id} or copy.changes.filter(by=by).exists()


@transaction.atomic
def copy_publish(*, copy: StandardCopy, by) -> StandardCopy:
    """Publish what a second person has seen: checked again, fixed by its digest, written where the loader finds it."""
    if copy.status == StandardCopy.Status.DRAFT:
        raise InputError("copy.not_submitted", copy=str(copy))
    copy = _locked(copy, by, StandardCopy.Status.SUBMITTED)
    if is_author(copy, by) and not copy.organisation.allow_self_approval:
        raise InputError("copy.other_person", copy=str(copy))
    copy.checked = {}
    _checked(copy)
    copy.digest = checked_copy(copy.files, publishing.folder_of(copy)).digest
    copy.status, copy.published_by, copy.published_at = StandardCopy.Status.PUBLISHED, by, timezone.now()
    copy.save(update_fields=["status", "published_by", "published_at", "digest"])
    data = {"digest": copy.digest, "version": copy.version}
    log(action="standard.publish", by=by, organisation=copy.organisation, on=copy, data=data)
    publishing.materialise(copy)
    return copy


@transaction.atomic
def copy_version(*, copy: StandardCopy, by, reason: str) -> StandardCopy:
    """Begin the next version of a published copy, under an id of its own; the published one stays as it is."""
    if not reason.strip():
        raise InputError("copy.reason_needed")
    copy = _locked(copy, by, StandardCopy.Status.PUBLISHED, StandardCopy.Status.WITHDRAWN)
    newest = StandardCopy.objects.filter(family=copy.family).order_by("-version").first()
    version = newest.version + 1
    standard_id = f"{copy.family}_v{version}"
    short = f"{copy.short_zh.split('（第', maxsplit=1)[0]}（第 {version} 版）"
    files = _registered(_identified(dict(copy.files), id=standard_id, short_zh=short), copy.standard_id)
    new = StandardCopy.objects.create(
        organisation=copy.organisation, standard_id=standard_id, family=copy.family, version=version,
        base=copy.standard_id, base_digest=copy.digest, zh=copy.zh, short_zh=short, reason=reason,
        files=files, original=copy.files, created_by=by,
    )  # fmt: skip
    data = {"version": version, "reason": reason}
    log(action="standard.version", by=by, organisation=copy.organisation, on=new, data=data)
    return new


@transaction.atomic
def copy_withdraw(*, copy: StandardCopy, by, reason: str) -> StandardCopy:
    """Offer a published copy no longer; results made with it stay and can still be explained."""
    if not reason.strip():
        raise InputError("copy.reason_needed")
    copy = _locked(copy, by, StandardCopy.Status.PUBLISHED)
    if uses := uses_of(copy):
        raise InputError("copy.still_chosen", copy=str(copy), uses=uses[:5])
    copy.status = StandardCopy.Status.WITHDRAWN
    copy.save(update_fields=["status"])
    log(action="standard.withdraw", by=by, organisation=copy.organisation, on=copy, data={"reason": reason})
    return copy


@transaction.atomic
def copy_discard(*, copy: StandardCopy, by) -> None:
    """Delete a draft that was never published; what was done stays in the log."""
    copy = _locked(copy, by, StandardCopy.Status.DRAFT)
    data: Mapping[str, object] = {"standard": copy.standard_id, "count": copy.changes.count()}
    log(action="standard.discard", by=by, organisation=copy.organisation, on=copy, data=dict(data))
    copy.delete()
