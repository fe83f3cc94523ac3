"""What the plan asks: ``data/control_plan.yaml`` as frozen models; a faulty file is refused with its place."""

from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic import Field as Given

from tanheng.kernel.errors import StandardError
from tanheng.kernel.resources import data_dir
from tanheng.kernel.yaml_lines import read_yaml

__all__ = ["Field", "PlanSpec", "SectionSpec", "plan_spec"]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Field(_Model):
    """One item; ``fill`` names what the platform proposes, ``columns`` the cells of a table's rows."""

    id: str = Given(pattern=r"^[a-z_]+$")
    zh: str
    kind: Literal["text", "long", "date", "choice", "table"]
    options: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    fill: str = ""
    help: str = ""

    @model_validator(mode="after")
    def _complete(self) -> "Field":
        if (self.kind == "table") != bool(self.columns) or (self.kind == "choice") != bool(self.options):
            raise ValueError("a table has columns, a choice has options, nothing else has either")
        return self


class SectionSpec(_Model):
    """Items under one heading."""

    id: str = Given(pattern=r"^[a-z_]+$")
    zh: str
    fields: tuple[Field, ...]


class ParameterSpec(_Model):
    """The items of one parameter; the plan holds one record for every parameter."""

    zh: str
    fields: tuple[Field, ...]


class Rule(_Model):
    """A rule that binds the plan, and how sure we are of it."""

    id: str
    zh: str
    confidence: Literal["seen", "recalled-high", "recalled-low"]


class PlanSpec(_Model):
    """The whole of the file."""

    title: str
    confidence: str
    evidence: str
    checked: bool
    note: str
    sections: tuple[SectionSpec, ...]
    parameter: ParameterSpec
    rules: tuple[Rule, ...]

    def section(self, id: str) -> SectionSpec | None:
        """Return a section by its id, or None."""
        return next((section for section in self.sections if section.id == id), None)


@cache
def plan_spec() -> PlanSpec:
    """Return what the plan asks.

    Raises
    ------
    StandardError
        ``plan.spec`` with the place that is wrong.
    """
    path = data_dir() / "control_plan.yaml"
    try:
        return PlanSpec.model_validate(read_yaml(path).data)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise StandardError("plan.spec", file=path.name, place=place, reason=str(first["msg"])) from error
