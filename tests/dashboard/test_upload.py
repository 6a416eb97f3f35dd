"""Files sent to the page: what is refused, where they go, and jobs that survive a closed browser, a second reader and a restart."""

from __future__ import annotations

import io
import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import psutil
import pytest
from filelock import FileLock
from flask.testing import FlaskClient

from dashboard import uploads
from dashboard.app import create_app
from dashboard.jobs import JobError, find, jobs
from dashboard.progress import told
from dashboard.settings import Settings
from dashboard.uploads import safe_name
from tests.tables import small_warehouse

OURS = {"X-Township": "1"}
GOOD = """事件编号,事件标题,事件状态,所属社区,上报时间,结案时间
A1,路灯不亮,已结案,锦秀里社区,2026-11-02 09:00,2026-11-03 10:00
A2,井盖破损,处理中,没听过的社区,2026-11-04 09:00,
A3,占道经营,已结案,锦秀里社区,昨天下午,2026-11-05 10:00
""".encode()
BAD = "甲,乙\n1,2\n".encode()


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(data=tmp_path_factory.mktemp("town"), upload_megabytes=1, upload_files=3)


@pytest.fixture(scope="module")
def client(settings: Settings) -> FlaskClient:
    found: FlaskClient = create_app(settings).server.test_client()
    return found


@pytest.fixture
def other_build(settings: Settings) -> Iterator[FileLock]:
    """Another import is at work for as long as the lock is held."""
    settings.warehouse.mkdir(parents=True, exist_ok=True)
    with FileLock(settings.warehouse / "build.lock") as held:
        yield held


def sent(client: FlaskClient, files: dict[str, bytes]) -> str:
    """A job whose files have all come."""
    listed = [{"name": name, "bytes": len(content)} for name, content in files.items()]
    job: str = asked(client.post("/upload", json={"files": listed}, headers=OURS))["job"]
    for number, content in enumerate(files.values()):
        half = len(content) // 2
        for start, piece in ((0, content[:half]), (half, content[half:])):
            answer = asked(client.put(f"/upload/{job}/{number}?from={start}", data=piece, headers=OURS))
            assert answer == {"bytes": start + len(piece)}
    return job


def asked(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200, answer.data.decode()
    found: dict[str, Any] = json.loads(answer.data)
    return found


def reached(client: FlaskClient, job: str, *states: str) -> dict[str, Any]:
    """Waits until the job is in one of the states."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        found = asked(client.get(f"/upload/{job}"))
        if found["state"] in states:
            return found
        time.sleep(0.1)
    raise AssertionError(f"{found} is not {states}")


def checked(client: FlaskClient, files: dict[str, bytes]) -> str:
    job = sent(client, files)
    asked(client.post(f"/upload/{job}/check", headers=OURS))
    reached(client, job, "checked")
    return job


def refused(answer: Any, status: int) -> str:
    """The sentence of an answer that refuses."""
    assert answer.status_code == status, answer.data.decode()
    sentence: str = json.loads(answer.data)["zh"]
    return sentence


def panel(client: FlaskClient, lang: str = "zh") -> str:
    """What the page shows of the jobs."""
    search = "" if lang == "zh" else "?lang=en"
    body = {
        "output": '{"page":["MATCH"],"type":"jobs"}.children',
        "outputs": {"id": {"page": "data", "type": "jobs"}, "property": "children"},
        "changedPropIds": [],
        "inputs": [{"id": {"page": "data", "type": "jobs-tick"}, "property": "data"}],
        "state": [
            {"id": "url", "property": "search", "value": search},
            {"id": {"page": "data", "type": "jobs"}, "property": "id", "value": {"page": "data", "type": "jobs"}},
        ],
    }
    answer = client.post("/_dash-update-component", json=body)
    return json.dumps(asked(answer), ensure_ascii=False)


# ── who may ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {**OURS, "Origin": "http://evil.example"},
        {**OURS, "Origin": "null"},
        {**OURS, "Sec-Fetch-Site": "cross-site"},
        {**OURS, "Sec-Fetch-Site": "same-site"},
        {**OURS, "Host": "evil.example"},
    ],
)
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/upload"), ("POST", "/rebuild"), ("POST", "/alias"), ("DELETE", "/upload/x")]
)
def test_a_foreign_page_can_start_nothing(client: FlaskClient, method: str, path: str, headers: dict[str, str]) -> None:
    answer = client.open(path, method=method, headers=headers, json={"files": [{"name": "a.csv", "bytes": 1}]})
    assert "不是从本平台的页面发出的" in refused(answer, 403)


def test_our_own_page_passes(client: FlaskClient) -> None:
    headers = {**OURS, "Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    job = asked(client.post("/upload", json={"files": [{"name": "a.csv", "bytes": 1}]}, headers=headers))["job"]
    asked(client.delete(f"/upload/{job}", headers=headers))


def test_a_foreign_name_for_this_machine_reads_no_job(client: FlaskClient) -> None:
    refused(client.get("/upload/20261116T080000_0123abcd", headers={"Host": "evil.example"}), 403)


# ── what may come, and where it goes ────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("事件 11月.csv", "事件 11月.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\导出\\事件.xlsx", "事件.xlsx"),
        (".hidden.csv", "hidden.csv"),
        ("..", "file"),
        ("a\x00b:c?.csv", "a_b_c_.csv"),
        ("表. ", "表"),
        ("长" * 300 + ".xlsx", "长" * 58 + ".xlsx"),
        (".csv", "csv"),
    ],
)
def test_a_name_stays_the_clerks_and_never_leaves_its_folder(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_files_lie_inside_their_job_whatever_they_are_called(client: FlaskClient, settings: Settings) -> None:
    job = sent(client, {"../../../escape.csv": BAD, "..\\escape.csv": GOOD})
    found = find(settings, job)
    assert [path.name for path in found.paths] == ["escape.csv", "escape.csv"]
    assert [path.read_bytes() for path in found.paths] == [BAD, GOOD]
    assert all(path.resolve().is_relative_to(settings.upload.resolve() / job) for path in found.paths)
    asked(client.delete(f"/upload/{job}", headers=OURS))
    assert not found.folder.exists()


@pytest.mark.parametrize("job", ["..", "x", "20261116T080000_0123abcd", "20261116T080000_0123abcd%2f..", ".lock"])
def test_no_name_of_a_job_reaches_anything_else(client: FlaskClient, job: str) -> None:
    assert client.delete(f"/upload/{job}", headers=OURS).status_code in (404, 405)


def test_too_much_is_refused_before_anything_is_sent(client: FlaskClient) -> None:
    def answer(*files: dict[str, Any]) -> Any:
        return client.post("/upload", json={"files": list(files)}, headers=OURS)

    assert "大.csv 超过单个文件上限 1 MB" in refused(answer({"name": "大.csv", "bytes": 1_000_001}), 413)
    assert "一次最多上传 3 个" in refused(answer(*[{"name": "a", "bytes": 1}] * 4), 413)
    assert "没有选中文件" in refused(answer(), 400)
    assert "不完整" in refused(client.post("/upload", json={"files": [{"name": "a", "bytes": -1}]}, headers=OURS), 400)
    assert "不完整" in refused(client.post("/upload", data=b"x", headers=OURS), 400)


def test_a_file_is_what_was_announced(client: FlaskClient) -> None:
    job = asked(client.post("/upload", json={"files": [{"name": "a.csv", "bytes": 4}]}, headers=OURS))["job"]
    place = f"/upload/{job}/0"
    assert "文件比所说的大" in refused(client.put(place + "?from=0", data=b"12345", headers=OURS), 413)
    assert asked(client.put(place + "?from=0", data=b"12", headers=OURS)) == {"bytes": 2}
    assert "已收到 2 字节" in refused(client.put(place + "?from=0", data=b"12", headers=OURS), 409)
    assert "没有传完" in refused(client.post(f"/upload/{job}/check", headers=OURS), 409)
    assert asked(client.get(f"/upload/{job}"))["text"] == "已收到 50%"
    assert "不在等待接收" in refused(client.put(f"/upload/{job}/7?from=0", data=b"", headers=OURS), 409)
    asked(client.delete(f"/upload/{job}", headers=OURS))


def test_a_full_disk_is_a_sentence(settings: Settings) -> None:
    job = uploads.create(settings, [("a.csv", 10)], by="local")
    job.paths[0].parent.mkdir(parents=True)
    job.paths[0].symlink_to("/dev/full")
    with pytest.raises(JobError, match="磁盘已满"):
        uploads.receive(job, 0, 0, io.BytesIO(b"0123456789"))
    uploads.cancel(job)


# ── from a verdict to the page ──────────────────────────────────────────────────────────────────────────────────────
def test_files_are_judged_then_loaded_though_a_load_died_and_the_refused_one_stays_out(
    client: FlaskClient, settings: Settings, other_build: FileLock
) -> None:
    job = checked(client, {"事件导出.csv": GOOD, "坏的.csv": BAD})
    assert not (settings.warehouse / "CURRENT").exists()
    shown = panel(client)
    for words in ("可以导入", "不能导入", "事件导出.csv", "坏的.csv", "昨天下午", "导入 1 个文件", "对应关系"):
        assert words in shown
    assert "cannot be loaded" in panel(client, "en")

    asked(client.post(f"/upload/{job}/load", headers=OURS))
    number = find(settings, job).load
    assert number is not None
    psutil.Process(number).kill()
    reached(client, job, "interrupted")
    shown = panel(client)
    assert "没有装进半截" in shown
    assert "重试" in shown
    assert not (settings.warehouse / "CURRENT").exists()

    other_build.release()
    asked(client.post(f"/upload/{job}/load", headers=OURS))
    done = reached(client, job, "loaded", "failed")
    assert done["published"].endswith(".duckdb")
    assert "已导入，数据截至" in panel(client)
    assert not (find(settings, job).folder / "files").exists()
    assert json.loads((settings.warehouse / "CURRENT").read_text())["name"] == done["published"]

    again = checked(client, {"换了名字.csv": GOOD})
    assert "已经导入过" in panel(client)
    assert "没有可以导入的文件" in refused(client.post(f"/upload/{again}/load", headers=OURS), 409)
    for one in (job, again):
        asked(client.delete(f"/upload/{one}", headers=OURS))
    assert jobs(settings) == ()


def test_a_new_spelling_acts_after_a_rebuild(client: FlaskClient, settings: Settings) -> None:
    if not (settings.warehouse / "CURRENT").exists():
        first = checked(client, {"事件导出.csv": GOOD})
        asked(client.post(f"/upload/{first}/load", headers=OURS))
        reached(client, first, "loaded")
    assert "请先选择" in refused(client.post("/alias", json={"list": "community", "word": "甲", "code": ""}, headers=OURS), 400)
    assert "C99" in refused(client.post("/alias", json={"list": "community", "word": "甲", "code": "C99"}, headers=OURS), 400)
    added = asked(client.post("/alias", json={"list": "community", "word": "没听过的社区", "code": "C01"}, headers=OURS))
    assert "没听过的社区" in added["zh"]
    assert "参考表有了新的写法" in panel(client)
    job = asked(client.post("/rebuild", headers=OURS))["job"]
    reached(client, job, "loaded")
    assert "已重建" in panel(client)
    assert "参考表有了新的写法" not in panel(client)
    asked(client.delete(f"/upload/{job}", headers=OURS))


# ── two people, a closed browser, a restart ─────────────────────────────────────────────────────────────────────────
@pytest.mark.usefixtures("other_build")
def test_a_second_import_waits_says_so_and_can_be_stopped(client: FlaskClient, settings: Settings) -> None:
    job = checked(client, {"事件2.csv": GOOD.replace(b"A", b"B")})
    for _ in range(2):  # pressed in two browsers
        asked(client.post(f"/upload/{job}/load", headers=OURS))
    number = find(settings, job).load
    assert number is not None
    end = time.monotonic() + 30
    while "另一个导入正在进行" not in told(find(settings, job), "zh").text and time.monotonic() < end:
        time.sleep(0.2)
    assert "另一个导入正在进行" in panel(create_app(settings).server.test_client())  # another browser, another server
    asked(client.delete(f"/upload/{job}", headers=OURS))
    assert not psutil.pid_exists(number) or psutil.Process(number).status() == psutil.STATUS_ZOMBIE
    assert not (settings.upload / job).exists()
    assert "已经结束或被取消" in refused(client.get(f"/upload/{job}"), 404)


def test_a_process_of_somebody_else_with_the_same_number_is_not_taken_for_the_load(settings: Settings) -> None:
    job = uploads.create(settings, [("a.csv", 0)], by="local")
    record = json.loads((job.folder / "job.json").read_text())
    (job.folder / "job.json").write_text(json.dumps({**record, "load": psutil.Process().pid}))
    assert find(settings, job.id).state == "interrupted"
    uploads.cancel(find(settings, job.id))  # and this test lives on


def test_a_job_of_another_version_of_the_program_is_passed_over(client: FlaskClient, settings: Settings) -> None:
    job = uploads.create(settings, [("a.csv", 0)], by="local")
    (job.folder / "job.json").write_text('{"id": "?", "files": [], "colour": "blue"}')
    assert panel(client)
    assert job.id not in panel(client)
    shutil.rmtree(job.folder)


# ── workbooks given back ────────────────────────────────────────────────────────────────────────────────────────────
def test_only_workbooks_the_warehouse_names_are_given_back(tmp_path: Path) -> None:
    small_warehouse(tmp_path / "warehouse", {}).close()
    with duckdb.connect(str(tmp_path / "warehouse" / "small_0.duckdb")) as connection:
        connection.execute(
            """INSERT INTO meta.file BY NAME SELECT 'f1' AS file_id, '六月.csv' AS name, '' AS sha256, 10 AS bytes, 'incident' AS kind,
               'csv' AS format, TIMESTAMP '2026-07-01' AS received_at, '' AS received_by, 1 AS rows_in, 0 AS rows_loaded,
               0 AS rows_superseded, 1 AS rows_set_aside, 0 AS rows_total, '六月_待改正.xlsx' AS returned_name"""
        )
    (tmp_path / "returned").mkdir()
    (tmp_path / "returned" / "六月_待改正.xlsx").write_bytes(b"PK")
    (tmp_path / "returned" / "别的.xlsx").write_bytes(b"PK")
    (tmp_path / "secret").write_bytes(b"key")
    client = create_app(Settings(data=tmp_path)).server.test_client()
    with client.get("/returned/六月_待改正.xlsx") as answer:
        assert answer.data == b"PK"
        assert "attachment" in answer.headers["Content-Disposition"]
    for name in ("别的.xlsx", "..%2fsecret", "%2e%2e/secret", "没有.xlsx"):
        assert client.get(f"/returned/{name}").data != b"key"
    refused(client.get("/returned/别的.xlsx"), 404)
