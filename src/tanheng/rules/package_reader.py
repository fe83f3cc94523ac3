"""Read the files of one package into models and collect what is wrong with them, each fault with file and line."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from tanheng.kernel.errors import Faults, StandardError, TanhengError, sentences
from tanheng.kernel.yaml_lines import Document, parse_yaml
from tanheng.rules.formula import Formula, spread_units
from tanheng.rules.material_groups import without_groups
from tanheng.rules.models import FormulaText, StandardText

__all__ = ["PackageReader"]

Text = TypeVar("Text", bound=BaseModel)
Keys = tuple[str | int, ...]


class PackageReader:
    """Reads the files of one package and collects what is wrong with them."""

    def __init__(self, files: Mapping[str, bytes], directory: Path) -> None:
        self.files = files
        self.folder = directory.name
        self.faults: list[TanhengError] = []
        self.formula_names: tuple[str, ...] = ()
        self._documents: dict[str, Document | None] = {}

    def document(self, name: str) -> Document | None:
        """Return a parsed YAML file, or None with its faults collected."""
        if name not in self._documents:
            self._documents[name] = self._parse(name)
        return self._documents[name]

    def _parse(self, name: str) -> Document | None:
        shown = f"{self.folder}/{name}"
        if name not in self.files:
            self.faults.append(StandardError("standard.missing_file", file=self.folder, missing=name))
            return None
        try:
            document = parse_yaml(self.files[name], name=shown)
        except Faults as error:
            self.faults.extend(StandardError(fault.code, **fault.values) for fault in error.faults)
            return None
        if not isinstance(document.data, dict):
            values = {"key": name, "given": type(document.data).__name__, "reason": "应为键与值"}
            self.faults.append(StandardError("standard.value", file=shown, line=1, **values))
            return None
        return document

    def fault_in(self, name: str) -> Any:
        """Return a function that collects a fault at a path of keys of this file."""
        document = self.document(name)

        def fault(code: str, at: Keys, **values: object) -> None:
            line = document.line(at) if document else 1
            self.faults.append(StandardError(code, file=f"{self.folder}/{name}", line=line, **values))

        return fault

    def model(self, name: str, kind: type[Text]) -> Text | None:
        """Return a whole file as a model, or None with its faults collected."""
        document = self.document(name)
        if document is None:
            return None
        is_standard = issubclass(kind, StandardText)
        data = without_groups(document.data, self.fault_in(name)) if is_standard else document.data
        return self._validated(kind, data, (), name)

    def formulas(self, text: StandardText | None) -> dict[str, Formula]:
        """Return the formulas whose entries are well formed; their expressions are checked afterwards."""
        document = self.document("formulas.yaml")
        if document is None:
            return {}
        self.formula_names = tuple(document.data)
        constants = text.constants if text else {}
        shown = {name: constant.value for name, constant in constants.items() if "/" in constant.value}
        formulas: dict[str, Formula] = {}
        for name, entry in document.data.items():
            checked = self._validated(FormulaText, entry, (name,), "formulas.yaml")
            if checked is None:
                continue
            try:
                formulas[name] = _formula(name, checked, shown)
            except TanhengError as error:
                self.fault_in("formulas.yaml")(error.code, (name, "terms"), **error.values)
        return formulas

    def _validated(self, kind: type[Text], data: Any, at: Keys, name: str) -> Text | None:
        try:
            return kind.model_validate(data)
        except ValidationError as error:
            for each in error.errors():
                self._model_fault(dict(each), at, name)
            return None

    def _model_fault(self, error: dict[str, Any], at: Keys, name: str) -> None:
        path: Keys = (*at, *error["loc"])
        key, given = str(path[-1]) if path else name, error["input"]
        fault = self.fault_in(name)
        if error["type"] in sentences():
            fault(error["type"], path, **error.get("ctx", {}))
        elif error["type"] == "extra_forbidden":
            fault("standard.unknown_key", path, key=key)
        elif error["type"] == "missing":
            fault("standard.missing_source" if key == "source" else "standard.missing_key", path, key=key)
        else:
            shown = given if isinstance(given, str | int | float | bool | None) else type(given).__name__
            fault("standard.value", path, key=key, given=shown, reason=_reason(error))


def _reason(error: Mapping[str, Any]) -> str:
    context = error.get("ctx", {})
    reasons = {
        "literal_error": f"只能是 {context.get('expected', '')}",
        "string_type": "应为文字，数字请加引号",
        "string_too_short": "不能为空",
        "date_type": "应为日期，如 2016-06-01",
        "int_type": "应为整数",
        "bool_type": "只能是 true 或 false",
        "dict_type": "应为键与值",
        "model_type": "应为键与值",
        "tuple_type": "应为列表",
        "too_short": "不能为空",
        "string_pattern_mismatch": "只能由小写字母、数字和下划线组成，以字母开头",
    }
    return reasons.get(error["type"], str(error["msg"]))


def _formula(name: str, text: FormulaText, shown: Mapping[str, str]) -> Formula:
    terms, units = spread_units(text.terms, text.unit)
    return Formula(
        id=name,
        zh=text.zh,
        en=text.en,
        expr=text.expr,
        units=units,
        terms=MappingProxyType(terms),
        source=text.source,
        symbol=text.symbol,
        gives=text.gives,
        when=MappingProxyType(text.when),
        decimals=MappingProxyType(text.decimals),
        valid_from=text.valid.start,
        valid_to=text.valid.end,
        note=text.note,
        shown=MappingProxyType({term: ratio for term, ratio in shown.items() if term in terms}),
    )
