"""The load's command line: python -m etl [--data DIR] sample | check | build | watch | status | alias | withdraw | rollback."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
import time
import traceback
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

from etl.build import Outcome, build
from etl.check import check
from etl.errors import EtlError, FileNotThere, InternalError
from etl.ledger import DataRoot, withdraw
from etl.privacy import masked
from etl.progress import JsonProgress, Progress, progress_to
from etl.status import status_lines
from etl.warehouse import only_build, roll_back
from etl.watch import watch

_SHIPPED = Path(__file__).resolve().parent.parent / "data"


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit code: 0 done · 1 some files were refused · 2 nothing was done."""
    options = _parser().parse_args(arguments)
    root = DataRoot(Path(options.data), _SHIPPED)
    try:
        code: int = options.command(root, options)
        return code
    except EtlError as error:
        return _fail(error, options)
    except KeyboardInterrupt:
        print("已停止；已发布的数据不受影响", file=sys.stderr)
        return 130
    except Exception:  # a fault of this program: its details are for the maintainers
        return _fail(_noted(root), options)


def _fail(error: EtlError, options: argparse.Namespace) -> int:
    if getattr(options, "json", False):
        print(json.dumps({"error": {"zh": error.zh, "en": error.en}}, ensure_ascii=False), flush=True)
    else:
        print(f"✗ {error.zh}\n  {error.en}", file=sys.stderr)
    return error.exit_code


def _noted(root: DataRoot) -> InternalError:
    """Writes the traceback, with personal numbers masked, to the log of the data root."""
    log = root.path / "etl-error.log"
    with suppress(OSError), log.open("a", encoding="utf-8") as file:
        file.write(f"{datetime.now():%Y-%m-%d %H:%M:%S}\n{masked(traceback.format_exc())}\n")
    return InternalError(
        f"程序内部出错，已停止；上一版数据不受影响。细节在 {log}，请交给维护者",
        f"an internal error; the last warehouse stays. Details are in {log}, please give them to the maintainers",
    )


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
        progress=lambda line: print(line, flush=True),
    )
    print(f"示例导出已写入 {root.inbox}（{time.monotonic() - started:.1f} 秒）")
    return 0


def _check(root: DataRoot, options: argparse.Namespace) -> int:
    verdicts = check(root, _existing(options.files), progress=_progress(options))
    if options.json:
        print(json.dumps({"verdicts": [verdict.data() for verdict in verdicts]}, ensure_ascii=False), flush=True)
    else:
        print("\n".join(line for verdict in verdicts for line in verdict.lines()))
    return 1 if any(verdict.verdict == "refused" for verdict in verdicts) else 0


def _build(root: DataRoot, options: argparse.Namespace) -> int:
    started = time.monotonic()
    progress = _progress(options)
    progress.say("导入并重建数据仓库…")
    outcome = build(root, _existing(options.files), progress=progress, received_by=options.by, wait=options.wait)
    if options.json:
        print(json.dumps({"result": _result(outcome)}, ensure_ascii=False), flush=True)
    else:
        _tell(outcome, time.monotonic() - started)
    return 1 if outcome.refused else 0


def _watch(root: DataRoot, options: argparse.Namespace) -> int:
    progress = progress_to(sys.stdout)
    refused = watch(root, progress=progress, received_by=options.by, every=options.every, quiet=options.quiet, once=options.once)
    return 1 if refused else 0


def _status(root: DataRoot, _: argparse.Namespace) -> int:
    for line in status_lines(root):
        print(line)
    return 0


def _alias(root: DataRoot, options: argparse.Namespace) -> int:
    from etl.aliases import add_alias

    print(add_alias(root, options.list, options.word, options.code, by=options.by, on=date.today()))
    print("下次导入（python -m etl build）起生效")
    return 0


def _withdraw(root: DataRoot, options: argparse.Namespace) -> int:
    with only_build(root.warehouse):
        file = withdraw(root, options.file_id, by=options.by)
    print(f"已撤下 {file.name}（{file.file_id}）；原件仍保留。运行 python -m etl build 后看板里不再有它的行")
    return 0


def _roll_back(root: DataRoot, options: argparse.Namespace) -> int:
    with only_build(root.warehouse):
        build = roll_back(root.warehouse, options.build)
    print(f"已回到 {build.name}，数据截至 {build.as_of.replace('T', ' ')}；下一次有新内容的导入会重新发布最新数据")
    return 0


def _result(outcome: Outcome) -> dict[str, object]:
    return {
        "published": outcome.published.name,
        "is_new": outcome.is_new,
        "as_of": outcome.published.as_of,
        "refused": [{"name": refusal.name, "zh": refusal.error.zh, "en": refusal.error.en} for refusal in outcome.refused],
        "findings": len(outcome.findings),
    }


def _tell(outcome: Outcome, seconds: float) -> None:
    for finding in outcome.findings:
        print(f"  {'⚠' if finding.check.severity == 'warn' else '·'} {finding.check.zh}：{finding.rows:,} 行不符")
    as_of = outcome.published.as_of.replace("T", " ")
    if outcome.is_new:
        print(f"完成：{outcome.published.name}，数据截至 {as_of}（{seconds:.1f} 秒）")
    else:
        print(f"没有新内容，沿用 {outcome.published.name}")
    for refusal in outcome.refused:
        print(f"✗ 未导入：{refusal.error.zh}", file=sys.stderr)


def _existing(files: Sequence[str]) -> list[Path]:
    """Raises FileNotThere."""
    for file in files:
        if not Path(file).is_file():
            raise FileNotThere(f"找不到文件 {file}；请核对路径", f"there is no file {file}; check the path")
    return [Path(file) for file in files]


def _progress(options: argparse.Namespace) -> Progress:
    return JsonProgress(sys.stdout) if options.json else progress_to(sys.stdout)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m etl", description="把各系统的导出文件装进一个 DuckDB 数据仓库")
    parser.add_argument(
        "--data", default=os.environ.get("TOWNSHIP_DATA", str(_SHIPPED)), help="数据目录（默认 data，或环境变量 TOWNSHIP_DATA）"
    )
    commands = parser.add_subparsers(required=True, metavar="命令")
    user = getpass.getuser()

    sample = commands.add_parser("sample", help="生成示例镇的导出文件")
    sample.add_argument("--seed", type=int, default=2024)
    sample.add_argument("--months", type=int, default=36)
    sample.add_argument("--incidents", type=int, default=60_000)
    sample.add_argument("--until", type=date.fromisoformat, default=date(2026, 11, 15), help="最后一天，如 2026-11-15")
    sample.add_argument("--plain", action="store_true", help="只写规整的 UTF-8 CSV，用于大数据量测试")
    sample.set_defaults(command=_sample)

    checker = commands.add_parser("check", help="看一个文件是哪一类导出、会怎样导入；不导入")
    checker.add_argument("files", nargs="+", metavar="文件")
    checker.add_argument("--json", action="store_true", help="给程序看的 JSON，一行一个")
    checker.set_defaults(command=_check)

    builder = commands.add_parser("build", help="导入收件箱里的（和列出的）文件，重建并发布")
    builder.add_argument("files", nargs="*", metavar="文件", help="收件箱之外的文件")
    builder.add_argument("--by", default=user, help="记为谁导入的")
    builder.add_argument("--wait", type=float, default=0, metavar="秒", help="有别的导入在进行时最多等多久")
    builder.add_argument("--json", action="store_true", help="给程序看的 JSON，一行一个")
    builder.set_defaults(command=_build)

    watcher = commands.add_parser("watch", help="看着收件箱：文件放完就检查、导入")
    watcher.add_argument("--by", default="收件箱", help="记为谁导入的")
    watcher.add_argument("--every", type=float, default=5, metavar="秒", help="多久看一次")
    watcher.add_argument("--quiet", type=float, default=10, metavar="秒", help="文件多久没有变化才算放完")
    watcher.add_argument("--once", action="store_true", help="把现有的文件处理完就结束（供 cron 用）")
    watcher.set_defaults(command=_watch)

    commands.add_parser("status", help="当前数据仓库里有什么").set_defaults(command=_status)

    alias = commands.add_parser("alias", help="为一个未匹配的写法指定代码，如 alias community 锦绣里 C01")
    alias.add_argument("list", metavar="名单")
    alias.add_argument("word", metavar="写法")
    alias.add_argument("code", metavar="代码")
    alias.add_argument("--by", default=user, help="记为谁添加的")
    alias.set_defaults(command=_alias)

    remover = commands.add_parser("withdraw", help="撤下一个误导入的文件（原件保留）")
    remover.add_argument("file_id", metavar="文件编号", help="见 status")
    remover.add_argument("--by", default=user, help="记为谁撤下的")
    remover.set_defaults(command=_withdraw)

    back = commands.add_parser("rollback", help="回到上一版（或指定的一版）数据仓库")
    back.add_argument("build", nargs="?", help="版本名，见 status；不写就是上一版")
    back.set_defaults(command=_roll_back)
    return parser


if __name__ == "__main__":
    sys.exit(main())
