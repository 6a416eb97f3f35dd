"""社区对比: all communities with their intervals; in a community's own edition, the community beside all others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from dashboard.exhibit import NUMBER, TEXT, Field
from dashboard.figures.dots import ALIKE, dots
from dashboard.i18n.numbers import NOTHING, between, count, is_missing, shown
from dashboard.reading.difference import CHANCE, DIFFERS, Row, bounds_of, difference, indexed, interval, rest_of
from dashboard.reading.fairness import concluded, fair
from dashboard.reading.frames import ROW, UNMATCHED, comparison
from dashboard.reading.visit import Visit, metric, part_of
from dashboard.report.content.tables import judged, moved, with_n
from dashboard.report.document import Cell, Column, Figure, Paragraph, Span, Table
from dashboard.report.writer import Writer, course

ON_TIME = "on_time_closure_rate"
KEYS = ("reported", ON_TIME, "satisfaction_rate", "open_overdue")
OWN = (
    "reported",
    ON_TIME,
    "closure_rate",
    "satisfaction_rate",
    "solved_rate",
    "callback_coverage",
    "incidents_per_1000_households",
)
DRAWN = 30
"""Communities in the chart; the table has all."""


def communities(writer: Writer) -> None:
    """A row a community; the rate that is compared as dots with intervals; what may be concluded."""
    if writer.visit.view.community:
        writer.add(_beside_others(writer))
        return
    visit = writer.visit
    numbers = pd.concat([visit.numbers(KEYS[:-1], by=("community",)), _now(visit).numbers(KEYS[-1:], by=("community",))])
    codes = [code for code, _ in visit.codes("community") if code in _present(numbers)]
    if not codes:
        writer.add(Paragraph([Span(writer.words("report.no_cases"))]))
        return
    frame, whole = comparison(visit, numbers, ON_TIME)
    found = fair(visit, ON_TIME, numbers)
    stands = dict(zip(found.units["code"], found.units["stand"], strict=True))
    frame = frame.assign(stand=[stands.get(code, ALIKE) for code in frame["code"]])  # the chart says what the sentence says
    writer.add(_table(writer, numbers, codes), Paragraph([Span(concluded(visit, found))]))
    if len(frame):
        writer.add(_dots(writer, frame, whole))


def _present(numbers: pd.DataFrame) -> set[str]:
    """The communities with any number; what matches none is left out unless there is something of it."""
    return set(numbers.loc[numbers["value"].fillna(0) > 0, "community"]) | (set(numbers["community"]) - {UNMATCHED})


def _now(visit: Visit) -> Visit:
    """What is overdue is so now, whenever it was reported."""
    return replace(visit, view=visit.view.replace(period="all"))


@dataclass(frozen=True)
class _Place:
    """A row: a community, or all of them, whose code is "". names: in Chinese and English · own: its row of each of KEYS ·
    earlier: that of ON_TIME in the week before, None where there is none · course: its weeks.
    """

    code: str
    names: tuple[str, str]
    own: Mapping[str, Row]
    earlier: Row | None
    course: Sequence[Any] = ()


def _table(writer: Writer, numbers: pd.DataFrame, codes: list[str]) -> Table:
    visit = writer.visit
    places = _places(visit, numbers, codes)
    rows = [_row(writer, place) for place in (_whole(visit), *places)]
    name, short = visit.words("table.community"), {key: metric(key).text(visit.lang).short for key in KEYS}
    heads = [
        short["reported"],
        short[ON_TIME],
        *(writer.words(f"report.column_{word}") for word in ("interval", "course", "change", "verdict")),
        short["satisfaction_rate"],
        visit.words("overview.overdue_now"),
    ]
    sides = ["right", "right", "right", "centre", "right", "left", "right", "right"]
    columns = [Column(name, "left", 1), *(Column(head, side) for head, side in zip(heads, sides, strict=True))]
    fields = [
        Field(name, TEXT),
        Field(short["reported"], NUMBER),
        Field(short[ON_TIME], "percent", 1),
        Field("n", NUMBER),
        *(Field(writer.words(f"report.column_{end}"), "percent", 1) for end in ("low", "high")),
        Field(short["satisfaction_rate"], "percent", 1),
        Field("n", NUMBER),
        Field(short["open_overdue"], NUMBER),
    ]
    title = writer.words("report.communities_table")
    writer.annex(title, fields, [_line(visit, place) for place in places], KEYS)
    return Table(title, columns, rows, writer.words("report.communities_note"), sums=1)


def _places(visit: Visit, numbers: pd.DataFrame, codes: list[str]) -> list[_Place]:
    before = visit.before((ON_TIME,), by=("community",))
    then = None if before is None else indexed(before, "community")
    own = {key: indexed(part_of(numbers, key), "community") for key in KEYS}
    history = visit.history((ON_TIME,), by=("community",))
    courses = {str(code): rows.sort_values("week")["value"].tolist() for code, rows in history.groupby("community")}
    return [
        _Place(
            code,
            _names(visit, code),
            {key: own[key][code,] for key in KEYS},
            None if then is None else then[code,],
            courses.get(code, []),
        )
        for code in codes
    ]


def _whole(visit: Visit) -> _Place:
    rows = indexed(pd.concat([visit.numbers(KEYS[:-1]), _now(visit).numbers(KEYS[-1:])]), "metric")
    before = visit.before((ON_TIME,))
    earlier = None if before is None else indexed(before, "metric")[ON_TIME,]
    return _Place("", ("全镇", "town"), {key: rows[key,] for key in KEYS}, earlier)


def _row(writer: Writer, place: _Place) -> list[Cell]:
    """All together have neither course nor verdict: the first page tells them."""
    visit, definition, row = writer.visit, metric(ON_TIME), place.own[ON_TIME]
    said = {key: with_n(writer, f"community.{place.code}.{key}", key, place.own[key], place.names) for key in KEYS}
    is_one = bool(place.code)
    return [
        Cell(visit.name("community", place.code) if is_one else visit.words("communities.whole")),
        Cell(said["reported"]),
        Cell(said[ON_TIME], "strong" if is_one else ""),
        Cell(interval(visit, definition, row), "soft" if is_one else ""),
        Cell(course=course(place.course)) if is_one else Cell(),
        Cell(moved(writer, definition, row, place.earlier)),
        judged(writer, definition, row, place.earlier) if is_one else Cell(),
        Cell(said["satisfaction_rate"]),
        Cell(said["open_overdue"]),
    ]


def _line(visit: Visit, place: _Place) -> list[Any]:
    """The same as numbers, for the annex."""
    rate, satisfied = place.own[ON_TIME], place.own["satisfaction_rate"]
    return [
        visit.name("community", place.code),
        place.own["reported"]["value"],
        *(rate[part] for part in ("value", "n")),
        *bounds_of(metric(ON_TIME), rate),
        *(satisfied[part] for part in ("value", "n")),
        place.own["open_overdue"]["value"],
    ]


def _dots(writer: Writer, frame: Any, whole: float | None) -> Figure:
    visit, definition = writer.visit, metric(ON_TIME)
    rows = frame[frame["n"].rank(ascending=False, method="first") <= DRAWN].reset_index(drop=True)
    name = visit.words("chart.whole", value=shown(whole, definition.unit, definition.decimals, visit.lang))
    title = writer.words("report.communities_dots", metric=definition.text(visit.lang).name)
    legend = visit.words("punctuation.semicolon").join(
        writer.words(f"report.mark_{stand}") for stand in ("better", "worse", "alike")
    )
    cells = [
        [Cell(row["label"]), Cell(shown(row["value"], "percent", 1, visit.lang)), Cell(_range(row, visit)), Cell(count(row["n"]))]
        for row in rows.to_dict("records")
    ]
    columns = [
        Column(visit.words("table.community"), "left", 1),
        *(Column(writer.words(f"report.column_{word}")) for word in ("this_week", "interval", "n")),
    ]
    note = (
        legend
        if len(rows) == len(frame)
        else f"{legend}{visit.words('punctuation.semicolon')}{visit.words('chart.top', shown=len(rows), all=len(frame))}"
    )
    alternative = visit.words(
        "chart.described", title=title, count=len(rows), first=rows["label"].iloc[0], last=rows["label"].iloc[-1]
    )
    return Figure(
        title,
        dots(rows, reference=whole, reference_name=name),
        max(len(rows) * (ROW - 6) + 60, 120),
        alternative,
        Table(title, columns, cells),
        note,
    )


def _range(row: Mapping[Any, Any], visit: Visit) -> str:
    return NOTHING if is_missing(row["low"]) else between(row["low"], row["high"], "percent", 1, visit.lang)


def _names(visit: Visit, code: str) -> tuple[str, str]:
    """A community's name is data and the same in both languages."""
    return (visit.name("community", code),) * 2


def _beside_others(writer: Writer) -> Table:
    """指标 · 本社区 · n · 95 % 区间 · 其他社区 · 差别: this community against all others together."""
    visit = writer.visit
    town = replace(visit, view=visit.view.replace(community=()))
    own, whole = indexed(visit.numbers(OWN), "metric"), indexed(town.numbers(OWN), "metric")
    rows, lines = [], []
    for key in OWN:
        definition, row = metric(key), own[key,]
        rest: Row = rest_of(definition, whole[key,], row)
        found = difference(definition, row, rest)
        word = {DIFFERS: "report.differs", CHANCE: "report.chance"}.get(found.verdict, "")
        others = shown(rest["value"], definition.unit, definition.decimals, visit.lang)
        rows.append(
            [
                Cell(definition.text(visit.lang).name),
                Cell(writer.of_metric(f"own.{key}", key, row), "strong"),
                Cell("" if definition.kind in ("count", "stock") else count(row["n"]), "soft"),
                Cell(interval(visit, definition, row), "soft"),
                Cell(others),
                Cell(visit.words(word) if word else "", "strong" if found.verdict == DIFFERS else "soft"),
            ]
        )
        lines.append([definition.text(visit.lang).name, row["value"], row["n"], *bounds_of(definition, row), rest["value"]])
    heads = ("metric", "own", "n", "interval", "others", "difference")
    columns = [
        Column(
            writer.words(f"report.column_{name}"),
            "left" if name in ("metric", "difference") else "right",
            1 if name == "metric" else 0,
        )
        for name in heads
    ]
    title = writer.words("report.own_table", name=visit.name("community", visit.view.community[0]))
    fields = [
        Field(writer.words("report.column_metric"), TEXT),
        *(Field(writer.words(f"report.column_{name}"), NUMBER, 4) for name in ("own", "n", "low", "high", "others")),
    ]
    writer.annex(title, fields, lines, OWN)
    return Table(title, columns, rows, writer.words("report.own_note"))
