"""Tiles of images with what an ice chart of their day says of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from entropice.crs import POLAR_CRS
from entropice.errors import InputFileError
from entropice.imagery.samples import Image, Place
from entropice.sources.files.formats import VECTOR_FORMATS, detect_format
from entropice.sources.ice.chart_masks import IceRule, ice_mask
from entropice.sources.ice.charts import read_chart
from entropice.sources.ice.ims import ims_mask
from entropice.sources.imagery.labels import IGNORED, Mask
from entropice.sources.imagery.placing import RasterPlace
from entropice.sources.imagery.products import product_named
from entropice.sources.imagery.reading import read_image
from entropice.sources.imagery.tiles import LabelledTile


@dataclass(frozen=True)
class ChartedImage:
    """An image and the chart of its day.

    Attributes
    ----------
    image
        In EPSG:3413.
    product
        Name of the image product.
    chart
        SIGRID-3, or IMS as NetCDF or GeoTIFF.
    year
        Of both.
    """

    image: Path
    product: str
    chart: Path
    year: int


@dataclass(frozen=True)
class TileCut:
    """How tiles are cut, side by side from the north-west.

    Attributes
    ----------
    n_pixels
        Along an edge.
    min_scored
        Share of a tile whose image and label must both be known.
    """

    n_pixels: int
    min_scored: float


def charted_tiles(charted: ChartedImage, rule: IceRule, cut: TileCut) -> Iterator[LabelledTile]:
    """Tiles with masks: 1 ice, 0 water, 255 where the chart is not certain.

    They lie side by side from the north-west, by rows; what does not make a whole tile at the right and lower edge is
    left out. A tile with just the share `min_scored` is kept. Names are ``<image>_<row>_<column>``, of the first pixel,
    five digits each. The image is read, and what is refused raised, when the first tile is asked for.

    Parameters
    ----------
    charted
        The image, its product and the chart of its day.
    rule
        What of a chart is ice, and what is none.
    cut
        Size of tiles, and which share of one must be scored.

    Raises
    ------
    InputFileError
        The image is in another CRS, or no tile has enough of both, or the image is not of its product or the chart none
        (`read_image`, `chart_mask`).
    """
    image, place = read_image(charted.image, product_named(charted.product))
    if place.crs != POLAR_CRS:
        raise InputFileError(
            "The image is in another CRS.",
            path=charted.image,
            field="CRS",
            got=place.crs,
            expected=POLAR_CRS,
            fix=f"gdalwarp -t_srs {POLAR_CRS} -r bilinear",
        )
    tiles = _tiles(charted, image, place, chart_mask(charted.chart, place, rule), cut)
    first = next(tiles, None)
    if first is None:
        raise InputFileError(
            "The chart says nothing certain of any tile of the image.",
            path=charted.chart,
            field="tiles",
            got=f"none with {cut.min_scored:.0%} scored in {place}",
            expected="a chart that covers the image",
            fix="pair the image with the chart of its day and region, or take smaller tiles",
        )
    yield first
    yield from tiles


def chart_mask(path: Path, place: RasterPlace, rule: IceRule) -> Mask:
    """Mask of a chart of either kind on the pixels of an image: uint8 (row, column), 1 ice, 0 water, 255 neither.

    A vector file is read as SIGRID-3, and judged by `rule`; else the file is one of IMS, which needs no rule.

    Raises
    ------
    InputFileError, SchemaError
        A column is missing, a code is none of SIGRID-3, there is no CRS or no polygon; or, of IMS, other values than it
        has.
    """
    if detect_format(path) in VECTOR_FORMATS:
        return ice_mask(read_chart(path), place, rule)
    return ims_mask(path, place)


def _tiles(charted: ChartedImage, image: Image, place: RasterPlace, mask: Mask, cut: TileCut) -> Iterator[LabelledTile]:
    rows, columns = (range(0, size - cut.n_pixels + 1, cut.n_pixels) for size in place.shape)
    scored = image.valid.all(axis=0) & (mask != IGNORED)
    for row, column in product(rows, columns):
        part = slice(row, row + cut.n_pixels), slice(column, column + cut.n_pixels)
        if scored[part].mean() < cut.min_scored:
            continue
        left_m, top_m = place.left_m + column * place.pixel_m, place.top_m - row * place.pixel_m
        yield LabelledTile(
            f"{charted.image.stem}_{row:05d}_{column:05d}",
            Place(left_m, top_m, place.pixel_m, cut.n_pixels, charted.year),
            Image(image.bands, image.values[:, *part], image.valid[:, *part]),
            mask[part],
        )
