"""部门报到: the town whistles – who was given what, who came in time, who sent it back, who finished, who still has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache, partial
from typing import Any, TypeVar

import pandas as pd
from dash import html

from dashboard import queries
from dashboard.components.card import card
from dashboard.components.graph import graph
from dashboard.components.info import info
from dashboard.components.states import empty, empty_page
from dashboard.components.table import Cell, Column, table
from dashboard.components.tile import tiles
from dashboard.exhibit import NUMBER, TEXT, Exhibit, Field, Sheet
from dashboard.figures.theme import BLUE, GREY
from dashboard.figures.trend import Line, trend
from dashboard.i18n.numbers import NOTHING, bare, count, is_missing
from dashboard.pages.breakdown import bars_card, comparison_card
from dashboard.pages.control_card import control_card
from dashboard.pages.drawn import later
from dashboard.pages.exhibits import exhibit_card
from dashboard.pages.head import has_filters, page_head, unfiltered
from dashboard.reading.courses import weekly
from dashboard.reading.exhibits import of_frame, of_numbers
from dashboard.reading.fairness import fair
from dashboard.reading.frames import UNMATCHED
from dashboard.reading.links import cases_href, page_href
from dashboard.reading.visit import Visit, heading, listed, metric, part_of
from dashboard.statistics.intervals import wilson

PATH = "/departments"
KEY = "departments"
TILES = (
    "assignments",
    "answered_in_time_rate",
    "return_rate",
    "assignment_on_time_rate",
    "open_assignments",
    "overdue_assignments",
    "median_hours_to_answer",
    "median_hours_to_finish",
)
COURSES = (*TILES[:5], *TILES[6:], "finished_assignments")
COLUMNS = (
    "assignments",
    "answered_in_time_rate",
    "return_rate",
    "rework_rate",
    "assignment_on_time_rate",
    "open_assignments",
    "overdue_assignments",
    "median_hours_to_answer",
    "median_hours_to_finish",
)
COURSE = ("assignments", "finished_assignments")
ANSWERED, ON_TIME, OPEN, OVERDUE = PARTED = (
    "answered_in_time_rate",
    "assignment_on_time_rate",
    "open_assignments",
    "overdue_assignments",
)
COMPARED, BARS, PAIRS, WEEKS = 13, 10, 10, 12
ALIKE = ("adjusted", "adjusted_low", "adjusted_high")
T = TypeVar("T")
Rows = Mapping[Any, Mapping[Any, Any]]
"""Department → its row of one metric."""


def body(visit: Visit) -> list[Any]:
    """Tiles; who comes and finishes in time; who has how much; the weekly course and the returns; all departments in any order.

    One department alone is shown by community.
    """
    head = page_head(visit, "departments", has_courses=True)
    history, readings = visit.told(TILES, COURSES, weeks=WEEKS)
    if not any(reading.n for reading in readings if reading.metric.key in (TILES[0], OPEN)):
        return [head, empty_page(PATH, visit.view, has_filters(visit))]
    by = "community" if len(visit.view.department) == 1 else "department"

    @cache
    def numbers() -> pd.DataFrame:
        return visit.numbers(COLUMNS, by=("department",))

    @cache
    def parts() -> pd.DataFrame:
        return numbers() if by == "department" else visit.numbers(PARTED, by=(by,))

    return [
        head,
        _preface(visit),
        tiles(readings, visit.view),
        *unfiltered(visit, TILES),
        later(lambda: [_answered(visit, parts(), by), _finished(visit, parts(), by)]),
        later(lambda: [_overdue(visit, parts(), by), _open(visit, parts(), by)]),
        later(lambda: [_course(visit, history), _returns(visit)]),
        later(lambda: [_table(visit, numbers())]),
    ]


def _preface(visit: Visit) -> html.P:
    """The question of the page, and how long a department may take to answer."""
    hours = queries.answer_hours(visit.snapshot)
    said: list[Any] = [html.Strong(visit.words("departments.question")), " "]
    said += [visit.words("departments.intro", hours=f"{hours:g}")] if hours else []
    return html.P(said, className="soft preface")


def _answered(visit: Visit, parts: pd.DataFrame, by: str) -> html.Section:
    title = visit.words(f"departments.answered_{by}")
    if not part_of(parts, ANSWERED)["denominator"].sum():
        return card(title, empty(visit.lang, "departments.no_signing"), width=6, info=info(metric(ANSWERED), visit.view))
    return comparison_card(visit, title, parts, ANSWERED, by=by, top=COMPARED)


def _finished(visit: Visit, parts: pd.DataFrame, by: str) -> html.Section:
    return comparison_card(visit, visit.words(f"departments.on_time_{by}"), parts, ON_TIME, by=by, top=COMPARED)


def _overdue(visit: Visit, parts: pd.DataFrame, by: str) -> html.Section:
    return _held(visit, parts, OVERDUE, by, visit.words(f"departments.overdue_{by}"), "departments.nothing_overdue")


def _open(visit: Visit, parts: pd.DataFrame, by: str) -> html.Section:
    return _held(visit, parts, OPEN, by, visit.words(f"departments.open_{by}"), "departments.nothing_open")


def _held(visit: Visit, parts: pd.DataFrame, key: str, by: str, title: str, nothing: str) -> html.Section:
    """Who has how much in hand; those with nothing are left out."""
    some = parts[(parts["metric"] == key) & (parts["value"] > 0)]
    if some.empty:
        return card(title, empty(visit.lang, nothing), width=6, info=info(metric(key), visit.view))
    return bars_card(visit, title, some, key, by, width=6, top=BARS)


def _course(visit: Visit, history: pd.DataFrame) -> html.Section:
    """Given and finished by week, of the departments the view is about."""
    chosen = visit.view.department
    name = visit.name("department", chosen[0]) if len(chosen) == 1 else visit.words("departments.everybody")
    title = visit.words("departments.course", name=name)
    frame = weekly(visit, history, COURSE)
    if frame.empty:
        return card(title, empty(visit.lang), width=7)
    if visit.view.chart == "control":
        return control_card(visit, "course", history, COURSE[1], title=title, width=7, height=340)
    lines = [
        Line("assignments", visit.words("departments.given"), "assignments_href", GREY),
        Line("finished_assignments", visit.words("departments.finished"), "finished_assignments_href", BLUE),
    ]
    return exhibit_card(
        visit,
        of_numbers(visit, "course", title, history, COURSE, ("week",)),
        graph(
            trend(frame, lines, lang=visit.lang, unit=visit.words("unit.count")),
            height=372,
            description=f"{title}: {_last_week(visit, frame)}",
        ),
        width=7,
        note=visit.words("departments.course_note", count=len(frame)),
    )


def _last_week(visit: Visit, frame: pd.DataFrame) -> str:
    last = frame.iloc[-1]
    pairs = (("departments.given", last["assignments"]), ("departments.finished", last["finished_assignments"]))
    return visit.words("punctuation.list").join(f"{visit.words(key)} {count(value)}" for key, value in pairs)


def _returns(visit: Visit) -> html.Section:
    """Who sent a case back, and who was given it next: the commonest pairs."""
    title, key = visit.words("departments.returns"), "return_rate"
    rows = part_of(visit.numbers((key,), by=("department", "next_department")), key)
    rows = rows[rows["numerator"] > 0].sort_values(["numerator", "department"], ascending=[False, True]).reset_index(drop=True)
    if rows.empty:
        return card(title, empty(visit.lang, "departments.returns_none"), width=5, info=info(metric(key), visit.view))
    frame = pd.DataFrame(
        {
            "department": [visit.name("department", code) for code in rows["department"]],
            "next": [_next_name(visit, code) for code in rows["next_department"]],
            "times": rows["numerator"].astype(int),
        }
    )
    heads = [
        Column(visit.words("departments.from"), is_number=False),
        Column(visit.words("departments.next"), is_number=False),
        Column(visit.words("departments.times")),
    ]
    fields = {
        "department": Field(str(heads[0].name), TEXT),
        "next": Field(str(heads[1].name), TEXT),
        "times": Field(str(heads[2].name), NUMBER),
    }
    lines = [
        [
            Cell(frame["department"][place], is_wrapped=True),
            Cell(frame["next"][place], is_wrapped=True),
            Cell(
                count(frame["times"][place]),
                cases_href(
                    visit.view, key, "numerator", {"department": row["department"], "next_department": row["next_department"]}
                ),
            ),
        ]
        for place, row in enumerate(rows.head(PAIRS).to_dict("records"))
    ]
    rest = visit.words("chart.top", shown=PAIRS, all=len(rows)) if len(rows) > PAIRS else ""
    return exhibit_card(
        visit,
        of_frame("returns", title, frame, fields, (key,)),
        table(heads, lines, title),
        width=5,
        note=visit.words("departments.returns_note", count=count(rows["numerator"].sum())),
        foot=rest,
    )


def _next_name(visit: Visit, code: Any) -> str:
    return visit.words("departments.nowhere") if is_missing(code) else visit.name("department", code)


def _table(visit: Visit, numbers: pd.DataFrame) -> html.Section:
    """Every department that was given something or has something; who gives out the cases stands last."""
    title = visit.words("departments.table")
    order = visit.choice("sort") if visit.choice("sort") in COLUMNS else "assignments"
    rising = visit.choice("order") == "up"
    parts = {key: _by_code(key, part_of(numbers, key)) for key in COLUMNS}
    givers = queries.dispatchers(visit.snapshot)
    codes = _ordered(parts, order, rising, givers)
    alike = fair(visit, ON_TIME, numbers, "department").units.set_index("code")
    rows = [[_name(visit, code, code in givers), *_cells(visit, parts, code), _at_equal_mix(visit, alike, code)] for code in codes]
    whole = visit.numbers(COLUMNS).set_index("metric")["value"]
    footer = [
        Cell(visit.words("departments.whole")),
        *[
            Cell(bare(whole.get(key), metric(key).unit, metric(key).decimals, visit.lang), cases_href(visit.view, key))
            for key in COLUMNS
        ],
        Cell(NOTHING),
    ]
    exhibit = of_numbers(visit, "departments", title, numbers, COLUMNS, ("department",))
    place = COLUMNS.index(ON_TIME) + 2  # behind the rate it belongs to
    heads = _behind(place, _heads(visit, order, rising))
    return exhibit_card(
        visit,
        replace(exhibit, make=partial(_with_equal_mix, visit, exhibit, alike)),
        html.Div(table(heads, [_behind(place, row) for row in rows], title, _behind(place, footer)), className="tall departments"),
        note=visit.words("departments.table_note"),
        methods=("wilson", "case_mix"),
        foot=[
            visit.words("departments.alike_note"),
            *([" ", visit.words("departments.dispatcher_note")] if givers & set(codes) else []),
        ],
    )


def _behind(place: int, line: list[T]) -> list[T]:
    """A line of the table, its last entry moved to `place`."""
    return [*line[:place], line[-1], *line[place:-1]]


def _heads(visit: Visit, order: str, rising: bool) -> list[Column]:
    """The department, the metrics by which the table may be sorted, and the rate at equal case mix."""
    found = [Column(visit.words("departments.department"), is_number=False)]
    for key in COLUMNS:
        state = ("ascending" if rising else "descending") if key == order else ""
        href = page_href(PATH, visit.view, sort=key, order="up" if key == order and not rising else "")
        found.append(Column(heading(metric(key), visit.lang), href=href, sorted=state))
    return [*found, Column(visit.words("departments.alike"))]


def _at_equal_mix(visit: Visit, alike: pd.DataFrame, code: str) -> Cell:
    """The rate with its interval, had the department everybody's cases; — where too few of its cases have their like elsewhere."""
    if code not in alike.index or is_missing(alike["adjusted"][code]):
        return Cell(NOTHING)
    value, low, high = (alike[name][code] for name in ALIKE)
    return Cell(bare(value, "percent", 1, visit.lang), "", f"{100 * low:.0f}–{100 * high:.0f}%")


def _with_equal_mix(visit: Visit, exhibit: Exhibit, alike: pd.DataFrame) -> Sheet:
    """The table's data with the rate at equal case mix and its interval behind it."""
    sheet, what = exhibit.make(), f"{metric(ON_TIME).text(visit.lang).name} · {visit.words('departments.alike')}"
    ends = ("", f" · {visit.words('table.low')}", f" · {visit.words('table.high')}")
    names = [visit.name("department", code) for code in alike.index]
    known = dict(zip(names, alike[list(ALIKE)].to_numpy(dtype=float).tolist(), strict=True))
    rows = [[*row, *known.get(row[0], [None] * len(ALIKE))] for row in sheet.rows]
    return Sheet([*sheet.fields, *(Field(what + end, "percent", 1) for end in ends)], rows)


def _ordered(parts: dict[str, Rows], order: str, rising: bool, givers: frozenset[str]) -> list[str]:
    """By the value of one column, those without one behind them; then who gives out the cases, then the unmatched."""
    known = {code for key in ("assignments", "open_assignments") for code in parts[key]}

    def place(code: str) -> tuple[bool, bool, bool, float, str]:
        value: Any = parts[order].get(code, {}).get("value")
        nothing = is_missing(value)
        return code == UNMATCHED, code in givers, nothing, 0.0 if nothing else float(value) * (1 if rising else -1), code

    return sorted(known, key=place)


def _name(visit: Visit, code: str, is_giver: bool) -> Cell:
    name = visit.name("department", code)
    label = visit.words("departments.dispatcher", name=name) if is_giver else name
    return Cell(label, page_href(PATH, visit.view.replace(department=(code,))))


def _cells(visit: Visit, parts: dict[str, Rows], code: str) -> list[Cell]:
    return [_cell(visit, parts[key], key, code) for key in COLUMNS]


def _cell(visit: Visit, rows: Rows, key: str, code: str) -> Cell:
    """The number with what it rests on; where there is nothing it leads nowhere."""
    if code not in rows:
        return Cell(NOTHING)
    row, definition = rows[code], metric(key)
    value = bare(row["value"], definition.unit, definition.decimals, visit.lang)
    href = cases_href(visit.view, key, listed(definition), {"department": code}) if row["n"] else ""
    return Cell(value, href, row["rests_on"])


def _by_code(key: str, rows: pd.DataFrame) -> Rows:
    """One metric's rows by department, with `rests_on`: n=540 (94–98%) of a rate, n of a length of time, nothing of a count."""
    definition, found = metric(key), rows.set_index("department")
    if definition.kind in ("count", "stock"):
        return found.assign(rests_on="").to_dict("index")
    said = [f"n={count(n)}" if n else "" for n in found["n"]]
    if definition.kind == "ratio":
        bounds = zip(*wilson(found["numerator"], found["denominator"]), found["value"], strict=True)
        spans = ["" if is_missing(value) else f" ({100 * low:.0f}–{100 * high:.0f}%)" for low, high, value in bounds]
        said = [n + span for n, span in zip(said, spans, strict=True)]
    return found.assign(rests_on=said).to_dict("index")
