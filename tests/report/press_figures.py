"""Every kind of figure the dashboard draws, with frames like a town's: long names, gaps, many weeks, both languages."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from dashboard.figures import Figure
from dashboard.figures.bands import with_bands
from dashboard.figures.bars import bars, columns
from dashboard.figures.calendar import STATES, calendar
from dashboard.figures.control import control_chart
from dashboard.figures.curve import Mark, curve
from dashboard.figures.dots import ALIKE, BETTER, WORSE, dots
from dashboard.figures.dumbbell import dumbbell
from dashboard.figures.effects import PLAIN, SHOWN, TRUE, Level, effects_by_row, effects_in_time
from dashboard.figures.estimates import estimates
from dashboard.figures.expected import against_expected
from dashboard.figures.funnel import APART, funnel
from dashboard.figures.heatmap import Change, unit_weeks, week_hours
from dashboard.figures.lorenz import lorenz_curve
from dashboard.figures.marks import with_days
from dashboard.figures.matrix import matrix
from dashboard.figures.spans import spans
from dashboard.figures.theme import GREY
from dashboard.figures.trend import Line, trend

_MONDAY = date(2026, 5, 18)
_NAMES = ["北门社区", "南湖社区", "锦绣里社区居民委员会", "五里牌", "Riverside Estate", "䶮家湾"]
_DAYS = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"]

WEEKS = pd.DataFrame(
    {
        "week": [str(_MONDAY + timedelta(weeks=n)) for n in range(26)],
        "reported": [None if n == 7 else 300.0 + 17 * (n % 5) for n in range(26)],
        "closed": [290.0 + 13 * (n % 7) for n in range(26)],
        "share": [0.88 + 0.004 * (n % 9) for n in range(26)],
    }
)
_LEVELS = {"centre": "中心", "low": "下限", "high": "上限", "target": "目标 90%"}
_CONTROLLED = pd.DataFrame(
    {
        "week": WEEKS["week"],
        "value": [None if n == 5 else 0.88 + 0.01 * (n % 4) + (0.09 if n == 20 else 0) for n in range(26)],
        "centre": [0.895 if n < 12 else 0.9 for n in range(26)],
        "low": [0.84 - 0.003 * (n % 3) for n in range(26)],
        "high": [0.95 + 0.003 * (n % 3) for n in range(26)],
        "mark": ["", "improvement", "concern", "high", "low", *[""] * 15, "improvement", *[""] * 5],
        "said": "",
        "href": "",
    }
)
UNITS = pd.DataFrame(
    {
        "label": _NAMES,
        "value": [0.93, 0.71, 0.88, None, 0.9, 0.86],
        "low": [0.90, 0.6, 0.85, None, 0.7, 0.80],
        "high": [0.95, 0.8, 0.91, None, 0.97, 0.9],
        "worst": [0.6, 0.4, 0.5, None, 0.5, 0.6],
        "best": [0.97, 0.9, 0.95, None, 0.99, 0.95],
        "n": [1203, 88, 640, 0, 31, 204],
        "stand": [BETTER, WORSE, ALIKE, ALIKE, ALIKE, ALIKE],
        "text": ["93%", "71%", "88%", "—", "90%", "86%"],
        "mark": [False, True, False, False, False, False],
        "hover": "只在屏幕上",
        "href": "/cases?只在屏幕上",
    }
)
_HOURS = pd.DataFrame(
    [(dow, hour, float((dow * hour) % 23), "") for dow in range(1, 8) for hour in range(24)],
    columns=["dow", "hour", "value", "href"],
)
_CELLS = pd.DataFrame(
    [(f"G{unit}", week, float(unit * week), "") for unit in range(5) for week in range(12) if unit * week != 6],
    columns=["unit", "week", "value", "href"],
)
_LOADED = pd.DataFrame(
    [(_MONDAY + timedelta(days=n), STATES[(n // 5) % 4], "", "") for n in range(90)], columns=["day", "state", "hover", "href"]
).astype(object)
_STAGES = pd.DataFrame(
    [(row, column, 0.3 * 7 ** (row + column), f"{row + column}天", "", "") for row in range(4) for column in range(4)],
    columns=["row", "column", "value", "text", "hover", "href"],
)
_CLASSES = pd.DataFrame(
    {
        "label": ["当日", "三日内", "超期"],
        "low": [2.0, 12.0, 70.0],
        "high": [5.0, 30.0, 120.0],
        "low_text": ["2", "12", "70"],
        "high_text": ["5", "30", "120"],
        "hover": "",
        "href": "",
    }
)
_PAIRS = pd.DataFrame(
    {"label": ["按期结案率", "满意率", "响应率"], "first": [0.9, None, 0.97], "second": [0.8, 0.7, 0.99]}
    | {f"{side}_{what}": "" for side in ("first", "second") for what in ("hover", "href")}
)
_FUNNEL = pd.DataFrame(
    {"label": _NAMES, "size": [1203, 88, 640, 12, 431, 904], "value": [0.93, 0.71, 0.88, 0.9, 0.8, 0.95]}
    | {
        "look": [BETTER, WORSE, ALIKE, ALIKE, APART, BETTER],
        "is_named": [True, True, False, False, True, True],
        "hover": "",
        "href": "",
    }
)
_LIMITS = pd.DataFrame({"size": [20.0 * 1.5**n for n in range(12)]})
_LIMITS = _LIMITS.assign(
    **{
        f"{name}_{end}": (0.86 + side * wide / _LIMITS["size"] ** 0.5)
        for name, wide in (("outer", 1.07), ("inner", 0.68))
        for end, side in (("low", -1), ("high", 1))
    }
)
_ESTIMATES = UNITS[["label", "href"]].assign(
    is_apart=UNITS["mark"],
    **{
        f"{name}{end}": UNITS[column]
        for name in ("raw", "adjusted", "shrunken")
        for end, column in (("", "value"), ("_low", "low"), ("_high", "high"), ("_hover", "hover"))
    },
)
_STEPS = pd.DataFrame({"at": [0.0, 24.0, 48.0, 72.0, 240.0], "share": [0.05, 0.4, 0.6, 0.8, 0.9], "hover": ""})
_STEPS = _STEPS.assign(low=_STEPS["share"] - 0.03, high=_STEPS["share"] + 0.03)

_EFFECTS = pd.DataFrame(
    {
        "at": [-30.0, -10.0, 2.0, 20.0, 30.0],
        "label": ["第1批 · 1 处", "第2批 · 3 处", "第3批", "第4批", "合计"],
        "value": [1.0, -2.0, 12.0, None, 14.0],
        "low": [-4.0, -8.0, 3.0, None, 2.0],
        "high": [6.0, 4.0, 21.0, None, 300.0],
        "look": [PLAIN, PLAIN, SHOWN, SHOWN, TRUE],
        "hover": "+1.0%",
    }
)
_EXPECTED = pd.DataFrame(
    {
        "week": WEEKS["week"],
        "observed": WEEKS["reported"],
        "expected": [None if n < 9 else 290.0 for n in range(26)],
        "fitted": 320.0,
        "low": [None if n < 9 else 270.0 for n in range(26)],
        "high": [None if n < 9 else 310.0 for n in range(26)],
    }
)


def figures() -> dict[str, Figure]:
    """Each by its kind."""
    course = trend(
        WEEKS,
        [Line("reported", "上报"), Line("closed", "结案", dash="dash", colour=GREY)],
        lang="zh",
        unit="件",
        reference=310,
        reference_name="常态",
    )
    rates = dots(UNITS, reference=0.85, reference_name="全镇 85%")
    return {
        "trend": course,
        "share": trend(WEEKS, [Line("share", "Closed on time")], lang="en", share=True),
        "control": control_chart(_CONTROLLED, _LEVELS, lang="zh", share=True, steps=(12,), target=0.9),
        "marked": with_days(course, [("2026-09-02", "重新划分")]),
        "bars": bars(UNITS.drop(columns="mark"), reference=0.85, reference_name="全镇 85%"),
        "marked bars": bars(UNITS),
        "columns": columns(UNITS, reference=0.85, reference_name="全镇"),
        "columns without text": columns(UNITS, show_text=False, tick_every=2),
        "dots": rates,
        "bands": with_bands(rates, UNITS),
        "heatmap": week_hours(_HOURS, weekdays=_DAYS, hover="%{z}"),
        "units by weeks": unit_weeks(
            _CELLS,
            units=[(f"G{unit}", f"北门社区 G{unit}") for unit in range(5)],
            weeks=[f"第{week}周" for week in range(12)],
            hover="%{z}",
            changes=[Change(4, (1, 3))],
        ),
        "calendar": calendar(_LOADED, weekdays=_DAYS, months={date(2026, 6, 1): "6月", date(2026, 7, 1): "7月"}),
        "lorenz": lorenz_curve([0, 0.25, 0.5, 0.75, 1], [0, 0.1, 0.25, 0.5, 1], even="人人均等", hover="%{x}"),
        "dumbbell": dumbbell(_PAIRS),
        "beside the whole": dumbbell(_PAIRS, is_whole=True),
        "spans": spans(_CLASSES, low_name="中位数", high_name="90 分位", lang="zh"),
        "matrix": matrix(_STAGES, rows=_NAMES[:4], columns=["立案", "派遣", "处置", "核查"], least=0.1),
        "funnel": funnel(_FUNNEL, _LIMITS, centre=0.86, centre_name="全镇 86%", size_name="件数"),
        "estimates": estimates(_ESTIMATES, ["raw", "adjusted", "shrunken"], reference=0.86, reference_name="全镇 86%"),
        "curve": curve(
            _STEPS,
            _STEPS.assign(share=0.04),
            names=("已结案", "作废"),
            marks=[Mark(72.0, "时限 3 天")],
            ticks={0.0: "0天", 120.0: "5天", 240.0: "10天"},
        ),
        "effects in time": effects_in_time(
            _EFFECTS,
            ticks={-26.0: "−26 周", 0.0: "0 周", 26.0: "26 周"},
            unit="%",
            lang="zh",
            nothing="没有变化",
            begins=0.0,
            begins_name="开始",
            level=Level(12.0, "真的开始"),
        ),
        "effects by row": effects_by_row(_EFFECTS, unit="个百分点", nothing="没有变化", level=Level(12.0, "合计 +12.0%")),
        "against what was expected": against_expected(
            _EXPECTED, ("实际", "推算", "拟合"), days=[("2026-07-20", "第1批")], lang="zh", unit="/周"
        ),
        "empty": bars(UNITS[:0]),
        "date axis": _own_dates(),
        "legend": _legend(),
    }


def _own_dates() -> Figure:
    """Ticks that plotly.js chooses and writes itself."""
    figure = trend(WEEKS, [Line("closed", "")], lang="zh")
    axis = {key: value for key, value in figure["layout"]["xaxis"].items() if not key.startswith("tick")}
    return {**figure, "layout": {**figure["layout"], "xaxis": axis}}


def _legend() -> Figure:
    """A title, turned names, a legend, a note of two lines: not used today, and measured differently from the rest."""
    figure = columns(UNITS.assign(label="很长的名称" + UNITS["label"]))
    figure["data"][0]["name"] = "<b>办结</b> CO<sub>2</sub>"
    layout = figure["layout"] | {"showlegend": True, "yaxis": {"title": {"text": "件"}}}
    layout["annotations"] = [
        {"x": 0.5, "xref": "paper", "y": 1, "text": "两行 <i>R&D</i><br>说明 &lt;1%", "showarrow": False, "textangle": 8}
    ]
    del layout["xaxis"]["tickangle"]
    return {**figure, "layout": layout}
