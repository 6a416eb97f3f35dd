"""What is hidden at the door: numbers that reach somebody, plates, and the row's own names; both readings of the patterns are one."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import duckdb
import pytest
import xlsxwriter
from hypothesis import example, given, settings
from hypothesis import strategies as st

from etl.__main__ import main
from etl.errors import UnreadableFile
from etl.privacy import (
    is_identity_number,
    masked,
    masked_cell_sql,
    masked_place,
    masked_sql,
    names_sql,
    private_folder,
    pseudonym,
    pseudonyms,
    without_names_sql,
)
from tests.etl.exports import SHIPPED, data_root, produced_bytes, put, rows

PROJECT = SHIPPED.parent
KEY = b"\1" * 32
HIDDEN = """
手机           | 请回电19900001234谢谢                          | 请回电***谢谢
全角           | １９９００００１２３４                         | ***
有分隔         | 138-0013-8000、138 0013 8000、138.0013.8000      | ***、***、***
另一种分隔     | 1380-013-8000，13800 138000                      | ***，***
加国家号       | +86 138 0013 8000；0086-13800138000；(+86)13800138000 | ***；***；***
身份证         | 证号12010119900307001X，住三楼                   | 证号***，住三楼
分组的身份证   | 110101 19900101 1237、110101-19900101-123x       | ***、***
全角的身份证   | １１０１０１１９９００１０１１２３Ｘ             | ***
旧身份证       | 110101900101123 或 110101 900101 123             | *** 或 ***
座机           | 022-23456789转801，(0316)2345678，022 2345 6789  | ***，***，***
服务热线       | 400-123-4567                                     | ***
念出来的       | 电话一三八零零一三八零零零                       | 电话***
车牌           | 京A12345、津AD12345、津A·12345、沪C1234学、京ＡＤ１２３４５ | ***、***、***、***、***
长号           | 账号6222020200112233445                          | 账号***
"""
KEPT = """
2024-11-15 16:30 到 2024-11-20 15:00
11月15日至16日，15-16时，3栋2单元1201室
12345热线转来，编号SJ001
新来的A座1001室，云A座，宁B1楼
费用13.5元，100米，2000年
"""


@pytest.mark.parametrize("line", HIDDEN.strip().splitlines())
def test_what_reaches_somebody_is_hidden_in_free_text(line: str) -> None:
    _, text, expected = (part.strip() for part in line.split("|"))
    assert masked(text) == expected


@pytest.mark.parametrize("text", KEPT.strip().splitlines())
def test_ordinary_text_stays(text: str) -> None:
    assert masked(text) == text


@cache
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def by_sql(expression: str, **values: str) -> str:
    columns = ", ".join(f"${name}::VARCHAR AS {name}" for name in values)
    (found,) = connection().execute(f"SELECT {expression} FROM (SELECT {columns})", values).fetchone() or ("",)
    return str(found)


NEARLY_NUMBERS = st.text(st.sampled_from("0123456789１３８０xXｘ-－ 　.．·+()（）转#京津AIO〇幺一二楼室a\u00a0"), max_size=40)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(NEARLY_NUMBERS, st.text(max_size=30)), min_size=10, max_size=14))
@example(["0086-138 0013 8000转12", "tel138-0013-8000", "1 3 8 0 0 1 3 8 0 0 0"])
def test_duckdb_masks_as_python_does(texts: list[str]) -> None:
    found = (
        connection().execute(f"SELECT {masked_sql('t')} FROM (SELECT unnest($texts::VARCHAR[]) AS t)", {"texts": texts}).fetchall()
    )
    assert [(text, hidden) for text, (hidden,) in zip(texts, found, strict=True)] == [(text, masked(text)) for text in texts]


@settings(max_examples=200, deadline=None)
@given(st.integers(13_000_000_000, 19_999_999_999), st.text("甲乙丙 ，。:abc", max_size=5), st.text("甲乙丙 ，。:abc", max_size=5))
def test_no_mobile_number_stays_in_a_text(number: int, before: str, after: str) -> None:
    for written in (f"{number}", f"{str(number)[:3]}-{str(number)[3:7]}-{str(number)[7:]}", f"+86 {number}"):
        left = masked(before + written + after)
        assert not any(str(number)[i : i + 5] in left for i in range(7))


@pytest.mark.parametrize(
    ("number", "is_one"),
    [
        ("11010519491231002X", True),
        ("11010519491231002x", True),
        ("440524188001010014", True),
        ("110105194912310021", False),
        ("1101051949", False),
    ],
)
def test_an_identity_number_is_known_by_its_check_character(number: str, is_one: bool) -> None:
    assert is_identity_number(number) is is_one


def test_a_file_name_keeps_its_dates_and_ids_and_loses_its_phone_numbers() -> None:
    assert masked_place("事件_20261101_0800.csv") == "事件_20261101_0800.csv"
    assert masked_place("王某_13800138000.csv") == "王某_***.csv"
    assert masked_place("11010519491231002X.xlsx") == "***.xlsx"
    assert masked_place("120110202611010001.xlsx") == "120110202611010001.xlsx"  # a case number, by its check digit
    assert UnreadableFile("13800138000.csv：打不开", "13800138000.csv: no").zh == "***.csv：打不开"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("13800138000", "***"),
        ("联系13800138000", "联系***"),
        ("１３８００１３８０００", "***"),
        ("身份证11010519491231002X", "身份证***"),
        ("2024-03-05 09:05:00", "2024-03-05 09:05:00"),
        ("20240305090533", "20240305090533"),
        ("1709600700000", "1709600700000"),
        ("SJ13800138000", "SJ13800138000"),
    ],
)
def test_a_cell_that_is_no_free_text_loses_only_what_can_be_nothing_else(text: str, expected: str) -> None:
    assert by_sql(masked_cell_sql("t"), t=text) == expected


NAMES = """
王小明            | 王小明家漏水，王小明报     | ***家漏水，***报
王小明先生        | 王小明先生来电             | ***先生来电
王女士            | 王女士来电                 | ***来电
王小明13800138000 | 找王小明                   | 找***
张三、李四        | 张三和李四吵架             | ***和***吵架
买买提·吐尔逊     | 买买提·吐尔逊来电          | ***来电
John Smith        | call John Smith            | call ***
 李大力           | 李大力说                   | ***说
居民              | 居民反映                   | 居民反映
匿名              | 匿名来电                   | 匿名来电
13800138000       | 无人接听                   | 无人接听
王                | 王家漏水                   | 王家漏水
"""


@pytest.mark.parametrize("line", NAMES.strip("\n").splitlines())
def test_the_rows_own_name_is_hidden_in_its_text(line: str) -> None:
    name, text, expected = line.split("|")
    found = by_sql(without_names_sql("t", names_sql("n")), n=name.rstrip(), t=text.strip())
    assert found == expected.strip()


def test_a_pseudonym_comes_back_as_the_same_person_and_nobody_is_no_person() -> None:
    hidden = pseudonym("王小明", KEY)
    assert pseudonym(f"化名:{hidden}", KEY) == hidden
    assert pseudonym(f"化名:{hidden}x", KEY) != hidden
    assert pseudonyms(["王小明", None, "匿名", "", "居民"], KEY) == [hidden, None, None, None, None]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no owner-only mode bits")
def test_a_private_folder_is_its_owners_only(tmp_path: Path) -> None:
    folder = private_folder(tmp_path / "a" / "b")
    assert folder.stat().st_mode & 0o777 == 0o700


PHONE, WIDE_PHONE, CARD, NAMES_PLANTED = "13912345678", "１３９１２３４５６７８", "11010519491231002X", ("王样明", "李样力", "赵样")


def test_no_planted_number_or_name_is_in_any_produced_byte(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The build is a process of its own: the warehouse may hold what stood in the memory of the one that wrote it."""
    root = data_root(tmp_path)
    put(
        root,
        f"事件_{PHONE}.csv",
        f"""
        事件编号 | 事件状态 | 上报时间            | 结案时间       | 返工次数 | 网格员编号 | 上报人         | 联系电话 | 备注{PHONE} | 事件小类     | 所属社区        | 事件标题
        SJ1      | 已结案   | 2026-10-01 09:00:00 | 2026-10-03     | 0        | 赵样       | 王样明         | {PHONE}  | {CARD}      | 井盖{PHONE}  | 锦秀里          | 王样明{PHONE}说{CARD}
        SJ2      | 处置中   | 联系{PHONE}         | 身份证{CARD}   | 约3      | 赵样       | 李样力{PHONE}  | {PHONE}  | 王样明      |              | 打电话{PHONE}   | 李样力、{WIDE_PHONE}
        {PHONE}  | SJ3      | 处置中              | 2026-10-01     | 0        | 赵样       | 王样明         | {PHONE}  | 王样明      |              | {CARD}          | 王样明 | {PHONE}
        """,
    )
    strange = put(root, f"名单{PHONE}.csv", f"学校{PHONE} | 班级 | 人数\n一中 | 王样明 | {CARD}")
    root.inbox.mkdir(exist_ok=True)
    with xlsxwriter.Workbook(str(root.inbox / "事件_二.xlsx")) as book:
        page = book.add_worksheet(f"李 {PHONE}")
        page.write_row(0, 0, ["事件编号", "事件状态", "上报时间", f"联系电话{PHONE}", "诉求人"])
        page.write_row(1, 0, ["SJ9", "处置中", f"王样明 {PHONE}", PHONE, "王样明"])
        book.add_worksheet(f"空 {PHONE}").write_string(0, 0, PHONE)
    assert main(["--data", str(root.path), "check", str(strange)]) in {0, 1, 2}
    build = [sys.executable, "-m", "etl", "--data", str(root.path), "build"]
    done = subprocess.run(build, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode in {0, 1, 2}
    for command in (["build", "--json"], ["status"], ["alias", "status", PHONE, "closed"]):  # the build does nothing any more
        assert main(["--data", str(root.path), *command]) in {0, 1, 2}
    told = done.stdout + done.stderr + "".join(capsys.readouterr())
    assert "Traceback" not in told
    told = told.replace(str(strange), "").replace(
        strange.name, ""
    )  # the paths of the command line and of the inbox are the clerk's
    produced = dict(produced_bytes(root)) | {"what was said": told.encode()}
    assert any(name.startswith("事件") and name.endswith(".xml") for name in produced)
    for name, content in produced.items():
        for planted in (PHONE, WIDE_PHONE, CARD, *NAMES_PLANTED):
            assert planted.encode() not in content, (name, planted)
            assert planted.encode("utf-16-le") not in content, (name, planted)
    assert rows(root, "SELECT subcategory, title FROM core.incident") == [("井盖***", "******说***")]
