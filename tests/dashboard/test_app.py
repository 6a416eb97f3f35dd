"""The application over HTTP: first screen with its numbers, headers, compression, and what it refuses."""

from __future__ import annotations

import gzip
import json
import logging
import re
import shutil
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped]
import duckdb
import pytest
from flask.testing import FlaskClient

from dashboard.__main__ import main
from dashboard.app import create_app
from dashboard.settings import Settings
from dashboard.warehouse import Warehouse

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def client(sample_warehouse: Warehouse) -> FlaskClient:
    app = create_app(Settings(data=sample_warehouse.directory.parent))
    found: FlaskClient = app.server.test_client()
    return found


def layout(client: FlaskClient, url: str) -> str:
    """The first screen as the browser gets it for an address; plain text of the answer."""
    answer = client.get("/_dash-layout", headers={"Referer": f"http://localhost{url}"})
    assert answer.status_code == 200
    return json.dumps(json.loads(answer.data), ensure_ascii=False)


def screen(client: FlaskClient, url: str, before: dict[str, Any] | None) -> dict[str, Any]:
    """What the callback of the URL answers: id.property → value; empty when nothing changes."""
    path, _, query = url.partition("?")
    described = next(c for c in json.loads(client.get("/_dash-dependencies").data) if "root.children" in c["output"])
    outputs = [dict(zip(("id", "property"), o.rsplit(".", 1), strict=True)) for o in described["output"].strip(".").split("...")]
    answer = client.post(
        "/_dash-update-component",
        json={
            "output": described["output"],
            "outputs": outputs,
            "changedPropIds": ["url.search"],
            "inputs": [
                {"id": "url", "property": "pathname", "value": path},
                {"id": "url", "property": "search", "value": "?" + query if query else ""},
                {"id": "news", "property": "data", "value": None},
            ],
            "state": [{"id": "shown", "property": "data", "value": before}],
        },
    )
    if answer.status_code == 204:
        return {}
    response = json.loads(answer.data)["response"]
    return {f"{name}.{prop}": value for name, props in response.items() for prop, value in props.items()}


def test_the_first_screen_carries_the_numbers_of_its_address(client: FlaskClient) -> None:
    whole, part = layout(client, "/closure"), layout(client, "/closure?community=C03&lang=en")
    assert "办结" in whole
    assert "class=tile-value" in whole
    assert "On-time closure rate" in part
    assert '"community": ["C03"]' in part
    assert whole != part


def test_only_what_changed_is_sent(client: FlaskClient) -> None:
    first = screen(client, "/", None)
    assert set(first) == {"root.children", "shown.data"}
    shown = first["shown.data"]
    assert screen(client, "/", shown) == {}
    following = screen(client, "/closure?period=last_week", shown)
    assert {"body.children", "chips.children", "shown.data", "filter-period.value"} <= set(following)
    assert not {"root.children", "nav.children", "filter-community.value"} & set(following)
    assert "root.children" in screen(client, "/?lang=en", shown)


def test_another_build_draws_everything_anew(client: FlaskClient) -> None:
    shown = screen(client, "/", None)["shown.data"]
    assert "root.children" in screen(client, "/", {**shown, "build": "an_older_one"})


def test_the_document_is_in_the_language_of_its_address_and_leaves_the_grid_out(client: FlaskClient) -> None:
    assert b'<html lang="zh-CN">' in client.get("/").data
    assert b'<html lang="en">' in client.get("/closure?lang=en").data
    assert b'<script src="/_dash-component-suites/dash_ag_grid' not in client.get("/").data
    assert b'<script src="/_dash-component-suites/dash_ag_grid' in client.get("/cases").data


def test_nothing_may_come_from_elsewhere(client: FlaskClient) -> None:
    answer = client.get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-eval" not in policy
    assert "script-src 'self' 'sha256-" in policy
    assert re.findall(rb'(?:src|href)="(?!/)', answer.data) == []
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(("encoding", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_static_files_are_packed_and_kept_for_ever(client: FlaskClient, encoding: str, unpack: Any) -> None:
    page = client.get("/").data.decode()
    url = page.split('<link rel="stylesheet" href="')[2].split('"')[0]
    with client.get(url) as plain:
        content = plain.data
    for _ in range(2):
        packed = client.get(url, headers={"Accept-Encoding": encoding})
        assert packed.headers["Content-Encoding"] == encoding
        assert "immutable" in packed.headers["Cache-Control"]
        assert unpack(packed.data) == content
    assert "Content-Encoding" not in plain.headers


def test_unversioned_files_are_not_kept_for_ever(client: FlaskClient) -> None:
    with client.get("/assets/township.css") as answer:
        assert "immutable" not in answer.headers.get("Cache-Control", "")


def test_there_is_no_road_for_machines(client: FlaskClient) -> None:
    """Dash can offer itself to language models; it must stay off."""
    rules = {rule.rule for rule in client.application.url_map.iter_rules()}
    assert not any("mcp" in rule for rule in rules)


def test_without_a_warehouse_every_page_leads_to_the_first_load(tmp_path: Path) -> None:
    client = create_app(Settings(data=tmp_path)).server.test_client()
    overview, data = layout(client, "/"), layout(client, "/data?lang=en")
    assert "还没有数据" in overview
    assert '"href": "/data"' in overview
    assert "data-zone" in data
    assert "No data yet" in data
    assert "data-zone" in json.dumps(screen(client, "/data", screen(client, "/", None)["shown.data"]))


def test_a_damaged_warehouse_offers_to_build_it_anew(tmp_path: Path) -> None:
    (tmp_path / "warehouse").mkdir()
    (tmp_path / "warehouse" / "CURRENT").write_text("nonsense", encoding="utf-8")
    found = layout(create_app(Settings(data=tmp_path)).server.test_client(), "/data")
    assert "指针文件损坏" in found
    assert "data-rebuild" in found


def test_a_page_that_fails_is_a_panel_with_a_reference(
    sample_warehouse: Warehouse, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A warehouse without one of its tables."""
    current = json.loads((sample_warehouse.directory / "CURRENT").read_text(encoding="utf-8"))
    (tmp_path / "warehouse").mkdir()
    shutil.copy(sample_warehouse.directory / current["name"], tmp_path / "warehouse")
    (tmp_path / "warehouse" / "CURRENT").write_text(json.dumps(current), encoding="utf-8")
    with duckdb.connect(str(tmp_path / "warehouse" / current["name"])) as connection:
        connection.execute("DROP TABLE meta.file")
    with caplog.at_level(logging.ERROR):
        found = layout(create_app(Settings(data=tmp_path)).server.test_client(), "/data")
    assert "页面没能打开" in found
    assert "CatalogException" in caplog.text
    assert "CatalogException" not in found


def test_it_serves_without_a_warehouse_and_says_where_the_first_files_go(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    command = [sys.executable, "-m", "dashboard", "--data", str(tmp_path), "serve", "--port", port]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        said = server.stdout.readline()
        server.terminate()
    assert "“数据”页导入" in said
    assert port in said


def test_serving_to_other_machines_is_refused_without_accounts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(tmp_path), "serve", "--host", "0.0.0.0"]) == 2
    assert "账户" in capsys.readouterr().err


def test_a_taken_port_is_a_sentence(sample_warehouse: Warehouse, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["--data", str(sample_warehouse.directory.parent), "serve", "--port", str(port)]) == 2
    assert f"端口 {port}" in capsys.readouterr().err


def test_twenty_readers_do_not_disturb_each_other(sample_warehouse: Warehouse) -> None:
    """Each sees what they would see alone, whatever the others ask for at the same moment."""
    paths = ["/", "/closure", "/satisfaction", "/communities"]
    addresses = [f"{paths[n % 4]}?community=C{n % 2 + 1:02}{'&lang=en' if n % 2 else ''}" for n in range(20)]

    def seen(app: Any, address: str) -> Any:
        with app.server.test_client() as reader:
            return screen(reader, address, None)["root.children"]

    alone = create_app(Settings(data=sample_warehouse.directory.parent))
    wanted = [seen(alone, address) for address in addresses]
    together = create_app(Settings(data=sample_warehouse.directory.parent))
    with ThreadPoolExecutor(20) as pool:
        assert list(pool.map(lambda address: seen(together, address), addresses)) == wanted
