"""The other exports: grids, grid workers, hand-overs, patrols, service cases, callbacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from etl.sample import callbacks, patrols, service, steps, written
from etl.sample.chance import Ints, Words, filled, word_of
from etl.sample.clock import DAY, NEVER
from etl.sample.files import Cells, Sheet
from etl.sample.incidents import incident_ids
from etl.sample.opinion import FIRST_DISSATISFIED, SATISFACTION, SOLVED
from etl.sample.plan import Period
from etl.sample.record import Break, Written, save, with_broken_rows
from etl.sample.reports import Where
from etl.sample.roster import person_name, phone_number
from etl.sample.vocabulary import Vocabulary

PATROL_PHONE, CALLBACK_PHONE = phone_number(4321), phone_number(4322)
"""Numbers in remarks, to be masked."""


@dataclass(frozen=True)
class Desk:
    """Where files are written and what their writers need. is_tidy: no rows that nobody can read."""

    inbox: Path
    where: Where
    vocabulary: Vocabulary
    generator: np.random.Generator
    exported_at: datetime
    is_tidy: bool

    def save(self, name: str, kind: str, sheet: Sheet, *breaks: Break, **facts: Any) -> Written:
        """Writes the sheet with the broken rows put in."""
        if self.is_tidy or not breaks:
            return save(self.inbox, name, kind, sheet, **facts)
        broken = replace(sheet, columns=with_broken_rows(self.generator, sheet.columns, breaks, 0))
        return save(self.inbox, name, kind, broken, unreadable={b.reason: 1 for b in breaks}, **facts)


def _cells(**columns: Words) -> tuple[Cells, ...]:
    return tuple(Cells(header, np.asarray(cells, dtype=object)) for header, cells in columns.items())


def _days(values: Ints, style: str) -> Words:
    """Days as text; NEVER stays blank."""
    moments = np.where(values < NEVER // DAY, values * DAY, NEVER)
    texts = written.moments(moments, style)
    return np.array([text.split(" ")[0] if text else None for text in texts.tolist()], dtype=object)


def write_grids(desk: Desk) -> Written:
    """网格台账: both divisions, the same codes used again."""
    grids = desk.where.town.grids.sort_values(["community", "epoch", "slot"])
    columns = _cells(
        序号=np.arange(1, len(grids) + 1).astype(object), 网格编码=grids["grid_code"].to_numpy(), 网格名称=grids["name"].to_numpy(),
        所在社区=word_of(desk.where.town.community_names, grids["community"].to_numpy()), 户数=grids["households"].to_numpy(),
        人口数=grids["population"].to_numpy(), 启用日期=_days(grids["valid_from"].to_numpy(), written.ISO),
        停用日期=_days(grids["valid_to"].to_numpy(), written.ISO),
    )  # fmt: skip
    sheet = Sheet(columns, ("禾湾镇网格台账", f"导出时间：{desk.exported_at:%Y-%m-%d %H:%M}"), name="网格台账")
    return desk.save("网格台账.xlsx", "grid", sheet, exported_at=desk.exported_at, exported_at_in="title")


def write_workers(desk: Desk) -> Written:
    """网格员名册 (.xls): one row an assignment, with names and phone numbers that must not get further."""
    town = desk.where.town
    workers = town.workers
    grid = workers["grid"].to_numpy()
    kind = np.where(workers["kind"] == "full_time", "专职", np.where(workers["slot"] == 1, "兼职", "社工"))
    columns = _cells(
        工号=workers["worker"].to_numpy(), 姓名=workers["name"].to_numpy(), 手机号=workers["phone"].to_numpy(), 专兼职=kind,
        折算系数=workers["fte"].to_numpy(), 负责网格=town.grids["grid_code"].to_numpy()[grid],
        所属社区=word_of(town.short_names, town.grids["community"].to_numpy()[grid]),
        上岗日期=_days(workers["valid_from"].to_numpy(), written.SLASH), 离岗日期=_days(workers["valid_to"].to_numpy(), written.SLASH),
    )  # fmt: skip
    sheet = Sheet(columns, ("网格员名册",), (("合计", str(len(workers))),), name="名册")
    return desk.save("网格员名册.xls", "grid_worker", sheet, exported_at=desk.exported_at)


def write_steps(desk: Desk, incidents: pd.DataFrame, frame: pd.DataFrame) -> Written:
    """流转记录 of the last twelve months."""
    names = desk.where.town.department_names
    outcomes = desk.vocabulary.words("step_outcome", ("accepted", "returned"), 1)
    columns = _cells(
        工单编号=_ids(incidents, frame), 操作时间=written.moments(frame["handed"].to_numpy(), written.ISO),
        环节=word_of(steps.ACTIONS, frame["action"].to_numpy()), 操作员编号=_texts(f"CZ{n:02d}" for n in frame["operator"]),
        操作员=_texts(person_name(n + 200) for n in frame["operator"]),
        转出部门=word_of(names, frame["sender"].to_numpy()), 转入部门=word_of(names, frame["receiver"].to_numpy()),
        签收情况=word_of(outcomes, frame["outcome"].to_numpy()),
    )  # fmt: skip
    return desk.save("流转记录_近12个月.csv", "incident_step", Sheet(columns), encoding="utf-8-sig", exported_at=desk.exported_at)


def write_patrols(desk: Desk, frame: pd.DataFrame) -> list[Written]:
    """巡查走访记录, a file a year, GB18030; one row in each with a moment nobody can read, one remark with a phone number."""
    return [_patrol_year(desk, part, period) for period, part in _by_year(desk, frame, "patrolled")]


def _patrol_year(desk: Desk, part: pd.DataFrame, period: Period) -> Written:
    town, worker = desk.where.town, part["worker"].to_numpy()
    remarks = np.full(len(part), None, dtype=object)
    remarks[: len(remarks) // 20] = "一切正常"
    remarks[len(remarks) // 2] = f"独居老人，家属电话{PATROL_PHONE}"
    visited = part["households_visited"].to_numpy()
    columns = _cells(
        巡查编号=_numbers("XC", part), 巡查类型=word_of(patrols.KINDS, part["kind"].to_numpy()),
        巡查员编号=word_of(town.workers["worker"], worker), 巡查人=word_of(town.workers["name"], worker),
        巡查网格=word_of(town.grids["grid_code"], part["grid"].to_numpy()),
        所属社区=word_of(town.community_names, part["community"].to_numpy()),
        巡查时间=written.moments(part["patrolled"].to_numpy(), written.SLASH), 巡查时长=_texts(f"{m}分钟" for m in part["minutes"]),
        走访户数=filled(visited >= 0, visited.astype(str)), 发现问题数=part["incidents_found"].to_numpy(), 巡查情况=remarks,
    )  # fmt: skip
    broken = Break("unreadable_patrolled_at", "巡查时间", "昨天下午", (("巡查编号", f"XC0000{period.last.year}"),))
    name = f"巡查走访记录_{period.name}.csv"
    return desk.save(name, "patrol", Sheet(columns), broken, encoding="gb18030", exported_at=period.exported_at)


def write_service_cases(desk: Desk, frame: pd.DataFrame) -> list[Written]:
    """便民服务中心办件, a file a year in turn GB18030, xlsx and UTF-8; the first gives only the promise in working days, no date.
    A case that was not done at one export stands in the next again."""
    years = _by_year(desk, frame, "applied")
    files = []
    for number, (period, part) in enumerate(years):
        open_ = (
            frame[(frame["applied"] < period.begins) & (frame["done"] > years[number - 1][0].export_moment)] if number else part[:0]
        )
        files.append(_service_year(desk, pd.concat([open_, part]), period, number, reexported=len(open_)))
    return files


def _service_year(desk: Desk, part: pd.DataFrame, period: Period, number: int, *, reexported: int) -> Written:
    is_sheet = number % 3 == 1
    cells = _service_cells(desk, part, number, period.export_moment)
    kept = [header for header in cells if number % 3 or header != "承诺办结时间"]
    columns = tuple(Cells(header, cells[header], is_sheet and header.endswith("时间")) for header in kept)
    broken = Break("unreadable_applied_at", "取号时间", "不详日期", (("办件编号", f"BJ0000{period.last.year}"),))
    titles = ("便民服务中心办件明细", f"导出时间：{period.exported_at:%Y-%m-%d %H:%M}") if is_sheet else ()
    return desk.save(
        f"便民服务中心办件_{period.name}{'.xlsx' if is_sheet else '.csv'}", "service_case", Sheet(columns, titles, name="办件"), broken,
        encoding=("gb18030", "", "utf-8-sig")[number % 3], exported_at=period.exported_at,
        exported_at_in="title" if is_sheet else "nowhere", reexported=reexported,
    )  # fmt: skip


def _service_cells(desk: Desk, part: pd.DataFrame, number: int, at: int) -> dict[str, Words]:
    item, is_sheet = part["item"].to_numpy(), number % 3 == 1
    done = part["done"].to_numpy() <= at
    style = (written.SLASH, written.ISO, written.ISO)[number % 3]

    def moments(name: str, until: int = NEVER) -> Words:
        values = np.where(part[name].to_numpy() <= until, part[name].to_numpy(), NEVER)
        return written.excel_serials(values) if is_sheet else written.moments(values, style)

    rating = part["rating"].to_numpy()
    unrated = done & (rating < 0) & (number % 3 == 0)
    rated = word_of(desk.vocabulary.words("rating", service.RATINGS, (0, 0, 1)[number % 3]), rating)
    return {
        "办件编号": _numbers("BJ", part), "办理事项": word_of([i.name for i in service.ITEMS], item),
        "便民服务中心": word_of(service.CENTRES, part["centre"].to_numpy()), "窗口": word_of(service.WINDOWS, part["window"].to_numpy()),
        "申请人": _texts(person_name(n * 7) for n in part.index), "申请人电话": _texts(phone_number(n * 3) for n in part.index),
        "所属社区": word_of(desk.where.town.community_names, part["community"].to_numpy()), "取号时间": moments("applied"),
        "受理时间": moments("accepted", at), "承诺时限": part["days"].to_numpy().astype(object), "承诺办结时间": moments("due"),
        "办结时间": moments("done", at), "办理结果": np.where(~done, "办理中", np.where(part["refused"], "不予办理", "办结")).astype(object),
        "好差评": filled(done & (rating >= 0) | unrated, np.where(rating >= 0, rated, "未评价")),
        "排队号": _texts("ABCD"[c] + f"{t:03d}" if t >= 0 else None for c, t in zip(part["centre"], part["ticket"], strict=True)),
        "等候分钟": filled(part["wait"] >= 0, part["wait"]),
    }  # fmt: skip


def write_callbacks(desk: Desk, incidents: pd.DataFrame, frame: pd.DataFrame) -> list[Written]:
    """回访记录, a file a year; one row in each without the number of its incident, one reason with a phone number."""
    return [_callback_year(desk, incidents, part, period, n) for n, (period, part) in enumerate(_by_year(desk, frame, "called"))]


def _callback_year(desk: Desk, incidents: pd.DataFrame, part: pd.DataFrame, period: Period, number: int) -> Written:
    dialect, words = (0, 1, 0)[number % 3], desk.vocabulary.words
    level = part["satisfaction"].to_numpy()
    unrated = (part["result"] == callbacks.ANSWERED).to_numpy() & (level < 0)
    reasons = filled(level >= FIRST_DISSATISFIED, word_of(callbacks.REASONS, part["reason"].to_numpy()))
    if len(said := np.flatnonzero(level >= FIRST_DISSATISFIED)):
        reasons[said[0]] = f"{reasons[said[0]]}，请打{CALLBACK_PHONE}"
    columns = _cells(
        回访编号=_numbers("HF", part), 工单编号=_ids(incidents, part), 回访轮次=part["round"].to_numpy().astype(str),
        回访时间=written.moments(part["called"].to_numpy(), (written.SLASH, written.ISO, written.CHINESE)[number % 3]),
        回访方式=word_of(callbacks.METHODS, part["method"].to_numpy()), 回访人=_texts(person_name(300 + n % 5) for n in part.index),
        联系电话=_texts(phone_number(n) for n in incidents["complainant"].to_numpy()[part["incident"]]),
        接通状态=word_of(words("callback_result", callbacks.RESULTS, dialect), part["result"].to_numpy()),
        是否联系=word_of(("否", "是"), part["contacted"].to_numpy()),
        是否解决=word_of(words("solved", SOLVED, dialect), part["solved"].to_numpy()),
        满意度=np.where(unrated, "未评价", word_of(words("satisfaction", SATISFACTION, dialect), level)), 不满意原因=reasons,
        是否重办=word_of(("否", "是"), part["rehandled"].to_numpy()), 是否移交=word_of(("否", "是"), part["escalated"].to_numpy()),
    )  # fmt: skip
    broken = Break("blank_incident_id", "工单编号", "", (("回访编号", f"HF0000{period.last.year}"),))
    return desk.save(
        f"回访记录_{period.last.year}.csv", "callback", Sheet(columns), broken, exported_at=period.exported_at,
        encoding=("gb18030", "utf-8-sig", "gb18030")[number % 3], slips=Counter(unrated=int(unrated.sum())),
    )  # fmt: skip


def _by_year(desk: Desk, frame: pd.DataFrame, moment: str) -> list[tuple[Period, pd.DataFrame]]:
    """The rows of each year; what comes after the last day belongs to the last year."""
    periods = desk.where.plan.years()
    ends = np.array([period.ends for period in periods[:-1]], dtype=np.int64)
    year = np.searchsorted(ends, frame[moment].to_numpy(), side="right")
    return [(period, frame[year == n]) for n, period in enumerate(periods) if (year == n).any()]


def _numbers(prefix: str, part: pd.DataFrame) -> Words:
    return _texts(f"{prefix}{number + 1:08d}" for number in part.index)


def _texts(texts: Iterable[str | None]) -> Words:
    return np.array(list(texts), dtype=object)


def _ids(incidents: pd.DataFrame, part: pd.DataFrame) -> Words:
    rows = part["incident"].to_numpy()
    distinct, place = np.unique(rows, return_inverse=True)
    found: Words = np.array(incident_ids(incidents.iloc[distinct]), dtype=object)[place]
    return found
