from pathlib import Path

import pytest

from entropice.errors import InputFileError
from entropice.io.checksums import given_sha256
from entropice.io.folders import files_below


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("folder/b/2", "folder/a/1", "elsewhere/3"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
    return tmp_path / "folder"


def _names(folder: Path) -> list[str]:
    return [file.relative_to(folder).as_posix() for file in files_below(folder)]


def test_files_are_listed_in_order(folder: Path) -> None:
    assert _names(folder) == ["a/1", "b/2"]


def test_a_link_to_a_folder_is_followed(folder: Path) -> None:
    (folder / "link").symlink_to(folder.parent / "elsewhere")
    before = given_sha256(folder)

    assert _names(folder) == ["a/1", "b/2", "link/3"]
    (folder.parent / "elsewhere" / "3").write_text("changed")
    assert given_sha256(folder) != before


def test_a_linked_folder_is_one_by_its_content(folder: Path) -> None:
    link = folder.parent / "link.zarr"
    link.symlink_to(folder)
    before = given_sha256(link)

    (folder / "a" / "1").write_text("changed")

    assert given_sha256(link) != before


def test_loops_end(folder: Path) -> None:
    (folder / "a" / "loop").symlink_to(folder)
    (folder / "b" / "across").symlink_to(folder / "a")

    assert _names(folder) == ["a/1", "b/2"]


def test_a_link_to_nowhere_is_no_file(folder: Path) -> None:
    (folder / "a" / "gone").symlink_to(folder / "nowhere")

    assert _names(folder) == ["a/1", "b/2"]


def test_what_is_not_there_is_told_so(tmp_path):
    with pytest.raises(InputFileError, match="no such file or folder") as refused:
        files_below(tmp_path / "absent")

    assert refused.value.path == str(tmp_path / "absent")
    assert "permission" not in refused.value.fix
