from collections.abc import Callable
from pathlib import Path

import netCDF4
import numpy as np
import pytest
import xarray as xr
from ice_files import write_netcdf

from entropice.errors import InputFileError
from entropice.sources.ice.fields import fields_of
from entropice.sources.ice.netcdf import read_days
from entropice.sources.ice.products import NASA_TEAM, NOAA_NSIDC, OSI_SAF
from entropice.sources.imagery.placing import RasterPlace
from entropice.sources.series.declaration import NetcdfProduct
from entropice.types import Dataset

WriteFile = Callable[..., Path]


def read_concentration(paths: list[Path], product: NetcdfProduct, place: RasterPlace) -> Dataset:
    return fields_of((day for path in paths for day in read_days(path, product)), place, product)


def test_days_become_fields_of_the_house(cdr: WriteFile, place: RasterPlace) -> None:
    fields = read_concentration([cdr(18_001), cdr(18_000)], NOAA_NSIDC, place)

    assert {name: variable.dims for name, variable in fields.items()} == {"ice_concentration": ("time", "y", "x")}
    assert fields["ice_concentration"].dtype == np.float32
    assert str(fields.time.values[0])[:10] == "2019-04-14"
    assert (np.diff(fields.x) == 25_000).all()
    assert (np.diff(fields.y) == -25_000).all()
    assert fields.attrs == {
        "crs": "EPSG:3413",
        "step": "P1D",
        "pixel_m": 25_000.0,
        "source": NOAA_NSIDC.title,
        "licence": f"{NOAA_NSIDC.terms}. {NOAA_NSIDC.credit}",
    }
    assert fields["ice_concentration"].units == "1"


def test_flags_are_unknown_in_place_and_nothing_else_is(cdr: WriteFile, place: RasterPlace) -> None:
    (day,) = read_days(cdr(), NOAA_NSIDC)
    assert np.isnan(day.shares).sum() == 5
    assert np.isnan(day.shares[2, 2:7]).all()

    values = read_concentration([cdr()], NOAA_NSIDC, place)["ice_concentration"].values

    assert (np.nanmin(values), np.nanmax(values)) == (0, 0.5), "open water and the ice, nothing beyond them"
    assert 3 <= np.isnan(values).sum() <= 6, "the flags within the grid, moved by less than half a pixel"


def test_percent_and_status_bits_of_osi_saf(osi_saf: WriteFile) -> None:
    (day,) = read_days(osi_saf(), OSI_SAF)

    assert day.shares[0, 0] == np.float32(0.8)
    assert np.isnan(day.shares[6, 6]), "land"
    assert np.isnan(day.shares[6, 5]), "filled from other days"
    assert day.shares[6, 7] == 0, "beyond the largest extent there is no ice, which is known"
    assert np.isnan(day.shares[5, 5]), "nothing stored"
    assert np.isnan(day.shares).sum() == 3
    assert (day.place.left_m, day.place.top_m, day.place.pixel_m) == (-150_000, 150_000, 25_000)


def test_ice_stays_where_it_is_on_the_earth(osi_saf: WriteFile, tmp_path: Path) -> None:
    """Azimuthal grids with meridians 0° and 45° W down: the corner of the one lies on the edge of the other."""
    fine = RasterPlace("EPSG:3413", -150_000.0, 150_000.0, 5_000.0, 60, 60)

    shares = read_concentration([osi_saf()], OSI_SAF, fine)["ice_concentration"].isel(time=0)

    hole = np.isnan(shares.values)
    y, x = (
        axis[hole & (np.hypot(*np.meshgrid(shares.x, shares.y)) < 60_000)]
        for axis in np.meshgrid(shares.y, shares.x, indexing="ij")
    )
    # unknown: middles at (12.5, -12.5), (-12.5, -12.5) and (-12.5, 12.5) km; seen from 45° W turned by 45°
    middles = np.array([[12.5, -12.5], [-12.5, -12.5], [-12.5, 12.5]]) * 1000
    turn = np.array([[np.sqrt(0.5), -np.sqrt(0.5)], [np.sqrt(0.5), np.sqrt(0.5)]])
    assert np.allclose([x.mean(), y.mean()], (middles @ turn.T).mean(axis=0), atol=2_500)


def test_axes_are_known_by_what_they_are_not_by_their_names(cdr: WriteFile, tmp_path: Path) -> None:
    """Version 4 of the climate data record has ``tdim``, ``xgrid`` and ``ygrid``."""
    path = cdr()
    (expected,) = read_days(path, NOAA_NSIDC)
    with xr.open_dataset(path, decode_cf=False) as file:
        renamed = file.reset_coords().rename_dims(time="tdim").rename_vars(x="xgrid", y="ygrid")
        renamed.to_netcdf(tmp_path / "v4.nc")

    (day,) = read_days(tmp_path / "v4.nc", NOAA_NSIDC)

    assert (day.day, day.place) == (expected.day, expected.place)
    assert np.array_equal(day.shares, expected.shares, equal_nan=True)


def test_rows_from_the_south_are_turned(cdr: WriteFile) -> None:
    path = cdr()
    (upright,) = read_days(path, NOAA_NSIDC)
    with netCDF4.Dataset(path, "a") as file:
        file.set_auto_maskandscale(False)
        file["y"][:] = file["y"][::-1]
        file["cdr_seaice_conc"][:] = file["cdr_seaice_conc"][:, ::-1]

    (turned,) = read_days(path, NOAA_NSIDC)

    assert np.array_equal(upright.shares, turned.shares, equal_nan=True)
    assert upright.place == turned.place


@pytest.mark.parametrize(
    ("attributes", "field", "got"),
    [
        ({"flag_values": None, "flag_meanings": None, "_FillValue": None}, "values", "251, 252, 253, 254, 255"),
        ({"flag_meanings": "pole_hole lakes"}, "cdr_seaice_conc:flag_values", "5 numbers, 2 meanings"),
        ({"units": "K"}, "cdr_seaice_conc:units", "K"),
        ({"units": None}, "cdr_seaice_conc:units", "none"),
        ({"scale_factor": np.float32(1)}, "values", "50"),
        ({"grid_mapping": "absent"}, "cdr_seaice_conc:grid_mapping", "absent"),
    ],
)
def test_what_is_not_declared_is_not_guessed(attributes: dict, field: str, got: str, cdr: WriteFile) -> None:
    path = cdr(attributes=attributes)

    with pytest.raises(InputFileError) as caught:
        list(read_days(path, NOAA_NSIDC))

    assert (caught.value.path, caught.value.field, caught.value.got) == (str(path), field, got)
    assert caught.value.expected
    assert caught.value.fix


@pytest.mark.parametrize(
    ("layout", "field"),
    [
        ({"has_time": False}, "time"),
        ({"unit": "degrees"}, "y:units"),
        ({"crs": "EPSG:4326"}, "latitude_of_projection_origin"),
    ],
)
def test_numbers_without_place_or_time_are_refused(layout: dict, field: str, cdr: WriteFile) -> None:
    with pytest.raises(InputFileError) as caught:
        list(read_days(cdr(**layout), NOAA_NSIDC))

    assert caught.value.field == field


def test_a_mapping_in_degrees_is_refused_where_the_file_decides(osi_saf: WriteFile) -> None:
    with pytest.raises(InputFileError) as caught:
        list(read_days(osi_saf(crs="EPSG:4326"), OSI_SAF))

    assert (caught.value.field, caught.value.got) == ("crs", "WGS 84")


def test_the_user_guide_decides_where_attributes_of_nsidc_contradict_each_other(cdr: WriteFile) -> None:
    path = cdr()
    with netCDF4.Dataset(path, "a") as file:
        for name in ("crs_wkt", "longitude_of_projection_origin"):
            if name in file["crs"].ncattrs():
                file["crs"].delncattr(name)
        file["crs"].straight_vertical_longitude_from_pole = 135.0

    (day,) = read_days(path, NOAA_NSIDC)

    assert day.place.crs == "EPSG:3411"


def test_another_product_is_named_with_what_is_there(cdr: WriteFile) -> None:
    with pytest.raises(InputFileError, match="one concentration") as caught:
        list(read_days(cdr(), OSI_SAF))

    assert "cdr_seaice_conc" in caught.value.got


def test_bits_that_are_not_declared_are_refused(osi_saf: WriteFile) -> None:
    with pytest.raises(InputFileError, match="flags") as caught:
        list(read_days(osi_saf(bits={1: "land", 2: "lake"}), OSI_SAF))

    assert caught.value.expected == "temporal_interp"


@pytest.mark.parametrize(
    ("days", "got"),
    [
        ([18_000, 18_002], "2019-04-16 after 2019-04-14"),
        ([18_000, 18_001, 18_001], "2019-04-15 after 2019-04-15"),
    ],
)
def test_a_gap_and_a_doubled_day_are_refused(days: list[int], got: str, cdr: WriteFile, place: RasterPlace) -> None:
    paths = [cdr(day, name=f"{number}.nc") for number, day in enumerate(days)]

    with pytest.raises(InputFileError) as caught:
        read_concentration(paths, NOAA_NSIDC, place)

    assert caught.value.path == str(paths[-1])
    assert (caught.value.field, caught.value.got.partition(" (")[0]) == ("time", got)


def test_another_grid_on_one_day_is_refused(cdr: WriteFile, place: RasterPlace) -> None:
    paths = [cdr(18_000), cdr(18_001, left=-162_500.0)]

    with pytest.raises(InputFileError) as caught:
        read_concentration(paths, NOAA_NSIDC, place)

    assert (caught.value.path, caught.value.field) == (str(paths[1]), "grid")


def test_the_other_hemisphere_is_refused(cdr: WriteFile, place: RasterPlace) -> None:
    with pytest.raises(InputFileError, match="Nothing is known"):
        read_concentration([cdr(crs="EPSG:3412")], NOAA_NSIDC, place)


def test_a_truncated_file_is_refused(cdr: WriteFile, place: RasterPlace) -> None:
    path = cdr()
    path.write_bytes(path.read_bytes()[:3000])
    with pytest.raises(InputFileError, match="read to its end"):
        read_concentration([path], NOAA_NSIDC, place)


def test_numbers_and_flags_of_nasa_team(tmp_path: Path) -> None:
    """Shares in 1/250, the sensor in the variable's name."""
    stored = np.array([[[0, 125, 250], [251, 253, 254], [1, 200, 255]]], dtype=np.uint8)
    said = {
        "units": "1",
        "scale_factor": 0.004,
        "flag_values": np.array([251, 252, 253, 254, 255], np.uint8),
        "flag_meanings": "pole_hole_mask unused coast_mask land_mask missing_data",
    }
    path = write_netcdf(tmp_path / "NSIDC0051.nc", {"F17_ICECON": (stored, said)}, crs="EPSG:3411", days=[18_000])

    (day,) = read_days(path, NASA_TEAM)

    nan = np.nan
    expected = np.array([[0, 0.5, 1], [nan, nan, nan], [0.004, 0.8, nan]], dtype=np.float32)
    assert np.array_equal(day.shares, expected, equal_nan=True)
