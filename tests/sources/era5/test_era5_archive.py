import stat
import zipfile
from pathlib import Path

import pytest

from entropice.errors import InputFileError
from entropice.sources.era5.archive import unpacked_members


def archive_of(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_members_come_out_whole_in_a_folder_of_their_own(tmp_path):
    path = archive_of(tmp_path / "climate.nc", **{"instant.nc": b"one", "accum.nc": b"two"})

    members = unpacked_members(path)

    assert {member.name: member.read_bytes() for member in members} == {"instant.nc": b"one", "accum.nc": b"two"}
    assert list(tmp_path.iterdir()) == [path]
    assert unpacked_members(path) == members


@pytest.mark.parametrize("name", ["../out.nc", "/etc/out.nc", "folder/in.nc", "..\\out.nc", ".hidden"])
def test_a_name_that_is_a_path_is_refused(tmp_path, name):
    path = tmp_path / "climate.nc"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), b"x")

    with pytest.raises(InputFileError, match="not one of climate files") as caught:
        unpacked_members(path)

    assert caught.value.path == str(path)


def test_a_link_is_refused(tmp_path):
    path, link = tmp_path / "climate.nc", zipfile.ZipInfo("link.nc")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/passwd")

    with pytest.raises(InputFileError, match="plain file name"):
        unpacked_members(path)


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = archive_of(tmp_path / "climate.nc", **{"zeros.nc": bytes(20_000_000)})

    with pytest.raises(InputFileError, match="bytes packed into"):
        unpacked_members(path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_occurs_twice_is_refused(tmp_path):
    path = tmp_path / "climate.nc"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.nc", b"1")
        archive.writestr("a.nc", b"2")

    with pytest.raises(InputFileError, match="occurs twice"):
        unpacked_members(path)


def test_a_damaged_archive_is_refused(tmp_path):
    path = archive_of(tmp_path / "climate.nc", **{"instant.nc": bytes(range(256)) * 40})
    content = bytearray(path.read_bytes())
    content[60] ^= 0xFF
    path.write_bytes(content)

    with pytest.raises(InputFileError, match="cannot be unpacked"):
        unpacked_members(path)
