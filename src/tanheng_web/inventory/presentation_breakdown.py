"""The breakdowns of a run: sources, gases, processes, months and streams with their states. Pure."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from tanheng_web.common.charts import source_token
from tanheng_web.common.figures import Figure, gas_text
from tanheng_web.inventory.presentation_figures import KeyFigures
from tanheng_web.inventory.presentation_parts import OTHER, UNASSIGNED, Line, ProcessRow, month_zh

__all__ = ["Breakdown"]


class Breakdown(KeyFigures):
    """The key figures of one run with everything they are made of."""

    # breakdowns

    @cached_property
    def sources(self) -> list[Line]:
        names = self.labels["sources"]
        lines = [
            Line(
                id,
                names.get(id, id),
                self.figure(
                    f"source:{id}", part, names.get(id, id), self._compare("source", id), states=self._source_states(id)
                ),
                source_token(id),
            )
            for id, part in self.summary["sources"].items()
            if id not in self.labels.get("source_accounts", {})  # beside the total: with their account
        ]
        return sorted(lines, key=lambda line: -(line.figure.value or 0.0))

    @property
    def used_sources(self) -> list[Line]:
        """The sources that some stream feeds, or that are not nothing."""
        fed = {each["source"] for each in self.summary["streams"]}
        return [line for line in self.sources if line.figure.value or line.id in fed]

    @property
    def unused_sources(self) -> list[Line]:
        """The sources of the standard that the enterprise has no stream for."""
        used = {line.id for line in self.used_sources}
        return [line for line in self.sources if line.id not in used]

    @cached_property
    def accounts(self) -> list[Line]:
        """The views beside the total: market-based scope 2, scope 3, the processes and the power unit of the ETS."""
        names = self.labels.get("accounts", {})
        shown = {id: part for id, part in self.summary.get("accounts", {}).items() if id != "enterprise"}
        if set(shown) == {"process"}:
            return []
        fed = {each["account"] for each in self.summary["streams"]}  # no stream: nothing is known, and no zero
        return [
            Line(id, names.get(id, id), self.figure(f"account:{id}", part, names.get(id, id)), extra=part)
            for id, part in shown.items()
            if part["value"] is not None and id in fed
        ]

    @cached_property
    def categories(self) -> list[tuple[str, Figure | None]]:
        """The categories beside the total that a standard lists in full; None: nobody has data, which is no zero."""
        names, parts = self.labels["sources"], self.summary["sources"]
        fed = {each["source"] for each in self.summary["streams"]}
        return [
            (names[id], self.figure(f"source:{id}", parts[id], names[id], show_unit=False) if id in fed else None)
            for id in self.labels.get("no_data", ())
        ]

    @property
    def known_categories(self) -> int:
        """How many of them have data."""
        return sum(figure is not None for _, figure in self.categories)

    @cached_property
    def gases(self) -> list[Line]:
        return [
            Line(gas, gas_text(gas), self.figure(f"gas:{gas}", part, gas, self._compare("gas", gas)), extra=part)
            for gas, part in self.summary["gases"].items()
        ]

    @property
    def emitted_gases(self) -> list[Line]:
        """The gases that are not nothing; an unknown one is not nothing."""
        return [line for line in self.gases if line.figure.value != 0] or self.gases

    @property
    def absent_gases(self) -> list[Line]:
        """The gases whose emission is zero, where others are not."""
        return [line for line in self.gases if line not in self.emitted_gases]

    @cached_property
    def processes(self) -> list[ProcessRow]:
        """The tree in order of contribution, 其他 last; a process stands before its sub-processes."""
        parts = self.summary["processes"]
        children: dict[str, list[str]] = {}
        for path in parts:
            children.setdefault(path.rpartition("/")[0], []).append(path)
        rows: list[ProcessRow] = []

        def add(parent: str, depth: int) -> None:
            for path in sorted(children.get(parent, []), key=lambda path: self._process_order(path, parts)):
                name = path.rpartition("/")[2]
                rows.append(ProcessRow(path, name, self._process(path, name, parts[path]), depth))
                add(path, depth + 1)

        add("", 0)
        return rows

    @staticmethod
    def _process_order(path: str, parts: Mapping[str, Any]) -> tuple[bool, float]:
        return path.rpartition("/")[2] in (OTHER, UNASSIGNED), -(parts[path]["value"] or 0.0)

    def _process(self, path: str, name: str, part: Mapping[str, Any]) -> Figure:
        return self.figure(f"process:{path}", part, name, self._compare("process", path), show_unit=False)

    @cached_property
    def months(self) -> list[Line]:
        return [
            Line(
                month,
                month_zh(month, self._many_years),
                self.figure(
                    f"month:{month}",
                    part,
                    month_zh(month, True),
                    self._compare("month", month),
                    states=() if part.get("complete", True) else ("gap",),
                ),
            )
            for month, part in self.summary["months"].items()
        ]

    @cached_property
    def _many_years(self) -> bool:
        return len({month[:4] for month in self.summary["months"]}) > 1

    def month_sources(self, source: str) -> list[Figure]:
        name, rows = self.labels["sources"].get(source, source), self.summary["month_sources"]
        unit = self.summary["total"]["unit"]
        return [
            self.figure(
                f"source:{source}+month:{month}",
                {"value": rows.get(month, {}).get(source), "unit": unit},
                f"{month_zh(month, True)} {name}",
                show_unit=False,
            )
            for month in self.summary["months"]
        ]

    @cached_property
    def streams(self) -> list[Line]:
        """The lines of the enterprise account by stream, largest first."""
        lines = [
            Line(
                stream["id"],
                self.stream_label(stream["id"]),
                self.figure(
                    f"stream:{stream['id']}",
                    stream,
                    stream["id"],
                    states=self._stream_states.get(stream["id"], ()),
                    show_unit=False,
                ),
                source_token(stream["source"]),
                extra=stream | {"source_zh": self.labels["sources"].get(stream["source"], stream["source"])},
            )
            for stream in self.summary["streams"]
            if stream.get("account", "enterprise") == "enterprise"
        ]
        return sorted(lines, key=lambda line: -abs(line.figure.value or 0.0))

    def chosen_streams(self, source: str, text: str, order: str) -> list[Line]:
        """The streams of a source whose name holds `text`, by value, name or source."""
        rows = [line for line in self.streams if source in ("", line.extra["source"]) and text in line.label]
        keys = {"label": lambda line: line.label, "source": lambda line: line.extra["source_zh"]}
        return sorted(rows, key=keys[order]) if order in keys else rows

    def stream_label(self, id: str) -> str:
        """The name people gave the stream, with the process it belongs to."""
        name = str(self.summary["labels"]["streams"].get(id, id))
        process = self._process_of.get(id, "")
        return f"{name}（{process}）" if process else name

    @cached_property
    def _process_of(self) -> dict[str, str]:
        return {each["id"]: each.get("process") or "" for each in self.summary["declared"]}

    # states

    @cached_property
    def _stream_states(self) -> dict[str, tuple[str, ...]]:
        gaps = {gap.get("stream") for gap in self.summary["gaps"]}
        unchecked = {(each["quantity"], each["material"]) for each in self.summary["unchecked"]}
        states: dict[str, tuple[str, ...]] = {}
        for stream in self.summary["streams"]:
            inputs = stream.get("inputs", {})
            found = ["gap"] if stream["id"] in gaps else []
            if any("default" in str(each.get("origin")) for each in inputs.values()):
                found.append("default")
            if any((symbol, stream.get("material")) in unchecked for symbol in inputs):
                found.append("unchecked")
            states[stream["id"]] = tuple(dict.fromkeys((*states.get(stream["id"], ()), *found)))
        return states

    def _source_states(self, source: str) -> tuple[str, ...]:
        found = {
            state
            for stream in self.summary["streams"]
            if stream["source"] == source
            for state in self._stream_states[stream["id"]]
        }
        return tuple(state for state in ("gap", "default", "unchecked") if state in found)
