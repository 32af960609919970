import shutil
import subprocess
from pathlib import Path

import pytest

from entropice.errors import InputFileError
from entropice.io.checksums import (
    FileRecord,
    content_sha256,
    external_files,
    given_sha256,
    is_ours,
    read_fingerprint,
    read_records,
    record_of,
    record_path,
    verify_record,
    verify_recorded_files,
    write_record,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "cube.zarr"
    (folder / "c").mkdir(parents=True)
    (folder / "zarr.json").write_text("{}")
    (folder / "c" / "0").write_bytes(b"abc")
    write_record(folder, folder, {"parameters": {"grid": "h3_4"}})
    return folder


def test_records_of_an_untouched_folder_verify(folder: Path) -> None:
    verify_record(folder)

    assert [(r.path, r.n_bytes) for r in read_records(folder)] == [
        ("cube.zarr/c/0", 3),
        ("cube.zarr/zarr.json", 2),
    ]


def test_a_record_remembers_what_the_output_was_made_with(folder: Path) -> None:
    assert read_fingerprint(folder) == {"parameters": {"grid": "h3_4"}}


def test_the_content_alone_decides_its_hash(folder: Path) -> None:
    before = content_sha256(folder)
    write_record(folder, folder, {})
    assert content_sha256(folder) == before

    (folder / "zarr.json").write_text("[]")
    write_record(folder, folder, {})
    assert content_sha256(folder) != before


@pytest.mark.parametrize("damage", ["changed", "removed", "added", "unrecorded"])
def test_every_damage_is_noticed(folder: Path, damage: str) -> None:
    chunk = folder / "c" / "0"
    actions = {
        "changed": lambda: chunk.write_bytes(b"abd"),
        "removed": chunk.unlink,
        "added": lambda: (folder / "c" / "1").write_bytes(b""),
        "unrecorded": record_path(folder).unlink,
    }
    actions[damage]()

    with pytest.raises(InputFileError):
        verify_record(folder)


def test_files_beside_the_recorded_ones_may_be_nobodys_concern(folder: Path) -> None:
    (folder / "c" / "0.aux.xml").write_bytes(b"<PAMDataset/>")

    verify_recorded_files(folder)


@pytest.mark.parametrize("damage", ["changed", "removed", "unrecorded"])
def test_damage_to_recorded_files_is_noticed_whatever_stands_beside_them(folder: Path, damage: str) -> None:
    chunk = folder / "c" / "0"
    {
        "changed": lambda: chunk.write_bytes(b"abd"),
        "removed": chunk.unlink,
        "unrecorded": record_path(folder).unlink,
    }[damage]()

    with pytest.raises(InputFileError):
        verify_recorded_files(folder)


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not installed")
def test_a_record_can_be_checked_with_a_public_tool(folder: Path) -> None:
    result = subprocess.run(
        ["sha256sum", "-c", record_path(folder).name], cwd=folder.parent, capture_output=True, check=False
    )

    assert result.returncode == 0, result.stderr


DAMAGED = {
    "empty": b"",
    "binary": bytes(range(256)),
    "cut in the fingerprint": b'# made with {"parame',
    "no JSON": b"# made with something\n",
    "no object": b"# made with [1]\n",
    "cut in a line": b"# made with {}\n0123abc",
    "of another file": b"# made with {}\n" + b"0" * 64 + b"  other.zarr/c/0\n",
    "outside its folder": b"# made with {}\n" + b"0" * 64 + b"  cube.zarr/../../etc/passwd\n",
}


@pytest.mark.parametrize("kind", [*DAMAGED, "a folder"])
def test_a_damaged_record_is_told_by_its_name(folder: Path, kind: str) -> None:
    record_path(folder).unlink()
    record_path(folder).mkdir() if kind == "a folder" else record_path(folder).write_bytes(DAMAGED[kind])

    with pytest.raises(InputFileError, match="record beside this output is damaged") as caught:
        read_fingerprint(folder)

    assert caught.value.path == str(folder)
    assert caught.value.field == "cube.zarr.sha256"
    with pytest.raises(InputFileError):
        verify_record(folder)


@pytest.mark.parametrize("kind", ["binary", "cut in a line", "of another file", "outside its folder"])
def test_a_damaged_record_says_nothing_of_the_content(folder: Path, kind: str) -> None:
    record_path(folder).write_bytes(DAMAGED[kind])

    for read in (content_sha256, read_records):
        with pytest.raises(InputFileError, match="record beside this output is damaged"):
            read(folder)


def test_a_record_of_a_file_that_is_gone_is_told(folder: Path) -> None:
    (folder / "c" / "0").unlink()

    with pytest.raises(InputFileError, match="cannot be read"):
        read_records(folder)


def test_a_file_that_cannot_be_read_is_told(folder: Path) -> None:
    def refused(_: Path) -> str:
        raise PermissionError(13, "Permission denied")

    for read in (verify_record, verify_recorded_files, given_sha256):
        with pytest.raises(InputFileError, match="cannot be read") as caught:
            read(folder, refused)
        assert caught.value.got == "Permission denied"


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (None, False),
        (b"", True),
        (b"# made with {", True),
        (b"\xff\x00", True),
        (b"0" * 64 + b"  cube.zarr/c/0\n", False),
        (b"0" * 64 + b" *cube.zarr\n", False),
    ],
)
def test_what_others_record_is_theirs(folder: Path, record: bytes | None, expected: bool) -> None:
    record_path(folder).unlink()
    if record is not None:
        record_path(folder).write_bytes(record)

    assert is_ours(folder) is expected


def test_a_foreign_file_counts_with_its_companions_and_a_folder_with_all_below_it(folder: Path) -> None:
    shapefile = folder.parent / "slumps.shp"
    for name in ("slumps.shp", "slumps.dbf", "slumps_of_old.shp"):
        (folder.parent / name).write_text(name)

    assert [file.name for file in external_files(shapefile)] == ["slumps.dbf", "slumps.shp"]
    assert external_files(folder) == [folder / "c/0", folder / "zarr.json"]
    assert external_files(folder.parent / "nothing.shp") == []


def test_what_was_given_is_told_apart_by_names_and_bytes_and_nothing_has_no_content(folder: Path) -> None:
    before = given_sha256(folder)
    assert given_sha256(folder) == before

    (folder / "c/0").rename(folder / "c/1")
    renamed = given_sha256(folder)
    (folder / "c/1").write_bytes(b"abd")

    assert len({before, renamed, given_sha256(folder)}) == 3
    assert given_sha256(folder.parent / "nothing") is None


def test_a_record_of_one_file_is_relative_to_the_folder_that_it_lies_below(folder: Path) -> None:
    chunk = folder / "c/0"
    sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # of abc: FIPS 180-2, appendix B.1

    assert record_of(chunk, folder.parent) == FileRecord("cube.zarr/c/0", 3, sha256)
    assert record_of(chunk, folder.parent / "elsewhere") == FileRecord("0", 3, sha256)
    with pytest.raises(InputFileError, match="cannot be read"):
        record_of(folder / "gone", folder)


def test_a_list_of_sha256_without_a_fingerprint_is_no_record_of_ours(folder: Path) -> None:
    record = record_path(folder)
    record.write_text(record.read_text().split("\n", 1)[1])

    with pytest.raises(InputFileError, match="no fingerprint in its first line"):
        read_fingerprint(folder)
    verify_record(folder)
