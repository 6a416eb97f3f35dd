"""A number's journey: from the row of a messy export to the value, and back from the value to the row."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard import queries
from dashboard.metrics.cases import cases_sql
from dashboard.metrics.compute import compute
from dashboard.view import View
from dashboard.warehouse import Warehouse
from tests.etl.exports import built, data_root, put

EXPORT = """
禾湾镇事件清单 | | | | | |
导出时间：2026-11-16 08:00 | | | | | |
工单编号 | 当前状态 | 村社区 | 创建时间 | 办理期限 | 办结时间 | 联系电话
SJ1 | 已办结 | 北门 | 2026年11月9日 上午9:05 | 2026/11/12 | 2026-11-11 | 19900001111
SJ2 | [办结] | 北门社区 | 2026-11-09 10:00:00 | 2026-11-10 18:00:00 | 2026-11-12 09:00:00 | 19900001112
SJ3 | 处置中 | 禾湾镇北门社区 | 2026/11/10 8:00 | 2026-11-13 18:00:00 | — | 19900001113
SJ4 | 处置中 | 北门 | ２０２６－１１－１３ ０８：００ | 2026-11-20 18:00:00 | | 19900001114
SJ5 | 作废 | 北门 | 2026-11-13 08:00:00 | 2026-11-14 18:00:00 | | 19900001115
SJ6 | 已办结 | 福满园 | 2026-11-13 08:00:00 | 2026-11-14 18:00:00 | 2026-11-13 09:00:00 | 19900001116
合计 | 6 | | | | |
"""


def test_a_number_leads_to_its_cases_and_a_case_to_the_row_of_its_file(tmp_path: Path) -> None:
    root = data_root(tmp_path)
    put(root, "事件.csv", EXPORT, encoding="gb18030")
    built(root)
    warehouse = Warehouse(root.warehouse)
    snapshot = warehouse.current()
    ((north_gate,),) = snapshot.rows("SELECT community_code FROM core.community WHERE name = '北门社区'")
    week = View.from_query(f"?from=2026-11-09&to=2026-11-15&community={north_gate}")

    # SJ1 in time, SJ2 late, SJ3 open and overdue; SJ4 is not due yet, SJ5 void, SJ6 elsewhere
    row = compute(snapshot, ["on_time_closure_rate"], week, min_n=0).iloc[0]
    assert (row["numerator"], row["denominator"]) == (1, 3)
    assert row["value"] == pytest.approx(1 / 3)

    behind = cases_sql("on_time_closure_rate", "denominator", week, snapshot.build)
    page = queries.case_page(snapshot, queries.Listing(behind), offset=0, limit=50)
    assert page.total == 3
    assert set(page.frame["incident_id"]) == {"SJ1", "SJ2", "SJ3"}

    source = queries.case(snapshot, "SJ1").source
    assert (source.file_name, source.file_row) == ("事件.csv", 4)
    assert source.cells["reported_at"] == "2026年11月9日 上午9:05"
    assert "19900001111" not in str(source)
    warehouse.close()
