"""Which standards exist, for whom, for which years and purposes, and which of them are here: ``registry.yaml``.

A package that the registry does not name (a copy that an enterprise changed, a folder added from elsewhere) may carry
an entry of its own, ``registry.yaml`` in its folder; without one it is listed from what its ``standard.yaml`` says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tanheng.kernel.errors import NotFound, StandardError, raise_faults
from tanheng.kernel.resources import data_dir
from tanheng.kernel.yaml_lines import Document, read_yaml
from tanheng.rules.models import Citation
from tanheng.rules.package import StandardSummary, standards

__all__ = ["STATUS_ZH", "Edition", "Industry", "Purpose", "Registry", "industry_of", "registry"]

Status = Literal["verified", "transcribed", "secondary_source", "not_here"]
STATUS_ZH: Mapping[Status, str] = {
    "verified": "已核对",
    "transcribed": "据原文录入，待复核",
    "secondary_source": "二手来源，待核原文",
    "not_here": "尚未收录",
}
Text = TypeVar("Text", bound=BaseModel)


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Purpose(_Model):
    """What a result is for."""

    zh: str
    note: str = ""


class Industry(_Model):
    """An industry and how its codes of GB/T 4754 begin."""

    zh: str
    codes: tuple[str, ...] = ()


class Years(_Model):
    """Report years, both inclusive; None is open or unknown."""

    start: int | None = Field(default=None, alias="from")
    end: int | None = Field(default=None, alias="to")

    @property
    def is_known(self) -> bool:
        """Whether anything is known about them."""
        return self.start is not None or self.end is not None

    @property
    def zh(self) -> str:
        """How a list shows them."""
        if not self.is_known:
            return "未知"
        if self.end is None:
            return f"{self.start} 年度起"
        return f"至 {self.end} 年度" if self.start is None else f"{self.start}–{self.end} 年度"


class Days(_Model):
    """Days on which a document is in force, half open; None is open or unknown."""

    start: date | None = Field(default=None, alias="from")
    end: date | None = Field(default=None, alias="to")


class Edition(_Model):
    """An edition of a standard, here or only known to exist."""

    id: str
    zh: str
    document: str
    purpose: str
    industry: str
    products: tuple[str, ...] = ()
    years: Years
    in_force: Days
    published_on: date | None = None
    status: Status
    successor: str | None = None
    predecessor: str | None = None
    missing: tuple[str, ...] = ()
    general_rules: bool = False
    source: Citation
    note: str | None = None
    # whether a package of this id is installed; filled in by the loader, never written in the file
    is_here: bool = False
    short_zh: str = ""

    @property
    def status_zh(self) -> str:
        """The state in words."""
        return STATUS_ZH[self.status if self.is_here else "not_here"]

    def suits(self, industry: str, product: str) -> bool:
        """Whether it is for an industry and product; an empty product stands for any of the industry."""
        if self.general_rules or self.industry not in (industry, "general"):
            return False
        return not product or not self.products or product in self.products


class _RegistryText(_Model):
    """``registry.yaml``."""

    purposes: dict[str, Purpose]
    industries: dict[str, Industry]
    editions: tuple[Edition, ...]


@dataclass(frozen=True)
class Registry:
    """Purposes, industries and every edition, in the order of the file; packages it does not name come last."""

    purposes: Mapping[str, Purpose]
    industries: Mapping[str, Industry]
    editions: tuple[Edition, ...]

    def get(self, id: str) -> Edition:
        """Return an edition by id.

        Raises
        ------
        NotFound
            ``standard.unknown`` with the ids there are.
        """
        for edition in self.editions:
            if edition.id == id:
                return edition
        raise NotFound("standard.unknown", id=id, known=[edition.id for edition in self.editions])

    def successors(self, edition: Edition) -> tuple[Edition, ...]:
        """Return the editions that take the place of one, as either of the two entries says."""
        return tuple(e for e in self.editions if e.id == edition.successor or e.predecessor == edition.id)


def registry() -> Registry:
    """Return the registry joined with the packages that are installed.

    Raises
    ------
    Faults
        Every fault of ``registry.yaml`` as StandardError with file and line.
    """
    text = _read(data_dir() / "standards" / "registry.yaml", _RegistryText)
    here = {found.id: found for found in standards()}
    named = tuple(_joined(edition, here.get(edition.id)) for edition in text.editions)
    known = {edition.id for edition in named}
    return Registry(
        text.purposes, text.industries, named + tuple(_own(found) for id, found in here.items() if id not in known)
    )


def industry_of(code: str) -> str:
    """Return the industry of a GB/T 4754 code such as ``C3120``; empty when no entry fits.

    >>> industry_of("C3216"), industry_of("C3211"), industry_of("3120")
    ('aluminium', 'other_nonferrous', 'steel')
    """
    found = [
        (len(start), name)
        for name, industry in registry().industries.items()
        for start in industry.codes
        if code and code.upper().lstrip("ABCDEFGHIJKLMNOPQRST").startswith(start[1:])
    ]
    return max(found)[1] if found else ""


def _joined(edition: Edition, found: StandardSummary | None) -> Edition:
    if found is None:
        return edition
    status: Status = "secondary_source" if edition.status == "not_here" else edition.status
    return edition.model_copy(update={"is_here": True, "short_zh": found.short_zh, "status": status})


def _own(found: StandardSummary) -> Edition:
    """Return the entry of a package that the registry does not name."""
    path = found.directory / "registry.yaml"
    if path.is_file():
        return _joined(_read(path, Edition), found)
    status: Status = "verified" if found.status == "verified" else "secondary_source"
    start, end = found.in_force_from, found.in_force_to
    return Edition.model_validate(
        {
            "id": found.id, "zh": found.zh, "document": found.document, "purpose": "national_report",
            "industry": found.industry, "years": {"from": start.year, "to": end.year if end else None},
            "in_force": {"from": start, "to": end}, "status": status, "is_here": True, "short_zh": found.short_zh,
            "source": {"doc": found.document},
        }
    )  # fmt: skip


_kept: dict[Path, tuple[object, BaseModel]] = {}


def _read(path: Path, kind: type[Text]) -> Text:
    """Read a file as a model, kept until it changes."""
    state = path.stat()
    stamp = (state.st_size, state.st_mtime_ns)
    kept = _kept.get(path)
    if kept is not None and kept[0] == stamp and isinstance(kept[1], kind):
        return kept[1]
    document = read_yaml(path, name=f"{path.parent.name}/{path.name}")
    try:
        model = kind.model_validate(document.data)
    except ValidationError as error:
        raise_faults([_fault(dict(each), document) for each in error.errors()])
        raise
    if isinstance(model, _RegistryText):
        raise_faults(list(_loose_ends(model, document)))
    _kept[path] = (stamp, model)
    return model


def _fault(error: Mapping[str, object], document: Document) -> StandardError:
    at: tuple[str | int, ...] = tuple(error["loc"])  # type: ignore[arg-type]
    given, key = error["input"], str(at[-1]) if at else document.file
    values = {"file": document.file, "line": document.line(at), "key": key}
    if error["type"] == "extra_forbidden":
        return StandardError("standard.unknown_key", **values)
    if error["type"] == "missing":
        return StandardError("standard.missing_key", **values)
    shown = given if isinstance(given, str | int | float | bool | None) else type(given).__name__
    return StandardError("standard.value", **values, given=shown, reason=str(error["msg"]))


def _loose_ends(text: _RegistryText, document: Document) -> list[StandardError]:
    """Return what leads nowhere: purposes, industries, successors, ids that stand twice."""
    ids = [edition.id for edition in text.editions]
    faults: list[StandardError] = []
    for n, edition in enumerate(text.editions):
        leads = {
            "id": ids.count(edition.id) == 1,
            "purpose": edition.purpose in text.purposes,
            "industry": edition.industry in text.industries,
            "successor": edition.successor is None or edition.successor in ids,
            "predecessor": edition.predecessor is None or edition.predecessor in ids,
        }
        for key in (key for key, sound in leads.items() if not sound):
            place = {"file": document.file, "line": document.line(("editions", n, key))}
            given = getattr(edition, key)
            reason = "编号重复" if key == "id" else "登记表中没有这一项"
            faults.append(StandardError("standard.value", **place, key=key, given=given, reason=reason))
    return faults
