"""Coarse rasters of the map, for display far above the cells' scale."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from PIL import Image, ImageColor

from entropice.report.cell_raster import CellRaster, rasterise_cells
from entropice.report.content import RunContent
from entropice.report.geotiff import write_geotiff
from entropice.types import Float32Array


@dataclass(frozen=True)
class Overview:
    """One layer of cells on pixels, EPSG:3413; NaN outside the cells.

    Attributes
    ----------
    file_name, layer, title
        Of the GeoTIFF, the layer, and its title with the name of the year.
    year
        None where it is the same in all years.
    values
        float32 (rows, columns), row 0 at the top, in the unit of the layer.
    raster
        Which cell each pixel shows, and where the pixels lie.
    """

    file_name: str
    layer: str
    year: int | None
    title: str
    values: Float32Array
    raster: CellRaster

    def entry(self) -> dict[str, Any]:
        """Its entry in the manifest: ``file layer year title pixel_size_m``."""
        return {
            "file": self.file_name,
            "layer": self.layer,
            "year": self.year,
            "title": self.title,
            "pixel_size_m": self.raster.pixel_size_m,
        }


def build_overviews(content: RunContent, pixel_size_m: float) -> tuple[Overview, ...]:
    """A raster of every layer that has one, in the order of the layers; all on the same pixels.

    Parameters
    ----------
    pixel_size_m
        Edge of a pixel, EPSG:3413 metres. A pixel takes the value of the cell that holds its centre.
    """
    cells = content.frame("cells")
    raster = rasterise_cells(cells, pixel_size_m)
    return tuple(
        Overview(
            file_name=layer.overview_file,
            layer=layer.name,
            year=layer.year,
            title=content.about.marked(layer.title_in(content.year_names)),
            values=raster.paint(cells[layer.column].to_numpy(float)),
            raster=raster,
        )
        for layer in content.layers
        if layer.overview_file is not None
    )


def write_overview(overview: Overview, path: Path) -> None:
    """Write a cloud-optimised GeoTIFF: one band, float32, EPSG:3413, NaN unknown; the same values, the same bytes.

    A file at the path is replaced.
    """
    write_geotiff(path, overview.values, overview.raster.transform, overview.title)


def coloured_png(path: Path, breaks: Sequence[float], colours: Sequence[str]) -> bytes:
    """A PNG of a written overview, one pixel each, transparent where it is NaN.

    A value on an inner break takes the colour above it; one beyond the outer breaks that of the outermost step.

    Parameters
    ----------
    path
        A GeoTIFF of one band.
    breaks
        Shape (n + 1,), ascending; they enclose every value.
    colours
        Shape (n,), as ``#rrggbb``.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from rasterio.transform import from_origin
    >>> values = np.array([[0.0, 1.0, 9.0, np.nan]], np.float32)
    >>> with TemporaryDirectory() as folder:
    ...     write_geotiff(Path(folder, "a.tif"), values, from_origin(0, 0, 10, 10), "")
    ...     picture = coloured_png(Path(folder, "a.tif"), [0.0, 1.0, 2.0], ["#ff0000", "#0000ff"])
    >>> np.asarray(Image.open(io.BytesIO(picture)).convert("RGBA"))[0].tolist()
    [[255, 0, 0, 255], [0, 0, 255, 255], [0, 0, 255, 255], [0, 0, 0, 0]]
    """
    with rasterio.open(path) as file:
        values = file.read(1)
    palette = np.array([*(ImageColor.getcolor(colour, "RGBA") for colour in colours), (0, 0, 0, 0)], dtype=np.uint8)
    steps = np.digitize(values, breaks[1:-1])
    picture = Image.fromarray(palette[np.where(np.isnan(values), len(colours), steps)])
    stream = io.BytesIO()
    picture.save(stream, format="png", optimize=True)
    return stream.getvalue()
