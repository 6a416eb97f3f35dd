"""How far a load is, with its rate and the time left: one line that rewrites itself on a terminal, plain lines for cron, JSON for a program."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any, TextIO

_FIRST_ESTIMATE = 2.0
_PLAIN_EVERY = 10.0
_TERMINAL_EVERY = 0.1


@dataclass(frozen=True)
class Stage:
    """One part of a load. unit: B (bytes) or 行 (rows) or 项 (items) · start, share: where it lies in the whole, 0–1."""

    key: str
    zh: str
    en: str
    unit: str
    start: float
    share: float


READING = Stage("reading", "读入文件", "reading files", "B", 0.0, 0.45)
CELLS = Stage("cells", "读取单元格", "reading cells", "行", 0.45, 0.25)
SHAPING = Stage("shaping", "整理核心表", "shaping tables", "行", 0.70, 0.22)
CHECKING = Stage("checking", "检查", "checking", "项", 0.92, 0.08)


@dataclass(frozen=True)
class Mark:
    """Where a load stands. done: share of the whole · rate: of this stage, per second, None at its start · seconds_left: None too early."""

    stage: Stage
    done: float
    rate: float | None
    seconds_left: float | None

    @property
    def zh(self) -> str:
        """读入文件 42 %（12.3 MB/秒，约剩 8 秒）"""
        told = [_speed(self.rate, self.stage.unit)] if self.rate else []
        told += [f"约剩 {_span(self.seconds_left)}"] if self.seconds_left is not None else []
        return f"{self.stage.zh} {self.done:.0%}" + (f"（{'，'.join(told)}）" if told else "")

    def data(self) -> dict[str, Any]:
        """As one line of JSON has it."""
        return {
            "stage": self.stage.key,
            "zh": self.stage.zh,
            "en": self.stage.en,
            "done": round(self.done, 4),
            "rate": _speed(self.rate, self.stage.unit) if self.rate else None,
            "rate_en": _speed_in_english(self.rate, self.stage.unit) if self.rate else None,
            "seconds_left": None if self.seconds_left is None else round(self.seconds_left),
        }


class Progress:
    """Takes what a load says. This one keeps silent."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._stage: Stage | None = None
        self._stage_started = self._started

    def say(self, line: str) -> None:
        """A sentence for the clerk."""

    def at(self, stage: Stage, done: float, total: float) -> None:
        """done of total units of the stage are through; total 0 = nothing to do."""
        now = time.monotonic()
        if stage is not self._stage:
            self._stage, self._stage_started = stage, now
        share = stage.start + stage.share * (done / total if total else 1.0)
        spent, elapsed = now - self._started, now - self._stage_started
        rate = done / elapsed if done and elapsed > 0.5 else None
        left = spent * (1 - share) / share if spent > _FIRST_ESTIMATE and share > 0.02 else None
        self._show(Mark(stage, share, rate, left))

    def end(self) -> None:
        """The load is over."""

    def _show(self, mark: Mark) -> None:
        pass


class TerminalProgress(Progress):
    """For a person at a terminal: the last line rewrites itself."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream
        self._shown_at = 0.0
        self._is_open = False

    def say(self, line: str) -> None:
        self.end()
        print(line, file=self._stream, flush=True)

    def end(self) -> None:
        if self._is_open:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._is_open = False

    def _show(self, mark: Mark) -> None:
        now = time.monotonic()
        if now - self._shown_at >= _TERMINAL_EVERY:
            self._shown_at, self._is_open = now, True
            self._stream.write(f"\r\x1b[K  {mark.zh}")
            self._stream.flush()


class PlainProgress(Progress):
    """For cron and pipes: whole lines, one every ten seconds."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream
        self._shown_at = time.monotonic()

    def say(self, line: str) -> None:
        print(line, file=self._stream, flush=True)

    def _show(self, mark: Mark) -> None:
        now = time.monotonic()
        if now - self._shown_at >= _PLAIN_EVERY:
            self._shown_at = now
            print(f"  {mark.zh}", file=self._stream, flush=True)


class JsonProgress(Progress):
    """For a program: one JSON object a line, {"say": …} or the mark."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream
        self._shown: tuple[str, int] | None = None

    def say(self, line: str) -> None:
        self._write({"say": line.strip()})

    def _show(self, mark: Mark) -> None:
        shown = (mark.stage.key, int(mark.done * 100))
        if shown != self._shown:
            self._shown = shown
            self._write(mark.data())

    def _write(self, value: dict[str, Any]) -> None:
        print(json.dumps(value, ensure_ascii=False), file=self._stream, flush=True)


_counter: Any = None
_counted = 0.0


def count_into(counter: Any) -> None:
    """In a reading process: the shared number (multiprocessing.Value) that `tick` adds to."""
    global _counter
    _counter = counter


def tick(bytes_: float) -> None:
    """A reading process got through so many bytes of its file. Passes over a file should add up to no more than its size."""
    global _counted
    _counted += bytes_
    if _counter is not None:
        with _counter.get_lock():
            _counter.value += bytes_


def file_read(bytes_: int) -> None:
    """A reading process is through with a file of so many bytes, whatever it ticked before."""
    global _counted
    tick(bytes_ - _counted)
    _counted = 0.0


def progress_to(stream: TextIO) -> Progress:
    """The one that suits the stream."""
    return TerminalProgress(stream) if stream.isatty() else PlainProgress(stream)


def _speed(rate: float, unit: str) -> str:
    if unit == "B":
        return f"{rate / 1e6:.1f} MB/秒"
    return f"{rate:,.0f} {unit}/秒"


def _speed_in_english(rate: float, unit: str) -> str:
    if unit == "B":
        return f"{rate / 1e6:.1f} MB/s"
    return f"{rate:,.0f} {({'行': 'rows', '项': 'checks'})[unit]}/s"


def _span(seconds: float) -> str:
    return f"{seconds:.0f} 秒" if seconds < 90 else f"{seconds / 60:.0f} 分钟"
