"""Layers of a map as files: a GeoTIFF each, and plain values that say what its values mean."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import rasterio
from rasterio.transform import from_origin

from entropice.errors import SchemaError
from entropice.imagery.map_layers import MapLayer, Ramp
from entropice.report.geotiff import write_geotiff
from entropice.report.image_run.styles import style_entry, style_of

NAME: Final = re.compile(r"[A-Za-z0-9_]+")


def require_layers(layers: Sequence[MapLayer]) -> None:
    """Accept layers that can be files: names of their own, rasters of known size, and days in order.

    A name has letters, digits and underscores; values are float32 (row, column) with a pixel at least; a pixel is
    larger than 0; a layer has neither first nor last day, or both, the first before the last.

    Raises
    ------
    SchemaError
        One can't; names the first such layer and its field.

    Examples
    --------
    >>> from dataclasses import replace
    >>> layer = MapLayer("ice", "Ice", "", "1", np.zeros((1, 1), np.float32), 0.0, 0.0, 1.0, Ramp(0.0, 1.0, "gray"))
    >>> require_layers([layer, replace(layer, name="ice_2020", begins=date(2020, 1, 1), ends=date(2021, 1, 1))])
    >>> require_layers([layer, layer])
    Traceback (most recent call last):
    entropice.errors.SchemaError: ...
    """
    seen: set[str] = set()
    for layer in layers:
        for field, is_right, got, expected in (
            ("name", NAME.fullmatch(layer.name) is not None, layer.name, "letters, digits and underscores"),
            ("name", layer.name not in seen, layer.name, "a name that no other layer of the task has"),
            ("values", _is_raster(layer), f"{layer.values.dtype} {layer.values.shape}", "float32 (row, column)"),
            ("pixel_m", layer.pixel_m > 0, layer.pixel_m, "above 0"),
            ("begins, ends", _is_in_order(layer), f"{layer.begins}, {layer.ends}", "neither, or both in this order"),
        ):
            if not is_right:
                raise SchemaError(f"Layer {layer.name!r} can't be written.", field=field, got=got, expected=expected)
        seen.add(layer.name)


def _is_raster(layer: MapLayer) -> bool:
    return layer.values.dtype == np.float32 and layer.values.ndim == 2 and layer.values.size > 0


def _is_in_order(layer: MapLayer) -> bool:
    if layer.begins is None or layer.ends is None:
        return layer.begins is layer.ends
    return layer.begins < layer.ends


def layer_entry(layer: MapLayer) -> dict[str, Any]:
    """All of a layer but its values, as plain values; days as ISO 8601, None where time does not concern it.

    Keys are ``name title description unit left_m top_m pixel_m style begins ends``. Lengths are metres of EPSG:3413 as
    floats, ``style`` is that of `style_entry`, the others are text.

    Examples
    --------
    >>> layer = MapLayer("ice", "Ice", "", "1", np.zeros((1, 1), np.float32), 0.0, 0.0, 1.0, Ramp(0.0, 1.0, "gray"),
    ...                  begins=date(2020, 1, 1), ends=date(2021, 1, 1))
    >>> layer_entry(layer)["begins"], layer_entry(layer)["style"]["kind"]
    ('2020-01-01', 'ramp')
    """
    return {
        "name": layer.name,
        "title": layer.title,
        "description": layer.description,
        "unit": layer.unit,
        "left_m": layer.left_m,
        "top_m": layer.top_m,
        "pixel_m": layer.pixel_m,
        "style": style_entry(layer.style),
        "begins": None if layer.begins is None else layer.begins.isoformat(),
        "ends": None if layer.ends is None else layer.ends.isoformat(),
    }


def layer_from(entry: Mapping[str, Any], raster: Path) -> MapLayer:
    """The layer of plain values and a GeoTIFF; `layer_entry` and `write_layer` are the inverse.

    `entry` has the keys of `layer_entry`; others are passed over. Values are the first band, float32 (row, column), NaN
    where unknown; that the raster lies where the entry says is not looked at.

    Raises
    ------
    SchemaError
        The style is unknown.
    KeyError
        A value is missing.
    RasterioIOError
        The raster is missing or cannot be read; this comes first.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> values = np.array([[0.5, np.nan]], np.float32)
    >>> layer = MapLayer("ice", "Ice", "", "1", values, 0.0, 0.0, 1000.0, Ramp(0.0, 1.0, "gray"))
    >>> with TemporaryDirectory() as folder:
    ...     write_layer(layer, Path(folder, "ice.tif"))
    ...     layer_from(layer_entry(layer), Path(folder, "ice.tif")).values.tolist()
    [[0.5, nan]]
    """
    with rasterio.open(raster) as file:
        values = file.read(1)
    return MapLayer(
        name=entry["name"],
        title=entry["title"],
        description=entry["description"],
        unit=entry["unit"],
        values=values,
        left_m=entry["left_m"],
        top_m=entry["top_m"],
        pixel_m=entry["pixel_m"],
        style=style_of(entry["style"]),
        begins=_day(entry["begins"]),
        ends=_day(entry["ends"]),
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def write_layer(layer: MapLayer, path: Path) -> None:
    """Write the values as a GeoTIFF (float32, tiled, EPSG:3413, NaN where nothing is known).

    Coarser levels of a ramp are means, of categories the nearest value; the same layer gives the same bytes.
    """
    resampling = "average" if isinstance(layer.style, Ramp) else "nearest"
    transform = from_origin(layer.left_m, layer.top_m, layer.pixel_m, layer.pixel_m)
    write_geotiff(path, layer.values, transform, layer.title, resampling)
