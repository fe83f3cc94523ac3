"""Which stream a row is about. Rows repeat every month, so the answer is kept by what the key cells say."""

import difflib
from dataclasses import dataclass

from tanheng.kernel.catalogue import find_material
from tanheng.kernel.errors import NotFound, UnitError
from tanheng.kernel.units import canonical, compatible
from tanheng_web.catalogue.materials.reading import own_material_named
from tanheng_web.catalogue.units.reading import read_unit
from tanheng_web.collection import vocabulary as words
from tanheng_web.collection.workbook.faults import ERROR, WARNING
from tanheng_web.collection.workbook.reading import ReadSheet, plain
from tanheng_web.collection.workbook.spec import StreamSpec, TemplateSpec

__all__ = ["Identity", "Signatures"]

MAX_SEARCHES = 40  # near matches are looked for this often; a file of ten thousand wrong codes has another fault
KEYS = ("code", "material", "process", "role", "direction", "unit")
_Found = tuple[str, str, str, dict[str, object]]


@dataclass(frozen=True, slots=True)
class Identity:
    """The stream of a row (None: unknown), the unit of its quantities, faults (severity, column, code, values)."""

    stream: StreamSpec | None
    unit: str
    faults: tuple[_Found, ...]


class Signatures:
    """Identities by the texts of the key cells of one sheet."""

    def __init__(self, spec: TemplateSpec, sheet: ReadSheet) -> None:
        self.spec, self.sheet = spec, sheet
        self.places = [(key, sheet.columns.get(key)) for key in KEYS]
        self.known: dict[tuple[object, ...], Identity] = {}
        self.by_code = {plain(stream.code).casefold(): stream for stream in spec.streams}
        self.by_material: dict[str, list[StreamSpec]] = {}
        for stream in spec.streams:
            self.by_material.setdefault(plain(stream.material_zh), []).append(stream)
        self.searches = 0

    def identify(self, cells: list[object]) -> Identity:
        """The stream of a row."""
        width = len(cells)
        signature = tuple(cells[place] if place is not None and place < width else None for _, place in self.places)
        found = self.known.get(signature)
        if found is None:
            found = self.known[signature] = self._identity(dict(zip(KEYS, signature, strict=True)))
        return found

    def _identity(self, cells: dict[str, object]) -> Identity:
        texts = {key: _text(cell) for key, cell in cells.items() if cell is not None}
        stream = self.by_code.get(plain(texts.get("code", "")).casefold())
        if stream is None:
            return Identity(None, "", (self._unknown(texts),))
        faults: list[_Found] = []
        if stream.sheet != self.sheet.spec.id:  # type: ignore[union-attr]  (only sheets with a spec are checked)
            from_sheet = {"number": stream.code, "stream": stream.name, "expected": _sheet_name(stream)}
            faults.append((ERROR, "code", "row.wrong_sheet", from_sheet))
        faults += self._differences(stream, texts)
        unit, more = _unit(stream, texts.get("unit"))
        return Identity(stream, unit, (*faults, *more))

    def _unknown(self, texts: dict[str, str]) -> _Found:
        code = texts.get("code", "")
        near = self._near(code, texts.get("material", ""))
        if not code:
            return (ERROR, "code", "row.code_empty", {"near": near or "请从模板复制该行的编号。"})
        return (ERROR, "code", "row.code_unknown", {"text": code, "near": near})

    def _near(self, code: str, material: str) -> str:
        streams = self.by_material.get(plain(material), [])[:3]
        if not streams and self.searches < MAX_SEARCHES:
            self.searches += 1
            close = difflib.get_close_matches(plain(code).casefold(), list(self.by_code), n=3, cutoff=0.6)
            streams = [self.by_code[name] for name in close]
            names = (
                difflib.get_close_matches(plain(material), list(self.by_material), n=2, cutoff=0.5) if material else []
            )
            streams += [self.by_material[name][0] for name in names]
        if not streams:
            return ""
        return "相近的源流：" + "、".join(dict.fromkeys(f"{stream.code} {stream.name}" for stream in streams)) + "。"

    def _differences(self, stream: StreamSpec, texts: dict[str, str]) -> list[_Found]:
        faults: list[_Found] = []
        if (found := texts.get("material")) and not _same_material(found, stream):
            faults.append((ERROR, "material", *_material_fault(found, stream)))
        pairs = (
            ("role", stream.role_zh, stream.role),
            ("direction", stream.direction_zh, stream.direction),
            ("process", stream.process, ""),
        )
        for key, expected, other in pairs:
            found = texts.get(key, "")
            if found and plain(found) not in (plain(expected), other):
                values = {"number": stream.code, "expected": expected or "（企业边界）", "found": found}
                faults.append((ERROR, key, f"row.{key}_differs", values))
        return faults


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _sheet_name(stream: StreamSpec) -> str:
    from tanheng_web.collection.workbook.spec import SHEETS

    return SHEETS[stream.sheet]


def _same_material(text: str, stream: StreamSpec) -> bool:
    if plain(text) in (plain(stream.material_zh), plain(stream.label), stream.material):
        return True
    try:
        return find_material(text).id == stream.material
    except NotFound:
        own = own_material_named(text)
        return own is not None and (own.like, own.zh) == (stream.material, stream.material_zh)


def _material_fault(found: str, stream: StreamSpec) -> tuple[str, dict[str, object]]:
    values: dict[str, object] = {"number": stream.code, "expected": stream.material_zh, "found": found}
    if own_material_named(found) is not None:
        return "row.material_differs", values
    try:
        find_material(found)
    except NotFound as error:
        near = error.values.get("near") or []
        names = "、".join(str(name) for name in near) if isinstance(near, list) else ""
        return "row.material_unknown", {**values, "near": f"相近的物料：{names}。" if names else ""}
    return "row.material_differs", values


def _unit(stream: StreamSpec, text: str | None) -> tuple[str, tuple[_Found, ...]]:
    """The unit in which the quantities of a row are read."""
    shown = words.unit_label(stream.unit)
    expected = canonical(stream.unit)
    if text is None or not text:
        return expected, ((WARNING, "unit", "unit.empty", {"expected": shown}),)
    try:
        unit = read_unit(text)
    except UnitError as error:
        near = error.values.get("near") or []
        names = f"相近的单位：{'、'.join(map(str, near))}。" if isinstance(near, list) and near else ""
        return expected, ((ERROR, "unit", "unit.not_known", {"found": text, "expected": shown, "near": names}),)
    if not compatible(unit, expected):
        return expected, ((ERROR, "unit", "unit.refused", {"found": text, "expected": shown}),)
    return unit, ()
