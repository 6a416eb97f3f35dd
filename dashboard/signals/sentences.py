"""A signal in words: a question to look into, with what it rests on and what innocent reason there may be. Never an accusation."""

from __future__ import annotations

from dashboard.i18n import text
from dashboard.i18n.numbers import count, decimal
from dashboard.signals.judge import Signal


def sentence(signal: Signal, lang: str, *, unit: str, period: str) -> str:
    """What was seen, the question it raises, and how many cases answer it. unit, period: their names."""
    seen = text(f"detector.{signal.detector.id}_seen", lang, unit=unit, period=period, rate=percent(signal.rate))
    looked_at = text("question.look", lang, count=count(looked_at_count(signal)))
    return text(
        "question.sentence", lang, seen=seen, against=against(signal, lang), ask=text(f"detector.{signal.detector.id}_ask", lang), look=looked_at
    )  # fmt: skip


def against(signal: Signal, lang: str) -> str:
    """What the rate is held against, and how sure it is: 全镇其他部门 2.3%，95% 区间 27.2%—37.1%."""
    kind = text(f"question.kind_{signal.dimension}", lang)
    parts = [text("question.rest", lang, kind=kind, rest=percent(signal.rest))]
    if signal.before is not None:
        parts.insert(0, text("question.before", lang, before=percent(signal.before)))
    parts.append(text("question.interval", lang, low=percent(signal.low), high=percent(signal.high)))
    return text("punctuation.comma", lang).join(parts)


def innocent(signal: Signal, lang: str) -> str:
    """What may be behind it that is nobody's fault."""
    return text(f"detector.{signal.detector.id}_maybe", lang)


def looked_at_count(signal: Signal) -> int:
    """Cases worth a look: those counted, or all where the number is good because something is missing among them."""
    return signal.numerator if signal.detector.part == "numerator" else signal.n


def percent(share: float) -> str:
    """31.9%"""
    return f"{decimal(100 * share, 1)}%"
