"""Carrying out a plan: finished files are kept, missing ones are fetched, several at a time."""

import logging
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Final

from entropice.acquisition.download_records import DownloadRecord, add_record, read_records, write_records
from entropice.acquisition.downloads import GIGA, Download, DownloadPlan
from entropice.acquisition.http import RemoteFile
from entropice.errors import DownloadError
from entropice.progress import progress, show
from entropice.sha256 import sha256_of

SPARE_BYTES: Final = 1 << 28
"""To stay free on the disk, beyond the bytes of the plan."""
PARTIAL: Final = ".partial"
"""Suffix of a file whose download is not complete."""

logger = logging.getLogger(__name__)


def missing_files(
    plan: DownloadPlan, folder: Path, records: Path, digest_of: Callable[[Path], str] = sha256_of
) -> list[Download]:
    """The plan's files that are missing in a folder, or damaged there; nothing is written.

    Finished is a file with a record of the same address whose size and SHA-256 are the recorded ones. It has changed at
    its source where its ETag is another now, or else its Last-Modified, where both are known then and now. The user is
    told what is to be transferred, and what it takes on disk.

    Parameters
    ----------
    plan
        All files.
    folder
        Where they are, or will be; need not exist.
    records
        File of the records, as `fetch_missing` leaves it.
    digest_of
        SHA-256 of a file.

    Raises
    ------
    DownloadError
        A finished file has changed at its source, the missing ones are larger than `max_bytes`, or the disk is too
        small: what they take there, less what partial files hold, and 2²⁸ bytes to spare. The first of these.
    """
    known = read_records(records)
    finished = [download for download in plan.downloads if _is_finished(download, folder, known, digest_of)]
    _refuse_changed(plan, [(download, known[download.relative_path]) for download in finished], folder)
    done = {download.relative_path for download in finished}
    missing = [download for download in plan.downloads if download.relative_path not in done]
    _announce(plan, missing)
    _refuse_above_limit(plan, missing)
    _require_room(plan, missing, folder)
    return missing


def fetch_missing(
    plan: DownloadPlan, missing: Collection[Download], folder: Path, records: Path
) -> dict[str, DownloadRecord]:
    """Fetch the missing files; in the end, `folder` holds exactly the plan's files, and `records` a line for each.

    After a kill at any moment, a call with the result of `missing_files` resumes the download.

    Other files of the folder are deleted, in subfolders too. Records of old files that the plan does not ask for go
    too. While it is fetched a file is called ``.<name>.<key>.partial``.

    Returns
    -------
    dict[str, DownloadRecord]
        Records of all files by `relative_path`, in the plan's order.

    Raises
    ------
    DownloadError
        A file cannot be downloaded or written. Files finished before are kept.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _fetch_all(plan, missing, folder, records)
    known = read_records(records)
    of_plan = {download.relative_path: known[download.relative_path] for download in plan.downloads}
    write_records(records, of_plan.values())
    _remove_others(folder, of_plan)
    return of_plan


def _is_finished(
    download: Download, folder: Path, known: Mapping[str, DownloadRecord], digest_of: Callable[[Path], str]
) -> bool:
    record, path = known.get(download.relative_path), folder / download.relative_path
    if record is None or record.url != download.origin.url or not path.is_file():
        return False
    is_whole = path.stat().st_size == record.n_bytes and digest_of(path) == record.sha256
    if not is_whole:
        logger.warning("%s is not as it was downloaded; it is fetched again", path)
    return is_whole


def _refuse_changed(plan: DownloadPlan, finished: Iterable[tuple[Download, DownloadRecord]], folder: Path) -> None:
    changed = [(download.origin, record) for download, record in finished if _has_changed(download.origin, record)]
    if changed:
        origin, record = changed[0]
        raise DownloadError(
            f"{plan.source}: {len(changed)} file(s) have changed at their source since they were downloaded.",
            path=folder,
            got=f"{origin.url}, version {origin.version}",
            expected=f"version {record.version}, as downloaded {record.retrieved}",
            sample=[record.relative_path for _, record in changed],
            fix="delete these files and run the same command again to download the new ones; the old ones stay usable",
        )


def _has_changed(origin: RemoteFile, record: DownloadRecord) -> bool:
    for then, now in ((record.etag, origin.etag), (record.last_modified, origin.last_modified)):
        if then is not None and now is not None:
            return then != now
    return False


def _announce(plan: DownloadPlan, missing: Collection[Download]) -> None:
    about = "" if all(download.is_exact for download in missing) else "about "
    n_unknown = sum(download.n_bytes is None for download in missing)
    unknown = f" ({n_unknown} of unknown size)" if n_unknown else ""
    n_there, n_files = len(plan.downloads) - len(missing), len(plan.downloads)
    disk_bytes = sum(download.disk_bytes for download in missing)
    show(
        f"{plan.source}: {n_there} of {n_files} files are there; to transfer: {about}"
        f"{_bytes_to_transfer(missing) / GIGA:.3f} GB in {len(missing)} files{unknown}; "
        f"on disk: {disk_bytes / GIGA:.3f} GB"
    )


def _bytes_to_transfer(missing: Iterable[Download]) -> int:
    return sum(download.n_bytes or 0 for download in missing)


def _refuse_above_limit(plan: DownloadPlan, missing: Sequence[Download]) -> None:
    n_bytes = _bytes_to_transfer(missing)
    if n_bytes > plan.max_bytes:
        raise DownloadError(
            f"{plan.source}: the download is larger than allowed; nothing was fetched.",
            path=missing[0].origin.url if len(missing) == 1 else f"{missing[0].origin.url} and others",
            field="download.transfer.max_gb",
            got=f"{n_bytes / GIGA:,.1f} GB in {len(missing):,} files",
            expected=f"at most {plan.max_bytes / GIGA:,.1f} GB",
            fix="take a smaller region (grids.region), fewer years or a coarser resolution, or raise the limit: "
            "docs/download.md says what each source costs",
        )


def _require_room(plan: DownloadPlan, missing: Collection[Download], folder: Path) -> None:
    standing = next(parent for parent in (folder, *folder.parents) if parent.exists())
    free_bytes = shutil.disk_usage(standing).free
    needed_bytes = sum(download.disk_bytes for download in missing) - _partial_bytes(folder)
    if missing and needed_bytes + SPARE_BYTES > free_bytes:
        raise DownloadError(
            f"{plan.source}: the disk is too small; nothing was fetched.",
            path=folder,
            got=f"{free_bytes / GIGA:,.3f} GB free",
            expected=f"{(needed_bytes + SPARE_BYTES) / GIGA:,.3f} GB",
            fix="make room, or set data_root in conf/…/globals.yml to a larger disk",
        )


def _partial_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob(f"*{PARTIAL}") if path.is_file())


def _fetch_all(plan: DownloadPlan, missing: Collection[Download], folder: Path, records: Path) -> None:
    lock = Lock()
    with ThreadPoolExecutor(plan.n_at_once, thread_name_prefix="download") as threads:
        futures = [threads.submit(_fetch, download, folder, records, lock) for download in missing]
        try:
            for future in progress(as_completed(futures), plan.source, total=len(futures)):
                future.result()
        except BaseException:
            plan.stop()
            for future in futures:
                future.cancel()
            raise


def _fetch(download: Download, folder: Path, records: Path, lock: Lock) -> None:
    path = folder / download.relative_path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _require_below(path, folder)
        partial = path.with_name(f".{path.name}.{download.key}{PARTIAL}")
        download.fetch(partial)
        digest, n_bytes = _flush_and_hash(partial)
        partial.replace(path)
        with lock:
            add_record(records, _record_of(download, n_bytes, digest))
    except OSError as error:
        raise DownloadError(
            f"A file could not be written ({error.strerror}).",
            path=path,
            fix="make room or give write permission, then run the same command again: it goes on where it was",
        ) from error


def _record_of(download: Download, n_bytes: int, digest: str) -> DownloadRecord:
    origin, now = download.origin, datetime.now(UTC).isoformat(timespec="seconds")
    return DownloadRecord(download.relative_path, origin.url, origin.etag, origin.last_modified, n_bytes, digest, now)


def _require_below(path: Path, folder: Path) -> None:
    if not path.parent.resolve().is_relative_to(folder.resolve()):
        raise DownloadError(
            "A symbolic link leads out of the folder of downloads.",
            path=path,
            field="folder",
            got=path.parent.resolve(),
            expected=f"a folder below {folder}",
            fix="remove the link, or set data_root in conf/…/globals.yml to the other disk",
        )


def _flush_and_hash(path: Path) -> tuple[str, int]:
    """Flush a file to the disk; its SHA-256 and size."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
    return sha256_of(path), path.stat().st_size


def _remove_others(folder: Path, known: Collection[str]) -> None:
    others = [path for path in folder.rglob("*") if path.is_file() and path.relative_to(folder).as_posix() not in known]
    for path in others:
        path.unlink()
    left_over = [path for path in others if not path.name.endswith(PARTIAL)]
    if left_over:
        logger.info("%s: %d files that are not asked for any more were removed", folder.name, len(left_over))
