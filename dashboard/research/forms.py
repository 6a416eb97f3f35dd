"""The forms in which an output is given away, and how such files are named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dashboard.downloads import file_name
from dashboard.research.bundle import bundle
from dashboard.research.files import to_codebook, to_csv, to_parquet, to_xlsx
from dashboard.research.outputs import Output
from dashboard.research.provenance import Provenance


@dataclass(frozen=True)
class Form:
    """ending: of its file · zh, en: what the name of the file says besides."""

    make: Callable[[Output, Provenance], bytes]
    ending: str
    mimetype: str
    zh: str = ""
    en: str = ""

    def name(self, parts: Sequence[str], lang: str) -> str:
        """The name of the file: what it shows, of when, and what it is."""
        return file_name([*parts, self.zh if lang == "zh" else self.en], self.ending)


FORMS = {
    "csv": Form(lambda output, _: to_csv(output), "csv", "text/csv"),
    "xlsx": Form(to_xlsx, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "parquet": Form(to_parquet, "parquet", "application/vnd.apache.parquet"),
    "codebook": Form(lambda output, _: to_codebook(output), "csv", "text/csv", "编码本", "codebook"),
    "bundle": Form(bundle, "zip", "application/zip", "复现包", "bundle"),
}
"""By the ending of an address."""
