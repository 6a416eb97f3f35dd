"""reports.toml in the data root: who issues the reports, which ones, when, and where they go. Without it, only what a command asks for."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from email.utils import parseaddr
from pathlib import Path
from typing import Any, TypeVar

from dashboard.report.edition import Edition
from dashboard.report.errors import PlanError
from dashboard.settings import LANGUAGES, Settings

FILE = "reports.toml"
EXAMPLE = """\
office = "××镇党政办公室"              # 报头上的印发单位

[editions]                            # 全镇的总有；另外要哪些社区的、哪些语言的
communities = ["C01", "C02"]          # 社区编号，或 "all"
languages = ["zh"]                    # "zh"、"en"

[schedule]                            # 自动编制；不写这一节就只在有人要时编制
monday_at = "07:30"                   # 每周一几点编上一周的
wait_until = "12:00"                  # 数据还没到上周末就等到几点，之后有多少数据编多少

[folder]                              # 另存一份到这个文件夹
path = "/srv/周报"

[mail]                                # 发邮件；口令只从环境变量 TOWNSHIP_SMTP_PASSWORD 或 password_file 读
host = "smtp.example.gov.cn"
port = 587
security = "starttls"                 # 或 "tls"（通常是 465 端口）
user = "bangongshi"
password_file = "/etc/township/smtp"  # 权限须为 600
from = "bangongshi@example.gov.cn"
to = ["zhenzhang@example.gov.cn", "shuji@example.gov.cn"]
"""
T = TypeVar("T")


@dataclass(frozen=True)
class Schedule:
    """monday_at: when last week's reports are due · wait_until: until when data that does not reach the week's end is waited for."""

    monday_at: time
    wait_until: time


@dataclass(frozen=True)
class Mail:
    """security: starttls or tls · user: "" sends without login · ca_file: of the town's own authority, None the system's."""

    host: str
    port: int
    security: str
    user: str
    password_file: Path | None
    ca_file: Path | None
    sender: str
    to: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """communities: codes, or "all" · languages: of every edition · folder: where copies go."""

    office: str = ""
    communities: tuple[str, ...] | str = ()
    languages: tuple[str, ...] = ("zh",)
    schedule: Schedule | None = None
    folder: Path | None = None
    mail: Mail | None = None

    @property
    def delivers(self) -> bool:
        return bool(self.folder or self.mail)

    def editions(self, week: str, known: Sequence[str]) -> list[Edition]:
        """Of a week: the town's, then each community's. known: the codes there are."""
        communities = known if isinstance(self.communities, str) else self.communities
        return [Edition(week, community, lang) for community in ("", *communities) for lang in self.languages]


def read_plan(settings: Settings) -> Plan:
    """What reports.toml says; the plain plan where there is none. Raises PlanError naming file, key and what is expected."""
    file = settings.data / FILE
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return Plan()
    except OSError as error:
        raise PlanError(f"{file} 读不出来（{error.strerror}）", f"{file} cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise PlanError(f"{file} 不是 UTF-8 编码，请另存为 UTF-8", f"{file} is not UTF-8; save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise PlanError(f"{file} 写法有误：{error}；文字要加引号", f"{file} is not TOML: {error}; texts need quotes") from error
    return _plan(_Table(file, "", found), file.parent)


def _plan(top: _Table, folder: Path) -> Plan:
    editions, schedule, copies, mail = (top.section(name) for name in ("editions", "schedule", "folder", "mail"))
    plan = Plan(
        office=top.text("office", ""),
        communities=_communities(editions) if editions else (),
        languages=_languages(editions) if editions else ("zh",),
        schedule=_schedule(schedule) if schedule else None,
        folder=folder / copies.text("path") if copies else None,
        mail=_mail(mail, folder) if mail else None,
    )
    for table in (top, editions, schedule, copies, mail):
        if table:
            table.end()
    return plan


def _communities(table: _Table) -> tuple[str, ...] | str:
    value = table.take("communities", [])
    return "all" if value == "all" else _distinct(table, "communities", value, '["C01"] 或 "all"', '["C01"] or "all"')


def _languages(table: _Table) -> tuple[str, ...]:
    languages = _distinct(table, "languages", table.take("languages", ["zh"]), '["zh"]、["zh", "en"]', '["zh"], ["zh", "en"]')
    if not languages or not set(languages) <= set(LANGUAGES):
        raise table.wrong("languages", '["zh"]、["zh", "en"]', '["zh"], ["zh", "en"]')
    return languages


def _schedule(table: _Table) -> Schedule:
    schedule = Schedule(table.clock("monday_at"), table.clock("wait_until"))
    if schedule.wait_until < schedule.monday_at:
        raise table.wrong("wait_until", "不早于 monday_at 的时刻", "a time not before monday_at")
    return schedule


def _mail(table: _Table, folder: Path) -> Mail:
    if "password" in table.values:
        raise PlanError(
            f"{table.file} 里不能写口令：请删去 [mail] password，改用环境变量 TOWNSHIP_SMTP_PASSWORD 或 password_file",
            f"{table.file} must not hold a password: remove [mail] password, use TOWNSHIP_SMTP_PASSWORD or password_file",
        )
    security = table.text("security", "starttls")
    if security not in ("starttls", "tls"):
        raise table.wrong("security", '"starttls" 或 "tls"', '"starttls" or "tls"')
    port = table.take("port", 587 if security == "starttls" else 465)
    if not isinstance(port, int) or isinstance(port, bool) or not 1 <= port <= 65_535:
        raise table.wrong("port", "1–65535 的整数", "a whole number 1–65535")
    password_file, ca_file = table.text("password_file", ""), table.text("ca_file", "")
    to = _distinct(table, "to", table.take("to"), '["a@b.cn"]', '["a@b.cn"]')
    if not to or not all(map(_is_address, to)):
        raise table.wrong("to", '收件地址，如 ["a@b.cn"]', 'addresses, as ["a@b.cn"]')
    sender = table.text("from")
    if not _is_address(sender):
        raise table.wrong("from", '一个邮件地址，如 "a@b.cn"', 'an address, as "a@b.cn"')
    return Mail(
        host=table.text("host"),
        port=port,
        security=security,
        user=table.text("user", ""),
        password_file=folder / password_file if password_file else None,
        ca_file=folder / ca_file if ca_file else None,
        sender=sender,
        to=to,
    )


def _distinct(table: _Table, key: str, value: Any, zh: str, en: str) -> tuple[str, ...]:
    """A list of texts, each once."""
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise table.wrong(key, zh, en)
    return tuple(dict.fromkeys(value))


def _is_address(text: str) -> bool:
    """Whether it is name@domain alone, in ASCII: what every mail server takes."""
    name, _, domain = text.partition("@")
    return bool(name and domain) and text.isascii() and parseaddr(text) == ("", text) and not set(text) & set(" \t\r\n,;<>")


class _Table:
    """A table of the file, whose keys are taken one by one; what nobody takes is a mistake."""

    def __init__(self, file: Path, name: str, values: Mapping[str, Any]) -> None:
        self.file, self.values = file, values
        self._name = name
        self._taken: set[str] = set()

    def take(self, key: str, *default: T) -> Any:
        """The value; the default where it is not given. Raises PlanError where there is neither."""
        self._taken.add(key)
        if key in self.values:
            return self.values[key]
        if not default:
            raise PlanError(
                f"{self.file} 缺少 {self._path(key)}，写法见 python -m dashboard report --example",
                f"{self.file} lacks {self._path(key)}; python -m dashboard report --example shows how it is written",
            )
        return default[0]

    def text(self, key: str, *default: str) -> str:
        value = self.take(key, *default)
        if not isinstance(value, str) or (not value.strip() and not default):
            raise self.wrong(key, "加引号的文字", "a text in quotes")
        return value.strip()

    def clock(self, key: str) -> time:
        try:
            return time.fromisoformat(self.text(key)).replace(second=0, microsecond=0, tzinfo=None)
        except ValueError:
            raise self.wrong(key, '时刻，如 "07:30"', 'a time, as "07:30"') from None

    def section(self, key: str) -> _Table | None:
        value = self.take(key, None)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self.wrong(key, f"单独的一节 [{key}]", f"a section [{key}]")
        return _Table(self.file, key, value)

    def wrong(self, key: str, zh: str, en: str) -> PlanError:
        value = self.values.get(key)
        return PlanError(
            f"{self.file} 的 {self._path(key)} = {value!r} 不能用，应为{zh}",
            f"{self.file}: {self._path(key)} = {value!r} cannot be used, expected {en}",
        )

    def end(self) -> None:
        """Raises PlanError for a key nobody knows."""
        for key in self.values:
            if key not in self._taken:
                known = ", ".join(sorted(self._taken))
                raise PlanError(
                    f"{self.file} 里没有 {self._path(key)} 这一项；可写的有：{known}",
                    f"{self.file}: there is no {self._path(key)}; known here: {known}",
                )

    def _path(self, key: str) -> str:
        return f"[{self._name}] {key}" if self._name else key
