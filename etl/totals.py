"""Sum rows as a checksum: what a sheet's 合计, 小计 and 平均 say, beside what its records add up to.

Real sums are shifted by a cell, sum a section or the whole sheet, stand above or below. A number that agrees with any sensible sum is
equal; only one that agrees with none is reported, and only in columns that are numbers nearly everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from etl.cells import folded
from etl.columns import create_table
from etl.recognise import Recognition
from etl.row_kinds import LABEL_CELLS, OTHER_SUM, SUM, UNIT, present_sql, record_sql, sum_sql

_LABEL = re.compile(f".*?(?:{SUM}|{OTHER_SUM}|共|数[:：])")
_MEAN = re.compile(r"平\s*均|均\s*值")
_PART = re.compile(r"小\s*计|本\s*页")
_STATED = re.compile(
    rf"[^\d-]{{0,4}}(?P<number>-?\d[\d,]*(?:\.(?P<decimals>\d+))?)\s*(?P<unit>{UNIT})?(?:记录|数据|事件|工单)?[。.]?"
)
_COUNTING = frozenset("条件行起宗例项笔")
_NEVER_SUMMED = re.compile(
    r"率|比|均|指数|名次|排名|分$|评|编[号码]|代码|序号|单号|流水|电话|手机|身份|年份|[年月]$|轮次|时间|日期|时限|经度|纬度|坐标"
)
_MOST_ROWS = 2_000
_NUMERIC_SHARE = 0.95
_LARGEST = 1e12
_SHIFTS = (1, -1, 2, -2)


@dataclass(frozen=True)
class Total:
    """A number in a sum row, and what the rows above add up to. header: None when it counts rows."""

    row: int
    header: str | None
    stated: float
    counted: float
    is_equal: bool


@dataclass(frozen=True)
class _Number:
    """As written. half: half a unit of its last digit."""

    value: float
    half: float
    unit: str

    def agrees(self, counted: float) -> bool:
        return abs(self.value - counted) <= self.half + 1e-9 * abs(counted)


@dataclass(frozen=True)
class _SumRow:
    """numbers: column → number · claim: the number beside or in the label, which says how many rows there are."""

    row: int
    label: str
    label_at: int
    numbers: dict[int, _Number]
    claim: _Number | None


@dataclass(frozen=True)
class _Section:
    """Records between two sum rows: how many, and of each column the sum, how many cells are numbers, how many hold anything."""

    rows: int
    sums: Mapping[int, float]
    numeric: Mapping[int, int]
    filled: Mapping[int, int]


def totals(connection: duckdb.DuckDBPyConnection, seen: Recognition, head: Sequence[Sequence[str]]) -> tuple[Total, ...]:
    """Every number in the sum rows of the loaded sheet (view cells_rows) beside what the records add up to."""
    width = len(seen.headers)
    cells = ", ".join(f"c{i}" for i in range(width))
    found = connection.execute(
        f"SELECT file_row, {cells} FROM cells_rows WHERE NOT {record_sql(seen, head)} AND coalesce({sum_sql(seen)}, false) ORDER BY file_row LIMIT {_MOST_ROWS}"
    ).fetchall()
    rows = [row for number, *texts in found if (row := _sum_row(number, texts))]
    if not any(row.numbers or row.claim for row in rows):
        return ()
    hidden = {index for index, header in enumerate(seen.headers) if header in seen.personal}
    near = {place + shift for row in rows for place in row.numbers for shift in (0, *_SHIFTS)}
    places = sorted(place for place in near - hidden if 0 <= place < width)
    checker = _Checker(rows, _sections(connection, seen, head, rows, places), seen.headers)
    return tuple(total for index in range(len(rows)) for total in checker.checked(index))


def _sum_row(row: int, texts: Sequence[str | None]) -> _SumRow | None:
    cells = [folded(text) if text else "" for text in texts]
    for place, cell in enumerate(cells[:LABEL_CELLS]):
        if match := _LABEL.match(cell):
            numbers = {at: number for at, cell in enumerate(cells) if at > place and (number := _number(cell))}
            beside = numbers.get(place + 1)
            return _SumRow(row, match[0], place, numbers, _number(cell[match.end() :]) or beside)
    return None


def _number(cell: str) -> _Number | None:
    match = _STATED.fullmatch(cell.strip())
    if not match:
        return None
    value = float(match["number"].replace(",", ""))
    half = 0.5 * 10.0 ** -len(match["decimals"] or "")
    return _Number(value, half, match["unit"] or "") if abs(value) < _LARGEST else None


def _sections(
    connection: duckdb.DuckDBPyConnection,
    seen: Recognition,
    head: Sequence[Sequence[str]],
    rows: Sequence[_SumRow],
    places: Sequence[int],
) -> list[_Section]:
    """The records before the first sum row, between each two, and after the last."""
    measures = "".join(f", sum({_number_sql(i)}), count({_number_sql(i)}), count(nullif(trim(c{i}), ''))" for i in places)
    create_table(connection, "sum_row", {"at_row": ("INTEGER", [row.row for row in rows])})
    found = connection.execute(
        f"SELECT at_row, count(*){measures} FROM cells_rows ASOF LEFT JOIN sum_row ON file_row > at_row "
        f"WHERE {present_sql(seen)} AND {record_sql(seen, head)} GROUP BY at_row"
    ).fetchall()
    by_row = {at_row: (count, numbers) for at_row, count, *numbers in found}
    empty = (0, [None, 0, 0] * len(places))
    return [_section(places, *by_row.get(at_row, empty)) for at_row in (None, *(row.row for row in rows))]


def _section(places: Sequence[int], count: int, numbers: Sequence[float | None]) -> _Section:
    measures = {place: [number or 0 for number in numbers[3 * at : 3 * at + 3]] for at, place in enumerate(places)}
    return _Section(
        count,
        {place: float(measure[0]) for place, measure in measures.items()},
        {place: int(measure[1]) for place, measure in measures.items()},
        {place: int(measure[2]) for place, measure in measures.items()},
    )


def _number_sql(place: int) -> str:
    """The cell as a number, with the units and separators cells.number forgives; null for anything else."""
    half_width = f"translate(trim(c{place}), '０１２３４５６７８９．，－', '0123456789.,-')"
    return f"try_cast(regexp_replace(replace({half_width}, ',', ''), '{UNIT}$', '') AS DOUBLE)"


class _Checker:
    """Compares. sections[i] lies before rows[i], sections[-1] behind the last."""

    def __init__(self, rows: Sequence[_SumRow], sections: Sequence[_Section], headers: Sequence[str]) -> None:
        self._rows, self._sections, self._headers = rows, sections, headers
        filled = {place: sum(section.filled[place] for section in sections) for place in sections[0].filled}
        numeric = {place: sum(section.numeric[place] for section in sections) for place in filled}
        self._numeric = {place for place, cells in filled.items() if cells and numeric[place] >= _NUMERIC_SHARE * cells}

    def checked(self, index: int) -> Iterator[Total]:
        """The numbers of one sum row; where none agrees with its own column, those of the columns beside."""
        row = self._rows[index]
        own = self._by_columns(index, 0)
        if row.numbers and not any(total.is_equal for total in own):
            best = max((self._by_columns(index, shift) for shift in _SHIFTS), key=_equal)
            if _equal(best) >= max(1 if own else 2, 2 * len(row.numbers) // 3):
                yield from best
                return
        yield from self._claimed(index, own)
        yield from own

    def _by_columns(self, index: int, shift: int) -> list[Total]:
        found = []
        for place, number in self._rows[index].numbers.items():
            if place + shift in self._numeric:
                header = self._headers[place + shift]
                total = self._total(index, number, header, [self._sum(index, span, place + shift) for span in self._spans(index)])
                found += [total] if total.is_equal or not _NEVER_SUMMED.search(header) else []
        return found

    def _claimed(self, index: int, own: Sequence[Total]) -> Iterator[Total]:
        """How many rows there are, as the label or the cell beside it says. A bare number may mean something else, so where other numbers
        stand in the row and none of them agrees, only a claim that holds is told."""
        row = self._rows[index]
        if row.claim is None or _MEAN.search(row.label) or row.label_at + 1 in self._numeric:
            return
        total = self._total(index, row.claim, None, [float(sum(s.rows for s in span)) for span in self._spans(index)])
        is_meant = row.claim.unit in _COUNTING or (not row.claim.unit and (len(row.numbers) <= 1 or _equal(own) > 0))
        if total.is_equal or (is_meant and row.claim.half == 0.5):
            yield total

    def _total(self, index: int, number: _Number, header: str | None, candidates: Sequence[float]) -> Total:
        equal = next((candidate for candidate in candidates if number.agrees(candidate)), None)
        counted = candidates[0] if equal is None else equal
        return Total(self._rows[index].row, header, number.value, counted, equal is not None)

    def _sum(self, index: int, span: Sequence[_Section], column: int) -> float:
        summed = sum(section.sums[column] for section in span)
        if not _MEAN.search(self._rows[index].label):
            return summed
        return summed / max(sum(section.numeric[column] for section in span), 1)

    def _spans(self, index: int) -> list[list[_Section]]:
        """What a sum row may sum, the likeliest first: all records, or since the last sum of its level; above it, or below."""
        row, sections = self._rows[index], self._sections
        is_part = _is_part(row)
        alike = [place for place, other in enumerate(self._rows) if place != index and _is_part(other) == is_part]
        before = [place for place in alike if place < index]
        same_word = [place for place in before if self._rows[place].label == row.label]
        behind = next((place for place in alike if place > index), len(self._rows))
        spans = [
            sections,
            sections[: index + 1],
            sections[(before[-1] if before else -1) + 1 : index + 1],
            sections[(same_word[-1] if same_word else -1) + 1 : index + 1],
            sections[index : index + 1],
            sections[index + 1 : index + 2],
            sections[index + 1 : behind + 1],
        ]
        if is_part:
            spans = [spans[2], *spans]
        return [list(span) for span in spans if any(section.rows for section in span)] or [list(sections)]


def _equal(totals: Sequence[Total]) -> int:
    return sum(total.is_equal for total in totals)


def _is_part(row: _SumRow) -> bool:
    return _PART.search(row.label) is not None
