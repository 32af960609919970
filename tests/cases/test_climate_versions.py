"""Preliminary values (ERA5T, 0005) never pass for final ones, however a file says what it is."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from climate_files import months, read_months, written
from grib_files import written_grib

from entropice.errors import SchemaError
from entropice.sources.era5.fields import normalise_fields
from entropice.sources.era5.file import read_climate
from entropice.sources.era5.merge import merge
from entropice.sources.era5.slices import in_memory
from entropice.sources.era5.source import open_source, source_from

LATE = ["2019-05", "2019-06"]
NUMBERS = np.array([1, 1, 1, 1, 5, 5])
TEXTS = np.array(["0001"] * 4 + ["0005"] * 2)


def preliminary_of(path: Path) -> list[str]:
    found: list[str] = read_months(path).attrs["preliminary_steps"]
    return found


@pytest.mark.parametrize(
    "versions",
    [
        NUMBERS.astype("int32"),
        NUMBERS.astype("int8"),
        NUMBERS.astype("float32"),
        TEXTS,
        TEXTS.astype("S4"),
        np.array(["1", "1", "1", "1", "5", "5"]),
        np.array(["1.0", "1.0", "1.0", "1.0", "5.0", "5.0"]),
    ],
    ids=["int32", "int8", "float", "text", "bytes", "digits", "text of floats"],
)
@pytest.mark.parametrize("as_variable", [False, True], ids=["coordinate", "variable"])
def test_versions_along_time(tmp_path: Path, versions: np.ndarray, as_variable: bool) -> None:
    raw = months().assign_coords(expver=("valid_time", versions))

    path = written(tmp_path, raw.reset_coords("expver") if as_variable else raw)

    assert preliminary_of(path) == LATE


@pytest.mark.parametrize("format_name", ["NETCDF3_CLASSIC", "NETCDF3_64BIT_OFFSET"])
def test_versions_in_characters_of_the_classic_formats(tmp_path: Path, format_name: str) -> None:
    raw = months().assign_coords(expver=("valid_time", TEXTS.astype("S4"))).reset_coords("expver")
    raw.to_netcdf(tmp_path / "era5.nc", engine="netcdf4", format=format_name)

    assert preliminary_of(tmp_path / "era5.nc") == LATE


@pytest.mark.parametrize("versions", [[1, 5], [1.0, 5.0], ["0001", "0005"], [b"0001", b"0005"]])
def test_versions_along_a_dimension(tmp_path: Path, versions: list[object]) -> None:
    raw = months()
    is_late = xr.DataArray(NUMBERS == 5, dims="valid_time")
    with_attributes = {name: field.attrs for name, field in raw.data_vars.items()}
    stacked = xr.concat([raw.where(~is_late), raw.where(is_late)], "expver").assign_coords(
        expver=("expver", np.array(versions))
    )
    for name, attributes in with_attributes.items():
        stacked[name].attrs = attributes

    climate = read_months(written(tmp_path, stacked))

    assert climate.attrs["preliminary_steps"] == LATE
    np.testing.assert_allclose(climate["t2m"].isel(lat=0, lon=0), [251, 252, 253, 254, 255, 256])


@pytest.mark.parametrize("version", [5, 5.0, "0005", b"0005", "5"])
@pytest.mark.parametrize("place", ["coordinate", "variable", "attribute", "global attribute"])
def test_one_version_for_the_whole_file(version: object, place: str) -> None:
    raw = months()
    if place == "attribute":
        for field in raw.data_vars.values():
            field.attrs["GRIB_expver"] = version
    elif place == "global attribute":
        raw.attrs["expver"] = version
    else:
        raw = raw.assign_coords(expver=version)
        raw = raw.reset_coords("expver") if place == "variable" else raw

    source = source_from({"era5.nc": in_memory(raw)}, "era5")

    assert all(part.is_preliminary.all() for part in source.slices)


def test_a_file_that_says_nothing_is_final(tmp_path: Path) -> None:
    assert preliminary_of(written(tmp_path, months())) == []


def test_final_messages_replace_preliminary_ones_and_equal_doubles_are_one(tmp_path: Path) -> None:
    path = written_grib(
        tmp_path / "a.grib",
        [({"expver": "0005", "dataTime": 0}, 261.0), ({"dataTime": 0}, 260.0), ({"dataTime": 0}, 260.0)],
    )

    by_version = {bool(part.is_preliminary): part for part in open_source(path, "era5").slices}

    assert set(by_version) == {False, True}
    assert merge(list(by_version.values()), by_version[False].stamps, slice(None)).values.max() == 260


@pytest.mark.parametrize(
    "second",
    [{"dataTime": 600}, {"dataTime": 0, "type": "fc", "endStep": 6}, {"dataTime": 600, "number": 0}],
    ids=["the same run", "another run", "named as member 0"],
)
def test_two_messages_of_one_field_and_time_with_different_values_are_refused(
    tmp_path: Path, second: dict[str, object]
) -> None:
    first = {"dataTime": 600} | ({"type": "fc"} if "type" in second else {})
    path = written_grib(tmp_path / "a.grib", [(first, 260.0), (second, 261.0)])

    with pytest.raises(SchemaError, match="several messages") as caught:
        open_source(path, "era5")

    assert (caught.value.path, caught.value.field) == (str(path), "2t")


def test_messages_of_two_products_are_never_one_field(tmp_path: Path) -> None:
    path = written_grib(tmp_path / "a.grib", [({"dataTime": 0}, 260.0), ({"dataTime": 600, "class": "l5"}, 261.0)])

    with pytest.raises(SchemaError, match="not of ERA5") as caught:
        open_source(path, "era5")

    assert caught.value.got == "l5"


@pytest.mark.parametrize(
    "versions",
    [
        lambda raw: raw.assign_coords(expver=("valid_time", TEXTS)),
        lambda raw: raw.assign(expver=("valid_time", NUMBERS)),
    ],
    ids=["text", "numbers"],
)
def test_fields_are_never_averaged_over_versions(tmp_path: Path, versions: Callable[[xr.Dataset], xr.Dataset]) -> None:
    with pytest.raises(SchemaError, match="several experiment versions"):
        normalise_fields(read_climate(written(tmp_path, versions(months()))))
