"""The command line: python -m dashboard [--data DIR] serve [--host 127.0.0.1] [--port 8050] | report … | schedule | research …"""

from __future__ import annotations

import argparse
import os
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from dashboard.access import is_loopback
from dashboard.desk import ahead
from dashboard.report import command, schedule
from dashboard.report.errors import ReportError
from dashboard.research import verify
from dashboard.settings import Settings, SettingsError
from dashboard.warehouse import Warehouse, WarehouseError


def main(arguments: Sequence[str] | None = None) -> int:
    """Does what is asked. 2 when it cannot; the sentence on stderr says why and what to do."""
    asked = _parser().parse_args(arguments)
    try:
        settings = Settings.read(os.environ, data=asked.data, host=getattr(asked, "host", None), port=getattr(asked, "port", None))
    except SettingsError as error:
        return _refuse(str(error))
    if asked.command == "report":
        try:
            return command.run(settings, asked, now=datetime.now(), environment=os.environ)
        except KeyboardInterrupt:
            print("已停止；没有编完的不会留下", file=sys.stderr)
            return 130
    if asked.command == "research":
        return verify.run(settings, asked.verify)
    return _serve(settings) if asked.command == "serve" else _schedule(settings)


def _serve(settings: Settings) -> int:
    """Serves until interrupted."""
    if not is_loopback(settings.host):
        return _refuse(
            f"{settings.host} 不是本机地址。平台尚无用户账户，只能在本机（127.0.0.1）提供服务。\n"
            f"{settings.host} is not a loopback address. There are no accounts yet, so only this machine is served."
        )
    if _is_taken(settings.host, settings.port):
        return _refuse(
            f"端口 {settings.port} 已被占用，请关闭占用它的程序，或用 --port 换一个端口。\n"
            f"Port {settings.port} is taken; stop what uses it or choose another with --port."
        )
    from dashboard.server import listening  # the pages: a report needs none of them, and starts in half the time

    server = listening(settings)
    print(f"镇域治理看板：http://{settings.host}:{settings.port}/  （{_standing(settings)}，按 Ctrl+C 停止）", flush=True)
    try:
        schedule.start(settings)
    except ReportError as error:  # the pages do not depend on it
        _refuse(f"不会自动编制周报：{error}")
    ahead.start(settings, _newest(settings))
    try:
        server.run()
    except KeyboardInterrupt:
        print("已停止。")
    return 0


def _schedule(settings: Settings) -> int:
    """Makes the weekly reports by itself until interrupted, for those who serve no pages here."""
    try:
        scheduler = schedule.start(settings)
    except ReportError as error:
        return _refuse(f"{error.zh}\n{error.en}")
    if scheduler is None:
        return _refuse(
            f"{settings.data}/reports.toml 里没有 [schedule]，不知道何时编制；样例见 python -m dashboard report --example\n"
            f"{settings.data}/reports.toml has no [schedule]; python -m dashboard report --example shows one"
        )
    print("到时自动编制周报（按 Ctrl+C 停止）", flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        print("已停止。")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m dashboard", description="镇域治理看板：在浏览器里看数据 / the dashboard in a browser"
    )
    parser.add_argument("--data", type=Path, help="数据目录 / data root (default: data, or TOWNSHIP_DATA)")
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="启动网页服务 / serve the dashboard")
    serve.add_argument("--host", help="监听地址 / address (127.0.0.1)")
    serve.add_argument("--port", type=int, help="端口 / port (8050)")
    command.add_parser(commands)
    verify.add_parser(commands)
    commands.add_parser("schedule", help="到时自动编制周报 / make the weekly reports by itself")
    return parser


def _newest(settings: Settings) -> Callable[[], str]:
    """Tells the build that is served now, "" where there is none."""
    warehouse = Warehouse(settings.warehouse, settings.threads)

    def build_id() -> str:
        try:
            return warehouse.current().build.build_id
        except WarehouseError:
            return ""

    return build_id


def _standing(settings: Settings) -> str:
    """How new the data is; without a warehouse, where the first files go."""
    warehouse = Warehouse(settings.warehouse, settings.threads)
    try:
        return f"数据截至 {warehouse.current().build.as_of:%Y-%m-%d %H:%M}"
    except WarehouseError as error:
        return f"{error.zh}；也可在网页的“数据”页导入"
    finally:
        warehouse.close()


def _is_taken(host: str, port: int) -> bool:
    """Whether somebody answers there already; waitress itself would only fail with a stack trace."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 2


if __name__ == "__main__":
    raise SystemExit(main())
