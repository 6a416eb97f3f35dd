"""targets.toml in the data root: what a town wants its numbers to be. Without it the catalogue's targets, which are other places' (假定)."""

from __future__ import annotations

import hashlib
import logging
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dashboard.metrics.catalogue import Metric, UnknownMetric, catalogue
from dashboard.warehouse import Snapshot

FILE = "targets.toml"
KEYS = {"value", "source"}
log = logging.getLogger(__name__)


class TargetsError(ValueError):
    """targets.toml cannot be used. zh and en say where and what is expected."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh, self.en = zh, en


@dataclass(frozen=True)
class Target:
    """value: as the metric is stored (a share is 0–1), None where the town wants none · source: who has set it."""

    value: float | None
    source: str


@dataclass(frozen=True)
class Targets:
    """own: the town's, by metric key · digest: of the file, "" without one · problem: why the file is not used."""

    own: Mapping[str, Target]
    digest: str = ""
    problem: TargetsError | None = None


def targets(snapshot: Snapshot) -> Targets:
    """The town's own targets, read once a build: a changed file counts from the next build or start on."""
    return snapshot.remembered(FILE, lambda: _kept(snapshot.folder.parent / FILE))


def aimed(snapshot: Snapshot, metric: Metric) -> Metric:
    """The metric with the town's own target where it has set one."""
    found = targets(snapshot).own.get(metric.key)
    return metric if found is None else replace(metric, target=found.value, target_source=found.source, is_target_assumed=False)


def set_version(snapshot: Snapshot) -> str:
    """The version of the definitions, and of the town's targets where it has any: what a kept report was made with."""
    digest = targets(snapshot).digest
    return f"{catalogue().version}+{digest}" if digest else catalogue().version


def read_targets(file: Path) -> Targets:
    """What the file says; nothing where there is none. Raises TargetsError naming file, metric and what is expected."""
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return Targets({})
    except OSError as error:
        raise TargetsError(f"{file} 读不出来（{error.strerror}）", f"{file} cannot be read ({error.strerror})") from error
    try:
        found = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise TargetsError(f"{file} 不是 UTF-8 编码，请另存为 UTF-8", f"{file} is not UTF-8; save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise TargetsError(f"{file} 写法有误：{error}", f"{file} is not TOML: {error}") from error
    return Targets({key: _target(file, key, entry) for key, entry in found.items()}, hashlib.sha256(content).hexdigest()[:8])


def _kept(file: Path) -> Targets:
    """A mistake in the file must not cost readers the page; the page of definitions says it."""
    try:
        return read_targets(file)
    except TargetsError as error:
        log.warning("%s", error)
        return Targets({}, problem=error)


def _target(file: Path, key: str, entry: Any) -> Target:
    try:
        metric = catalogue().metric(key)
    except UnknownMetric:
        raise TargetsError(f"{file}：没有指标 {key}", f"{file}: there is no metric {key}") from None
    if metric.direction == "neutral":
        raise TargetsError(f"{file}：{key} 没有好坏方向，不设目标", f"{file}: {key} is neither good nor bad and has no target")
    if not isinstance(entry, dict) or set(entry) - KEYS or "value" not in entry:
        raise TargetsError(f"{file}：[{key}] 应有 value，另可有 source", f"{file}: [{key}] should have value, and may have source")
    return Target(_value(file, metric, entry["value"]), str(entry.get("source", "")))


def _value(file: Path, metric: Metric, value: Any) -> float | None:
    """As written on the page, shares in per cent; false for no target."""
    if value is False:
        return None
    most = 100.0 if metric.unit == "percent" else float("inf")
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        expected = (
            ("0–100 之间的百分数", "a percentage of 0–100") if metric.unit == "percent" else ("不小于 0 的数", "a number from 0 on")
        )
        raise TargetsError(
            f"{file}：[{metric.key}] 的 value 应为{expected[0]}，不设目标写 false",
            f"{file}: value of [{metric.key}] should be {expected[1]}, or false for no target",
        )
    return value / 100 if metric.unit == "percent" else float(value)
