import shutil
import subprocess
from pathlib import Path

import pytest

from entropice.errors import InputFileError
from entropice.io.checksums import (
    content_sha256,
    read_fingerprint,
    read_records,
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
