"""How systems write a value into a cell: the many forms of a moment, and small slips of the hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from etl.sample.chance import Flags, Ints, Words, happens
from etl.sample.clock import DAY, HOUR, MINUTE, NEVER, day_of

EXCEL_EPOCH_DAYS = 25_569
"""Days from 1899-12-30 to 1970-01-01."""
_FULL_WIDTH = str.maketrans("0123456789WG:", "０１２３４５６７８９ＷＧ：")
NBSP, ZERO_WIDTH = "\u00a0", "\u200b"

ISO, SLASH, CHINESE, HALF_DAY, COMPACT, DAY_ONLY = "iso", "slash", "chinese", "half_day", "compact", "day_only"


def moments(values: Ints, style: str) -> Words:
    """Text of each moment in the style, None for NEVER.

    iso 2024-03-05 09:05:00 · slash 2024/3/5 9:05 · chinese 2024年3月5日 9时5分 · half_day 2024年3月5日 上午9:05 · compact 20240305090500
    · day_only 2024-03-05
    """
    texts = np.full(len(values), None, dtype=object)
    here = np.flatnonzero(values < NEVER)
    day, second = np.divmod(values[here], DAY)
    distinct, place = np.unique(day, return_inverse=True)
    heads = [_day_text(int(number), style) for number in distinct]
    write = _CLOCK_TEXT[style]
    texts[here] = [heads[p] + write(s) for p, s in zip(place.tolist(), second.tolist(), strict=True)]
    return texts


def excel_serials(values: Ints) -> Words:
    """Excel's own count of days, rounded to the second; None for NEVER."""
    serials = np.round(values / DAY + EXCEL_EPOCH_DAYS, 8).astype(object)
    serials[values >= NEVER] = None
    return np.asarray(serials, dtype=object)


def _day_text(number: int, style: str) -> str:
    day = day_of(number)
    match style:
        case "slash":
            return f"{day.year}/{day.month}/{day.day} "
        case "chinese" | "half_day":
            return f"{day.year}年{day.month}月{day.day}日 "
        case "compact":
            return f"{day:%Y%m%d}"
        case "day_only":
            return day.isoformat()
        case _:
            return day.isoformat() + " "


def _half_day(second: int) -> str:
    hour, minute = second // HOUR, second % HOUR // MINUTE
    return f"上午{hour}:{minute:02d}" if hour < 12 else f"下午{hour - 12 if hour > 12 else 12}:{minute:02d}"


_CLOCK_TEXT: dict[str, Callable[[int], str]] = {
    ISO: lambda s: f"{s // HOUR:02d}:{s % HOUR // MINUTE:02d}:{s % MINUTE:02d}",
    SLASH: lambda s: f"{s // HOUR}:{s % HOUR // MINUTE:02d}",
    CHINESE: lambda s: f"{s // HOUR}时{s % HOUR // MINUTE}分",
    HALF_DAY: _half_day,
    COMPACT: lambda s: f"{s // HOUR:02d}{s % HOUR // MINUTE:02d}{s % MINUTE:02d}",
    DAY_ONLY: lambda _: "",
}


def full_width(text: str) -> str:
    """Digits and colons as a Chinese input method writes them."""
    return text.translate(_FULL_WIDTH)


def slipped(generator: np.random.Generator, texts: Words, share: float, change: Callable[[str], str]) -> tuple[Words, int]:
    """texts with a share of the filled cells changed, and how many."""
    hit: Flags = happens(generator, share, len(texts)) & np.array(
        [isinstance(text, str) and text != "" for text in texts], dtype=bool
    )
    changed = texts.copy()
    changed[hit] = [change(text) for text in texts[hit]]
    return changed, int(hit.sum())


def with_markers(generator: np.random.Generator, texts: Words, marker: str, share: float) -> Words:
    """texts with a share of the blanks written as — / 无 不详."""
    hit: Flags = happens(generator, share, len(texts)) & np.array([text is None or text == "" for text in texts], dtype=bool)
    changed = texts.copy()
    changed[hit] = marker
    return changed
