"""Which kind of export a sheet is, and which column is which."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import cast

import pytest

from etl.errors import MissingColumns, UnknownExport
from etl.profile import profiles
from etl.recognise import recognise
from etl.sheet import Body, Sheet
from etl.source import header_key
from etl.sources import SOURCES
from tests.etl.exports import SHIPPED


def sheet(*rows: str) -> Sheet:
    """Rows drawn with | between the cells."""
    return Sheet(None, "csv", "utf-8", tuple(tuple(cell.strip() for cell in row.split("|")) for row in rows), cast(Body, None))


@pytest.mark.parametrize("source", SOURCES, ids=lambda s: s.name)
def test_every_kind_is_known_by_its_own_headers_and_by_its_aliases(source: object) -> None:
    kind = next(s for s in SOURCES if s is source)
    own = recognise(sheet("|".join(column.zh for column in kind.columns)), name="x")
    assert (own.source, own.unmapped) == (kind, ())
    aliased = recognise(sheet("|".join(column.headers[-1] for column in kind.columns)), name="x")
    assert aliased.source == kind


@pytest.mark.parametrize("source", SOURCES, ids=lambda s: s.name)
def test_no_header_means_two_columns(source: object) -> None:
    kind = next(s for s in SOURCES if s is source)
    owners: dict[str, str] = {}
    for column in kind.columns:
        for header in column.headers:
            assert owners.setdefault(header_key(header), column.name) == column.name


def test_the_header_is_found_below_title_and_note_rows() -> None:
    found = recognise(
        sheet("禾湾镇事件清单||", "导出时间：2026-11-16 08:00||", "事件编号|事件状态|上报时间", "1|已结案|2024-01-01"), name="x"
    )
    assert found.header_row == 3
    assert found.exported_at == datetime(2026, 11, 16, 8, 0)


def test_a_merged_two_level_header_is_flattened() -> None:
    found = recognise(sheet("基本信息|基本信息|时间节点|时间节点|满意度", "事件编号|事件状态|上报时间|结案时间|满意度"), name="x")
    assert found.header_row == 2
    assert found.headers == ("事件编号", "事件状态", "上报时间", "结案时间", "满意度")


def test_repeated_children_take_their_parents_name_and_blank_headers_survive() -> None:
    found = recognise(sheet("事件编号|事件状态|上报|立案|", "事件编号|事件状态|时间|时间|"), name="x")
    assert found.headers == ("事件编号", "事件状态", "上报时间", "立案时间", "未命名_5")
    assert found.columns["registered_at"] == 3


def test_groups_over_their_first_column_only_reach_to_the_next_one() -> None:
    found = recognise(sheet("基本信息||上报||立案|", "事件编号|事件状态|时间|人|时间|人"), name="x")
    assert found.headers == ("事件编号", "事件状态", "上报时间", "上报人", "立案时间", "立案人")


def test_a_note_row_with_many_cells_is_no_group_row() -> None:
    found = recognise(sheet("填报：某某|单位：件|口径：平台。|", "事件编号|事件状态|上报时间|"), name="x")
    assert (found.header_row, found.headers[3]) == (2, "未命名_4")


def test_line_ends_within_headers_are_dropped() -> None:
    found = recognise(sheet("事件\n编号|事件\r\n状态|上报 \n 时间"), name="x")
    assert found.headers == ("事件编号", "事件状态", "上报时间")


def test_statistics_that_share_words_with_an_export_are_no_export() -> None:
    with pytest.raises(UnknownExport, match="最像“事件”，但没有“事件编号”、“上报时间”"):
        recognise(sheet("所属社区|事件大类|事件状态|件数"), name="统计.xlsx")


def test_width_blanks_and_brackets_in_headers_do_not_matter() -> None:
    found = recognise(sheet("办件编号|事项名称|申请时间|承诺时限（工作日）|窗口 ／服务点"), name="x")
    assert found.columns["promised_days"] == 3
    assert found.columns["service_window"] == 4


def test_the_moment_of_the_export_may_stand_in_the_name() -> None:
    header = sheet("事件编号|事件状态|上报时间")
    assert recognise(header, name="事件_20261116.csv").exported_at == datetime(2026, 11, 16)
    assert recognise(header, name="事件_20261116_0830.csv").exported_at == datetime(2026, 11, 16, 8, 30)
    assert recognise(header, name="事件2026.csv").exported_at is None


def test_personal_columns_are_named_and_never_mapped() -> None:
    found = recognise(sheet("事件编号|事件状态|上报时间|上报人|联系电话|备用列"), name="x")
    assert found.personal == ("上报人", "联系电话")
    assert found.unmapped == ("备用列",)
    assert not {"reporter_name", "reporter_phone"} & set(found.columns)


def test_a_strange_table_is_refused_with_a_sentence() -> None:
    with pytest.raises(UnknownExport, match=r"名单\.csv.*认不出"):
        recognise(sheet("学校|班级|人数", "一中|三班|42"), name="名单.csv")


def test_a_missing_required_column_is_named() -> None:
    with pytest.raises(MissingColumns, match=r"事件.*缺少必需的列 “上报时间”"):
        recognise(sheet("事件编号|事件状态|结案时间|立案时间|事件大类"), name="事件.csv")


def test_a_profile_maps_headers_nobody_has_seen() -> None:
    found = recognise(
        sheet("case_enquiry_id|open_dt|target_dt|closed_dt|ontime|case_status|reason"),
        name="x",
        profiles=profiles([SHIPPED / "profiles"]),
    )
    assert found.profile is not None
    assert found.profile.name == "boston_311"
    assert found.columns["due_at"] == 2


def test_a_profile_with_an_unknown_column_is_refused(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "p/profile.toml").write_text('kind = "incident"\n[match]\nheaders = ["a"]\n[columns]\nwrong = "a"\n')
    with pytest.raises(Exception, match="没有这些字段：wrong"):
        profiles([tmp_path])
