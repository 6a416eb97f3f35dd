"""The six charts every tool draws, as the tool's users would: plain SQL over the warehouse, Plotly Express figures.

Run inside the environment of the tool, which has neither our packages nor our rules.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Any

import duckdb
import plotly.express as px

PERIODS = {"12 weeks": 84, "26 weeks": 182, "all": 10_000}
_SINCE = "reported_on > (SELECT max(reported_on) FROM core.incident) - CAST(? AS INTEGER)"
_connection = duckdb.connect(os.environ["WAREHOUSE"], read_only=True)
_lock = threading.Lock()

QUERIES = {
    "flow": f"SELECT reported_week AS week, count(*) AS reported, count(closed_on) AS closed FROM core.incident WHERE {_SINCE} GROUP BY ALL ORDER BY 1",
    "on_time": f"SELECT reported_week AS week, avg(is_on_time::INT) AS rate FROM core.incident WHERE {_SINCE} AND is_on_time IS NOT NULL GROUP BY ALL ORDER BY 1",
    "communities": f"SELECT community_code AS community, avg(is_on_time::INT) AS rate FROM core.incident WHERE {_SINCE} AND is_on_time IS NOT NULL GROUP BY ALL ORDER BY 2",
    "categories": f"SELECT category_code AS category, count(*) AS cases FROM core.incident WHERE {_SINCE} GROUP BY ALL ORDER BY 2",
    "hours": f"SELECT reported_dow AS day, reported_hour AS hour, count(*) AS cases FROM core.incident WHERE {_SINCE} AND reported_hour IS NOT NULL GROUP BY ALL",
    "departments": f"SELECT department_code AS department, count(*) AS cases FROM core.incident WHERE {_SINCE} AND is_open_overdue GROUP BY ALL ORDER BY 2 DESC LIMIT 15",
}


def frame(name: str, period: str) -> Any:
    """The data of one chart."""
    with _lock:
        return _connection.execute(QUERIES[name], [PERIODS[period]]).df()


FIGURES: dict[str, Callable[[Any], Any]] = {
    "flow": lambda df: px.line(df, x="week", y=["reported", "closed"]),
    "on_time": lambda df: px.line(df, x="week", y="rate"),
    "communities": lambda df: px.scatter(df, x="rate", y="community"),
    "categories": lambda df: px.bar(df, x="cases", y="category", orientation="h"),
    "hours": lambda df: px.density_heatmap(df, x="hour", y="day", z="cases", nbinsx=24, nbinsy=7),
    "departments": lambda df: px.bar(df, x="department", y="cases"),
}
