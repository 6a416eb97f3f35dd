"""Numbers as they are written: one unit, one form, on every screen and page. No value is "—", never 0 and never nan."""

from __future__ import annotations

import math

from dashboard.i18n import text

NOTHING = "—"
LARGE = 100_000
"""Counts from here on are shortened where they are read at a glance."""
STEPS = {"zh": ((1e8, "亿", 2), (1e4, "万", 1)), "en": ((1e6, "M", 2), (1e3, "k", 1))}
"""What large counts are counted in: size, sign and decimals, the largest first."""


def is_missing(value: object) -> bool:
    """None, NaN, NaT and pandas' NA."""
    if value is None:
        return True
    if isinstance(value, float):
        return math.isnan(value)
    return type(value).__name__ in ("NaTType", "NAType")


def count(value: object) -> str:
    """1,234 – or — when there is none."""
    return NOTHING if is_missing(value) else f"{float(value):,.0f}"  # type: ignore[arg-type]


def decimal(value: object, decimals: int) -> str:
    """1,234.5 with that many decimals and a true minus sign."""
    if is_missing(value):
        return NOTHING
    number = round(float(value), decimals)  # type: ignore[arg-type]
    return f"{number + 0.0:,.{decimals}f}".replace("-", "−")


def shown(value: object, unit: str, decimals: int, lang: str) -> str:
    """A metric's value with its unit: 91.3%, 26.5 小时, 1,234 件. Shares come as 0–1 and are shown in per cent."""
    number, sign = parts(value, unit, decimals, lang)
    return number if not sign or number == NOTHING else number + ("" if sign == "%" else " ") + sign


def parts(value: object, unit: str, decimals: int, lang: str) -> tuple[str, str]:
    """Number and unit apart, for places that set them in different sizes. Hours beyond two days become days."""
    if is_missing(value):
        return NOTHING, text(f"unit.{unit}", lang)
    number = float(value)  # type: ignore[arg-type]
    if unit == "percent":
        return decimal(number * 100, decimals), text("unit.percent", lang)
    if unit == "hours" and abs(number) >= 48:
        return decimal(number / 24, 1), text("unit.days", lang)
    return decimal(number, decimals), text(f"unit.{unit}", lang)


def bare(value: object, unit: str, decimals: int, lang: str) -> str:
    """As in a table whose heading names the quantity: with % and lengths of time, without the other units."""
    if unit in ("percent", "hours", "minutes"):
        return shown(value, unit, decimals, lang)
    return parts(value, unit, decimals, lang)[0]


def compact(value: object, unit: str, decimals: int, lang: str) -> tuple[str, str]:
    """parts() with large counts in the language's own steps, for a number read at a glance: 12.3 万件, 1.25 亿件, 123.5k cases."""
    number, sign = parts(value, unit, decimals, lang)
    if unit != "count" or number == NOTHING or abs(float(value)) < LARGE:  # type: ignore[arg-type]
        return number, sign
    for size, step, digits in STEPS[lang]:
        if abs(float(value)) >= size:  # type: ignore[arg-type]
            short = decimal(float(value) / size, digits)  # type: ignore[arg-type]
            return (short, step + sign) if lang == "zh" else (short + step, sign)
    return number, sign


def between(low: float, high: float, unit: str, decimals: int, lang: str) -> str:
    """A range in one unit, without it for counts and per exposure: 17–42, 88.1%–92.5%, 26.1–31.0 小时."""
    if unit == "hours" and low >= 48:
        return f"{decimal(low / 24, 1)}–{decimal(high / 24, 1)} {text('unit.days', lang)}"
    if unit == "percent":
        return f"{decimal(low * 100, decimals)}%–{decimal(high * 100, decimals)}%"
    ends = f"{decimal(low, decimals)}–{decimal(high, decimals)}"
    return f"{ends} {text(f'unit.{unit}', lang)}" if unit in ("hours", "minutes") else ends


def change(value: object, before: object, unit: str, decimals: int, lang: str) -> str:
    """The change on an earlier value: percentage points for shares, per cent for the rest; — when either is missing.

    A relative change on 0 has no meaning and is "—" too.
    """
    number, sign = change_parts(value, before, unit, decimals, lang)
    return number + ("" if sign in ("", "%") else " ") + sign


def change_parts(value: object, before: object, unit: str, decimals: int, lang: str) -> tuple[str, str]:
    """change() as number and unit; the unit is empty where there is no number."""
    if is_missing(value) or is_missing(before):
        return NOTHING, ""
    now, then = float(value), float(before)  # type: ignore[arg-type]
    if unit in ("percent", "points"):
        scale = 100 if unit == "percent" else 1
        key = "unit.pp" if unit == "percent" else "unit.points"
        return signed((now - then) * scale, max(decimals, 1)), text(key, lang)
    return (NOTHING, "") if then == 0 else (signed((now / then - 1) * 100, 1), "%")


def signed(value: float, decimals: int) -> str:
    """+1.2, −0.4; ±0.0 when it rounds to nothing."""
    number = round(value, decimals)
    return f"±{0:.{decimals}f}" if number == 0 else f"{number:+,.{decimals}f}".replace("-", "−")


def duration(hours: object, lang: str) -> str:
    """A length of time in its natural unit: 35 分钟, 7.5 小时, 3.2 天, 410 天."""
    if is_missing(hours):
        return NOTHING
    value = float(hours)  # type: ignore[arg-type]
    if abs(value) < 1:
        return f"{decimal(value * 60, 0)} {text('unit.minutes', lang)}"
    if abs(value) < 48:
        return f"{decimal(value, 1)} {text('unit.hours', lang)}"
    days = value / 24
    return f"{decimal(days, 1 if abs(days) < 100 else 0)} {text('unit.days', lang)}"
