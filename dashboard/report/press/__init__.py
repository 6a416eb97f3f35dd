"""How paper is made: figures become SVG in an embedded V8, documents become PDF or PNG by Typst. No browser, no network.

Both happen in a process of its own (worker.py): V8 takes 250 MB, must never be forked and may be stopped at any moment.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, overload

import orjson

from dashboard.report.errors import PressError
from dashboard.report.press.glyphs import missing_glyphs, printable
from dashboard.report.press.process import Ended, Failed, OutOfTime, Worker
from dashboard.report.press.sheet import SUPPORTED, dressed, unsupported

__all__ = ["SUPPORTED", "Chart", "Drawing", "Press", "missing_glyphs", "printable"]

_TEXT = re.compile(r">([^<]+)<")


@dataclass(frozen=True)
class Chart:
    """figure: as dashboard/figures give it, without template · width, height: CSS pixels · lang: of the dates on its axes."""

    figure: dict[str, Any]
    width: float
    height: float
    lang: str = "zh"


@dataclass(frozen=True)
class Drawing:
    """svg: "" when it could not be drawn · problem: why, one English sentence for the log, else ""."""

    svg: str
    problem: str = ""


class Press:
    """One worker process, started on entering (else for the first job) and kept; one that takes too long or ends is replaced for the next.

    seconds: what a job (a call of draw or typeset) may take. For one thread at a time.
    """

    def __init__(self, *, seconds: float = 60) -> None:
        self._seconds = seconds
        self._worker: Worker | None = None

    def draw(self, charts: Sequence[Chart], *, seconds_each: float = 20) -> list[Drawing]:
        """Each chart as an SVG, in their order; equal charts give equal bytes. One that cannot be drawn never takes the others with it.

        seconds_each: what one of them may take, the start of the worker included.
        """
        end = time.monotonic() + self._seconds
        return [self._drawn(chart, min(seconds_each, end - time.monotonic())) for chart in charts]

    @overload
    def typeset(
        self, source: Path, data: dict[str, Any], pictures: dict[str, str], *, kind: Literal["pdf"] = "pdf", timestamp: datetime
    ) -> bytes: ...
    @overload
    def typeset(
        self,
        source: Path,
        data: dict[str, Any],
        pictures: dict[str, str],
        *,
        kind: Literal["png"],
        ppi: float = 144,
        timestamp: datetime,
    ) -> list[bytes]: ...
    def typeset(
        self,
        source: Path,
        data: dict[str, Any],
        pictures: dict[str, str],
        *,
        kind: Literal["pdf", "png"] = "pdf",
        ppi: float = 144,
        timestamp: datetime,
    ) -> bytes | list[bytes]:
        """The document as PDF (tagged PDF/UA-1, archivable PDF/A-2a), or its pages as PNG. Raises PressError.

        The document finds `data` with json(bytes(sys.inputs.data)), and `pictures` (name → SVG) with
        json(bytes(sys.inputs.pictures)), to be placed with image(bytes(pictures.at("name")), format: "svg", alt: …). It reads files
        beside it only, has the shipped fonts only, and a font it asks for in vain is an error. timestamp: aware; equal calls give
        equal bytes.
        """
        inputs = {"data": orjson.dumps(data).decode(), "pictures": orjson.dumps(pictures).decode()}
        job = ("typeset", str(source.resolve()), inputs, kind, ppi, timestamp)
        try:
            made: bytes | list[bytes] = self._ask(job, self._seconds)
        except Failed as error:
            raise PressError(f"{source.name} 排版失败：{error}", f"{source.name} cannot be set: {error}") from error
        except OutOfTime as error:
            raise PressError(
                f"{source.name} 排版超过 {self._seconds:g} 秒，已中止；请稍后再试，或减少内容",
                f"Setting {source.name} took more than {self._seconds:g} s and was stopped; try later, or with less content",
            ) from error
        except Ended as error:
            raise PressError(
                f"排版 {source.name} 时排版进程意外结束（{error}）；请再试一次，并检查可用内存",
                f"The press ended while setting {source.name} ({error}); try again, and see how much memory is free",
            ) from error
        return made

    def close(self) -> None:
        """Ends the worker; the next job would start another."""
        if self._worker:
            self._worker.end()
            self._worker = None

    def __enter__(self) -> Press:
        """Starts the worker, so that it is ready when the first chart is."""
        self._worker = self._worker or Worker()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _drawn(self, chart: Chart, seconds: float) -> Drawing:
        if seconds <= 0:
            return Drawing("", f"not drawn: the charts before it took {self._seconds:g} s")
        if refused := unsupported(chart.figure):
            return Drawing("", refused)
        try:
            job = ("draw", dressed(chart.figure), chart.width, chart.height, {"zh": "zh-CN"}.get(chart.lang, chart.lang))
            return _printed(self._ask(job, seconds))
        except OutOfTime:
            return Drawing("", f"not drawn within {seconds:.3g} s")
        except (Failed, Ended, TypeError) as error:
            return Drawing("", f"cannot be drawn: {error}")

    def _ask(self, job: tuple[Any, ...], seconds: float) -> Any:
        if self._worker and not self._worker.is_alive:
            self.close()
        self._worker = self._worker or Worker()
        try:
            return self._worker.ask(job, seconds)
        except (OutOfTime, Ended):
            self.close()
            raise


def _printed(svg: str) -> Drawing:
    """The drawing, unless it has characters that Typst would refuse together with the whole document."""
    missing = missing_glyphs("".join(_TEXT.findall(svg)))
    return Drawing("", f"the shipped fonts lack {' '.join(sorted(missing))}") if missing else Drawing(svg)
