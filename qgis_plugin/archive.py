"""Archives that are the same whenever they are written."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

EARLIEST_DATE = (1980, 1, 1, 0, 0, 0)


def write_archive(target: Path, contents: Mapping[str, bytes]) -> Path:
    """Write a zip of `contents` by path, sorted, without dates, and return `target`; its folder is made."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(contents):
            entry = zipfile.ZipInfo(path, EARLIEST_DATE)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, contents[path])
    return target
