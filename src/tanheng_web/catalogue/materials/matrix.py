"""Materials against kinds of process, as one table; a row is edited at once."""

from dataclasses import dataclass

from django.db import transaction

from tanheng.kernel.catalogue import materials
from tanheng_web.catalogue.materials import services
from tanheng_web.catalogue.materials.selectors import Proposal, kinds_of, own_materials, proposals, rules_of
from tanheng_web.catalogue.models import MaterialRule, OwnMaterial

__all__ = ["CHOICES", "Matrix", "MatrixRow", "matrix_of", "row_named", "row_set", "uses_now"]

STANDARD = ""  # what the template of the standard says


@dataclass(frozen=True)
class MatrixRow:
    """A material in a use: by kind of process what is proposed or refused, and whether the enterprise says so."""

    material: str
    zh: str
    role: str
    role_zh: str
    direction: str
    direction_zh: str
    own: OwnMaterial | None
    cells: tuple[Proposal | None, ...]

    @property
    def key(self) -> str:
        """How the address names the row."""
        return f"{f'own:{self.own.pk}' if self.own else self.material}|{self.role}|{self.direction}"


@dataclass(frozen=True)
class Matrix:
    """Kinds of process by id and name, and the rows."""

    kinds: tuple[tuple[str, str], ...]
    rows: tuple[MatrixRow, ...]


def matrix_of(organisation) -> Matrix:
    """The whole table: what the standards' templates propose, and what the enterprise says."""
    found: dict[tuple, dict[str, Proposal]] = {}
    for each in proposals(organisation):
        found.setdefault(each.key, {})[each.kind] = each
    used = {each.kind for cells in found.values() for each in cells.values()}
    kinds = tuple((kind, zh) for kind, zh in kinds_of(organisation).items() if kind in used or kind.startswith("own_"))
    rows = sorted((_row(cells, kinds) for cells in found.values()), key=lambda row: (row.own is None, row.zh, row.role))
    return Matrix(kinds, tuple(rows))


def _row(cells: dict[str, Proposal], kinds: tuple[tuple[str, str], ...]) -> MatrixRow:
    first = next(iter(cells.values()))
    zh = first.own.zh if first.own else materials()[first.material].zh  # a template may call it otherwise in one place
    return MatrixRow(
        first.material, zh, first.role, first.role_zh, first.direction, first.direction_zh, first.own,
        tuple(cells.get(kind) for kind, _zh in kinds),
    )  # fmt: skip


def row_named(matrix: Matrix, key: str) -> MatrixRow | None:
    """The row that an address names."""
    return next((row for row in matrix.rows if row.key == key), None)


@transaction.atomic
def row_set(*, organisation, by, row: MatrixRow, uses: dict[str, str]) -> int:
    """Say of a material in every kind of process: as the template, proposed, or refused. Returns how many changed."""
    known = {rule.kind: rule for rule in _rules(organisation, row)}
    if row.own is not None and row.own not in own_materials(organisation, active_only=False):
        return 0
    changed = 0
    for kind, use in uses.items():
        rule = known.get(kind)
        if use == (rule.use if rule else STANDARD):
            continue
        changed += 1
        if use == STANDARD:
            services.rule_remove(row=rule, by=by)
        else:
            services.rule_set(
                organisation=organisation, by=by, kind=kind, material=row.material, role=row.role,
                direction=row.direction, use=use, own=row.own,
            )  # fmt: skip
    return changed


def _rules(organisation, row: MatrixRow):
    wanted = {"material": row.material, "role": row.role, "direction": row.direction, "own": row.own}
    return rules_of(organisation).filter(**wanted)


def uses_now(organisation, row: MatrixRow) -> dict[str, str]:
    """What the enterprise says now, by kind."""
    return {rule.kind: rule.use for rule in _rules(organisation, row)}


CHOICES = [(STANDARD, "按标准模板"), *MaterialRule.Use.choices]
