"""A run of images as it is served: its rasters, the forecast of a week among them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
from pyproj import Transformer

from entropice.crs import LON_LAT_CRS, POLAR_CRS
from entropice.errors import InputFileError
from entropice.imagery.map_layers import MapLayer
from entropice.report.image_run.layer_files import layer_from
from entropice.serve.boxes import Box
from entropice.types import FloatArray, GeoDataFrame

FORECAST_DAYS: Final = 7
FRAMES: Final = "frames"
_OF_DAY: Final = re.compile(r"(?P<band>\w+)_(?P<day>\d+)")


@dataclass(frozen=True, eq=False)
class Forecast:
    """A week of one quantity.

    `band` is the name of the quantity; degrees are float64.

    Attributes
    ----------
    days
        Layers of equal place, the first day first.
    lon_deg, lat_deg
        (row, column) of the middles of pixels.
    """

    task: str
    band: str
    days: tuple[MapLayer, ...]
    lon_deg: FloatArray
    lat_deg: FloatArray

    def within(self, box: Box) -> "Cut | None":
        """The pixels of a box, or None where it holds no pixel's middle.

        Edges of the box are inside. A box across the pole or the antimeridian may give a rectangle far larger than
        itself, in which what is outside is NaN.
        """
        inside = box.holds(self.lon_deg, self.lat_deg)
        rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
        if not rows.size:
            return None
        window = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        first = self.days[0]
        return Cut(
            left_m=first.left_m + first.pixel_m * int(columns[0]),
            top_m=first.top_m - first.pixel_m * int(rows[0]),
            lon_deg=self.lon_deg[window],
            lat_deg=self.lat_deg[window],
            values=np.stack([np.where(inside[window], day.values[window], np.nan) for day in self.days]),
            n_inside=int(inside.sum()),
        )


@dataclass(frozen=True, eq=False)
class Cut:
    """The smallest rectangle of pixels that holds all of a box.

    Attributes
    ----------
    left_m, top_m
        Outer corner of its top-left pixel, EPSG:3413.
    values
        (day, row, column); NaN outside of the box and where nothing is known.
    n_inside
        Pixels whose middle is in the box.
    """

    left_m: float
    top_m: float
    lon_deg: FloatArray
    lat_deg: FloatArray
    values: FloatArray
    n_inside: int


@dataclass(frozen=True, eq=False)
class ServedImages:
    """A run of images, its rasters in memory.

    Attributes
    ----------
    layers
        By ``<task>_<name>``.
    forecasts
        Of each task that tells a week, the first of its quantities first.
    """

    manifest: Mapping[str, Any]
    layers: Mapping[str, MapLayer]
    forecasts: tuple[Forecast, ...]

    def layer(self, name: str) -> GeoDataFrame:
        """A point for the middle of each pixel that is known, EPSG:3413, with its ``value``.

        Points stand row by row from the upper left; pixels with NaN or an infinite value are left out. `name` is
        ``<task>_<name>``, a key of `layers`.

        Raises
        ------
        KeyError
            There is no such layer.
        """
        layer = self.layers[name]
        rows, columns = np.nonzero(np.isfinite(layer.values))
        x_m, y_m = _middles(layer, rows, columns)
        points = gpd.points_from_xy(x_m, y_m)
        return gpd.GeoDataFrame({"value": layer.values[rows, columns]}, geometry=points, crs=POLAR_CRS)


def opened_images(folder: Path, manifest: Mapping[str, Any]) -> ServedImages:
    """The run of a manifest, whose files lie in a folder.

    All layers are read into memory. A forecast is each band of a task of frames that has layers ``<band>_1`` to
    ``<band>_7``.

    Raises
    ------
    InputFileError
        A raster can't be read.
    """
    from rasterio.errors import RasterioError

    try:
        layers = {_key(entry): layer_from(entry, folder / entry["file"]) for entry in manifest["layers"]}
    except RasterioError as error:
        raise InputFileError("A raster of the run can't be read.", field="layers", got=type(error).__name__) from error
    frames = [task["name"] for task in manifest["tasks"] if task["kind"] == FRAMES]
    return ServedImages(manifest, layers, tuple(each for task in frames for each in _forecasts(task, manifest, layers)))


def rasters_of(manifest: Mapping[str, Any]) -> list[str]:
    """Names of the files that `opened_images` reads: one a layer, in the manifest's order."""
    return [entry["file"] for entry in manifest["layers"]]


def _key(entry: Mapping[str, Any]) -> str:
    return f"{entry['task']}_{entry['name']}"


def _forecasts(task: str, manifest: Mapping[str, Any], layers: Mapping[str, MapLayer]) -> list[Forecast]:
    """Of each band of a task that has a layer for each of seven days."""
    by_band: dict[str, dict[int, MapLayer]] = {}
    for entry in manifest["layers"]:
        found = _OF_DAY.fullmatch(entry["name"])
        if entry["task"] == task and found is not None:
            by_band.setdefault(found["band"], {})[int(found["day"])] = layers[_key(entry)]
    wanted = range(1, FORECAST_DAYS + 1)
    return [
        _forecast(task, band, tuple(days[day] for day in wanted))
        for band, days in by_band.items()
        if all(day in days for day in wanted)
    ]


def _forecast(task: str, band: str, days: tuple[MapLayer, ...]) -> Forecast:
    first = days[0]
    rows, columns = np.mgrid[: first.values.shape[0], : first.values.shape[1]]
    to_lon_lat = Transformer.from_crs(POLAR_CRS, LON_LAT_CRS, always_xy=True)
    lon_deg, lat_deg = to_lon_lat.transform(*_middles(first, rows, columns))
    return Forecast(task, band, days, lon_deg, lat_deg)


def _middles(layer: MapLayer, rows: Any, columns: Any) -> tuple[FloatArray, FloatArray]:
    return layer.left_m + layer.pixel_m * (columns + 0.5), layer.top_m - layer.pixel_m * (rows + 0.5)
