"""Cases of the service centres: who waits how long for what, and whether the promise is kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from etl.sample.chance import Ints, choose, happens, lognormal
from etl.sample.clock import DAY, HOUR, MINUTE, NEVER, WorkingClock, day_number
from etl.sample.reports import Where

PER_MONTH = 950
"""Cases a month beside 60,000 incidents in three years; fewer beside fewer, never more."""
_FULL_SIZE = 60_000 / 36
RATINGS = ("very_good", "good", "fair", "poor", "very_poor")
CENTRES = ("禾湾镇便民服务中心", "锦秀里社区服务站", "福满园社区服务站", "望湖里社区服务站")
_CENTRE_SHARES = (0.64, 0.15, 0.11, 0.10)
WINDOWS = ("综合窗口1", "综合窗口2", "综合窗口3", "社保窗口", "民政窗口", "帮办代办窗口")
_HOURS = {9: 10, 10: 12, 11: 7, 13: 4, 14: 9, 15: 8, 16: 6}
_RATED_SHARE, _KEPT_SHARE = 0.38, 0.965
_RATING_SHARES = ((0.60, 0.33, 0.045, 0.018, 0.007), (0.30, 0.38, 0.14, 0.12, 0.06))
_QUEUE = {9: 1.3, 10: 1.7, 11: 1.1, 13: 0.7, 14: 1.0, 15: 0.9, 16: 0.7}
_USUAL_WAIT = 9.0  # minutes at an ordinary hour


@dataclass(frozen=True)
class Item:
    """days: promise in working days, 0 = at once."""

    name: str
    days: int
    share: float
    window: int


ITEMS = (
    Item("社会保障卡申领", 5, 9, 3), Item("城乡居民医保参保登记", 0, 13, 3), Item("城乡居民养老保险参保登记", 0, 8, 3),
    Item("养老待遇资格认证", 0, 10, 3), Item("灵活就业社保补贴申领", 15, 4, 3), Item("失业登记", 3, 4, 3), Item("就业援助申请", 5, 3, 3),
    Item("最低生活保障申请", 20, 3, 4), Item("临时救助申请", 10, 2, 4), Item("老年人优待证办理", 1, 8, 4), Item("高龄津贴申领", 10, 4, 4),
    Item("残疾人两项补贴申请", 10, 3, 4), Item("生育服务登记", 0, 5, 1), Item("居住证明开具", 0, 9, 2), Item("公租房资格申请", 20, 3, 1),
    Item("退役军人优待证申领", 15, 2, 1), Item("法律援助咨询", 0, 3, 5), Item("物业维修资金使用备案", 10, 2, 0), Item("个体工商户登记帮办", 3, 5, 5),
)  # fmt: skip


def usual_number(months: int, incidents: int) -> int:
    """How many cases a sample of that size has."""
    return max(100, round(PER_MONTH * months * min(1.0, incidents / months / _FULL_SIZE)))


def build_service_cases(generator: np.random.Generator, where: Where, clock: WorkingClock, number: int) -> pd.DataFrame:
    """One row a case, by time of application: item, centre, window, community, applied, accepted, days (promise), due, done (NEVER =
    not yet), rating (-1 none), ticket (number of the day at the centre, -1 none), wait (minutes, -1 without a ticket), refused."""
    zero = np.zeros(number, dtype=np.int64)
    day, hour = _when(generator, where, number)
    item = choose(generator, [item.share for item in ITEMS], zero)
    centre = choose(generator, _CENTRE_SHARES, zero)
    queue = np.array([_QUEUE.get(h, 1.0) for h in range(24)])[hour] * np.where(day % 7 == 4, 1.35, 1.0)  # day 4 was a Monday
    wait = np.clip(lognormal(generator, _USUAL_WAIT * queue, 0.75, number), 0.5, 180).round(1)
    applied = day * DAY + hour * HOUR + generator.integers(0, HOUR, number)
    frame = pd.DataFrame({"item": item, "centre": centre, "applied": applied, "wait": wait})
    frame["community"] = choose(generator, where.town.households, zero)
    frame["window"] = np.where(
        happens(generator, 0.7, number), np.array([i.window for i in ITEMS])[item], generator.integers(0, 3, number)
    )
    frame["accepted"] = applied + (wait * MINUTE).astype(np.int64)
    frame = _handled(generator, clock, frame.sort_values("applied", kind="stable", ignore_index=True))
    online = happens(generator, 0.12, number)
    frame["ticket"] = np.where(online, -1, _tickets(frame))
    return frame.assign(wait=np.where(online, -1.0, frame["wait"]))


def _when(generator: np.random.Generator, where: Where, number: int) -> tuple[Ints, Ints]:
    open_days = np.array([day_number(day) for day in where.days if where.calendar.is_working(day)])
    month = np.array([day.month for day in where.days if where.calendar.is_working(day)])
    enrolment = np.isin(month, (10, 11, 12))  # of the residents' health insurance
    season = np.where(enrolment, 1.3, 1.0) * np.where(month == 2, 0.8, 1.0)
    rhythm = season * np.where(open_days % 7 == 4, 1.25, 1.0)
    day = open_days[choose(generator, rhythm, np.zeros(number, dtype=np.int64))]
    hours = [float(_HOURS.get(h, 0)) for h in range(24)]
    return day, choose(generator, hours, np.zeros(number, dtype=np.int64))


def _handled(generator: np.random.Generator, clock: WorkingClock, frame: pd.DataFrame) -> pd.DataFrame:
    size = len(frame)
    days = np.array([item.days for item in ITEMS])[frame["item"].to_numpy()]
    accepted = frame["accepted"].to_numpy()
    due = clock.end_of_working_day(accepted, days)
    kept = happens(generator, _KEPT_SHARE, size)
    share = np.where(kept, generator.beta(2.0, 2.6, size), 1.02 + generator.gamma(1.2, 0.35, size))
    allowed = np.maximum(clock.worked(due) - clock.worked(accepted), HOUR)
    later = clock.moment(clock.worked(accepted) + (share * allowed).astype(np.int64))
    at_once = accepted + lognormal(generator, 9 * MINUTE, 0.5, size).astype(np.int64)
    done = np.where((days == 0) & kept, np.minimum(at_once, due), np.maximum(later, accepted + 5 * MINUTE))
    slow = (frame["wait"].to_numpy() > 30) | ~kept
    rating = choose(generator, _RATING_SHARES, slow.astype(np.int64))
    return frame.assign(
        days=days, due=due, done=np.where(happens(generator, 0.004, size), NEVER, done),
        rating=np.where(happens(generator, _RATED_SHARE, size), rating, -1), refused=happens(generator, 0.012, size),
    )  # fmt: skip


def _tickets(frame: pd.DataFrame) -> Ints:
    """Numbers called in turn at each centre, each day from 1."""
    numbers = frame.groupby([frame["applied"] // DAY, frame["centre"]]).cumcount() + 1
    return np.asarray(numbers, dtype=np.int64)
