"""The de-identified warehouse of a build to take home: one zip with the database, its codebook, a first notebook, and how to cite it."""

from __future__ import annotations

import csv
import io
import shutil
import threading
import zipfile
from pathlib import Path

from filelock import FileLock

from dashboard.desk.deidentified import DeskError, desk_file, folder, prepared, schema
from dashboard.downloads import BOM
from dashboard.research.builds import kept_build
from dashboard.research.bundle import entry, written
from dashboard.research.provenance import Provenance, citation, provenance
from dashboard.settings import Settings

TITLE = ("脱敏数据库", "de-identified database")
_PATIENCE = 1800
_LICENCE = {
    "zh": "仅供研究。不得设法识别个人，不得与其他数据拼接以识别个人；转交他人须经提供单位同意；发表时请按引用格式注明出处。",
    "en": "For research only. Nobody may be identified, nor data joined to that end; it is passed on with the consent of the town that gave it; "
    "publications cite it as given.",
}


class Packing:
    """Makes the zips of one server process in the background, one at a time: nobody who asks waits."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._unmade: dict[str, DeskError] = {}

    def ready(self, build_id: str) -> Path | None:
        """The zip of a build; None while it is being made, which begins here, or as soon as another one is done and it is asked again.

        Raises DeskError, once, when it could not be made; asked again, it is tried again.
        """
        with self._lock:
            if error := self._unmade.pop(build_id, None):
                raise error
            file = desk_file(self._settings, build_id).with_suffix(".zip")
            if file.is_file():
                return file
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._make, args=(build_id,), daemon=True)
                self._thread.start()
            return None

    def _make(self, build_id: str) -> None:
        error: DeskError | None = DeskError("数据包没有做成，请重试", "the package was not made; try again")
        try:
            warehouse_zip(self._settings, build_id)
            error = None
        except DeskError as told:
            error = told
        finally:  # whatever happens, the next who asks is told
            if error is not None:
                with self._lock:
                    self._unmade[build_id] = error


def warehouse_zip(settings: Settings, build_id: str) -> Path:
    """The zip of a build, made beside the desk's file when it is first asked for and removed with it. Raises DeskError."""
    file = prepared(settings, build_id)
    made = file.with_suffix(".zip")
    try:
        with FileLock(folder(settings) / "zipping.lock", timeout=_PATIENCE):
            if not made.is_file():
                half = made.with_suffix(".zip.part")
                try:
                    _write(settings, build_id, file, half)
                    half.rename(made)
                finally:
                    half.unlink(missing_ok=True)  # on a full disk its part would take the rest
    except OSError as error:
        raise DeskError(
            f"数据包写不进磁盘（可能已满或没有权限）：{error}；请腾出空间后重试",
            f"the package cannot be written (disk full, or no permission): {error}; make room and try again",
        ) from error
    return made


def _write(settings: Settings, build_id: str, database: Path, into: Path) -> None:
    with kept_build(settings, build_id) as snapshot:
        of = provenance(snapshot.build, "warehouse", TITLE, "", "zh")
    name = f"township_{build_id}.duckdb"
    told = {**of.as_json(), "licence": _LICENCE}
    with zipfile.ZipFile(into, "w", zipfile.ZIP_STORED) as archive:
        for file, content in (
            ("README.txt", _read_me(of, name).encode()),
            ("codebook.csv", _codebook()),
            ("first_look.ipynb", written(_notebook(of, name))),
            ("provenance.json", written(told)),
        ):
            archive.writestr(entry(file), content)
        with database.open("rb") as source, archive.open(entry(name), "w", force_zip64=True) as target:
            shutil.copyfileobj(source, target, 1 << 20)


def _codebook() -> bytes:
    buffer = io.StringIO()
    lines = csv.writer(buffer, lineterminator="\r\n")
    lines.writerow(["table", "column", "type", "definition_zh", "definition_en"])
    for table in schema():
        lines.writerow([f"open.{table.name}", "", "", table.zh, table.en])
        lines.writerows([f"open.{table.name}", one.name, one.type, one.zh, one.en] for one in table.columns)
    return (BOM + buffer.getvalue()).encode()


def _read_me(of: Provenance, name: str) -> str:
    return f"""脱敏数据库（DuckDB，只读使用）

{name}
                   数据库，各表在 open 模式下，每张表、每一列都有注释
codebook.csv       编码本：同样的注释，中英文
first_look.ipynb   入门笔记本：打开数据库，做一张表、一张图（需 pip install duckdb pandas matplotlib jupyter）
provenance.json    来源：数据版本、数据截至、口径版本、程序版本

没有姓名、电话、标题和原编号；案件编号为随机编号。时间、地点、内容的组合不足五件的，已逐步变粗或隐去，
变粗了多少见 open.coarsening 表。因此由它算出的数与看板略有出入，以看板为准。

使用条件
{_LICENCE["zh"]}

引用格式
{citation(of, "zh")}


De-identified database (DuckDB, to be opened read-only)

{name}
                   the database; its tables are in the schema open, every table and column has a comment
codebook.csv       the same comments, in Chinese and English
first_look.ipynb   a notebook that opens it and makes one table and one chart (pip install duckdb pandas matplotlib jupyter)
provenance.json    build, as-of, definitions and program

There are no names, phone numbers, titles or original numbers; keys of cases are random. Combinations of time, place and matter of fewer
than five cases were made coarser or hidden, step by step; the table open.coarsening says how many. Numbers made from it therefore
differ a little from the dashboard's, which are the ones that hold.

Conditions of use
{_LICENCE["en"]}

To cite
{citation(of, "en")}
"""


def _notebook(of: Provenance, name: str) -> dict[str, object]:
    """A notebook as Jupyter reads it (nbformat 4.5), not yet run."""
    cells = [
        _words(f"# 脱敏数据库：第一眼 / A first look\n\n{citation(of, 'zh')}\n\n{citation(of, 'en')}"),
        _code(f'import duckdb\n\ndata = duckdb.connect("{name}", read_only=True)\n{_TABLES}'),
        _words("每月各社区的上报数 / Reports by month and community"),
        _code(_TABLE),
        _code(_CHART),
    ]
    about = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return {
        "cells": [{"id": f"cell-{number}", **cell} for number, cell in enumerate(cells, 1)],
        "metadata": about,
        "nbformat": 4,
        "nbformat_minor": 5,
    }


_TABLES = 'data.sql("SELECT table_name, estimated_size AS rows, comment FROM duckdb_tables() ORDER BY table_name").df()'
_TABLE = '''monthly = data.sql("""
    SELECT reported_month, community_code, count(*) AS incidents
    FROM open.incident
    WHERE reported_month IS NOT NULL AND community_code IS NOT NULL
    GROUP BY ALL ORDER BY ALL
""").df().pivot(index="reported_month", columns="community_code", values="incidents")
monthly'''
_CHART = 'monthly.plot(figsize=(10, 5), xlabel="", ylabel="incidents");'


def _words(text: str) -> dict[str, object]:
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def _code(text: str) -> dict[str, object]:
    return {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": text}
