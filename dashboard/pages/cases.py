"""工单: the rows behind a number (反查), a page at a time from the warehouse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast, get_args

import dash_ag_grid as dag
import dash_bootstrap_components as dbc
import pandas as pd
from dash import dcc, html

from dashboard import ids
from dashboard.components.attributes import aria, data
from dashboard.components.info import info
from dashboard.components.states import empty, not_found
from dashboard.downloads import csv_head, csv_rows
from dashboard.exhibit import MOMENT, NUMBER, TEXT, Exhibit, Field, Sheet
from dashboard.i18n import grid_words
from dashboard.i18n.dates import as_date, moment, week_name, weekday
from dashboard.i18n.numbers import NOTHING, count, decimal, duration, is_missing
from dashboard.metrics.cases import NoCases, Part, cases_sql
from dashboard.metrics.catalogue import UnknownMetric
from dashboard.metrics.dimensions import UnknownDimension, dimension
from dashboard.pages import case_filters
from dashboard.pages.head import page_head
from dashboard.queries import CaseList, CasePage, Listing, all_cases, case_page, kind_of
from dashboard.reading.links import PINNED, case_href, page_href
from dashboard.reading.visit import Visit, metric

PATH = "/cases"
KEY = "cases"
BLOCK = 100
PHONE_PAGE = 50
DEFAULT = "reported"
_INSIDE = ("is_open_overdue",)  # said in another column
MOST_ROWS = 5_000  # a request may not ask for more

# On screen: what a reader looks for first stands left; columns not named here follow.
_ORDER = (
    "incident_id",
    "service_case_id",
    "patrol_id",
    "title",
    "item",
    "kind",
    "status_code",
    "community_code",
    "centre",
    "category_code",
    "department_code",
    "reported_at",
    "applied_at",
    "patrolled_at",
    "due_at",
    "closed_at",
    "done_at",
    "hours_to_close",
    "is_on_time",
)
_WIDTHS = {
    "title": 250,
    "item": 210,
    "centre": 190,
    "incident_id": 170,
    "service_case_id": 170,
    "patrol_id": 170,
    "subcategory": 130,
    "department_code": 150,
    "category_code": 165,
    "reported_at": 165,
    "due_at": 165,
    "closed_at": 165,
    "applied_at": 165,
    "done_at": 165,
    "patrolled_at": 165,
    "status_code": 100,
    "level_code": 90,
    "grid_code": 100,
    "hours_to_close": 105,
    "is_on_time": 95,
}


def body(visit: Visit) -> list[Any]:
    """What the list is, a search, the grid; on a phone the same rows as cards."""
    try:
        definition = metric(visit.choice("metric", DEFAULT))
        first = case_page(visit.snapshot, listing(visit), offset=_phone_offset(visit), limit=PHONE_PAGE)
    except (UnknownMetric, UnknownDimension, NoCases):
        return [not_found(visit.view, "cases.unknown")]
    words = definition.text(visit.lang)
    part = visit.words(f"cases.{_part(visit)}") if definition.denominator else ""
    name = visit.words("cases.behind", name=words.name, part=part) if part else words.name
    head = page_head(visit, "cases")
    intro = html.Div(
        [
            html.H2(name),
            info(definition, visit.view),
            *_pinned(visit),
            html.Span(className="spring"),
            html.Span(total_words(visit, first.total), id=ids.case_total(ids.CASES), className="number soft"),
            _downloads(visit),
        ],
        className="card-head mb-2",
    )
    if not first.total:
        return [head, intro, _search(visit), html.Div(empty(visit.lang, "cases.none"), className="card-box")]
    query = {"path": visit.path, "search": page_href("", visit.view, **dict(visit.choices or {}))}
    return [
        head,
        intro,
        _search(visit),
        dcc.Store(id=ids.case_query(ids.CASES), data=query),
        _grid(visit, first.listed),
        _cards(visit, first),
        _pager(visit, first),
    ]


def total_words(visit: Visit, total: int) -> str:
    """共 1,234 条"""
    return visit.words("cases.total", count=count(total))


def block(visit: Visit, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The rows the grid asks for: startRow, endRow, sortModel → rowData, rowCount."""
    start = max(0, int(asked.get("startRow") or 0))
    limit = min(MOST_ROWS, max(1, int(asked.get("endRow") or BLOCK) - start))
    page = case_page(visit.snapshot, listing(visit, asked), offset=start, limit=limit)
    return {"rowData": [_shown(visit, page.listed, record) for record in page.frame.to_dict("records")], "rowCount": page.total}


def listing(visit: Visit, asked: Mapping[str, Any] | None = None) -> Listing:
    """The rows the address means, or with the order and column filters the grid asks for."""
    at = {key.removeprefix(PINNED): value for key, value in (visit.choices or {}).items() if key.startswith(PINNED)}
    rows = cases_sql(visit.choice("metric", DEFAULT), _part(visit), visit.view, visit.snapshot.build, at=at)
    if asked is None:
        column, descending = case_filters.order(visit.choice("sort"))
        conditions = case_filters.conditions(visit, case_filters.parsed(visit.choice("where")))
    else:
        sorting = (asked.get("sortModel") or [{}])[0]
        column, descending = str(sorting.get("colId", "")), sorting.get("sort", "desc") != "asc"
        conditions = case_filters.conditions(visit, case_filters.from_grid(asked.get("filterModel") or {}))
    return Listing(rows, visit.choice("q"), conditions, column, descending)


def _part(visit: Visit) -> Part:
    asked = visit.choice("part", "numerator")
    return cast(Part, asked) if asked in get_args(Part) else "numerator"


def _pinned(visit: Visit) -> list[Any]:
    """The dimensions pinned by the bar that was pressed, each with the way to let go of it."""
    found = []
    for key, value in (visit.choices or {}).items():
        if key.startswith(PINNED):
            own = dimension(key.removeprefix(PINNED))
            name = own.en if visit.lang == "en" else own.zh
            rest = {k: v for k, v in (visit.choices or {}).items() if k != key}
            close = html.A("×", href=page_href(PATH, visit.view, **rest), **aria(label=visit.words("filter.remove", name=name)))
            found.append(
                html.Span(
                    [f"{name}{visit.words('punctuation.colon')}{_pinned_value(visit, own.id, value)}", close], className="chip"
                )
            )
    return found


def _pinned_value(visit: Visit, name: str, value: str) -> str:
    if not value:
        return NOTHING
    if name == "dow" and value.isdigit() and 1 <= int(value) <= 7:
        return weekday(int(value), visit.lang)
    if name == "hour":
        return visit.words("service.hour", hour=value)
    if name == "week":
        return week_name(as_date(value), visit.lang)
    return visit.name(name, value)


def as_exhibit(visit: Visit, found: Listing, title: str, most: int) -> Exhibit:
    """The list as data, `most` rows at the most; a longer one says so in its note."""
    total = case_page(visit.snapshot, found, limit=0).total
    note = visit.words("cases.cut", most=count(most), total=count(total)) if total > most else ""
    key = visit.choice("metric", DEFAULT)

    def make() -> Sheet:
        blocks = all_cases(visit.snapshot, found, most)
        return Sheet(_fields(visit, found.listed), [row for block in blocks for row in _values(visit, found.listed, block)])

    return Exhibit("cases", f"{visit.words('page.cases')} · {title}", make, (key,), note)


def to_csv(visit: Visit, found: Listing) -> Iterator[str]:
    """The whole list as CSV, block by block."""
    fields = _fields(visit, found.listed)
    yield csv_head(fields)
    for block in all_cases(visit.snapshot, found):
        yield csv_rows(fields, _values(visit, found.listed, block))


def _fields(visit: Visit, listed: CaseList) -> list[Field]:
    units = {"number": NUMBER, "moment": MOMENT}
    return [Field(visit.words(f"column.{column}"), units.get(kind_of(column), TEXT)) for column in _ordered(listed)]


def _values(visit: Visit, listed: CaseList, block: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    """Rows of a file: names for codes, words for flags, numbers and moments as they are."""
    columns = _ordered(listed)
    raw = {column for column in columns if kind_of(column) in ("number", "moment", "text")}
    return [[record[c] if c in raw else _flag_or_name(visit, c, record) for c in columns] for record in block]


def _flag_or_name(visit: Visit, column: str, record: Mapping[str, Any]) -> str:
    if column == "is_on_time" and is_missing(record["closed_at"]):
        return visit.words("cases.no") if record["is_open_overdue"] else ""
    return "" if is_missing(record[column]) else value_shown(visit, column, record[column])


def _ordered(listed: CaseList) -> list[str]:
    """The columns as the screen has them; those said in another column left out."""
    columns = sorted(listed.columns, key=lambda c: _ORDER.index(c) if c in _ORDER else len(_ORDER))
    return [column for column in columns if column not in _INSIDE]


def _downloads(visit: Visit) -> html.Details:
    """⋯: all rows of the list as a file; cards.js gives the links the address with the grid's own filters."""
    label = visit.words("card.tools")
    links = [html.A(visit.words(f"card.{kind}"), href=f"/cases.{kind}", download="", **data(kind=kind)) for kind in ("xlsx", "csv")]
    return html.Details(
        [html.Summary("⋯", title=label, **aria(label=label)), html.Div(links, className="pop")], className="popup tools listed"
    )


def _search(visit: Visit) -> html.Form:
    label = visit.words("cases.search")
    box = dbc.Input(type="search", name="q", value=visit.choice("q"), placeholder=label, className="case-search")
    return html.Form(
        html.Label([html.Span(label, className="visually-hidden"), box], className="d-block"), className="mb-2", **data(query="q")
    )


def _grid(visit: Visit, listed: CaseList) -> html.Div:
    sort, descending = case_filters.order(visit.choice("sort"))
    sort = sort if sort in listed.columns else listed.sort
    columns = [
        {
            "field": column,
            "headerName": visit.words(f"column.{column}"),
            "width": _WIDTHS.get(column, 140),
            "sortable": True,
            "sort": ("desc" if descending else "asc") if column == sort else None,
            **case_filters.column(visit, column),
            **({"cellRenderer": "CaseLink", "pinned": "left"} if column == listed.key else {}),
        }
        for column in _ordered(listed)
    ]
    options: dict[str, Any] = {
        "rowBuffer": 0,
        "cacheBlockSize": BLOCK,
        "maxBlocksInCache": 20,
        "infiniteInitialRowCount": BLOCK,
        "suppressCellFocus": False,
        "suppressMultiSort": True,
        "theme": {"function": "townshipGridTheme(themeQuartz)"},
    }
    if visit.lang == "zh":
        options["localeText"] = grid_words()
    grid = dag.AgGrid(
        id=ids.case_grid(ids.CASES),
        rowModelType="infinite",
        columnDefs=columns,
        dashGridOptions=options,
        defaultColDef={"resizable": True, "sortable": True, "sortingOrder": ["desc", "asc"], "suppressHeaderMenuButton": True},
        filterModel=case_filters.to_grid(case_filters.parsed(visit.choice("where"))),
        style={"height": "100%"},
    )
    return html.Div(grid, className="case-grid")


def _cards(visit: Visit, page: CasePage) -> html.Ul:
    """For a phone: a row as a card."""
    items = []
    for record in page.frame.to_dict("records"):
        row = _shown(visit, page.listed, record)
        lines = [
            row.get(name, "")
            for name in ("status_code", "community_code", "department_code", "reported_at", "applied_at", "patrolled_at")
        ]
        title = row.get("title") or row.get("item") or row.get("kind") or visit.words("cases.untitled")
        content = [
            html.Div([html.Span(title), html.Span(row.get("is_on_time", ""), className="soft small")], className="row1"),
            html.Div(" · ".join(line for line in lines if line and line != NOTHING), className="soft small"),
            html.Div(row[page.listed.key], className="soft small number"),
        ]
        items.append(html.Li(html.A(content, href=row["href"]) if row.get("href") else html.Div(content, className="p-3")))
    return html.Ul(items, className="case-cards")


def _phone_offset(visit: Visit) -> int:
    asked = visit.choice("page", "1")
    return (int(asked) - 1) * PHONE_PAGE if asked.isdecimal() and 0 < int(asked) < 100_000 else 0


def _pager(visit: Visit, page: CasePage) -> html.Nav:
    offset = _phone_offset(visit)
    number = offset // PHONE_PAGE + 1
    rest = {key: value for key, value in (visit.choices or {}).items() if key != "page"}
    last = min(offset + PHONE_PAGE, page.total)
    links: list[Any] = [
        html.Span(visit.words("cases.phone_shown", first=count(offset + 1), last=count(last), count=count(page.total)))
    ]
    if number > 1:
        links.insert(0, html.A(visit.words("cases.previous"), href=page_href(PATH, visit.view, **rest, page=str(number - 1))))
    if last < page.total:
        links.append(html.A(visit.words("cases.next"), href=page_href(PATH, visit.view, **rest, page=str(number + 1))))
    return html.Nav(links, className="pager phone small", **aria(label=visit.words("cases.pages")))


def _shown(visit: Visit, listed: CaseList, record: Mapping[Any, Any]) -> dict[str, Any]:
    """A row in words."""
    row = {column: value_shown(visit, column, record[column]) for column in listed.columns}
    if listed.key == "incident_id":
        row["href"] = case_href(str(record["incident_id"]), visit.view)
        if is_missing(record["closed_at"]):  # an open case is late only once its deadline has passed
            row["is_on_time"] = visit.words("cases.no") if record["is_open_overdue"] else NOTHING
    return row


def value_shown(visit: Visit, column: str, value: Any) -> str:
    """One value of a core table as text; — where there is none."""
    if is_missing(value):
        return NOTHING
    if column.endswith("_code") and column != "grid_code":
        return visit.name(column.removesuffix("_code"), value)
    if column.endswith("_at"):
        return moment(pd.Timestamp(value).to_pydatetime())
    if column.startswith("hours_to") or column == "hours":
        return duration(value, visit.lang)
    if column.startswith("is_on"):
        return visit.words("cases.yes" if value else "cases.no")
    if column.startswith("is_"):
        return visit.words("answer.yes" if value else "answer.no")
    if isinstance(value, float):
        return decimal(value, 0 if value == int(value) else 1)
    return str(value)
