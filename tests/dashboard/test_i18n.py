"""Words: the same keys in every language, each used, each used one present; numbers and dates in one form."""

from __future__ import annotations

import re
import tomllib
from datetime import date, datetime
from pathlib import Path
from string import Formatter

import pytest

from dashboard.i18n import LANGUAGES, grid_words, html_lang, joined, keys, text
from dashboard.i18n import _words as words_of
from dashboard.i18n.dates import as_date, day, moment, run, span, week_name, week_tick
from dashboard.i18n.numbers import bare, change, count, decimal, duration, shown, signed
from dashboard.metrics.catalogue import GROUPS, UNITS

PACKAGE = Path(__file__).resolve().parents[2] / "dashboard"
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in sorted(PACKAGE.rglob("*.py")))
LITERAL = re.compile(r"""["']([a-z]+(?:\.[a-z_0-9]+)+)["']""")
FORMATS = re.compile(r"Excel|CSV|PNG|SVG|PDF|SQL|SELECT|Parquet")
"""Names that are the same in Chinese."""
DYNAMIC = re.compile(r'f"([a-z_]+\.[a-z_]*)\{')


def test_every_language_has_the_same_keys() -> None:
    assert keys("zh") == keys("en")


def test_every_key_is_used() -> None:
    """As a literal, or by an f-string that begins like it."""
    literal, prefixes = set(LITERAL.findall(SOURCE)), tuple(set(DYNAMIC.findall(SOURCE)))
    assert sorted(key for key in keys("zh") if key not in literal and not key.startswith(prefixes)) == []


def test_every_literal_key_exists() -> None:
    sections = {key.split(".")[0] for key in keys("zh")}
    used = set(re.findall(r'(?:words|text)\("([a-z_0-9.]+)"', SOURCE))
    assert sorted(key for key in used if key not in keys("zh") and key.split(".")[0] in sections) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_unit_and_group_of_the_catalogue_has_words(lang: str) -> None:
    assert {f"unit.{unit}" for unit in UNITS} | {f"unit_name.{unit}" for unit in UNITS} | {f"group.{g}" for g in GROUPS} <= keys(
        lang
    )


def test_translations_take_the_same_values() -> None:
    fields = {
        lang: {key: {f for _, f, _, _ in Formatter().parse(words) if f} for key, words in words_of(lang).items()}
        for lang in LANGUAGES
    }
    assert fields["zh"] == fields["en"]


def test_chinese_is_chinese_and_english_english() -> None:
    latin = {"app.other_language", "app.tagline"}
    han = re.compile(r"[\u4e00-\u9fff]")
    assert [key for key, words in words_of("en").items() if han.search(words) and key not in latin and "口径" not in words] == []
    assert [
        key
        for key, words in words_of("zh").items()
        if re.search(r"[A-Za-z]{3,}", FORMATS.sub("", Formatter().format(re.sub(r"\{.*?\}", "", words)))) and key not in latin
    ] == []


def test_the_grids_own_words_are_chinese() -> None:
    assert all(re.search(r"[\u4e00-\u9fff]", words) for words in grid_words().values())
    assert tomllib.loads((PACKAGE / "i18n/ag_grid_zh.toml").read_text(encoding="utf-8")) == grid_words()


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "zh", "en"),
    [
        (0.9134, "percent", 1, "91.3%", "91.3%"),
        (1234, "count", 0, "1,234 件", "1,234 cases"),
        (26.54, "hours", 1, "26.5 小时", "26.5 h"),
        (72, "hours", 1, "3.0 天", "3.0 days"),
        (None, "percent", 1, "—", "—"),
        (float("nan"), "count", 0, "—", "—"),
        (-0.0, "count", 0, "0 件", "0 cases"),
    ],
)
def test_a_value_with_its_unit(value: float | None, unit: str, decimals: int, zh: str, en: str) -> None:
    assert (shown(value, unit, decimals, "zh"), shown(value, unit, decimals, "en")) == (zh, en)


def test_shares_change_in_points_and_the_rest_in_per_cent() -> None:
    assert change(0.92, 0.9, "percent", 1, "zh") == "+2.0 个百分点"
    assert change(80, 100, "count", 0, "zh") == "−20.0%"
    assert change(87.2, 88.0, "points", 1, "zh") == "−0.8 分"
    assert change(1, 0, "count", 0, "zh") == change(None, 1, "count", 0, "zh") == change(1, None, "count", 0, "zh") == "—"


def test_small_forms() -> None:
    assert (signed(0.04, 1), signed(-0.06, 1)) == ("±0.0", "−0.1")
    assert (duration(0.5, "zh"), duration(7.25, "zh"), duration(50, "en"), duration(None, "zh")) == (
        "30 分钟",
        "7.2 小时",
        "2.1 days",
        "—",
    )
    assert (count(None), decimal(None, 1), bare(12.345, "per_grid_week", 2, "zh")) == ("—", "—", "12.35")
    assert (joined(["甲", "乙"], "zh"), joined(["a", "b"], "en"), html_lang("zh")) == ("甲、乙", "a, b", "zh-CN")
    assert text("tile.too_few", "en") == "Too few cases to show"


def test_dates() -> None:
    assert (day(date(2026, 11, 5), "zh"), day(None, "zh"), day(date(2026, 11, 5), "en")) == ("2026年11月5日", "—", "5 Nov 2026")
    assert span(date(2026, 8, 24), date(2026, 11, 15), "zh") == "2026年8月24日—11月15日"
    assert span(date(2025, 12, 29), date(2026, 1, 4), "zh") == "2025年12月29日—2026年1月4日"
    assert span(date(2026, 8, 24), date(2026, 11, 15), "en") == "24 Aug – 15 Nov 2026"
    assert run(date(2026, 10, 3), date(2026, 10, 5), "zh", 2026) == "10月3日—5日"
    assert run(date(2026, 10, 30), date(2026, 11, 2), "en", 2026) == "30 Oct – 2 Nov"
    assert (run(date(2026, 10, 3), date(2026, 10, 3), "en", 2026), run(date(2026, 10, 3), date(2026, 10, 5), "en", 2026)) == (
        "3 Oct",
        "3–5 Oct",
    )
    assert run(date(2025, 10, 3), date(2025, 10, 3), "zh", 2026) == "2025年10月3日"
    assert (week_tick("2026-11-09"), week_name("2026-11-30", "zh")) == ("11/09", "第49周 11月30日—12月6日")
    assert week_name("2026-11-30", "en") == "week 49, 30 Nov–6 Dec"
    assert (moment(datetime(2026, 11, 5, 8, 3)), moment(datetime(2026, 11, 5), day_only=True)) == ("2026-11-05 08:03", "2026-11-05")
    assert as_date("2026-11-09T00:00:00") == date(2026, 11, 9)
