"""GeoTIFFs that readers can open without writing anything beside them."""

from pathlib import Path
from typing import Any

import rasterio
from affine import Affine

from entropice.crs import POLAR_CRS
from entropice.types import Float32Array


def write_geotiff(path: Path, values: Float32Array, transform: Affine, title: str, resampling: str = "average") -> None:
    """Write a cloud-optimised GeoTIFF, EPSG:3413; the same values give the same bytes.

    Statistics are inside, so that readers need not write them into a file beside it. One band, deflated in blocks of
    256 pixels, NaN as its nodata. The folder has to be there; a file at the path is replaced.

    Parameters
    ----------
    values
        float32, shape (row, column), row 0 at the top; NaN where nothing is known.
    transform
        From pixel (column, row) to EPSG:3413 metres.
    title
        Description of the band.
    resampling
        How the coarser levels of a large raster are made: ``nearest`` where values are names of classes.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> import numpy as np
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "slope.tif")
    ...     write_geotiff(path, np.array([[0.5, np.nan]], np.float32), Affine(10, 0, 0, 0, -10, 0), "Slope")
    ...     with rasterio.open(path) as file:
    ...         print(file.read(1).tolist(), file.descriptions, file.bounds.right)
    [[0.5, nan]] ('Slope',) 20.0
    """
    rows, columns = values.shape
    profile: dict[str, Any] = {
        "driver": "COG",
        "dtype": "float32",
        "count": 1,
        "height": rows,
        "width": columns,
        "crs": POLAR_CRS,
        "transform": transform,
        "nodata": float("nan"),
        "compress": "deflate",
        "blocksize": 256,
        "overview_resampling": resampling,
        "statistics": "yes",
    }
    with rasterio.open(path, "w", **profile) as file:
        file.write(values, 1)
        file.set_band_description(1, title)
