"""A folder of maps as the fields that frames are cut from."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import rasterio
import xarray as xr
from rasterio.windows import Window
from xarray.core.indexing import LazilyIndexedArray

from entropice.errors import InputFileError
from entropice.imagery.bands import band_named
from entropice.raster.band_header import band_header, read_values
from entropice.sources.imagery.judging import require_metres, require_one_band
from entropice.sources.imagery.opening import from_raster
from entropice.sources.imagery.placing import RasterPlace, raster_place, require_same_place
from entropice.sources.series.dated_files import dated_files
from entropice.sources.series.declaration import RasterProduct, SeriesProduct, StoredUnit
from entropice.sources.series.stack import RasterStack, ReadWindow
from entropice.sources.series.values import require_map, values_of
from entropice.types import Dataset, Float32Array


def read_series(folder: Path, product: RasterProduct, unit: StoredUnit) -> Dataset:
    """Fields of a product: what is mapped at every step, and what does not change.

    Returns
    -------
    Dataset
        float32 (time, y, x) of the product's band, and (y, x) of its fixed bands, NaN where unknown; ``x`` ascends and
        ``y`` descends, pixel middles in metres; ``time`` is the first day of each step. Attributes ``crs`` (the files'
        own, which is EPSG:3413 unless the product is declared in another metric CRS), ``step``, ``pixel_m``,
        ``source``, ``licence``. Nothing is in memory: each part is read from the files when it is asked for, so that
        memory is bounded by the largest part (a map of 12,000² pixels, read in blocks of 2,048²: 0.2 GB).

    Raises
    ------
    InputFileError
        No file, one whose name is not the product's, two series in one folder, a step that is missing or comes twice; a
        file that is no map of the product in the declared unit (`require_map`); a fixed band that is missing or not in
        metres, or another grid in one of the files; all of these before any part is read. While parts are read: a
        number beyond the unit's range.
    """
    files = dated_files(folder, product)
    fixed = {band: folder / name for band, name in product.fixed.items()}
    places = [
        from_raster(file.path, partial(require_map, product=product, unit=unit, path=file.path)) for file in files
    ]
    fixed_places = [from_raster(path, partial(_heights_place, path=path)) for path in fixed.values()]
    paths = [file.path for file in files]
    for path, place in zip([*paths, *fixed.values()], [*places, *fixed_places], strict=True):
        require_same_place(place, places[0], path)
    read = partial(values_of, product=product, unit=unit)
    variables = {product.band: _variable(product.band, paths, places[0], read)}
    variables |= {band: _variable(band, [path], places[0], _read_heights)[0] for band, path in fixed.items()}
    return dataset_of(variables, [file.day for file in files], places[0], product)


def dataset_of(
    variables: Mapping[str, xr.Variable], days: Sequence[pd.Timestamp], place: RasterPlace, product: SeriesProduct
) -> Dataset:
    """Variables of a product with the coordinates and attributes that all fields have.

    `variables` have the dimensions (time, y, x) or (y, x); `days` are the first days of the steps, in order.
    Coordinates are ``time``, ``y`` and ``x`` (`pixel_middles`); attributes ``crs pixel_m step source licence``, where
    the source is the product's title and the licence its ``<terms>. <credit>``.
    """
    coordinates = {"time": pd.DatetimeIndex(list(days)).as_unit("ns"), **pixel_middles(place)}
    said = {"step": product.step, "source": product.title, "licence": f"{product.terms}. {product.credit}"}
    return xr.Dataset(variables, coordinates, {"crs": place.crs, "pixel_m": place.pixel_m} | said)


def pixel_middles(place: RasterPlace) -> dict[str, Any]:
    """Coordinates ``x``, ascending, and ``y``, descending, in metres.

    float64, shapes (n_columns,) and (n_rows,), by name.

    Examples
    --------
    >>> middles = pixel_middles(RasterPlace("EPSG:3413", left_m=0.0, top_m=20.0, pixel_m=10.0, n_rows=2, n_columns=1))
    >>> {name: values.tolist() for name, values in middles.items()}
    {'y': [15.0, 5.0], 'x': [5.0]}
    """
    return {
        "y": place.top_m - (np.arange(place.n_rows) + 0.5) * place.pixel_m,
        "x": place.left_m + (np.arange(place.n_columns) + 0.5) * place.pixel_m,
    }


def variable_of(band_name: str, values: Any) -> xr.Variable:
    """Values (time, y, x) of a band with its unit.

    Attributes are ``units`` and ``long_name`` of the declared band; values are taken as they are.

    `band_name` is one of `entropice.imagery.bands`.

    Raises
    ------
    ConfigError
        There is no such band.
    """
    band = band_named(band_name)
    return xr.Variable(("time", "y", "x"), values, {"units": band.unit, "long_name": band.title})


def _variable(name: str, paths: list[Path], place: RasterPlace, read: ReadWindow) -> xr.Variable:
    return variable_of(name, LazilyIndexedArray(RasterStack(paths, place.shape, read)))


def _heights_place(source: rasterio.DatasetReader, path: Path) -> RasterPlace:
    require_one_band(source, path)
    nodata = band_header(source, 1).nodata
    require_metres(source, np.nan if nodata is None else nodata, path)
    return raster_place(source, path)


def _read_heights(source: rasterio.DatasetReader, window: Window, path: Path) -> Float32Array:
    heights_m = read_values(source, 1, window).astype(np.float32)
    band = band_named("elevation")
    is_beyond = (heights_m < band.low) | (heights_m > band.high)
    if is_beyond.any():
        raise InputFileError(
            "The elevation holds heights that no land has.",
            path=path,
            field="elevation",
            got=f"{np.count_nonzero(is_beyond)} pixels beyond",
            expected=f"{band.low:g} to {band.high:g} m",
            sample=[f"{height:g}" for height in np.unique(heights_m[is_beyond])],
            fix="convert it to metres, or state what says unknown with gdal_edit.py -a_nodata",
        )
    return heights_m
