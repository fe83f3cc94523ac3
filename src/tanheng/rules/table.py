"""Streams in columns: one row is one stream in one period; codes instead of texts, NaN where nothing was given."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tanheng.kernel.errors import InputError
from tanheng.kernel.periods import Period
from tanheng.kernel.units import canonical
from tanheng.rules.streams import Given, Parameter, SiteInfo, StreamDecl, StreamRecord, StreamSet

__all__ = ["NOT_GIVEN", "ORIGINS", "Column", "StreamTable"]

# How a value came to be known; trace columns hold the index.
ORIGINS = (
    "measured", "contracted", "derived", "enterprise_default", "standard_default", "library", "constant", "computed",
)  # fmt: skip
NOT_GIVEN, EXPECTED = -1, -2
_ORIGIN_CODE = {name: code for code, name in enumerate(ORIGINS)}
BALANCE = ("purchased", "opening_stock", "closing_stock", "sold", "used_outside")


@dataclass(frozen=True, slots=True)
class Column:
    """A quantity over all rows: value (NaN: not given), unit code, origin code, provenance index (-1: none).

    A unit code of -2 says: not given here, but given for the same stream in another period, so expected.
    """

    value: NDArray[np.float64]
    unit: NDArray[np.int16]
    origin: NDArray[np.int8]
    ref: NDArray[np.int32]

    @classmethod
    def empty(cls, length: int) -> "Column":
        """Return a column in which nothing is given."""
        return cls(
            np.full(length, np.nan),
            np.full(length, NOT_GIVEN, np.int16),
            np.full(length, NOT_GIVEN, np.int8),
            np.full(length, NOT_GIVEN, np.int32),
        )


@dataclass(frozen=True)
class StreamTable:
    """The streams of an enterprise in columns; every code indexes the tuple of the same subject."""

    streams: Sequence[StreamDecl]
    periods: tuple[str, ...]
    materials: tuple[str, ...]
    roles: tuple[str, ...]
    processes: tuple[str, ...]
    units: tuple[str, ...]
    factors: tuple[str, ...]
    stream: NDArray[np.int32]
    period: NDArray[np.int32]
    material: NDArray[np.int16]
    role: NDArray[np.int16]
    process: NDArray[np.int32]
    outward: NDArray[np.bool_]
    factor: NDArray[np.int32]
    quantities: Mapping[str, Column]
    values: Mapping[str, Column]
    enterprise: Mapping[str, Column]
    site: NDArray[np.int16]  # 0: the enterprise's own site, n: places[n - 1]
    places: tuple[SiteInfo, ...] = ()
    provenance: tuple[Mapping[str, object], ...] = field(repr=False, default=())

    def __len__(self) -> int:
        return len(self.stream)

    @property
    def inside(self) -> NDArray[np.bool_]:
        """Which rows are flows inside the works (they name a process); the others cross the boundary."""
        named = np.array([bool(name) for name in self.processes], dtype=np.bool_)
        return named[self.process]

    @classmethod
    def from_stream_set(cls, streams: StreamSet, records: Iterable[StreamRecord] | None = None) -> "StreamTable":
        """Put records (default: all of the set) into columns; shared parameters stand where the record has none.

        Raises
        ------
        InputError
            ``stream.undeclared`` for a record without declaration, ``record.overlap`` for two records of a stream that
            share a month, ``parameter.duplicate`` for a shared value given twice, ``value.origin`` for an unknown
            origin, ``unit.unknown`` for a unit outside the closed list.
        """
        chosen = tuple(streams.records if records is None else records)
        return _Builder(streams, chosen).build()


class _Builder:
    """Collects texts as codes."""

    def __init__(self, streams: StreamSet, records: tuple[StreamRecord, ...]) -> None:
        self.set = streams
        self.records = records
        self.index = {decl.id: n for n, decl in enumerate(streams.declared)}
        self.units: dict[str, int] = {}
        self.provenance: list[Mapping[str, object]] = []
        for record in records:
            if record.stream not in self.index:
                raise InputError("stream.undeclared", stream=record.stream, month=record.period)
        for decl in streams.declared:
            if decl.site and decl.site not in streams.places:
                raise InputError("stream.unknown_site", stream=decl.id, site=decl.site, known=list(streams.places))
        _refuse_overlaps(records)
        _refuse_doubles(streams.parameters)

    def build(self) -> StreamTable:
        decls = [self.set.declared[self.index[record.stream]] for record in self.records]
        periods, period = _codes(record.period for record in self.records)
        materials, material = _codes(decl.material for decl in decls)
        roles, role = _codes(decl.role for decl in decls)
        processes, process = _codes(decl.process for decl in decls)
        factors, factor = _codes(record.factor or "" for record in self.records)
        quantities = self._columns([record.quantity for record in self.records])
        self._expect(quantities)
        values = self._columns([self._with_shared(r, d, "measured", r.values) for r, d in self._pairs(decls)])
        enterprise = self._columns([self._with_shared(r, d, "enterprise_default", {}) for r, d in self._pairs(decls)])
        names = list(self.set.places)
        site = np.array([names.index(decl.site) + 1 if decl.site else 0 for decl in decls], np.int16)
        given = np.array([bool(name) for name in factors], dtype=np.bool_)[factor] if factors else factor.astype(bool)
        return StreamTable(
            streams=self.set.declared, periods=periods, materials=materials, roles=roles, processes=processes,
            units=tuple(self.units), factors=factors,
            stream=np.array([self.index[record.stream] for record in self.records], np.int32),
            period=period, material=material.astype(np.int16), role=role.astype(np.int16), process=process,
            outward=np.array([decl.direction == "out" for decl in decls], np.bool_),
            factor=np.where(given, factor, NOT_GIVEN).astype(np.int32),
            quantities=quantities, values=values, enterprise=enterprise, site=site,
            places=tuple(self.set.places.values()), provenance=tuple(self.provenance),
        )  # fmt: skip

    def _pairs(self, decls: list[StreamDecl]) -> Iterable[tuple[StreamRecord, StreamDecl]]:
        return zip(self.records, decls, strict=True)

    def _with_shared(
        self, record: StreamRecord, decl: StreamDecl, rank: str, own: Mapping[str, Given]
    ) -> Mapping[str, Given]:
        """Add the parameters that several streams share; the most special one (stream, process, period) wins."""
        found: dict[str, tuple[int, Given]] = {}
        for shared in self.set.parameters:
            fit = shared.fit(decl.material, decl.process, record.period, decl.id) if shared.rank == rank else -1
            if fit >= 0 and fit >= found.get(shared.quantity, (-1, None))[0]:
                found[shared.quantity] = (fit, shared.given)
        return {**{quantity: given for quantity, (_, given) in found.items()}, **own}

    def _columns(self, rows: list[Mapping[str, Given]]) -> dict[str, Column]:
        columns = {name: Column.empty(len(rows)) for name in sorted({name for row in rows for name in row})}
        seen: dict[int, int] = {}
        for n, row in enumerate(rows):
            for name, given in row.items():
                if math.isnan(given.value):
                    continue  # not a number is not given: it becomes a gap, not a value
                if math.isinf(given.value):
                    raise InputError("number.not_finite", text=f"{name} {given.value}")
                column = columns[name]
                column.value[n] = given.value
                column.unit[n] = self._unit(given.unit)
                column.origin[n] = _origin(given.origin, name)
                column.ref[n] = self._ref(given.provenance, seen)
        return columns

    def _unit(self, text: str) -> int:
        return self.units.setdefault(canonical(text), len(self.units))

    def _ref(self, provenance: Mapping[str, object], seen: dict[int, int]) -> int:
        if not provenance:
            return NOT_GIVEN
        if id(provenance) not in seen:
            seen[id(provenance)] = len(self.provenance)
            self.provenance.append(dict(provenance))
        return seen[id(provenance)]

    def _expect(self, quantities: dict[str, Column]) -> None:
        """Mark parts of a balance that a stream has in one period, or is asked for, and lacks: unknown, not zero."""
        parts = {n: set(decl.parts) & set(BALANCE) for n, decl in enumerate(self.set.declared)}
        stream = [self.index[record.stream] for record in self.records]
        for n, record in enumerate(self.records):
            if "quantity" not in record.quantity:
                parts[stream[n]].update(record.quantity)
        for part in sorted(set().union(*parts.values()) - set(quantities)):
            quantities[part] = Column.empty(len(self.records))
        for n, record in enumerate(self.records):
            if "quantity" not in record.quantity:
                for part in parts[stream[n]] - set(record.quantity):
                    quantities[part].unit[n] = EXPECTED


def _refuse_overlaps(records: Iterable[StreamRecord]) -> None:
    """Two records of one stream never cover the same month: neither their sum nor the last of them would be right."""
    spans: dict[str, list[Period]] = {}
    periods: dict[str, Period] = {}
    for record in records:
        span = periods.get(record.period) or periods.setdefault(record.period, Period.parse(record.period))
        spans.setdefault(record.stream, []).append(span)
    for stream, found in spans.items():
        found.sort(key=lambda span: (span.first.index, span.last.index))
        for earlier, later in pairwise(found):
            if later.first <= earlier.last:
                raise InputError("record.overlap", stream=stream, one=earlier.label_zh, other=later.label_zh)


def _refuse_doubles(parameters: Iterable[Parameter]) -> None:
    seen: set[tuple[str | None, ...]] = set()
    for shared in parameters:
        key = (shared.material, shared.quantity, shared.process, shared.period, shared.rank, shared.stream)
        if key in seen:
            raise InputError("parameter.duplicate", material=shared.material, quantity=shared.quantity)
        seen.add(key)


def _origin(name: str, quantity: str) -> int:
    if name not in _ORIGIN_CODE:
        raise InputError("value.origin", origin=name, quantity=quantity, known=ORIGINS)
    return _ORIGIN_CODE[name]


def _codes(texts: Iterable[str]) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    codes: dict[str, int] = {}
    column = np.fromiter((codes.setdefault(text, len(codes)) for text in texts), np.int32)
    return tuple(codes), column
