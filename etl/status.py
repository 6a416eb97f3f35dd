"""What the published warehouse holds, as lines of text for the clerk."""

from __future__ import annotations

import duckdb

from etl.ledger import DataRoot
from etl.warehouse import published


def status_lines(root: DataRoot) -> list[str]:
    """Build, files with their rows, findings; one sentence when nothing was published yet."""
    current = published(root.warehouse)
    if current is None:
        return [f"还没有数据仓库；请把导出文件放进 {root.inbox}，然后运行 python -m etl build"]
    with duckdb.connect(str(root.warehouse / current.name), read_only=True) as connection:
        files = connection.execute(
            "SELECT name || coalesce('（' || sheet || '）', ''), rows_in, rows_loaded, rows_superseded, rows_set_aside, rows_total FROM meta.file"
        ).fetchall()
        findings = connection.execute("SELECT severity, name_zh, row_count FROM meta.finding").fetchall()
    lines = [f"{current.name}，数据截至 {current.as_of.replace('T', ' ')}"]
    lines += [f"  {name}：读入 {a:,} = 入库 {b:,} + 被取代 {c:,} + 搁置 {d:,} + 合计行 {e:,}" for name, a, b, c, d, e in files]
    return lines + [f"  {severity}：{promise}：{rows:,} 行不符" for severity, promise, rows in findings]
