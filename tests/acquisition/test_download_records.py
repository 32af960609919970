from dataclasses import replace
from pathlib import Path

import pytest

from entropice.acquisition.download_records import DownloadRecord, add_record, read_records, write_records
from entropice.errors import InputFileError

RECORD = DownloadRecord("a/b.tif", "http://there/b.tif", '"1"', None, 3, "0" * 64, "2026-01-01T00:00:00+00:00")


def test_the_last_record_of_a_file_counts(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    add_record(path, RECORD)
    add_record(path, replace(RECORD, etag='"2"'))

    assert read_records(path) == {"a/b.tif": replace(RECORD, etag='"2"')}


def test_a_line_cut_short_by_a_kill_is_forgotten_and_mended(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    add_record(path, RECORD)
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:40])
    assert read_records(path) == {"a/b.tif": RECORD}

    add_record(path, replace(RECORD, relative_path="c.tif"))

    assert set(read_records(path)) == {"a/b.tif", "c.tif"}


def test_records_are_replaced_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    add_record(path, RECORD)

    write_records(path, [replace(RECORD, relative_path="d.tif")])

    assert list(read_records(path)) == ["d.tif"]


def test_there_may_be_none(tmp_path: Path) -> None:
    assert read_records(tmp_path / "absent.jsonl") == {}


@pytest.mark.parametrize("line", [b'{"relative_path": "c.t', b'{"relative_path": "c.tif"}', b"[3]", b"\xff"])
def test_a_damaged_line_is_named(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "records.jsonl"
    add_record(path, RECORD)
    path.write_bytes(path.read_bytes() + line + b"\n")

    with pytest.raises(InputFileError, match="damaged") as refused:
        read_records(path)

    assert (refused.value.path, refused.value.field) == (str(path), "line 2")
    assert "delete this line" in refused.value.fix
