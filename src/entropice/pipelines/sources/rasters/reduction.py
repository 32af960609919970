"""Statistics of a raster in a group of cells, window by window."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from rasterio.windows import Window

from entropice.errors import SchemaError
from entropice.pipelines.sources.rasters.headers import RasterBand
from entropice.pipelines.sources.rasters.parameters import KNOWN_FRACTION, RasterFile
from entropice.pipelines.sources.rasters.placement import Placement, place
from entropice.tiles.plan import Arrays
from entropice.types import FloatArray, Geometries, IntArray
from entropice.zonal.coverage import Coverage
from entropice.zonal.histograms import N_VALUES, cell_histograms
from entropice.zonal.moments import FloatBand, Moments, cell_moments
from entropice.zonal.quantiles import CellPixels, cell_pixels
from entropice.zonal.raster_files import read_windows, strips

WINDOW_VALUES: Final = 2**20
"""Pixels that are weighed at a time, where one row of the file's blocks is no more than that."""

UNKNOWN: Final = N_VALUES - 1
"""Stands for no code among the numbers of codes."""


@dataclass(frozen=True)
class Layer:
    """A band and what of it is asked for."""

    band: RasterBand
    raster: RasterFile


@dataclass(frozen=True)
class Rasters:
    """What every tile needs; polygons are in EPSG:3413."""

    layers: tuple[Layer, ...]
    polygons: Geometries


@dataclass(frozen=True)
class CellGroup:
    """Cells of one layer, all of whose pixels lie in the windows, each in one.

    Attributes
    ----------
    layer
        Number of the layer among `Rasters.layers`.
    rows
        Positions of the cells among all, int64, ascending.
    windows
        Rectangles of the raster, in pixels.
    """

    layer: int
    rows: IntArray
    windows: tuple[Window, ...]


def group_statistics(rasters: Rasters, group: CellGroup) -> Arrays:
    """Statistics of a layer in the cells of a group.

    Returns
    -------
    Arrays
        ``layer`` int64, shape (); ``rows`` int64, shape (n_cells,); ``known_fraction`` float64, shape (n_cells,), the
        share of each cell's area whose value is known. Of values: ``values`` float64, shape (n_statistics, n_cells), in
        the order of the parameters, NaN where nothing is known; pixels weigh by the share of them, on longitude and
        latitude the area, that lies in the cell, the standard deviation is that of a population, quantiles are those of
        `entropice.zonal.quantiles.cell_quantiles`. Of categories: ``codes`` int64, ascending, shape (n_codes,), and
        ``fractions`` float64, shape (n_codes, n_cells), of the known area; they add up to 1, or to 0 where nothing is
        known.

    Raises
    ------
    InputFileError
        A file that cannot be read.
    SchemaError
        Codes that are no integers, or 255 of them or more in a window.
    """
    layer = rasters.layers[group.layer]
    placement = place(layer.band, rasters.polygons[group.rows])
    reduce = _categories if layer.raster.is_categorical else _values
    known, found = reduce(layer, placement, group.windows)
    # Sums of weights and areas of cells are rounded in different orders, and a share may exceed 1 in its last bits.
    known_fraction = np.minimum(_ratio(known, placement.sizes), 1.0)
    return {"layer": np.array(group.layer), "rows": group.rows, "known_fraction": known_fraction, **found}


def keeps_pixels(raster: RasterFile) -> bool:
    """Whether the pixels of a cell are needed together: for a median or another quantile.

    >>> asked = (("mean", "max"), ("mean", "q90"))
    >>> [keeps_pixels(RasterFile(file="ndvi.tif", name="ndvi", unit="1", statistic=each)) for each in asked]
    [False, True]
    """
    return bool(_probabilities(raster))


def _values(layer: Layer, placement: Placement, windows: tuple[Window, ...]) -> tuple[FloatArray, dict[str, Any]]:
    moments, probabilities = Moments.empty(len(placement.planar)), _probabilities(layer.raster)
    pixels: dict[int, list[CellPixels]] = {}
    for coverage, band in _weighed(layer.band, placement, windows):
        moments = moments.merged(cell_moments(coverage, band))
        # Moments of windows add up, quantiles do not: they need all pixels of a cell at once.
        for cell in _covered(coverage) if probabilities else ():
            pixels.setdefault(cell, []).append(cell_pixels(coverage, cell, band))
    found = {
        "mean": moments.means,
        "sd": moments.standard_deviations,
        "min": moments.minima,
        "max": moments.maxima,
        "range": moments.maxima - moments.minima,
        KNOWN_FRACTION: _ratio(moments.count, placement.sizes),
        **_quantiles(pixels, probabilities, len(placement.planar)),
    }
    return moments.count, {"values": np.array([found[name] for name in layer.raster.statistic])}


def _categories(layer: Layer, placement: Placement, windows: tuple[Window, ...]) -> tuple[FloatArray, dict[str, Any]]:
    weights: dict[int, FloatArray] = {}
    for coverage, band in _weighed(layer.band, placement, windows):
        codes = _codes(layer.band, band)
        numbers = np.searchsorted(codes, band).astype(np.uint8)
        numbers[np.isnan(band)] = UNKNOWN
        counted = cell_histograms(coverage, numbers, nodata=UNKNOWN).weights
        for number, code in enumerate(codes.astype(np.int64).tolist()):
            weights[code] = weights.get(code, 0.0) + counted[:, number]
    present = sorted(weights)
    stacked = np.array([weights[code] for code in present]).reshape(len(present), len(placement.planar))
    known = stacked.sum(axis=0)
    return known, {"codes": np.array(present, dtype=np.int64), "fractions": _ratio(stacked, known)}


def _weighed(
    band: RasterBand, placement: Placement, windows: tuple[Window, ...]
) -> Iterator[tuple[Coverage, FloatBand]]:
    parts = [part for window in windows for part in strips(window, band.block_rows, WINDOW_VALUES)]
    for part, values in zip(parts, read_windows(band.path, band.band, parts), strict=True):
        yield placement.weights(part), values


def _codes(band: RasterBand, values: FloatBand) -> FloatArray:
    codes: FloatArray = np.unique(values[~np.isnan(values)]).astype(np.float64)
    if len(codes) >= UNKNOWN or not np.array_equal(codes, np.rint(codes)):
        raise SchemaError(
            "These are no categories.",
            path=band.path,
            field=f"values of band {band.band}",
            got=f"{len(codes)} different values",
            sample=codes,
            expected=f"integers, fewer than {UNKNOWN} of them in a window",
            fix="leave out `categorical` and name a unit and statistics, or give a raster of codes",
        )
    return codes


def _probabilities(raster: RasterFile) -> dict[str, float]:
    """Probability of each quantile asked for, by the name of the statistic."""
    quantiles = [name for name in raster.statistic if name == "median" or name.startswith("q")]
    return {name: 0.5 if name == "median" else int(name[1:]) / 100 for name in quantiles}


def _quantiles(
    pixels: dict[int, list[CellPixels]], probabilities: dict[str, float], n_cells: int
) -> dict[str, FloatArray]:
    asked = np.array(list(probabilities.values()), dtype=np.float64)
    quantiles = np.full((n_cells, len(asked)), np.nan)
    for cell, parts in pixels.items():
        together = CellPixels(*(np.concatenate(each) for each in zip(*parts, strict=True)))
        quantiles[cell] = together.quantiles(asked)
    return dict(zip(probabilities, quantiles.T, strict=True))


def _covered(coverage: Coverage) -> list[int]:
    """Cells with a pixel."""
    has_pixel = (np.diff(coverage.run_starts) > 0) | (np.diff(coverage.border_starts) > 0)
    covered: list[int] = np.flatnonzero(has_pixel).tolist()
    return covered


def _ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    """0 where the whole is."""
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
