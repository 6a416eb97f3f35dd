"""How long reading exports takes, beside pandas and polars doing the bare read; and a rebuild after one new export.

usage: python -m tests.benchmarks.bench_import FOLDER   (a data root whose inbox holds a --plain sample)

Ours does more than the bare read: strict decoding of the whole file, header, personal columns hidden, free text masked, sums kept out,
clean Parquet written. Targets: memory of all processes ≤ 2 GB; a rebuild reads only the new export and takes no longer than the first build.
"""

from __future__ import annotations

import csv
import shutil
import sys
import tempfile
from itertools import islice
from pathlib import Path

import xlsxwriter

from tests.benchmarks.bench_build import GIGABYTES, INCIDENTS, measured
from tests.sample_township import DATA

SHEET_ROWS, SHEET_COLUMNS = 100_000, 20
_TAKE_IN = """
import sys
from datetime import datetime
from pathlib import Path
from etl.intake import intakes
from etl.ledger import DataRoot, store
from etl.progress import Progress
if __name__ == "__main__":
    root = DataRoot(Path(sys.argv[2]), Path(sys.argv[3]))
    file = store(root, Path(sys.argv[1]), received_at=datetime.now())
    for _, taken in intakes(root, [file], Progress()):
        print(sum(sheet.rows_in for sheet in taken.sheets))
"""
_PANDAS_CSV = "import pandas, sys; print(len(pandas.read_csv(sys.argv[1], encoding='gb18030', dtype=str)))"
_POLARS_CSV = """
import polars, sys
from pathlib import Path
text = Path(sys.argv[1]).read_bytes().decode("gb18030").encode()
print(len(polars.read_csv(text, infer_schema=False)))
"""
_PANDAS_XLSX = "import pandas, sys; print(len(pandas.read_excel(sys.argv[1], engine='calamine', dtype=str)))"
_POLARS_XLSX = "import polars, sys; print(len(polars.read_excel(sys.argv[1], engine='calamine', infer_schema_length=0)))"


def report(source: Path) -> bool:
    """Prints the tables; true when every target is met."""
    plain = source / "inbox" / INCIDENTS
    with tempfile.TemporaryDirectory(prefix="bench_") as scratch:
        folder = Path(scratch)
        text, sheet = folder / "事件导出_gb18030.csv", folder / "事件导出_20261116.xlsx"
        _transcode(plain, text)
        _write_sheet(plain, sheet)
        peak = _compare(
            f"GB18030 CSV, {text.stat().st_size / 1e6:.0f} MB", text, folder, {"pandas": _PANDAS_CSV, "polars": _POLARS_CSV}
        )
        peak = max(
            peak,
            _compare(f"xlsx, {SHEET_ROWS:,} × {SHEET_COLUMNS}", sheet, folder, {"pandas": _PANDAS_XLSX, "polars": _POLARS_XLSX}),
        )
        rebuilt = _rebuild(plain, folder)
    return peak <= GIGABYTES and rebuilt


def _compare(what: str, file: Path, folder: Path, others: dict[str, str]) -> float:
    """Prints one table. Returns our peak, GB."""
    root = folder / f"root_{file.suffix[1:]}"
    seconds, peak = measured([sys.executable, "-c", _TAKE_IN, str(file), str(root), str(DATA)])
    print(f"{what}\n  taken in and cleaned   {seconds:6.1f} s  {peak:5.2f} GB (≤ {GIGABYTES:.0f})")
    for name, script in others.items():
        bare, bare_peak = measured([sys.executable, "-c", script, str(file)])
        print(f"  {name}, bare read      {bare:6.1f} s  {bare_peak:5.2f} GB   ours is {seconds / bare:.1f} ×")
    return peak


def _rebuild(plain: Path, folder: Path) -> bool:
    """First build, then one new export of 1,000 rows: what is read again, and how long it takes."""
    root = folder / "rebuild"
    (root / "inbox").mkdir(parents=True)
    shutil.copy(plain, root / "inbox")
    command = [sys.executable, "-m", "etl", "--data", str(root), "build"]
    first, _ = measured(command)
    clean = {path: path.stat().st_mtime_ns for path in root.glob("raw/??/*/*.parquet")}
    lines = plain.read_text(encoding="utf-8-sig").splitlines()[:1001]
    (root / "inbox" / "事件导出_20261117.csv").write_text("\n".join(lines), encoding="utf-8")
    again, _ = measured(command)
    read_again = [path.name for path, written in clean.items() if path.stat().st_mtime_ns != written]
    print(
        f"first build            {first:6.1f} s\nafter one new export   {again:6.1f} s = {again / first:.2f} × (files read again: {len(read_again)})"
    )
    return again <= first and not read_again


def _transcode(plain: Path, target: Path) -> None:
    with plain.open(encoding="utf-8-sig", newline="") as source, target.open("w", encoding="gb18030", newline="") as copy:
        shutil.copyfileobj(source, copy, 1 << 22)


def _write_sheet(plain: Path, target: Path) -> None:
    with (
        plain.open(encoding="utf-8-sig", newline="") as source,
        xlsxwriter.Workbook(str(target), {"constant_memory": True}) as book,
    ):
        sheet = book.add_worksheet("事件")
        for number, row in enumerate(islice(csv.reader(source), SHEET_ROWS + 1)):
            sheet.write_row(number, 0, row[:SHEET_COLUMNS])


if __name__ == "__main__":
    sys.exit(0 if report(Path(sys.argv[1])) else 1)
