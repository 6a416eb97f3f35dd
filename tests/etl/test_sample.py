"""The sample township: the same bytes for the same seed, files the ordinary readers understand, truths that are there."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from etl.cells import CellError, identifier, moment
from etl.privacy import masked
from etl.read import read_sheets
from etl.recognise import Recognition, recognise
from etl.reference import UNMATCHED, load_reference
from etl.sample import REFERENCE, write_sample
from etl.sample.callbacks import build_callbacks
from etl.sample.chance import choose, stream
from etl.sample.clock import DAY, NEVER, WorkingClock, day_number, moment_number, read_calendar
from etl.sample.facts import expected, planted
from etl.sample.handling import deadline
from etl.sample.incidents import build_incidents, working_clock
from etl.sample.layouts import EXTRA_HEADERS
from etl.sample.luck import in_recent_weeks, on_time_rates
from etl.sample.plan import Plan
from etl.sample.reports import Where
from etl.sample.township import GRIDS_AFTER, GRIDS_BEFORE, build_township
from etl.sample.truths import EFFECTS
from etl.sample.work import PATROL, UNITS, read_work

SMALL = 1_500


@dataclass(frozen=True)
class Export:
    """One file of the sample as the load reads it. rows: records below the header, sum rows and footers left out."""

    truth: dict[str, Any]
    recognition: Recognition
    rows: list[list[str]]

    def cells(self, column: str) -> list[str]:
        """The cells of one of our columns; empty where the file has it not."""
        place = self.recognition.columns.get(column)
        return [] if place is None else [row[place] for row in self.rows]


def digests(inbox: Path) -> dict[str, str]:
    """File name → hash, truths.json included."""
    files = [*inbox.iterdir(), inbox.parent / "truths.json"]
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def read_export(inbox: Path, truth: dict[str, Any], scratch: Path) -> Export:
    sheet = read_sheets(inbox / truth["name"], name=truth["name"], scratch=scratch)[0]
    recognition = recognise(sheet, name=truth["name"])
    rows = [cells for number, cells in sheet.body.records() if number > recognition.header_row]
    return Export(truth, recognition, rows[: len(rows) - truth["total_and_footer_rows"]])


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small sample of three years, seed 7."""
    folder = tmp_path_factory.mktemp("sample") / "inbox"
    write_sample(folder, seed=7, incidents=SMALL)
    return folder


@pytest.fixture(scope="module")
def truths(inbox: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((inbox.parent / "truths.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def exports(inbox: Path, truths: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> list[Export]:
    scratch = tmp_path_factory.mktemp("scratch")
    return [read_export(inbox, file, scratch) for file in truths["files"]]


@pytest.fixture(scope="module")
def where() -> Where:
    """The township of the default sample."""
    town = build_township(Plan(2024, 36, 60_000, date(2026, 11, 15)), REFERENCE)
    return Where(
        Plan(2024, 36, 60_000, date(2026, 11, 15)), town, read_work(town.department_codes), read_calendar(REFERENCE), EFFECTS
    )


@pytest.fixture(scope="module")
def incidents(where: Where) -> pd.DataFrame:
    """The true story of the 60,000 incidents of the default sample."""
    return build_incidents(where)[0]


# ── the files ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_same_seed_gives_the_same_bytes(inbox: Path, tmp_path: Path) -> None:
    write_sample(tmp_path / "inbox", seed=7, incidents=SMALL)
    assert digests(tmp_path / "inbox") == digests(inbox)


def test_another_seed_gives_other_incidents(inbox: Path, tmp_path: Path) -> None:
    write_sample(tmp_path / "inbox", seed=8, incidents=SMALL)
    other, own = digests(tmp_path / "inbox"), digests(inbox)
    assert set(other) == set(own)
    assert not [name for name in own if other[name] == own[name] and name != "网格台账.xlsx"]


def test_every_file_is_recognised_as_its_kind_with_its_moment(exports: list[Export], truths: dict[str, Any]) -> None:
    for export in exports:
        assert export.recognition.source.name == export.truth["kind"]
        assert export.recognition.header_row == export.truth["header_row"]
        said = export.recognition.exported_at
        assert (said is not None) == (export.truth["exported_at_in"] != "nowhere"), export.truth["name"]
        assert said is None or said.isoformat() == export.truth["exported_at"]
    assert {export.truth["kind"] for export in exports} == set(truths["rows"])
    assert len({export.truth["kind"] for export in exports}) == 7


def test_every_header_is_known_to_the_sources(exports: list[Export]) -> None:
    for export in exports:
        assert set(export.recognition.unmapped) <= EXTRA_HEADERS, export.truth["name"]


def test_the_files_are_as_mixed_as_real_ones(truths: dict[str, Any]) -> None:
    incident_files = [file for file in truths["files"] if file["kind"] == "incident"]
    assert {file["format"] for file in incident_files} == {"csv", "xls", "xlsx"}
    assert {file["encoding"] for file in incident_files} == {"gb18030", "utf-8-sig", None}
    assert {file["exported_at_in"] for file in incident_files} == {"title", "name", "nowhere"}
    assert {file["header_row"] for file in incident_files} >= {1, 3, 4}
    slips = Counter[str]()
    for file in incident_files:
        slips.update(file["slips"])
    assert all(
        slips[name] for name in ("community_alias", "department_alias", "full_width", "invisible_blanks", "closed_on_day_only")
    )


def test_truths_count_the_rows_of_every_file(exports: list[Export], truths: dict[str, Any]) -> None:
    for export in exports:
        assert len(export.rows) == export.truth["rows"], export.truth["name"]
    assert truths["rows"] == dict(
        Counter({k: sum(e.truth["rows"] for e in exports if e.truth["kind"] == k) for k in truths["rows"]})
    )


def test_unreadable_rows_are_those_recorded(exports: list[Export]) -> None:
    for export in exports:
        source = export.recognition.source
        bad: Counter[str] = Counter()
        for column in source.required:
            if column.type == "moment":
                bad[f"unreadable_{column.name}"] += sum(not is_moment(cell) for cell in export.cells(column.name))
        if source.name in {"incident", "callback"}:
            bad["blank_incident_id"] += sum(identifier(cell) is None for cell in export.cells("incident_id"))
        assert +bad == Counter(export.truth["unreadable"]), export.truth["name"]


def is_moment(cell: str) -> bool:
    try:
        return moment(cell) is not None
    except CellError:
        return False


def readable_ids(export: Export) -> list[str]:
    """Incident numbers of the readable rows."""
    pairs = zip(export.cells("incident_id"), export.cells("reported_at"), strict=True)
    return [number for cell, reported in pairs if (number := identifier(cell)) is not None and is_moment(reported)]


def test_every_incident_stands_in_the_exports_and_open_ones_again(exports: list[Export], truths: dict[str, Any]) -> None:
    ids = [readable_ids(export) for export in exports if export.truth["kind"] == "incident"]
    assert len({number for numbers in ids for number in numbers}) == SMALL
    seen: set[str] = set()
    for export, numbers in zip((e for e in exports if e.truth["kind"] == "incident"), ids, strict=True):
        assert len(numbers) - len(set(numbers)) == export.truth["repeated_rows"]
        assert len(seen & set(numbers)) == export.truth["reexported"]
        seen |= set(numbers)
    assert sum(file["reexported"] for file in truths["files"] if file["kind"] == "incident") > 50


def test_no_export_knows_what_came_after_it(exports: list[Export]) -> None:
    for export in (e for e in exports if e.truth["kind"] == "incident"):
        until = datetime.fromisoformat(export.truth["exported_at"])
        for column in ("reported_at", "registered_at", "dispatched_at", "disposed_at", "checked_at", "closed_at"):
            found = [at.at for cell in export.cells(column) if is_moment(cell) and (at := moment(cell))]
            assert max(found) <= until, (export.truth["name"], column)


def test_every_word_is_known_but_the_planted_ones(exports: list[Export], truths: dict[str, Any]) -> None:
    reference = load_reference([REFERENCE])
    planted_words = {entry["word"] for entries in truths["planted_words"].values() for entry in entries if entry["word"]}
    strangers: set[str] = set()
    for export in exports:
        for column in (c for c in export.recognition.source.columns if c.list):
            words = reference.words(column.list)
            strangers |= {cell for cell in set(export.cells(column.name)) if reference.code(column.list, cell, words) == UNMATCHED}
    assert {word.strip().rstrip("\u00a0") for word in strangers} == planted_words


def test_sum_rows_stand_below_the_data_and_one_is_wrong(inbox: Path, truths: dict[str, Any]) -> None:
    stated = {f["name"]: f["stated_total"] - f["rows"] for f in truths["files"] if f["stated_total"] is not None}
    assert sorted(stated.values()) == [0, 0, 18]
    text = (inbox / "事件导出_2024年上半年.csv").read_text(encoding="gb18030")
    assert text.rstrip().splitlines()[-1].startswith("合计,")


def test_personal_data_is_planted_and_can_be_told_by_its_look(exports: list[Export], truths: dict[str, Any]) -> None:
    personal = truths["planted_personal"]
    said = [cell for export in exports for name in ("description", "reason", "remark") for cell in export.cells(name)]
    text = "\n".join(said)
    assert all(phone in text for phone in personal["phones_in_text"])
    assert all(number in text for number in personal["identity_numbers_in_text"])
    assert "1990000" not in masked(text)
    for number in personal["identity_numbers_in_text"]:
        weights = [2 ** (17 - place) % 11 for place in range(17)]
        assert "10X98765432"[sum(int(d) * w for d, w in zip(number, weights, strict=False)) % 11] == number[-1]
    roster = next(export for export in exports if export.truth["kind"] == "grid_worker")
    assert set(roster.recognition.personal) == {"姓名", "手机号"}
    names = {row[roster.recognition.headers.index("姓名")] for row in roster.rows}
    assert names <= set(personal["names"])


def test_grid_codes_are_used_again_and_every_day_has_one_grid_a_code(exports: list[Export]) -> None:
    grids = next(export for export in exports if export.truth["kind"] == "grid")
    spans: dict[str, list[tuple[date, date]]] = {}
    ends = [at.at.date() if (at := moment(cell)) else date.max for cell in grids.cells("valid_to")]
    begins = [at.at.date() for cell in grids.cells("valid_from") if (at := moment(cell))]
    for code, begin, end in zip(grids.cells("grid_code"), begins, ends, strict=True):
        spans.setdefault(code, []).append((begin, end))
    assert sum(len(periods) == 2 for periods in spans.values()) == sum(GRIDS_BEFORE) == 49
    assert all(a[1] + timedelta(days=1) == b[0] for a, b in (sorted(p) for p in spans.values() if len(p) == 2))


def test_a_sample_takes_the_place_of_the_last_one_only(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "别人的导出.csv").write_text("不要动", encoding="utf-8")
    write_sample(inbox, incidents=200, months=6)
    first = {file.name for file in inbox.iterdir()}
    write_sample(inbox, incidents=300, months=2, plain=True)
    assert "别人的导出.csv" in first & {file.name for file in inbox.iterdir()}
    assert not [name for name in first if name.startswith("事件清单") and (inbox / name).exists()]
    files = json.loads((tmp_path / "truths.json").read_text(encoding="utf-8"))["files"]
    assert {file["name"] for file in files} == {file.name for file in inbox.iterdir()} - {"别人的导出.csv"}


def test_size_and_span_are_as_asked(tmp_path: Path) -> None:
    path = write_sample(tmp_path / "inbox", seed=3, months=4, incidents=500, until=date(2025, 6, 30))
    truths = json.loads(path.read_text(encoding="utf-8"))
    assert (truths["sample"]["from"], truths["sample"]["until"]) == ("2025-03-01", "2025-06-30")
    assert truths["expected"]["incidents"] == 500
    (file,) = [file for file in truths["files"] if file["kind"] == "incident"]
    export = read_export(tmp_path / "inbox", file, tmp_path)
    reported = [at.at.date() for cell in export.cells("reported_at") if is_moment(cell) and (at := moment(cell))]
    assert date(2025, 3, 1) <= min(reported)
    assert max(reported) <= date(2025, 6, 30)


def test_the_plain_form_is_one_tidy_csv_of_incidents(tmp_path: Path) -> None:
    path = write_sample(tmp_path / "inbox", months=3, incidents=2_000, plain=True)
    truths = json.loads(path.read_text(encoding="utf-8"))
    (file,) = [file for file in truths["files"] if file["kind"] == "incident"]
    table = pd.read_csv(tmp_path / "inbox" / file["name"], dtype=str)
    assert len(table) == table["事件编号"].nunique() == 2_000
    assert table["上报时间"].str.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d").all()
    assert table["事件状态"].eq("已结案").sum() > 1_500
    assert not [name for file in truths["files"] for name in file["unreadable"]]
    export = read_export(tmp_path / "inbox", file, tmp_path)
    assert export.recognition.unmapped == ()


@pytest.mark.parametrize("months, incidents", [(0, 1_000), (12, 99)])
def test_too_small_a_sample_is_refused(months: int, incidents: int, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="示例数据至少要 1 个月、100 件事件"):
        write_sample(tmp_path / "inbox", months=months, incidents=incidents)


# ── the truths ───────────────────────────────────────────────────────────────────────────────────────────────────────


def pace(where: Where, incidents: pd.DataFrame) -> pd.DataFrame:
    """Time from dispatch to disposal as a share of the time allowed, relative to the difficulty of the work; its logarithm,
    for cases of working-day limits without rework or return."""
    clock = working_clock(where)
    rows = incidents[
        (incidents["limit_unit"] == UNITS.index("working_day")) & (incidents["disposed"] < NEVER) & (incidents["dispatched"] < NEVER)
        & (incidents["reworks"] == 0) & (incidents["returns"] == 0) & ~incidents["instant"]
    ]  # fmt: skip
    start, due, done = (clock.worked(rows[name].to_numpy()) for name in ("dispatched", "original_due", "disposed"))
    share = (done - start) / np.maximum(due - start, 3_600)
    hard = where.work.difficulty[rows["work"].to_numpy()]
    divided = rows["reported"].to_numpy() // DAY >= where.town.divided_day[rows["community"].to_numpy()]
    return pd.DataFrame({"community": rows["community"], "divided": divided, "log": np.log(np.maximum(share, 1e-4) / hard)})


def test_one_community_is_truly_slower(where: Where, incidents: pd.DataFrame) -> None:
    measured = pace(where, incidents)
    slow = measured["community"] == where.town.community_codes.index(EFFECTS.slow_community)
    for divided in (False, True):
        here = measured["divided"] == divided
        ratio = np.exp(measured[slow & here]["log"].mean() - measured[~slow & here]["log"].mean())
        assert ratio == pytest.approx(EFFECTS.slow_factor, rel=0.08)


def test_the_others_are_not(where: Where, incidents: pd.DataFrame) -> None:
    measured = pace(where, incidents)
    measured = measured[measured["divided"]]
    means = np.exp(measured.groupby("community")["log"].mean() - measured["log"].mean())
    usual = means.drop(where.town.community_codes.index(EFFECTS.slow_community))
    sizes = measured.groupby("community").size()[usual.index]
    assert (np.abs(np.log(usual)) < 0.05 + 3.3 * 0.88 / np.sqrt(sizes)).all()


def test_the_redivision_makes_handling_quicker(where: Where, incidents: pd.DataFrame) -> None:
    measured = pace(where, incidents)
    means = measured.groupby("divided")["log"].mean()
    assert np.exp(means[True] - means[False]) == pytest.approx(EFFECTS.division_time_factor, rel=0.05)


def test_the_redivision_brings_more_reports_by_patrols_but_fewer_a_grid(where: Where, incidents: pd.DataFrame) -> None:
    early, late = date(2024, 9, 1), date(2026, 3, 1)
    assert {where.town.divided_on[0], where.town.divided_on[10]} == {early, late}
    patrol = incidents[incidents["source"] == PATROL]
    pilot, last = patrol["community"] == 0, patrol["community"].isin([7, 9, 10, 11])
    before = patrol["reported"] < day_number(early) * DAY
    between = ~before & (patrol["reported"] < day_number(late) * DAY)
    odds = (pilot & between).sum() / (last & between).sum() / ((pilot & before).sum() / (last & before).sum())
    assert odds == pytest.approx(EFFECTS.division_reports_factor, rel=0.08)
    assert EFFECTS.division_reports_factor * GRIDS_BEFORE[0] / GRIDS_AFTER[0] < 0.85


def test_the_small_community_looks_bad_by_luck_alone(where: Where, incidents: pd.DataFrame) -> None:
    rates = on_time_rates(where, incidents[in_recent_weeks(where, incidents)])
    place = where.town.community_codes.index(EFFECTS.unlucky_community)
    assert rates["rate"].idxmin() == place
    usual = rates["on_time"].sum() / rates["due"].sum()
    z = (rates["rate"][place] - usual) / np.sqrt(usual * (1 - usual) / rates["due"][place])
    assert -3.09 < z < -1
    assert rates["due"][place] < 60
    slow = where.town.community_codes.index(EFFECTS.slow_community)
    assert (rates["rate"][slow] - usual) / np.sqrt(usual * (1 - usual) / rates["due"][slow]) < -3.09


def test_one_department_closes_cases_the_minute_they_open(where: Where, incidents: pd.DataFrame) -> None:
    closed = incidents[(incidents["closed"] < NEVER) & ~incidents["self_disposed"] & ~incidents["duplicate"]]
    at_once = closed["closed"] // 60 == closed["reported"] // 60
    department = where.town.department_codes.index(EFFECTS.instant_department)
    own = closed["department"] == department
    assert at_once[own].mean() == pytest.approx(EFFECTS.instant_share, abs=0.03)
    assert not at_once[~own].any()
    residents = closed["complainant"] >= 0
    assert closed[own & residents]["satisfied"].mean() < closed[~own & residents]["satisfied"].mean() - 0.15


def test_callbacks_miss_the_dissatisfied(where: Where, incidents: pd.DataFrame) -> None:
    at = moment_number(where.plan.exported_at)
    calls = build_callbacks(stream(2024, "callbacks"), where, working_clock(where), incidents, at)
    facts = planted(where, incidents, calls, {"luck_draw": 0, "repeats": 0})["callbacks_miss_dissatisfied"]
    town = facts["town"]
    assert town["true_satisfied"]["value"] + 0.04 < town["observed_satisfied"]["value"]
    assert 0.88 < town["observed_satisfied"]["value"] < 0.92
    assert town["attempted"] / town["due"] == pytest.approx(0.85, abs=0.01)
    assert town["reached"] / town["attempted"] == pytest.approx(0.60, abs=0.03)
    assert sum(c["due"] for c in facts["communities"].values()) == town["due"]
    first = calls[calls["round"] == 1].groupby("incident")["called"].min()
    assert (first >= incidents["closed"].to_numpy()[first.index]).all()
    assert calls[calls["escalated"] == 1]["round"].eq(2).all()
    assert facts["escalated"] == calls["escalated"].sum() > 50


def test_levels_are_those_of_a_real_town(where: Where, incidents: pd.DataFrame) -> None:
    counts = expected(where, incidents)
    assert counts["incidents"] == sum(counts["by_community"]) == 60_000
    assert counts["on_time"] / counts["due"] == pytest.approx(0.90, abs=0.01)
    assert counts["closed"] / counts["due"] == pytest.approx(0.99, abs=0.01)
    assert counts["self_disposed"] / counts["incidents"] == pytest.approx(0.25, abs=0.01)
    assert counts["reworked"] / counts["counted"] == pytest.approx(0.042, abs=0.005)
    assert counts["extended"] / counts["counted"] == pytest.approx(0.06, abs=0.008)
    assert counts["void"] + counts["rejected"] + counts["parked"] < 0.08 * counts["incidents"]
    repeats = incidents[incidents["repeats"] >= 0]
    earlier = incidents.iloc[repeats["repeats"].to_numpy()].reset_index(drop=True)
    for column in ("complainant", "community", "work"):
        assert (repeats[column].to_numpy() == earlier[column].to_numpy()).all()
    later = repeats["reported"].to_numpy() - earlier["closed"].to_numpy()
    assert 0 <= later.min() <= later.max() <= 30 * DAY


def test_stages_follow_each_other(incidents: pd.DataFrame) -> None:
    names = ["reported", "registered", "dispatched", "disposed", "checked", "closed"]
    for index, row in enumerate(names[1:], 1):
        for earlier in names[:index]:
            came = (incidents[row] < NEVER) & (incidents[earlier] < NEVER)
            assert (incidents[row][came] >= incidents[earlier][came]).all(), (earlier, row)


def test_the_year_has_its_rhythm(where: Where, incidents: pd.DataFrame) -> None:
    days = pd.to_datetime(incidents["reported"] // DAY, unit="D")
    patrol = incidents["source"] == PATROL
    weekday = days[patrol].dt.day_of_week.value_counts()
    assert max(weekday[5], weekday[6]) < 0.65 * weekday[0]
    festival = days.between("2025-01-28", "2025-02-03").sum() / 7
    assert festival < 0.5 * days.between("2025-02-10", "2025-03-09").sum() / 28
    months = days[incidents["work"] == where.work.name.index("供热不热")].dt.month.value_counts()
    assert months[[11, 12, 1, 2]].sum() > 0.8 * months.sum()


def test_the_pilot_has_fourteen_workers_after_the_redivision(where: Where) -> None:
    workers = where.town.workers
    pilot = where.town.grids["community"].to_numpy()[workers["grid"]] == 0
    day = day_number(where.town.divided_on[0])
    there = workers[pilot & (workers["valid_from"] <= day) & (workers["valid_to"] >= day)]
    assert there["kind"].value_counts().to_dict() == {"part_time": 8, "full_time": 6}
    assert int(where.town.households[0]) == 4332
    assert sum(GRIDS_AFTER) == (where.town.grids["epoch"] == 1).sum() == 81


def test_workers_are_found_by_grid_and_day(where: Where) -> None:
    workers = where.town.workers
    first = workers[workers["slot"] == 0]
    grid, day = first["grid"].to_numpy(), np.maximum(first["valid_from"].to_numpy(), 0)
    assert (where.town.worker_at(grid, day) == first.index.to_numpy()).all()
    assert (where.town.worker_at(grid, np.full(len(grid), 10)) == -1).all()


# ── the arithmetic ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def clock() -> WorkingClock:
    return WorkingClock(read_calendar(REFERENCE), date(2025, 9, 1), date(2025, 12, 31))


@pytest.mark.parametrize(
    "start, limit, unit, due",
    [
        ("2025-09-15 10:00:00", 1, "working_day", "2025-09-16 23:59:59"),
        ("2025-09-26 10:00:00", 1, "working_day", "2025-09-28 23:59:59"),  # the Sunday is a working day (调休)
        ("2025-09-30 10:00:00", 1, "working_day", "2025-10-09 23:59:59"),  # over the holiday
        ("2025-09-13 10:00:00", 2, "working_day", "2025-09-16 23:59:59"),  # from a Saturday
        ("2025-09-15 16:30:00", 8, "working_hour", "2025-09-16 17:30:00"),
        ("2025-09-15 11:30:00", 2, "working_hour", "2025-09-15 15:00:00"),  # over lunch
        ("2025-09-15 22:10:05", 4, "hour", "2025-09-16 02:10:05"),
        ("2025-09-15 22:10:05", 5, "natural_day", "2025-09-20 23:59:59"),
    ],
)
def test_deadlines_follow_the_calendar(clock: WorkingClock, start: str, limit: int, unit: str, due: str) -> None:
    begins = np.array([moment_number(datetime.fromisoformat(start))])
    ends = deadline(clock, begins, np.array([float(limit)]), np.array([UNITS.index(unit)]))
    assert ends.tolist() == [moment_number(datetime.fromisoformat(due))]


def test_working_time_and_back(clock: WorkingClock) -> None:
    moments = clock.first * DAY + np.arange(0, 100 * DAY, 977)
    back = clock.moment(clock.worked(moments))
    assert (clock.worked(back) == clock.worked(moments)).all()
    within = clock.worked(moments + 1) > clock.worked(moments)
    assert (back[within] == moments[within]).all()


def test_choices_keep_to_their_weights() -> None:
    drawn = choose(stream(1, "mess"), [[1, 3, 0], [0, 0, 1]], np.repeat([0, 1], 20_000))
    assert np.bincount(drawn[:20_000], minlength=3)[:2] / 20_000 == pytest.approx([0.25, 0.75], abs=0.02)
    assert (drawn[20_000:] == 2).all()
    assert not (drawn[:20_000] == 2).any()
