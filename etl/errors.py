"""All errors of the load, as a tree. Each says what is wrong, where, and what to do, in Chinese and English.

EtlError
├── FileError            one file cannot be taken; the others go on
│   ├── UnreadableFile   not text, not a workbook, damaged, empty, password-protected
│   │   └── NotATable    a PDF, a picture, a document
│   ├── UnknownExport    no kind of export fits its headers
│   ├── MissingColumns   the kind is clear but a required column is not there
│   └── StillGrowing     somebody is still writing it
├── ReferenceTableError      a table in data/reference is wrong; nothing is built
├── FileNotThere             a path on the command line leads nowhere
├── InternalError            a fault of this program
└── BuildError           the build stopped; the last warehouse stays in place
    ├── NothingToLoad
    ├── PromiseBroken    a check with severity stop found rows
    ├── WriteFailed      the disk is full or cannot be written
    ├── BuildRunning     another build holds the lock
    ├── OriginalLost     an accepted file is gone from raw, or its bytes have changed
    ├── AcceptedUnreadable  a file loaded before is refused now, e.g. by a newer version of this program
    └── NoSuchBuild      there is no earlier build to go back to

CellError                one cell cannot be read; its row is set aside, the load goes on
"""

from __future__ import annotations

from etl.privacy import masked_place


class CellError(ValueError):
    """The cell cannot be read; reason is a key of etl/reasons.toml."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class EtlError(Exception):
    """zh and en: one sentence each, ready to be shown; a personal number in a file name or header is masked."""

    exit_code = 2

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = masked_place(zh), masked_place(en)
        super().__init__(self.zh, self.en)

    def __str__(self) -> str:
        return self.zh


class FileError(EtlError):
    """One file cannot be taken."""

    exit_code = 1


class UnreadableFile(FileError):
    """The bytes are no table."""


class NotATable(UnreadableFile):
    """A kind of file that holds no table."""


class UnknownExport(FileError):
    """A table, but of no kind we know."""


class MissingColumns(FileError):
    """A required column is missing."""


class StillGrowing(FileError):
    """The file changed while it was copied."""


class ReferenceTableError(EtlError):
    """A reference table is wrong."""


class FileNotThere(EtlError):
    """A path that leads nowhere."""


class InternalError(EtlError):
    """A fault of this program, noted in the log of the data root."""


class BuildError(EtlError):
    """The build stopped."""


class NothingToLoad(BuildError):
    """No export has ever been accepted."""


class PromiseBroken(BuildError):
    """A check with severity stop found rows."""


class WriteFailed(BuildError):
    """The disk is full or cannot be written."""


class BuildRunning(BuildError):
    """Another build holds the lock."""


class OriginalLost(BuildError):
    """An accepted file can no longer be read."""


class AcceptedUnreadable(BuildError):
    """A file loaded before is refused now."""


class NoSuchBuild(BuildError):
    """No build of that name is kept."""
