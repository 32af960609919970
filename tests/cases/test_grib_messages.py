"""Messages of a GRIB file fill it, lie on one grid, and each is read."""

from pathlib import Path

import numpy as np
import pytest
from grib_files import N_POINTS, written_grib

from entropice.errors import InputFileError, SchemaError
from entropice.sources.era5.file import read_climate

FIRST = np.linspace(250.0, 261.0, N_POINTS)


def hours(folder: Path) -> Path:
    return written_grib(folder / "era5.grib", [({"dataTime": 100 * hour}, FIRST + hour) for hour in range(3)])


def test_messages_of_several_lengths_are_all_read(tmp_path: Path) -> None:
    """A constant field takes fewer bytes."""
    fields = [({"dataTime": 0}, FIRST), ({"dataTime": 100}, 255.0), ({"dataTime": 200}, FIRST)]
    climate = read_climate(written_grib(tmp_path / "era5.grib", fields))

    np.testing.assert_allclose(climate["t2m"].isel(valid_time=2).to_numpy().ravel(), FIRST, atol=0.01)
    np.testing.assert_allclose(climate["t2m"].isel(valid_time=1), 255.0, atol=0.01)


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("byte", [0, 3, -4, -1])
def test_a_message_that_does_not_begin_or_end_as_one_is_not_left_out(tmp_path: Path, number: int, byte: int) -> None:
    path = hours(tmp_path)
    content = bytearray(path.read_bytes())
    begins = [place for place in range(len(content)) if content[place : place + 4] == b"GRIB"]
    content[([*begins, len(content)][number + (byte < 0)]) + byte] ^= 1
    path.write_bytes(content)

    with pytest.raises(InputFileError) as caught:
        read_climate(path)

    assert caught.value.path == str(path)


@pytest.mark.parametrize("n_bytes", [2, 90, 119])
def test_padding_between_and_after_messages_is_no_damage(tmp_path: Path, n_bytes: int) -> None:
    path = hours(tmp_path)
    content = path.read_bytes()
    second = content.index(b"GRIB", 1)
    path.write_bytes(content[:second] + bytes(n_bytes) + content[second:] + bytes(n_bytes))

    assert read_climate(path)["t2m"].sizes["valid_time"] == 3


def test_a_message_of_zeros_is_not_taken_for_padding(tmp_path: Path) -> None:
    path = hours(tmp_path)
    content = path.read_bytes()
    begin, end = content.index(b"GRIB", 1), content.rindex(b"GRIB")
    path.write_bytes(content[:begin] + bytes(end - begin) + content[end:])

    with pytest.raises(InputFileError, match="belong to no message"):
        read_climate(path)


@pytest.mark.parametrize("between", [bytes(120), b"\nIEGL 42\r\r\n"])
def test_bytes_between_messages_are_refused(tmp_path: Path, between: bytes) -> None:
    path = hours(tmp_path)
    content = path.read_bytes()
    second = content.index(b"GRIB", 1)
    path.write_bytes(content[:second] + between + content[second:])

    with pytest.raises(InputFileError, match="belong to no message") as caught:
        read_climate(path)

    assert caught.value.got == f"{len(between)} bytes from byte {second} on in no message, 3 whole messages"


@pytest.mark.parametrize(
    "moved",
    [
        {"latitudeOfFirstGridPointInDegrees": 65.0, "latitudeOfLastGridPointInDegrees": 63.0},
        {"longitudeOfFirstGridPointInDegrees": 40.0, "longitudeOfLastGridPointInDegrees": 43.0},
        {"jScansPositively": 1, "latitudeOfFirstGridPointInDegrees": 73.0, "latitudeOfLastGridPointInDegrees": 75.0},
    ],
    ids=["latitudes", "longitudes", "upwards"],
)
def test_areas_of_one_size_are_not_taken_for_one(tmp_path: Path, moved: dict[str, object]) -> None:
    path = written_grib(tmp_path / "era5.grib", [({"dataTime": 0}, FIRST), ({"dataTime": 100, **moved}, FIRST)])

    with pytest.raises(SchemaError, match="one set of axes"):
        read_climate(path)
