"""What the published warehouse holds, as lines of text for the clerk."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from etl.ledger import DataRoot, waiting
from etl.warehouse import kept_builds, published

_SIGNS = {"stop": "✗", "warn": "⚠", "note": "·"}


def status_lines(root: DataRoot) -> list[str]:
    """Build, files with their rows, findings, what waits; one sentence when nothing was published yet."""
    current = published(root.warehouse)
    if current is None:
        return [f"还没有数据仓库；请把导出文件放进 {root.inbox}，然后运行 python -m etl build"]
    with duckdb.connect(str(root.warehouse / current.name), read_only=True) as connection:
        lines = [f"{current.name}，数据截至 {current.as_of.replace('T', ' ')}", *_files(connection), *_findings(connection)]
    if current.instead_of:
        lines.append("  已回退：有新内容的导入会重新发布最新数据")
    others = [file.stem for file in kept_builds(root.warehouse) if file.name != current.name]
    lines += [f"  可回到（python -m etl rollback 版本名）：{'、'.join(others)}"] if others else []
    return lines + [f"  等待导入：{path.name}" for path in waiting(root)]


def _files(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    files = connection.execute(
        "SELECT file_id, name || coalesce('（' || sheet || '）', ''), rows_in, rows_loaded, rows_superseded, rows_set_aside, rows_total, "
        "returned_name FROM meta.file"
    ).fetchall()
    for file_id, name, read, loaded, superseded, set_aside, total, returned in files:
        yield (
            f"  {file_id} {name}：读入 {read:,} = 入库 {loaded:,} + 被取代 {superseded:,} + 搁置 {set_aside:,} + 合计行 {total:,}"
            + (f"；待改正：returned/{returned}" if returned else "")
        )


def _findings(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    findings = connection.execute("SELECT severity, name_zh, row_count, advice_zh FROM meta.finding").fetchall()
    for severity, promise, rows, advice in findings:
        yield f"  {_SIGNS[severity]} {promise}：{rows:,} 行不符。{advice}"
