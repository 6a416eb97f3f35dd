"""The load's command line: python -m etl [--data DIR] sample | build | status."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from etl.build import build
from etl.errors import EtlError
from etl.ledger import DataRoot
from etl.progress import progress_to
from etl.status import status_lines

_SHIPPED = Path(__file__).resolve().parent.parent / "data"


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit code: 0 done · 1 some files were refused · 2 nothing was built."""
    options = _parser().parse_args(arguments)
    root = DataRoot(Path(options.data), _SHIPPED)
    try:
        code: int = options.command(root, options)
        return code
    except EtlError as error:
        print(f"✗ {error.zh}\n  {error.en}", file=sys.stderr)
        return error.exit_code


def _sample(root: DataRoot, options: argparse.Namespace) -> int:
    from etl.sample import write_sample  # the generator is needed by this command only

    started = time.monotonic()
    print(f"生成示例镇（种子 {options.seed}，{options.months} 个月，{options.incidents:,} 件事件）…", flush=True)
    write_sample(
        root.inbox,
        seed=options.seed,
        months=options.months,
        incidents=options.incidents,
        until=options.until,
        plain=options.plain,
        progress=_say,
    )
    print(f"示例导出已写入 {root.inbox}（{time.monotonic() - started:.1f} 秒）")
    return 0


def _build(root: DataRoot, options: argparse.Namespace) -> int:
    started = time.monotonic()
    print("导入并重建数据仓库…", flush=True)
    outcome = build(root, [Path(file) for file in options.files], progress=progress_to(sys.stdout), received_by=getpass.getuser())
    for finding in outcome.findings:
        print(f"  {'⚠' if finding.check.severity == 'warn' else '·'} {finding.check.zh}：{finding.rows:,} 行不符")
    if outcome.is_new:
        print(
            f"完成：{outcome.published.name}，数据截至 {outcome.published.as_of.replace('T', ' ')}（{time.monotonic() - started:.1f} 秒）"
        )
    else:
        print(f"没有新内容，沿用 {outcome.published.name}")
    for error in outcome.refused:
        print(f"✗ 未导入：{error.zh}", file=sys.stderr)
    return 1 if outcome.refused else 0


def _status(root: DataRoot, _: argparse.Namespace) -> int:
    for line in status_lines(root):
        print(line)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m etl", description="把各系统的导出文件装进一个 DuckDB 数据仓库")
    parser.add_argument(
        "--data", default=os.environ.get("TOWNSHIP_DATA", str(_SHIPPED)), help="数据目录（默认 data，或环境变量 TOWNSHIP_DATA）"
    )
    commands = parser.add_subparsers(required=True, metavar="命令")
    sample = commands.add_parser("sample", help="生成示例镇的导出文件")
    sample.add_argument("--seed", type=int, default=2024)
    sample.add_argument("--months", type=int, default=36)
    sample.add_argument("--incidents", type=int, default=60_000)
    sample.add_argument("--until", type=date.fromisoformat, default=date(2026, 11, 15), help="最后一天，如 2026-11-15")
    sample.add_argument("--plain", action="store_true", help="只写规整的 UTF-8 CSV，用于大数据量测试")
    sample.set_defaults(command=_sample)
    builder = commands.add_parser("build", help="导入收件箱里的（和列出的）文件，重建并发布")
    builder.add_argument("files", nargs="*", help="收件箱之外的文件")
    builder.set_defaults(command=_build)
    commands.add_parser("status", help="当前数据仓库里有什么").set_defaults(command=_status)
    return parser


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
