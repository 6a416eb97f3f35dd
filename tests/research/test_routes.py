"""The addresses of the research table's files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient

from dashboard.app import create_app
from dashboard.desk.deidentified import DeskError
from dashboard.research.forms import FORMS
from dashboard.research.warehouse_file import Packing
from dashboard.settings import Settings

ASKED = "metrics=closure_rate,due&by=community&period=last_4_weeks"


@pytest.fixture(scope="module")
def client(desk: Settings) -> Iterator[FlaskClient]:
    with create_app(desk).server.test_client() as client:
        yield client


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_sent_under_a_name_of_the_reader_s_language(client: FlaskClient, form: str) -> None:
    names = []
    for lang in ("zh", "en"):
        answer = client.get(f"/research/table.{form}?{ASKED}&lang={lang}")
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert len(answer.data) > 200
        names.append(unquote(answer.headers["Content-Disposition"]))
    assert "结案率" in names[0]
    assert "2026-10-19–2026-11-15" in names[0]
    assert "Closure rate" in names[1]
    assert all(name.endswith(f".{FORMS[form].ending}") for name in names)


def test_of_many_metrics_the_name_has_room_for_the_period(client: FlaskClient) -> None:
    metrics = "due,closed,reported,registered,dispatched,backlog,closure_rate,open_overdue"
    answer = client.get(f"/research/table.csv?metrics={metrics}&lang=en")
    assert "and 7 more_2026-08-24" in unquote(answer.headers["Content-Disposition"])


@pytest.mark.parametrize(
    "address, status",
    [
        ("/research/table.csv", 400),
        ("/research/table.csv?metrics=nonsense", 400),
        ("/research/table.csv?metrics=reported&by=worker", 400),
        (f"/research/table.pdf?{ASKED}", 404),
    ],
)
def test_what_cannot_be_sent_is_a_sentence(client: FlaskClient, address: str, status: int) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    said = answer.get_json()
    assert said["zh"]
    assert said["en"].isascii()


def test_another_name_of_this_machine_is_refused(client: FlaskClient) -> None:
    assert client.get(f"/research/table.csv?{ASKED}", headers={"Host": "evil.example"}).status_code == 403


def test_nothing_is_read_by_sending(client: FlaskClient) -> None:
    assert client.post(f"/research/table.csv?{ASKED}").status_code == 405


def test_the_warehouse_is_refused_until_it_is_made(client: FlaskClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "made.zip"
    file.write_bytes(b"PK")
    answers = iter([None, None, DeskError("磁盘已满", "disk full"), file, file])

    def ready(_: Packing, __: str) -> Path | None:
        found = next(answers)
        if isinstance(found, DeskError):
            raise found
        return found

    monkeypatch.setattr(Packing, "ready", ready)
    assert client.get("/research/warehouse").get_json() == {"ready": False}
    refused = client.get("/research/warehouse.zip")
    assert (refused.status_code, "正在生成" in refused.get_json()["zh"]) == (503, True)
    failed = client.get("/research/warehouse")
    assert (failed.status_code, failed.get_json()["en"]) == (503, "disk full")
    assert client.get("/research/warehouse").get_json() == {"ready": True}
    with client.get("/research/warehouse.zip?lang=en") as sent:
        assert (sent.status_code, sent.data) == (200, b"PK")
        assert "deidentified" in sent.headers["Content-Disposition"]
