"""Who was to be called back, who answered and what they said, by what makes cases unlike: community, work content and channel."""

from __future__ import annotations

from datetime import date

import pandas as pd

from dashboard.metrics.dimensions import filter_sql, filter_values, shape
from dashboard.view import View
from dashboard.warehouse import Snapshot

TABLE, PERIOD = "core.callback_case", "closed_on"
CELLS = ("community_code", "category_code", "channel_code")


def callback_cells(snapshot: Snapshot, view: View, days: tuple[date, date]) -> pd.DataFrame:
    """A row a cell: its codes, coarsest first, asked (due for a callback, or answered without being due), answers, and satisfied, the sum
    of their credits.
    """
    codes = ", ".join(CELLS)
    credit = "sum(CAST(satisfaction_credit AS DECIMAL(18, 6))) FILTER (WHERE is_complete)"  # of decimals, as everywhere
    return snapshot.query(
        f"SELECT {codes}, count(*) AS asked, count_if(is_complete) AS answers, CAST(coalesce({credit}, 0) AS DOUBLE) AS satisfied "
        f"FROM {TABLE} WHERE {PERIOD} BETWEEN ? AND ? AND (is_due OR is_complete){filter_sql(shape(view), TABLE, PERIOD)} GROUP BY ALL ORDER BY ALL",
        [*days, *filter_values(view, TABLE, PERIOD)],
    )
