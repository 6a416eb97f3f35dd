"""复现包: numbers with all it takes to ask for them again, as one zip. Equal content gives equal bytes."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from importlib import resources

from dashboard.research.files import to_codebook, to_csv, to_parquet
from dashboard.research.outputs import Output, metrics_of
from dashboard.research.provenance import Provenance, citation

DATA, PROVENANCE = "data.csv", "provenance.json"
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The moment of every file in a zip: the day it was made is no part of what it holds."""


def bundle(output: Output, of: Provenance) -> bytes:
    """data.csv, data.parquet, codebook.csv, what was asked, the definitions used as they stand, README.txt; provenance.json has the hash
    of each."""
    files = {
        DATA: to_csv(output),
        "data.parquet": to_parquet(output, of),
        "codebook.csv": to_codebook(output),
        **_asked(output, of),
    }
    files |= _definitions(output)
    files["README.txt"] = read_me(output, of).encode()
    told = {**of.as_json(), "rows": len(output.rows), "sha256": {name: sha256(content) for name, content in sorted(files.items())}}
    return zipped({**files, PROVENANCE: written(told)})


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip of these files, in their order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(entry(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def entry(name: str) -> zipfile.ZipInfo:
    """A file in a zip, readable by everybody who has it."""
    found = zipfile.ZipInfo(name, LONG_AGO)
    found.external_attr = 0o644 << 16
    return found


def written(told: object) -> bytes:
    """JSON for people and programs."""
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _asked(output: Output, of: Provenance) -> dict[str, bytes]:
    if of.kind == "query":
        return {"query.sql": of.asked.encode()}
    return {"question.json": written({"address": of.asked, "metrics": list(output.metrics)})}


def _definitions(output: Output) -> dict[str, bytes]:
    """The definition files of the metrics, byte for byte."""
    folder = resources.files("dashboard.metrics")
    found = {f"definitions/{metric.id}.toml": folder.joinpath("definitions", f"{metric.id}.toml") for metric in metrics_of(output)}
    if found:
        found["definitions/dimensions.toml"] = folder.joinpath("dimensions.toml")
    return {name: file.read_bytes() for name, file in sorted(found.items())}


def read_me(output: Output, of: Provenance) -> str:
    """What the bundle is and how to repeat it, Chinese first."""
    asked = "query.sql" if of.kind == "query" else "question.json"
    definitions_zh = "definitions/       所用指标和维度的口径原文\n" if output.metrics else ""
    definitions_en = "definitions/       the definitions of the metrics and dimensions, as they stand\n" if output.metrics else ""
    notes_zh = "\n".join(f"· {zh}" for zh, _ in output.notes)
    notes_en = "\n".join(f"- {en}" for _, en in output.notes)
    return f"""复现包：{of.title[0]}

data.csv           数据（UTF-8，Excel 可直接打开）
data.parquet       同样的数据，带类型；编码本与来源写在文件的元数据里
codebook.csv       编码本：每一列、每个指标的含义和单位
{asked:<18} 查询内容
{definitions_zh}provenance.json    来源：数据版本、口径版本、程序版本、各文件的 SHA-256

使用须知
{notes_zh}

怎样复现
在保存着数据版本 {of.build_id} 的机器上运行：
    python -m dashboard research --verify 本文件.zip
程序用同一版数据重新计算并逐行比对。退出码：0 一致，1 不一致，2 无法复核。
数据版本只保留最近几版；不在时，可按 {asked} 在新数据上重新计算；过去较久的期间，结果一般不变。

引用格式
{citation(of, "zh")}


Reproducibility bundle: {of.title[1]}

data.csv           the data (UTF-8, opens in a spreadsheet)
data.parquet       the same, typed; codebook and provenance are in the file's metadata
codebook.csv       what every column and metric means, and its unit
{asked:<18} what was asked
{definitions_en}provenance.json    build, definitions, program, and the SHA-256 of each file

To bear in mind
{notes_en}

To reproduce
Where build {of.build_id} is kept, run
    python -m dashboard research --verify this_file.zip
It is computed again from the same build and compared line by line. Exit code 0: equal, 1: not equal, 2: cannot be verified.
Only the last few builds are kept; without this one, ask what stands in {asked} of newer data: periods long closed seldom change.

To cite
{citation(of, "en")}
"""
