"""What the command says: plain sentences, or JSON lines as the Reports page hears them; and the exit code that follows from it."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dashboard.i18n.dates import moment
from dashboard.report.archive import Kept
from dashboard.report.copies import title
from dashboard.report.distribution import Distributed
from dashboard.report.edition import Edition
from dashboard.report.errors import ReportError
from dashboard.report.issuing import Issued, Verified
from dashboard.report.mail import Sent
from dashboard.warehouse import WarehouseError

_FILES = {"report.pdf": "正文", "first_page.png": "首页图片", "annex.xlsx": "附表", "numbers.json": "数据"}


@dataclass
class Telling:
    """is_json: one JSON object a line on stdout, {stage, zh, en, done} while at work, {result} or {error} at the end."""

    is_json: bool
    _reports: list[dict[str, Any]] = field(default_factory=list)
    _failed: list[dict[str, str]] = field(default_factory=list)
    _done: int = 0

    def say(self, zh: str, en: str) -> None:
        """A sentence that is no result."""
        if self.is_json:
            self._write({"say": zh, "say_en": en})
        else:
            print(zh, flush=True)

    def at(self, edition: Edition, done: float) -> None:
        """Which one is at hand, and what share of the work is through."""
        if self.is_json:
            zh, en = f"编制{edition.year}年第{edition.number}期 {edition.key}", f"making {edition.week} {edition.key}"
            self._write({"stage": "report", "zh": zh, "en": en, "done": round(done, 4)})

    def issued(self, issued: Issued, *, revise: bool) -> None:
        one = issued.kept
        self._done += 1
        self._reports.append({**_facts(one), "is_new": issued.is_new})
        if issued.is_new:
            self._line(f"{title(one)}：已编成第 {one.revision} 版，{_about(one)}")
            for change in one.about["changes"]:
                self._line(f"  更正：{change}")
            for problem in one.about["problems"]:
                self._line(f"  注意：{problem}")
        elif revise:
            self._line(f"{title(one)}：数据与第 {one.revision} 版相同，没有出新版")
        else:
            self._line(f"{title(one)}：已有第 {one.revision} 版，{_about(one)}；要更正请加 --revise")
        self._line(f"  {one.pdf}")

    def went(self, one: Kept, went: Distributed) -> None:
        """Where it was copied, and who was sent it."""
        for file in went.copies:
            self._line(f"  已存到 {file}")
        if went.sent:
            self._mailed(one, went.sent)
        for error in went.errors:
            self.failed(_name(one), error)
        self._done += bool(went.copies or (went.sent and went.sent.to))

    def listed(self, one: Kept) -> None:
        self._done += 1
        self._reports.append(_facts(one))
        self._line(f"{one.edition.week} {one.edition.key} 第 {one.revision} 版：{_about(one)}  {one.folder}")

    def verified(self, one: Kept, found: Verified) -> None:
        name = f"{_name(one)} 第 {one.revision} 版"
        self._reports.append({**_facts(one), "outcome": found.outcome, "files": list(found.files)})
        if found.outcome == "different":
            files = "、".join(_FILES[file] for file in found.files)
            told = ReportError(f"重编的{files}与存档不同", f"made again, these differ: {', '.join(found.files)}")
            self.failed(name, told)
            return
        self._done += 1
        self._line(f"{name}：" + ("重编后逐字节相同" if found.outcome == "same" else "所用的那版数据已不再保留，无法重编"))

    def failed(self, name: str, error: ReportError | WarehouseError) -> None:
        """name: which report, "" the whole command."""
        self._failed.append({"name": name, "zh": error.zh, "en": error.en})
        if not self.is_json:
            before = f"{name}：" if name else ""
            print(f"✗ {before}{error.zh}\n  {error.en}", file=sys.stderr, flush=True)

    def end(self) -> int:
        """0 when nothing failed, 1 when something was done all the same, 2 when nothing was."""
        code = 0 if not self._failed else 1 if self._done else 2
        if self.is_json and code == 2:
            self._write({"error": {key: self._failed[0][key] for key in ("zh", "en")}, "failed": self._failed})
        elif self.is_json:
            self._write({"result": {"reports": self._reports, "failed": self._failed}})
        return code

    def _mailed(self, one: Kept, sent: Sent) -> None:
        if sent.to:
            self._line(f"  已发给 {'、'.join(sent.to)}")
        if sent.before:
            self._line(f"  此前已发给 {'、'.join(sent.before)}，没有重发")
        for recipient, reason in sent.refused.items():
            self.failed(
                _name(one),
                ReportError(f"邮件服务器拒收 {recipient}：{reason}", f"the mail server refuses {recipient}: {reason}"),
            )
        if sent.uncertain and not sent.error:
            who = "、".join(sent.uncertain)
            self.failed(
                _name(one),
                ReportError(
                    f"上次发给 {who} 时中断，可能已收到，没有重发；请与对方核实",
                    f"sending to {who} was cut short, they may have it and were not sent it again; ask them",
                ),
            )

    def _line(self, line: str) -> None:
        if not self.is_json:
            print(line, flush=True)

    def _write(self, value: Mapping[str, Any]) -> None:
        print(json.dumps(value, ensure_ascii=False), flush=True)


def _facts(one: Kept) -> dict[str, Any]:
    about = one.about
    return {
        "week": one.edition.week,
        "edition": one.edition.key,
        "revision": one.revision,
        "folder": str(one.folder),
        **{key: about[key] for key in ("pages", "as_of", "build_id", "changes", "problems", "made_at")},
    }


def _about(one: Kept) -> str:
    return f"{one.about['pages']} 页，数据截至 {moment(datetime.fromisoformat(one.about['as_of']))}"


def _name(one: Kept) -> str:
    return f"{one.edition.week} {one.edition.key}"
