"""One community: its numbers against all others', its weeks, what it is about, its grids, and what has waited longest."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html

from dashboard.components.card import card, grid
from dashboard.components.graph import graph
from dashboard.components.states import empty, empty_page, not_found
from dashboard.components.table import Cell, Column, table
from dashboard.components.tile import tiles
from dashboard.exhibit import DATE, TEXT, Field
from dashboard.figures.dumbbell import dumbbell
from dashboard.i18n.dates import moment
from dashboard.i18n.numbers import NOTHING, bare, count, duration, is_missing, shown
from dashboard.metrics.cases import cases_sql
from dashboard.metrics.catalogue import Metric
from dashboard.pages.breakdown import fractions_card
from dashboard.pages.communities_pair import beside_whole, value_cell
from dashboard.pages.control_card import control_card
from dashboard.pages.drawn import later
from dashboard.pages.exhibits import exhibit_card
from dashboard.pages.head import COMMUNITY, page_head
from dashboard.queries import Listing, case_page
from dashboard.reading.courses import overdue_now
from dashboard.reading.difference import UNKNOWN, Difference, apart, difference, indexed, rest_of
from dashboard.reading.exhibits import of_frame, of_numbers
from dashboard.reading.links import case_href, cases_href, page_href
from dashboard.reading.visit import Visit, heading, listed, metric, part_of
from dashboard.reading.watch import sentences

PREFIX = COMMUNITY
TILES = (
    "reported",
    "on_time_closure_rate",
    "median_hours_to_close",
    "satisfaction_rate",
    "solved_rate",
    "incidents_per_1000_households",
    "incidents_per_grid",
)
OVERDUE_PLACE = 2  # of what is overdue now, among TILES
COMPARED = (
    "on_time_closure_rate",
    "closure_rate",
    "rework_rate",
    "satisfaction_rate",
    "solved_rate",
    "median_hours_to_close",
    "incidents_per_1000_households",
    "incidents_per_grid",
    "incidents_per_fte",
)
COURSES = ("on_time_closure_rate", "incidents_per_1000_households")
CALLBACKS = (
    "satisfaction_rate",
    "solved_rate",
    "dissatisfied_rate",
    "callback_coverage",
    "callback_reach_rate",
    "callback_response_rate",
    "second_round_rate",
)
GRID_COLUMNS = ("reported", "incidents_per_grid", "incidents_per_fte", "incidents_per_1000_households", "open_overdue")
OLDEST, CATEGORIES = 10, 10
ABOUT_DATA = ("broken", "stale", "doubtful")
"""Rules of 需要关注 whose sentences are not about a community."""


def title(visit: Visit, code: str) -> str:
    """Its name; that there is none for a code nobody knows."""
    known = dict(visit.codes("community"))
    return known.get(code) or visit.words("state.not_found_title")


def body(visit: Visit, code: str) -> list[Any]:
    """Tiles; what stands out; against the others; weeks; categories; oldest overdue; grids."""
    if code not in dict(visit.codes("community")):
        return [not_found(visit.view)]
    here, town = visit.narrowed(community=(code,), grid=()), visit.narrowed(community=(), grid=())
    head = page_head(here, "communities", title=visit.name("community", code), has_courses=True)
    history, readings = here.told(TILES)
    if not any(reading.n for reading in readings):
        return [head, empty_page(visit.path, visit.view, has_filters=False)]
    readings.insert(OVERDUE_PLACE, overdue_now(here, (here.view.compare,)))
    own = here.numbers(tuple(dict.fromkeys((*COMPARED, *CALLBACKS, *GRID_COLUMNS))))
    return [
        head,
        *_other_filter(visit, code),
        tiles(readings, here.view),
        *_standing_out(here),
        grid(
            [
                _against(here, town, code, own),
                fractions_card(here, own, CALLBACKS, here.words("community.satisfaction"), width=4),
            ]
        ),
        later(lambda: _courses(here, town, code, history)),
        later(lambda: [_about(here, town, code), _oldest(here)]),
        later(lambda: [_grids(here, own)]),
    ]


def _courses(here: Visit, town: Visit, code: str, history: pd.DataFrame) -> list[html.Section]:
    whole = town.history(COURSES)
    return [_course(here, code, key, part_of(history, key), part_of(whole, key)) for key in COURSES]


def _other_filter(visit: Visit, code: str) -> list[html.P]:
    """A line where the filter bar names another community: this page is about its own."""
    if visit.view.community in ((), (code,)):
        return []
    return [html.P(visit.words("community.only", name=visit.name("community", code)), className="soft small")]


def _standing_out(here: Visit) -> list[Any]:
    found = [sentence for sentence in sentences(here) if sentence.rule not in ABOUT_DATA]
    if not found:
        return []
    items = []
    for sentence in found:
        before, bold, after = sentence.parts
        items.append(html.Li(html.A(html.Span([before, html.B(bold), after]), href=sentence.href)))
    return [grid([card(here.words("community.standing_out"), html.Ul(items, className="watch"))])]


def _against(here: Visit, town: Visit, code: str, own: pd.DataFrame) -> html.Section:
    """Each number beside the whole town's, and whether it differs from all other communities' by more than chance."""
    heading_words = here.words("community.against")
    whole = town.numbers(COMPARED)
    heads = [
        Column(here.words("table.metric"), is_number=False),
        Column(here.name("community", code)),
        Column(here.words("communities.whole")),
        Column(here.words("community.others_apart")),
        Column(here.words("communities.verdict"), is_number=False),
    ]
    mine, all_of_them = indexed(own, "metric"), indexed(whole, "metric")
    rows = [_beside(here, town, metric(key), mine[key,], all_of_them[key,], code) for key in COMPARED]
    both = pd.concat([own.assign(community=code), whole.assign(community="")])
    exhibit = of_numbers(here, "against", heading_words, both, COMPARED, ("community",))
    note = here.words("community.against_note")
    return exhibit_card(here, exhibit, table(heads, rows, heading_words), width=8, note=note, info="", methods=("newcombe",))


def _beside(here: Visit, town: Visit, definition: Metric, own: dict[Any, Any], whole: dict[Any, Any], code: str) -> list[Cell]:
    rest = rest_of(definition, whole, own)
    found = difference(definition, own, rest)
    return [
        Cell(heading(definition, here.lang), is_wrapped=True),
        value_cell(here, definition, own, code, is_short=True),
        Cell(
            bare(whole["value"], definition.unit, definition.decimals, here.lang),
            cases_href(town.view, definition.key, listed(definition)),
        ),
        Cell(apart(here, definition, own, rest, found)),
        Cell(_judged(here, definition, own, rest, found)),
    ]


def _judged(visit: Visit, definition: Metric, own: dict[Any, Any], rest: dict[Any, Any], found: Difference) -> str:
    """好于、差于: only where the metric has a good direction; else higher or lower."""
    if found.verdict == UNKNOWN:
        return NOTHING
    if found.verdict != "differs":
        return visit.words("communities.chance")
    is_higher = own["value"] > rest["value"]
    if definition.direction == "neutral":
        return visit.words("community.higher" if is_higher else "community.lower")
    return visit.words("community.better" if is_higher == (definition.direction == "up") else "community.worse")


def _course(here: Visit, code: str, key: str, own: pd.DataFrame, whole: pd.DataFrame) -> html.Section:
    words = here.words("community.course", name=heading(metric(key), here.lang))
    if own["value"].notna().sum() < 2:
        return card(words, empty(here.lang), width=6)
    if here.view.chart == "control":
        return control_card(here, f"course-{key}", own, key, title=words, height=280)
    chart = beside_whole(here, key, [(code, here.name("community", code), own)], whole)
    exhibit = of_numbers(here, f"course-{key}", words, own, (key,), ("week",))
    return exhibit_card(here, exhibit, chart, width=6, note=here.words("chart.weeks", count=len(whole)))


def _about(here: Visit, town: Visit, code: str) -> html.Section:
    """Share of each category in what is reported here, beside the whole town's."""
    words = here.words("community.about")
    own, whole = (part_of(where.numbers(("reported",), by=("category",)), "reported") for where in (here, town))
    shares = {category: value / own["value"].sum() for category, value in zip(own["category"], own["value"], strict=True)}
    whole_shares = {
        category: value / whole["value"].sum() for category, value in zip(whole["category"], whole["value"], strict=True)
    }
    most = sorted(shares, key=lambda category: (-shares[category], str(category)))[:CATEGORIES]
    name = here.name("community", code)
    frame = pd.DataFrame(
        {
            "category": most,
            "label": [here.name("category", category) for category in most],
            "first": [shares[category] for category in most],
            "second": [whole_shares.get(category) for category in most],
            "first_hover": [_share_hover(here, name, category, shares[category]) for category in most],
            "second_hover": [
                _share_hover(here, here.words("communities.whole"), category, whole_shares.get(category)) for category in most
            ],
            "first_href": [cases_href(here.view, "reported", "numerator", {"category": category}) for category in most],
            "second_href": [cases_href(town.view, "reported", "numerator", {"category": category}) for category in most],
        }
    )
    legend = html.Div(
        [
            html.Span([html.I(className="pair-first"), name]),
            html.Span([html.I(className="pair-whole"), here.words("communities.whole")]),
        ],
        className="legend-line",
    )
    furthest = max(most, key=lambda category: shares[category] - whole_shares.get(category, 0.0))
    described = here.words("community.about_described", first=frame["label"].iloc[0], furthest=here.name("category", furthest))
    chart = graph(dumbbell(frame, is_whole=True), height=36 * len(frame) + 40, description=described)
    share = here.words("community.share")
    fields = {
        "label": Field(here.words("filter.category"), TEXT),
        "first": Field(f"{name} {share}", "percent", 1),
        "second": Field(f"{here.words('communities.whole')} {share}", "percent", 1),
    }
    return exhibit_card(here, of_frame("about", words, frame, fields, ("reported",)), [legend, chart], width=5, note=described)


def _share_hover(visit: Visit, whose: str, category: object, share: float | None) -> str:
    return f"<b>{whose}</b><br>{visit.name('category', category)} {shown(share, 'percent', 1, visit.lang)}"


def _oldest(here: Visit) -> html.Section:
    """The overdue cases whose deadline is longest past, whenever they were reported."""
    words, ever = here.words("community.oldest"), here.view.replace(period="all")
    rows = cases_sql("open_overdue", "numerator", ever, here.snapshot.build)
    page = case_page(here.snapshot, Listing(rows, sort="due_at", descending=False), limit=OLDEST)
    if page.frame.empty:
        return card(words, empty(here.lang, "community.none_overdue"), width=7)
    names = ("due_at", "category_code", "department_code")
    heads = [
        Column(here.words("column.title"), is_number=False),
        Column(here.words("community.overdue_for")),
        *(Column(here.words(f"column.{name}"), is_number=False) for name in names),
    ]
    listed = [_overdue_row(here, record) for record in page.frame.to_dict("records")]
    frame = page.frame.assign(
        category=[here.name("category", value) for value in page.frame["category_code"]],
        department=[here.name("department", value) for value in page.frame["department_code"]],
    )
    fields = {
        "incident_id": Field(here.words("column.incident_id"), TEXT),
        "title": Field(here.words("column.title"), TEXT),
        "category": Field(here.words("column.category_code"), TEXT),
        "department": Field(here.words("column.department_code"), TEXT),
        "reported_at": Field(here.words("column.reported_at"), DATE),
        "due_at": Field(here.words("column.due_at"), DATE),
    }
    exhibit = of_frame("oldest-overdue", words, frame, fields, ("open_overdue",))
    every = html.A(
        here.words("community.all_overdue", count=count(page.total)), href=cases_href(ever, "open_overdue"), className="small"
    )
    return exhibit_card(here, exhibit, table(heads, listed, words), width=7, note=here.words("community.oldest_note"), foot=every)


def _overdue_row(here: Visit, record: dict[Any, Any]) -> list[Cell]:
    late = (here.snapshot.build.as_of - record["due_at"].to_pydatetime()).total_seconds() / 3600
    title = here.words("cases.untitled") if is_missing(record["title"]) else str(record["title"])
    return [
        Cell(title, case_href(str(record["incident_id"]), here.view), is_wrapped=True),
        Cell(duration(late, here.lang)),
        Cell(moment(record["due_at"].to_pydatetime(), day_only=True)),
        Cell(here.name("category", record["category_code"]), is_wrapped=True),
        Cell(here.name("department", record["department_code"]), is_wrapped=True),
    ]


def _grids(here: Visit, own: pd.DataFrame) -> html.Section:
    """Its grids with what they carry and what is overdue there, busiest first."""
    words = here.words("community.grids")
    numbers = here.numbers(GRID_COLUMNS, by=("grid",))
    wide = numbers.pivot_table(index="grid", columns="metric", values="value", sort=False, dropna=False)
    wide = wide.reindex(columns=list(GRID_COLUMNS))
    wide = wide.sort_values(["incidents_per_grid", "reported"], ascending=False, na_position="last")
    heads = [Column(here.words("table.grid"), is_number=False), *(Column(heading(metric(key), here.lang)) for key in GRID_COLUMNS)]
    rows = [_grid_row(here, code, {str(name): value for name, value in record.items()}) for code, record in wide.iterrows()]
    totals = indexed(own, "metric")
    footer = [
        Cell(here.words("community.total")),
        *(_number(here, key, totals[key,]["value"], {}) for key in GRID_COLUMNS),
    ]
    exhibit = of_numbers(here, "grids", words, numbers, GRID_COLUMNS, ("grid",))
    return exhibit_card(here, exhibit, table(heads, rows, words, footer), info="")


def _grid_row(here: Visit, code: Any, values: dict[str, Any]) -> list[Cell]:
    if is_missing(code):
        name = Cell(here.words("workload.no_grid"))
    else:
        name = Cell(here.name("grid", code), page_href("/workload", here.view.replace(grid=(str(code),))))
    return [name, *(_number(here, key, values.get(key), {"grid": code}) for key in GRID_COLUMNS)]


def _number(here: Visit, key: str, value: Any, at: dict[str, Any]) -> Cell:
    definition = metric(key)
    return Cell(bare(value, definition.unit, definition.decimals, here.lang), cases_href(here.view, key, "numerator", at))
