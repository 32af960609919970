"""Axes by whatever name and turn, and what lies beside the cells."""

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from climate_files import months, read_months, written

from entropice.dggs import parse_grid
from entropice.errors import SchemaError
from entropice.pipelines.sources.era5 import nodes
from entropice.sources.era5.fields import normalise_fields
from entropice.sources.era5.file import read_climate
from entropice.sources.era5.slices import in_memory
from entropice.sources.era5.source import source_from
from entropice.zonal.lonlat_weights import lonlat_weights, weighted_means


def renamed(latitude: str, longitude: str, **attributes: dict[str, str]) -> Callable[[xr.Dataset], xr.Dataset]:
    def rename(raw: xr.Dataset) -> xr.Dataset:
        named = raw.rename(latitude=latitude, longitude=longitude)
        named[latitude].attrs |= attributes.get("of_latitude", {})
        named[longitude].attrs |= attributes.get("of_longitude", {})
        return named

    return rename


STANDARD = {"of_latitude": {"standard_name": "latitude"}, "of_longitude": {"standard_name": "longitude"}}
UNITS = {"of_latitude": {"units": "degrees_north"}, "of_longitude": {"units": "degrees_east"}}
AXIS = {"of_latitude": {"units": "degrees", "axis": "Y"}, "of_longitude": {"units": "degrees", "axis": "X"}}


def beside(raw: xr.Dataset) -> xr.Dataset:
    """Degrees stand beside dimensions that are counted only."""
    degrees = {"lat": ("j", raw["latitude"].to_numpy()), "lon": ("i", raw["longitude"].to_numpy())}
    return raw.rename(latitude="j", longitude="i").drop_vars(["j", "i"]).assign_coords(degrees)


NAMES = [
    beside,
    renamed("lat", "lon"),
    renamed("LATITUDE", "LONGITUDE"),
    renamed("Lat", "Lon"),
    renamed("y", "x", **STANDARD),
    renamed("y", "x", **UNITS),
    renamed("y", "x", **AXIS),
    renamed("rows", "columns", **STANDARD),
    renamed("x", "y", **UNITS),
]


@pytest.mark.parametrize("named", NAMES)
def test_axes_are_what_they_are_described_as(tmp_path: Path, named: Callable[[xr.Dataset], xr.Dataset]) -> None:
    raw = named(sloping(months()))

    path = written(tmp_path, raw)
    climate, fields = read_months(path), normalise_fields(read_climate(path))

    # 250 K + the month, half a kelvin a degree north of 73° N, a tenth a degree east of 130° W
    assert float(climate["t2m"].sel(lat=75, lon=-128)[0]) == pytest.approx(250 + 1 + 1 + 0.2)
    assert float(climate["t2m"].sel(lat=73, lon=-127)[3]) == pytest.approx(250 + 4 + 0.3)
    assert float(fields["t2m_mean_k"].sel(lat=75, lon=-128)) == pytest.approx(250 + 3.5 + 1.2)


def sloping(raw: xr.Dataset) -> xr.Dataset:
    slope = (raw["latitude"] - 73) / 2 + (raw["longitude"] + 130) / 10
    return raw.assign(t2m=(raw["t2m"] + slope).transpose(*raw["t2m"].dims).assign_attrs(units="K"))


def test_dimensions_may_stand_in_any_order(tmp_path: Path) -> None:
    turned = sloping(months()).transpose("longitude", "valid_time", "latitude")

    climate = read_months(written(tmp_path, turned))

    assert climate["t2m"].dims == ("time", "lat", "lon")
    assert float(climate["t2m"].sel(lat=75, lon=-128)[0]) == pytest.approx(252.2)


def around(longitude: np.ndarray, south: float = 60.0) -> xr.Dataset:
    """Months on a grid of one degree; the temperature says the longitude east of 160° E."""
    times = pd.date_range("2019-01", periods=12, freq="MS")
    latitude = np.arange(90.0, south - 1, -1.0)
    shape = (12, len(latitude), len(longitude))
    east = np.broadcast_to((longitude - 160.0) % 360.0 / 10, shape)
    values = {"t2m": 250 + east, "tp": np.full(shape, 0.001), "sf": np.full(shape, 0.0005), "sd": np.full(shape, 0.1)}
    units = {"t2m": "K", "tp": "m", "sf": "m", "sd": "m"}
    dims = ("valid_time", "latitude", "longitude")
    return xr.Dataset(
        {name: (dims, field.astype(np.float32), {"units": units[name]}) for name, field in values.items()},
        coords={"valid_time": times, "latitude": latitude, "longitude": longitude},
    )


def cells_between(west: float, east: float) -> gpd.GeoDataFrame:
    grid = parse_grid("h3_3")
    ids = grid.cells_north_of(64.0)
    lon_deg, lat_deg = grid.centres(ids)
    chosen = ids[((lon_deg - west) % 360 < (east - west) % 360) & (lat_deg < 80)]
    return gpd.GeoDataFrame({"cell_id": chosen}, geometry=grid.polygons(chosen), crs="EPSG:3413")


@pytest.mark.parametrize(
    "longitude",
    [
        np.arange(170.0, 192.0),
        np.concatenate([np.arange(170.0, 180.0), np.arange(-180.0, -168.0)]),
        np.concatenate([np.arange(-180.0, -168.0), np.arange(170.0, 180.0)]),
    ],
    ids=["on beyond 180", "from 170 to -169", "sorted"],
)
def test_an_area_across_the_antimeridian_reaches_its_cells(longitude: np.ndarray) -> None:
    cells = cells_between(173.0, -172.0)
    source = source_from({"era5.nc": in_memory(around(longitude))}, "era5")

    climate = nodes.normalise_monthly_climate(source, cells)
    weights = lonlat_weights(climate["lon"].to_numpy(), climate["lat"].to_numpy(), cells.geometry.to_numpy())
    warmth_k = weighted_means(weights, climate["t2m"].to_numpy()[0].ravel())

    lon_deg, _ = parse_grid("h3_3").centres(cells["cell_id"].to_numpy())
    np.testing.assert_allclose(warmth_k, 250 + (lon_deg - 160) % 360 / 10, atol=0.1)


@pytest.mark.parametrize(
    "longitude",
    [np.arange(0.0, 180.0), np.arange(-180.0, 0.0), np.arange(0.0, 250.0)],
    ids=["east", "west", "to 110 W"],
)
def test_half_a_globe_is_refused(longitude: np.ndarray) -> None:
    source = source_from({"era5.nc": in_memory(around(longitude))}, "era5")

    with pytest.raises(SchemaError, match="beside the cells") as caught:
        nodes.normalise_monthly_climate(source, cells_between(-180.0, 179.9))

    assert (caught.value.path, caught.value.field) == ("era5.nc", "longitude")
    inside = cells_between(longitude[0] + 2, longitude[-1] - 2)
    assert nodes.normalise_monthly_climate(source, inside).sizes["time"] == 12
