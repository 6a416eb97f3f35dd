"""targets.toml: what it may say, that a mistake in it is a sentence and costs no page, and where a target is seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.access import LOCAL
from dashboard.metrics.catalogue import catalogue
from dashboard.metrics.targets import FILE, TargetsError, aimed, read_targets, set_version, targets
from dashboard.pages import draw, visit_of
from dashboard.shell import Address
from dashboard.warehouse import Warehouse
from etl.ledger import DataRoot
from tests.pages.test_pages import strings

OWN = """
[on_time_closure_rate]
value = 95
source = "镇党委会议纪要"
["satisfaction_rate:strict"]
value = 80
[satisfaction_rate]
value = false
[open_overdue]
value = 100
"""

# written | what the sentence says
WRONG = """
[no_such]\\nvalue = 1                        | 没有指标 no_such
[reported]\\nvalue = 1                       | reported 没有好坏方向
[on_time_closure_rate]\\nvalue = 120         | 0–100 之间的百分数
[on_time_closure_rate]\\nvalue = true        | 0–100 之间的百分数
[on_time_closure_rate]\\nvalue = "95"        | 0–100 之间的百分数
[open_overdue]\\nvalue = -1                  | 不小于 0 的数
[on_time_closure_rate]\\ntarget = 95         | 应有 value
on_time_closure_rate = 95                    | 应有 value
[on_time_closure_rate                        | 写法有误
"""


def wrong() -> list[tuple[str, str]]:
    rows = [line.split("|") for line in WRONG.strip().splitlines()]
    return [(text.strip().replace("\\n", "\n"), said.strip()) for text, said in rows]


@pytest.fixture
def town(sample_root: DataRoot, tmp_path: Path) -> Path:
    """A data root with the sample's builds and room for a targets.toml of its own."""
    (tmp_path / "warehouse").symlink_to(sample_root.warehouse.resolve(), target_is_directory=True)
    return tmp_path


def test_the_catalogues_targets_are_other_places_and_say_where_from() -> None:
    found = {key: metric for key, metric in catalogue().metrics.items() if metric.target is not None}
    assert {key: metric.target for key, metric in found.items()} == {
        "closure_rate": 0.9, "on_time_closure_rate": 0.7, "contacted_rate": 0.92, "satisfaction_rate": 0.85,
    }  # fmt: skip
    for metric in found.values():
        assert metric.is_target_assumed
        assert "假定目标" in metric.text("zh").source
        assert "assumed target" in metric.text("en").source
    assert not [metric for metric in catalogue().variants.values() if metric.target is not None], "set for one way of counting"


def test_a_towns_own_targets_take_their_place(town: Path) -> None:
    (town / FILE).write_text(OWN, encoding="utf-8-sig")
    warehouse = Warehouse(town / "warehouse", threads=1)
    snapshot = warehouse.current()
    own = {key: aimed(snapshot, catalogue().metric(key)) for key in ("on_time_closure_rate", "satisfaction_rate", "contacted_rate")}
    assert [(one.target, one.is_target_assumed) for one in own.values()] == [(0.95, False), (None, False), (0.92, True)]
    assert aimed(snapshot, catalogue().metric("satisfaction_rate:strict")).target == 0.8
    assert set_version(snapshot).startswith(catalogue().version + "+")
    overview = " ".join(strings(draw(visit_of(snapshot, Address.of_url("/?chart=control"), LOCAL))[1]))
    assert "目标 95.0%：时好时坏 ◎" in overview, "on the tile"
    assert "目标 95.0%：时好时坏 ◎。" in overview, "under the chart"
    assert "目标 100 件：" in overview, "of the stock"
    satisfaction = " ".join(strings(draw(visit_of(snapshot, Address.of_url("/satisfaction?chart=control"), LOCAL))[1]))
    assert "目标 85.0%" not in satisfaction
    words = " ".join(strings(draw(visit_of(snapshot, Address.of_url("/definitions"), LOCAL))[1]))
    assert "95.0%（本镇：镇党委会议纪要）" in words
    assert "92.0%（假定）" in words
    warehouse.close()


def test_without_the_file_the_version_is_the_catalogues(town: Path) -> None:
    warehouse = Warehouse(town / "warehouse", threads=1)
    assert targets(warehouse.current()).own == {}
    assert set_version(warehouse.current()) == catalogue().version
    warehouse.close()


@pytest.mark.parametrize(("text", "said"), wrong())
def test_a_mistake_is_a_sentence(text: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / FILE
    file.write_text(text, encoding="utf-8")
    with pytest.raises(TargetsError) as raised:
        read_targets(file)
    assert said in raised.value.zh
    assert FILE in raised.value.zh
    assert FILE in raised.value.en


def test_a_mistake_costs_no_page_and_the_definitions_say_it(town: Path, caplog: pytest.LogCaptureFixture) -> None:
    (town / FILE).write_bytes('[on_time_closure_rate]\nsource = "镇"'.encode("gb18030"))
    warehouse = Warehouse(town / "warehouse", threads=1)
    words = " ".join(strings(draw(visit_of(warehouse.current(), Address.of_url("/definitions"), LOCAL))[1]))
    assert "本镇的目标没有采用" in words
    assert "不是 UTF-8 编码" in words
    assert "70.0%（假定）" in words
    assert "UTF-8" in caplog.text
    warehouse.close()
