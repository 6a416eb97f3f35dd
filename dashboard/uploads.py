"""What a reader does with files to be loaded: send them, have them checked, load or cancel. Nothing is loaded before somebody says so."""

from __future__ import annotations

import re
import secrets
import shutil
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import IO

from dashboard import loader
from dashboard.jobs import Job, JobError, Sent, all_jobs, disk_error, find, lock, size, write
from dashboard.settings import Settings

_WAIT = 3600  # seconds an import waits for another one
_SPARE = 200_000_000  # bytes left on the disk for the warehouse that is built from the files
_PIECE = 1 << 20
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*]')
_LONGEST_NAME = 180  # bytes; a file system takes 255, and the load adds endings


def create(settings: Settings, files: Sequence[tuple[str, int]], *, by: str) -> Job:
    """A new job for files of these names and sizes. Raises JobError for too many, too large or a full disk."""
    if not files:
        raise JobError(400, "没有选中文件", "no file was chosen")
    if len(files) > settings.upload_files:
        most = settings.upload_files
        raise JobError(413, f"一次最多上传 {most} 个文件，请分批上传", f"at most {most} files at once; please send them in parts")
    for name, announced in files:
        if announced > settings.upload_bytes:
            limit = settings.upload_megabytes
            raise JobError(
                413,
                f"{name} 超过单个文件上限 {limit:,} MB；请按时间分几次导出，或由管理员放进收件箱",
                f"{name} is larger than {limit:,} MB; export shorter periods, or have it put into the inbox",
            )
    with lock(settings):
        _need_space(settings, sum(announced for _, announced in files))
        return write(_new(settings, tuple(Sent(safe_name(name), announced) for name, announced in files), by))


def rebuild(settings: Settings, *, by: str) -> Job:
    """A job without files that builds the warehouse anew, e.g. after a spelling was added; the one at work where there is one."""
    with lock(settings):
        for job in all_jobs(settings):
            if not job.files and job.state == "loading":
                return job
        return _load(_new(settings, (), by), ())


def receive(job: Job, number: int, offset: int, stream: IO[bytes]) -> int:
    """Adds what the stream holds to a file, from `offset` on; the bytes it has now. Raises JobError."""
    if not 0 <= number < len(job.files) or job.state not in ("receiving", "stopped"):
        raise JobError(409, "这个文件不在等待接收", "this file is not expected")
    path, whole = job.paths[number], job.files[number].bytes
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        have = size(path)
        if offset != have:
            raise JobError(409, f"已收到 {have} 字节，应从那里继续", f"{have} bytes are here; go on from there")
        with path.open("ab") as file:
            while piece := stream.read(_PIECE):
                have += len(piece)
                if have > whole:
                    file.truncate(offset)
                    raise JobError(413, "文件比所说的大", "the file is larger than announced")
                file.write(piece)
        return have
    except OSError as error:
        raise disk_error(error) from error


def start_check(job: Job) -> Job:
    """Has the files looked at. Raises JobError while some are not there whole."""
    with lock(job.settings):
        job = find(job.settings, job.id)
        if job.state == "checking" or (job.load is None and job.state == "checked"):
            return job
        if not job.is_whole:
            raise JobError(409, "文件没有传完，请重新上传", "the files are not complete; please send them again")
        number = loader.start_check(job.settings.data, job.paths, job.folder / "check.jsonl")
        return write(replace(job, check=number, load=None))


def start_load(job: Job) -> Job:
    """Has the files loaded that can be. Raises JobError when there are none."""
    with lock(job.settings):
        job = find(job.settings, job.id)
        if job.state in ("loading", "loaded"):
            return job
        files = job.loadable
        if job.files and not files:
            raise JobError(409, "没有可以导入的文件", "there is no file that can be loaded")
        return _load(job, files)


def cancel(job: Job) -> None:
    """Ends what is at work and removes the job; what was published stays as it is."""
    with lock(job.settings):
        for number in (job.check, job.load):
            if number is not None:
                loader.end(job.settings.data, number)
        shutil.rmtree(job.folder, ignore_errors=True)


def safe_name(name: str) -> str:
    """The clerk's name for a file as one name of a file: no folders, nothing hidden, nothing a file system or a shell trips over."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    clean = _UNSAFE.sub("_", last).strip().lstrip(".").rstrip(". ")
    stem, dot, ending = clean.rpartition(".")
    if not dot or len(ending) > 8:
        stem, dot, ending = clean, "", ""
    room = _LONGEST_NAME - len((dot + ending).encode())
    return stem.encode()[:room].decode(errors="ignore") + dot + ending if stem else f"file{dot}{ending}"


def _new(settings: Settings, files: tuple[Sent, ...], by: str) -> Job:
    now = datetime.now()
    return Job(settings, f"{now:%Y%m%dT%H%M%S}_{secrets.token_hex(4)}", by, now.isoformat(timespec="seconds"), files)


def _load(job: Job, files: Sequence[Path]) -> Job:
    job.folder.mkdir(parents=True, exist_ok=True)
    number = loader.start_build(job.settings.data, files, job.folder / "load.jsonl", by=job.by, wait=_WAIT)
    return write(replace(job, load=number))


def _need_space(settings: Settings, coming: int) -> None:
    """The load copies each file, and builds a warehouse beside the one in use."""
    free = shutil.disk_usage(settings.data if settings.data.exists() else Path.cwd()).free
    if free < 3 * coming + _SPARE:
        raise JobError(
            507,
            f"磁盘空间不足：导入这些文件约需 {(3 * coming + _SPARE) / 1e6:,.0f} MB，只剩 {free / 1e6:,.0f} MB；请清理后再试",
            f"the disk is nearly full: about {(3 * coming + _SPARE) / 1e6:,.0f} MB are needed and {free / 1e6:,.0f} MB are left",
        )
