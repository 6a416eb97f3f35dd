"""What an installation decides: where the data is, which address is served, which language comes first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

LANGUAGES = ("zh", "en")


class SettingsError(ValueError):
    """A setting cannot be used; the message names it, its value and what is expected, in Chinese and English."""


@dataclass(frozen=True)
class Settings:
    """data: the data root (inbox, raw, warehouse …) · lang: language of a visit that names none · threads: DuckDB's ·
    upload_megabytes: most a file sent to the page may have · upload_files: most files sent at once."""

    data: Path = Path("data")
    host: str = "127.0.0.1"
    port: int = 8050
    lang: str = "zh"
    threads: int = 2
    upload_megabytes: int = 1024
    upload_files: int = 50

    @property
    def warehouse(self) -> Path:
        """The folder of published builds."""
        return self.data / "warehouse"

    @property
    def upload(self) -> Path:
        """The folder of files sent to the page, a folder a job."""
        return self.data / "upload"

    @property
    def upload_bytes(self) -> int:
        """Most bytes a file sent to the page may have."""
        return self.upload_megabytes * 1_000_000

    @classmethod
    def read(
        cls, environment: Mapping[str, str], *, data: Path | None = None, host: str | None = None, port: int | None = None
    ) -> Settings:
        """Settings from TOWNSHIP_DATA, _HOST, _PORT, _LANG, _THREADS, _UPLOAD_MEGABYTES and _UPLOAD_FILES; arguments given on the command line come first.

        Raises SettingsError for a port outside 1–65535, an unknown language or another number below 1.
        """
        default = cls()
        return cls(
            data=data or Path(environment.get("TOWNSHIP_DATA") or default.data),
            host=host or environment.get("TOWNSHIP_HOST") or default.host,
            port=port if port is not None else _number(environment, "TOWNSHIP_PORT", default.port),
            lang=environment.get("TOWNSHIP_LANG") or default.lang,
            threads=_number(environment, "TOWNSHIP_THREADS", default.threads),
            upload_megabytes=_number(environment, "TOWNSHIP_UPLOAD_MEGABYTES", default.upload_megabytes),
            upload_files=_number(environment, "TOWNSHIP_UPLOAD_FILES", default.upload_files),
        )._checked()

    def _checked(self) -> Settings:
        if not 1 <= self.port <= 65_535:
            raise SettingsError(f"端口 {self.port} 不可用，应在 1–65535 之间 / port {self.port} is not usable, expected 1–65535")
        if self.lang not in LANGUAGES:
            raise SettingsError(f"语言 {self.lang} 不支持，可选 zh、en / language {self.lang} is not supported, choose zh or en")
        if self.threads < 1:
            raise SettingsError(f"线程数 {self.threads} 应不小于 1 / threads is {self.threads}, expected at least 1")
        if min(self.upload_megabytes, self.upload_files) < 1:
            raise SettingsError("上传的大小与个数上限应不小于 1 / the limits of an upload should be at least 1")
        return self


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name)
    if not text:
        return default
    try:
        return int(text)
    except ValueError:
        raise SettingsError(f"{name}={text} 应为整数 / {name}={text} should be a whole number") from None
