"""The climate as the Climate Data Store writes monthly ERA5 into NetCDF."""

from typing import Final

import numpy as np
import xarray as xr
from pyproj import Transformer
from scipy.ndimage import gaussian_filter, map_coordinates

from entropice.crs import LON_LAT_CRS, POLAR_CRS
from entropice.types import Float32Array, FloatArray
from entropice.units import M_PER_KM
from entropice.virtual_arctic.climate import (
    Climate,
    Months,
    build_climate,
    build_history,
    precipitation_m_per_day,
    snow_depth_m,
    snowfall_m_per_day,
    temperature_k,
)
from entropice.virtual_arctic.lattice import block_mean, coarse_lattice
from entropice.virtual_arctic.specification import WorldSpecification

FINAL_VERSION: Final = "0001"
PRELIMINARY_VERSION: Final = "0005"

_N_PRELIMINARY_MONTHS = 3
_MODEL_RESOLUTION_KM = 50.0
_VARIABLES: Final = {
    "t2m": ("2 metre temperature", "K", 167, "an", "avgua"),
    "tp": ("Total precipitation", "m", 228, "fc", "avgad"),
    "sd": ("Snow depth", "m of water equivalent", 141, "an", "avgua"),
    "sf": ("Snowfall", "m of water equivalent", 144, "fc", "avgad"),
}


def climate_dataset(terrain: xr.Dataset, world: WorldSpecification) -> xr.Dataset:
    """The world's climate on a global lon/lat grid, encoded and named as the new Climate Data Store does.

    Nothing is written here. ``valid_time`` is the first of each month; values are those of `climate_fields` at heights
    of `model_height_m`. ``expver`` is "0005" in the last three months, else "0001".

    Returns
    -------
    xr.Dataset
        float32 ``t2m`` (K), ``tp`` and ``sf`` (m *per day*), ``sd`` (m of water equivalent) over ``valid_time``,
        ``latitude`` (descending to ``climate.min_lat_deg``) and ``longitude`` (0 to 360); ``expver`` along time, with
        the last months preliminary; a scalar ``number``. Each variable carries its encoding. A longer history
        leaves every later month as it was.
    """
    recent = build_climate(world)
    spans = (build_history(recent, world), recent)
    step_deg = world.climate.step_deg
    longitude = np.arange(0, 360, step_deg)
    latitude = 90 - step_deg * np.arange(int((90 - world.climate.min_lat_deg) / step_deg) + 1, dtype=np.float64)
    lon_deg, lat_deg = (axis.ravel() for axis in np.meshgrid(longitude, latitude))
    height_m = model_height_m(terrain, world, lon_deg, lat_deg)
    fields = [climate_fields(span, lon_deg, lat_deg, height_m) for span in spans]
    months = np.concatenate([span.months for span in spans])
    shape = (len(months), len(latitude), len(longitude))
    variables = {
        name: (
            ("valid_time", "latitude", "longitude"),
            np.concatenate([of_span[name] for of_span in fields]).reshape(shape),
            _attributes(name, shape),
        )
        for name in _VARIABLES
    }
    return _encoded(xr.Dataset(variables, _coordinates(months, latitude, longitude), _GLOBAL_ATTRIBUTES))


def climate_fields(
    climate: Climate, lon_deg: FloatArray, lat_deg: FloatArray, height_m: FloatArray
) -> dict[str, Float32Array]:
    """Fields (month, point) of the file's variables by name, in its units.

    Points are given by three arrays (point,). The keys are ``t2m`` (K), ``tp`` and ``sf`` (m of water a day) and ``sd``
    (m of water), all float32.
    """
    temperature = temperature_k(climate, lon_deg, lat_deg, height_m)
    precipitation = precipitation_m_per_day(climate, lon_deg, lat_deg)
    snowfall = snowfall_m_per_day(temperature, precipitation)
    depth = snow_depth_m(climate, temperature, snowfall)
    fields = {"t2m": temperature, "tp": precipitation, "sd": depth, "sf": snowfall}
    return {name: field.astype(np.float32) for name, field in fields.items()}


def model_height_m(
    terrain: xr.Dataset, world: WorldSpecification, lon_deg: FloatArray, lat_deg: FloatArray
) -> FloatArray:
    """The smooth height a climate model knows: 0 over the sea and outside the box.

    Points are given by two arrays (n,), m come out. Heights of land, sea being 0, are averaged over coarse units,
    smoothed by a Gaussian of 50 km, and interpolated bilinearly.
    """
    coarse = coarse_lattice(world)
    on_land_m = (terrain["elevation_m"] * terrain["land"]).to_numpy()
    factor = world.coarse_unit_m // world.base_unit_m
    smooth_m = gaussian_filter(block_mean(on_land_m, factor), _MODEL_RESOLUTION_KM * M_PER_KM / coarse.step_m)
    x_m, y_m = Transformer.from_crs(LON_LAT_CRS, POLAR_CRS, always_xy=True).transform(lon_deg, lat_deg)
    heights: FloatArray = map_coordinates(smooth_m, coarse.rows_and_columns(x_m, y_m), order=1, cval=0.0)
    return heights


def _coordinates(months: Months, latitude: FloatArray, longitude: FloatArray) -> dict[str, object]:
    versions = np.full(len(months), FINAL_VERSION, dtype=object)
    versions[-_N_PRELIMINARY_MONTHS:] = PRELIMINARY_VERSION
    return {
        "valid_time": ("valid_time", months.astype("datetime64[ns]"), _TIME_ATTRIBUTES),
        "latitude": ("latitude", latitude, _LATITUDE_ATTRIBUTES),
        "longitude": ("longitude", longitude, _LONGITUDE_ATTRIBUTES),
        "number": ((), np.int64(0), _NUMBER_ATTRIBUTES),
        "expver": ("valid_time", versions),
    }


def _attributes(name: str, shape: tuple[int, int, int]) -> dict[str, object]:
    long_name, units, parameter, data_type, step_type = _VARIABLES[name]
    _, n_lat, n_lon = shape
    return {
        "GRIB_paramId": parameter,
        "GRIB_dataType": data_type,
        "GRIB_numberOfPoints": n_lat * n_lon,
        "GRIB_typeOfLevel": "surface",
        "GRIB_stepUnits": 1,
        "GRIB_stepType": step_type,
        "GRIB_gridType": "regular_ll",
        "GRIB_Nx": n_lon,
        "GRIB_Ny": n_lat,
        "GRIB_shortName": "2t" if name == "t2m" else name,
        "GRIB_missingValue": 3.4028234663852886e38,
        "long_name": long_name,
        "units": units,
        "standard_name": "air_temperature" if name == "t2m" else "unknown",
    }


def _encoded(dataset: xr.Dataset) -> xr.Dataset:
    for variable in dataset.data_vars.values():
        chunks = (1, variable.sizes["latitude"], variable.sizes["longitude"])
        variable.encoding = {
            "zlib": True,
            "complevel": 1,
            "shuffle": True,
            "chunksizes": chunks,
            "_FillValue": np.float32(np.nan),
        }
    dataset["valid_time"].encoding = {
        "dtype": "int64",
        "units": "seconds since 1970-01-01",
        "calendar": "proleptic_gregorian",
    }
    dataset["expver"].encoding = {"dtype": str}
    return dataset


_TIME_ATTRIBUTES: Final = {"long_name": "time", "standard_name": "time"}
_LATITUDE_ATTRIBUTES: Final = {
    "units": "degrees_north",
    "standard_name": "latitude",
    "long_name": "latitude",
    "stored_direction": "decreasing",
}
_LONGITUDE_ATTRIBUTES: Final = {"units": "degrees_east", "standard_name": "longitude", "long_name": "longitude"}
_NUMBER_ATTRIBUTES: Final = {
    "long_name": "ensemble member numerical id",
    "units": "1",
    "standard_name": "realization",
}
_GLOBAL_ATTRIBUTES: Final = {
    "GRIB_centre": "ecmf",
    "GRIB_centreDescription": "European Centre for Medium-Range Weather Forecasts",
    "GRIB_subCentre": 0,
    "Conventions": "CF-1.7",
    "institution": "none: a virtual Arctic in ERA5's format",
}
