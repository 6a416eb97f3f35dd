"""Incidents as one system writes them at the moment of an export."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from etl.sample import sentences, written
from etl.sample.chance import Flags, Ints, Words, filled, happens, word_of
from etl.sample.clock import NEVER
from etl.sample.incidents import incident_ids
from etl.sample.layouts import Layout
from etl.sample.reports import Where
from etl.sample.roster import person_name, phone_number
from etl.sample.spoils import Spoils
from etl.sample.standing import STATUSES, known, status
from etl.sample.vocabulary import Vocabulary
from etl.sample.work import CHANNELS, RESIDENT, UNITS

LEVELS = ("grid", "community", "town", "district")
MOMENTS = {
    "registered_at": "registered", "dispatched_at": "dispatched", "disposed_at": "disposed", "checked_at": "checked",
    "closed_at": "closed",
}  # fmt: skip
_UNSURE = ("department", "grid", "worker", "void_reason", "complainant")
"""Columns in which a blank may be written as a dash."""


@dataclass
class IncidentExport:
    """The rows of one export. at: what the system knows · slips: how many cells of each kind were spoiled."""

    where: Where
    vocabulary: Vocabulary
    spoils: Spoils
    layout: Layout
    rows: pd.DataFrame
    at: int
    generator: np.random.Generator
    slips: Counter[str] = field(default_factory=Counter)

    def columns(self) -> dict[str, Words]:
        """Our column name → cells, for the columns of the layout."""
        writers = self._writers()
        cells = {name: writers[name]() for _, name, _ in self.layout.columns}
        return self._with_slips(cells)

    def _writers(self) -> dict[str, Callable[[], Words]]:
        writers: dict[str, Callable[[], Words]] = {
            "serial_no": lambda: np.arange(1, len(self.rows) + 1).astype(object),
            "incident_id": lambda: np.array(incident_ids(self.rows), dtype=object),
            "title": lambda: _looked_up(sentences.titles(self.where, self.rows)),
            "description": self._descriptions,
            "address": lambda: _looked_up(sentences.addresses(self.where, self.rows)),
            "channel": lambda: self._coded("channel", CHANNELS, self.rows["channel"].to_numpy()),
            "level": lambda: self._coded("level", LEVELS, self.rows["level"].to_numpy()),
            "status": lambda: self._coded("status", STATUSES, status(self.rows, self.at)),
            "category": self._categories,
            "subcategory": lambda: word_of(self.where.work.name, self.rows["work"].to_numpy()),
            "department": lambda: self._departments(self._current_department()),
            "first_department": lambda: self._departments(self._sent(self.rows["first_department"].to_numpy())),
            "community": self._communities,
            "grid": lambda: word_of(self.where.town.grids["grid_code"], self.rows["grid"].to_numpy()),
            "worker": lambda: word_of(self.where.town.workers["worker"], self.rows["worker"].to_numpy()),
            "complainant": lambda: _numbered("H", self.rows["complainant"].to_numpy()),
            "has_contact": self._has_contact,
            "reporter_name": self._names,
            "reporter_phone": self._phones,
            "void_reason": self._reasons,
            "remark": lambda: np.full(len(self.rows), None, dtype=object),
        }
        writers |= {name: self._moment_writer(name) for name in ("reported_at", *MOMENTS, "original_due_at", "due_at")}
        return writers | self._numbers() | self._flags()

    def _numbers(self) -> dict[str, Callable[[], Words]]:
        limits = np.array([f"{limit:g}" for limit in self.where.work.limit], dtype=object)
        returned = self.rows["returned"].to_numpy() <= self.at
        return {
            "limit_value": lambda: word_of(limits, self._registered(self.rows["work"].to_numpy())),
            "limit_unit": lambda: self._coded("limit_unit", UNITS, self._registered(self.rows["limit_unit"].to_numpy())),
            "extension_count": lambda: self._count(self._is_extended()),
            "rework_count": lambda: self._count(np.where(self._is_reworked(), self.rows["reworks"], 0)),
            "return_count": lambda: self._count(np.where(returned, self.rows["returns"], 0)),
        }

    def _flags(self) -> dict[str, Callable[[], Words]]:
        parked = (self.rows["parked"] & (self.rows["ended"] <= self.at)).to_numpy()
        closed = known(self.rows, "closed", self.at)
        sent = known(self.rows, "dispatched", self.at) < NEVER
        return {
            "is_extended": lambda: self._yes_no(self._is_extended()),
            "is_reworked": lambda: self._yes_no(self._is_reworked()),
            "is_self_disposed": lambda: self._yes_no(self.rows["self_disposed"].to_numpy()),
            "is_parked": lambda: self._yes_no(parked),
            "is_duplicate": lambda: self._yes_no((self.rows["duplicate"] & (self.rows["closed"] <= self.at)).to_numpy()),
            "source_on_time": lambda: filled((closed < NEVER) & sent, self._yes_no(closed <= self._due())),
        }

    def _registered(self, codes: Ints) -> Ints:
        return np.where(known(self.rows, "registered", self.at) < NEVER, codes, -1)

    def _sent(self, codes: Ints) -> Ints:
        return np.where(known(self.rows, "dispatched", self.at) < NEVER, codes, -1)

    def _current_department(self) -> Ints:
        redirected = self.rows["returned"].to_numpy() <= self.at
        kept = (self.rows["returns"] == 0).to_numpy()
        return self._sent(np.where(redirected | kept, self.rows["department"], self.rows["first_department"]))

    def _is_extended(self) -> Flags:
        return np.asarray(self.rows["extended"].to_numpy() <= self.at)

    def _is_reworked(self) -> Flags:
        return np.asarray(self.rows["reworked"].to_numpy() <= self.at)

    def _due(self) -> Ints:
        return np.where(self._is_extended(), self.rows["due"], self.rows["original_due"])

    def _coded(self, list_: str, codes: tuple[str, ...], values: Ints) -> Words:
        return word_of(self.vocabulary.words(list_, codes, self.layout.dialect), values)

    def _yes_no(self, flags: Flags) -> Words:
        return np.where(flags, self.layout.yes, self.layout.no).astype(object)

    def _count(self, values: Ints | Flags) -> Words:
        numbers = np.asarray(values, dtype=np.int64)
        return numbers.astype(object) if self.layout.suffix != ".csv" else numbers.astype(str).astype(object)

    def _has_contact(self) -> Words:
        no = self.layout.no or "×"  # a blank would say nothing here
        return filled(self.rows["source"] == RESIDENT, np.where(self.rows["has_contact"], self.layout.yes, no))

    def _moment_writer(self, name: str) -> Callable[[], Words]:
        return lambda: self._moments(name)

    def _moments(self, name: str) -> Words:
        values = self._moment_values(name)
        style = self.layout.moment
        if style == "cell" or name in self.layout.serials:
            return written.excel_serials(values)
        texts = written.moments(values, style)
        if style == written.CHINESE:
            other = happens(self.generator, 0.25, len(values))
            texts[other] = written.moments(values[other], written.HALF_DAY)
        if style == written.ISO and name == "reported_at":
            other = happens(self.generator, 0.05, len(values))
            texts[other] = written.moments(values[other], written.COMPACT)
        if name == "closed_at" and self.layout.day_only_share:
            day_only = happens(self.generator, self.layout.day_only_share, len(values)) & (values < NEVER)
            texts[day_only] = written.moments(values[day_only], written.DAY_ONLY)
            self.slips["closed_on_day_only"] += int(day_only.sum())
        return texts

    def _moment_values(self, name: str) -> Ints:
        if name == "reported_at":
            return self.rows["reported"].to_numpy()
        if name in MOMENTS:
            return known(self.rows, MOMENTS[name], self.at)
        due = self.rows["original_due"].to_numpy() if name == "original_due_at" else self._due()
        if name == "due_at" and self.layout.extended_only:
            return np.where(self._is_extended(), due, NEVER)
        return np.where(known(self.rows, "dispatched", self.at) < NEVER, due, NEVER)

    def _categories(self) -> Words:
        codes = self.where.work.category
        names = [self.vocabulary.name("category", code) for code in codes]
        if self.layout.category == "town":
            names = [self.vocabulary.town_names.get(code, name) for code, name in zip(codes, names, strict=True)]
        cells = word_of(names, self.rows["work"].to_numpy())
        if self.layout.category == "path":
            path = self.where.work.path[self.rows["work"].to_numpy()]
            cells = np.where((self.rows["channel"] == CHANNELS.index("hotline")) & (path != np.array(None)), path, cells)
        return self.spoils.overwrite("category", self.rows.index.to_numpy(), cells)

    def _departments(self, codes: Ints) -> Words:
        town = self.where.town
        names = word_of(town.department_names, codes)
        cells = self._renamed(names, codes, town.department_aliases)
        self.slips["department_alias"] += int((cells != names).sum())
        changed = self.spoils.overwrite("department", self.rows.index.to_numpy(), cells)
        return filled(codes >= 0, changed)

    def _communities(self) -> Words:
        town, codes = self.where.town, self.rows["community"].to_numpy()
        names = {"canonical": town.community_names, "short": town.short_names, "town": [f"禾湾镇{n}" for n in town.community_names]}
        cells = self._renamed(word_of(names[self.layout.community], codes), codes, town.community_aliases)
        self.slips["community_alias"] += int((cells != word_of(town.community_names, codes)).sum())
        return self.spoils.overwrite("community", self.rows.index.to_numpy(), cells)

    def _renamed(self, cells: Words, codes: Ints, aliases: tuple[tuple[str, ...], ...]) -> Words:
        other = happens(self.generator, self.layout.alias_share, len(cells)) & (codes >= 0)
        pick = self.generator.integers(0, 1 << 30, len(cells))
        changed = cells.copy()
        changed[other] = [aliases[code][p % len(aliases[code])] for code, p in zip(codes[other], pick[other], strict=True)]
        return changed

    def _descriptions(self) -> Words:
        cells = _looked_up(sentences.descriptions(self.where, self.rows))
        ids = incident_ids(self.rows[self.rows.index.isin(list(self.spoils.texts))])
        places = np.flatnonzero(self.rows.index.isin(list(self.spoils.texts)))
        for place, incident_id in zip(places.tolist(), ids, strict=True):
            said = self.spoils.texts[int(self.rows.index[place])]
            cells[place] = cells[place] + said
            self.spoils.placed.append({"incident_id": incident_id, "column": "description", "said": said})
        return cells

    def _names(self) -> Words:
        resident = _said_by(self.rows, person_name)
        return np.where(
            self.rows["worker"] >= 0, word_of(self.where.town.workers["name"], self.rows["worker"].to_numpy()), resident
        )

    def _phones(self) -> Words:
        resident = np.where(self.rows["has_contact"] | (self.rows["source"] != RESIDENT), _said_by(self.rows, phone_number), "保密")
        return np.where(
            self.rows["worker"] >= 0, word_of(self.where.town.workers["phone"], self.rows["worker"].to_numpy()), resident
        )

    def _reasons(self) -> Words:
        standing = status(self.rows, self.at)
        void = word_of(sentences.VOID_REASONS, self.rows["reason"].to_numpy() % len(sentences.VOID_REASONS))
        rejected = word_of(sentences.REJECT_REASONS, self.rows["reason"].to_numpy() % len(sentences.REJECT_REASONS))
        is_void, is_rejected = (standing == STATUSES.index(name) for name in ("void", "rejected"))
        return filled(is_void | is_rejected, np.where(is_void, void, rejected))

    def _with_slips(self, cells: dict[str, Words]) -> dict[str, Words]:
        """Dashes for blanks, full-width digits, blanks nobody sees."""
        if self.layout.marker:
            for name in (column for column in (*_UNSURE, "community") if column in cells):
                cells[name] = written.with_markers(self.generator, cells[name], self.layout.marker, self.layout.marker_share)
        for name in ("reported_at", "grid", "limit_value"):
            if name in cells:
                cells[name], count = written.slipped(self.generator, cells[name], self.layout.full_width_share, written.full_width)
                self.slips["full_width"] += count
        for name, blank, share in (
            ("community", written.NBSP, 0.015), ("department", " ", 0.01), ("incident_id", " ", 0.003), ("title", written.ZERO_WIDTH, 0.002),
        ):  # fmt: skip
            cells[name], count = written.slipped(self.generator, cells[name], share, lambda text, blank=blank: text + blank)  # type: ignore[misc]
            self.slips["invisible_blanks"] += count
        return cells


def _looked_up(table: tuple[Words, Ints]) -> Words:
    words, place = table
    found: Words = words[place]
    return found


def _numbered(prefix: str, numbers: Ints) -> Words:
    return np.array([f"{prefix}{number:06d}" if number >= 0 else None for number in numbers.tolist()], dtype=object)


def _said_by(rows: pd.DataFrame, says: Callable[[int], str]) -> Words:
    """What residents give; those without a number stay anonymous."""
    known_as = zip(rows["complainant"].tolist(), rows["source"].tolist(), strict=True)
    return np.array(
        [says(number) if number >= 0 else "保密" if source == RESIDENT else None for number, source in known_as], dtype=object
    )
