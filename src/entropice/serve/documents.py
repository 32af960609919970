"""Layers as the bytes of files that others read: GeoParquet in the run's projection, GeoJSON in degrees."""

import io
from typing import Any

import numpy as np
import shapely

from entropice.crs import LON_LAT_CRS
from entropice.serve.refusals import Refusal
from entropice.types import GeoDataFrame

_HALF_SLIT_M = 1.0
_FAR_M = 2e7


def as_parquet(layer: GeoDataFrame) -> bytes:
    """GeoParquet (zstd), in the CRS that the layer has.

    All columns of the layer and its geometry, without the index. A layer without rows gives a file without rows.
    """
    file = io.BytesIO()
    layer.to_parquet(file, compression="zstd", index=False)
    return file.getvalue()


def as_geojson(layer: GeoDataFrame, max_features: int) -> bytes:
    """GeoJSON in degrees (RFC 7946): what crosses the antimeridian is cut there, as the format asks.

    UTF-8 text of a FeatureCollection whose properties are the columns; null is what is unknown. As many as
    `max_features` still pass. A slit of 2 m along 180° is missing from polygons and lines that cross it; points stay as
    they are. The layer is not changed.

    Parameters
    ----------
    layer
        In polar stereographic metres, the pole at 0, 0.

    Raises
    ------
    Refusal
        422: there are more features than are written as text.
    """
    if len(layer) > max_features:
        raise Refusal(
            422,
            "The layer has too many features for GeoJSON.",
            field="layer",
            got=f"{len(layer)} features",
            expected=f"at most {max_features}",
            fix="ask for the same layer as .parquet",
        )
    in_degrees = layer.set_geometry(_cut_at_antimeridian(layer)).to_crs(LON_LAT_CRS)
    text: str = in_degrees.to_json(na="null", drop_id=True)
    return text.encode()


def _cut_at_antimeridian(layer: GeoDataFrame) -> Any:
    """Geometries without a slit of 2 m from the pole along 180°; a polygon around the pole becomes one beside it."""
    # EPSG:3413 has -45° straight down, so 180° runs from the pole to the upper left
    across = np.array([_HALF_SLIT_M, _HALF_SLIT_M]) / np.sqrt(2)
    along = np.array([-_FAR_M, _FAR_M]) / np.sqrt(2)
    slit = shapely.Polygon([-across, across, along + across, along - across])
    geometries = layer.geometry.to_numpy().copy()
    is_crossed = shapely.intersects(geometries, slit) & (shapely.get_dimensions(geometries) > 0)
    geometries[is_crossed] = shapely.difference(shapely.make_valid(geometries[is_crossed]), slit)
    return geometries
