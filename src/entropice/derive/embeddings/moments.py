"""Mean and spread of embedding vectors in cells, tile by tile: exact, from histograms of their codes."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from entropice.errors import FeatureError
from entropice.raster.utm_zones import UtmRaster, cells_near, cells_on
from entropice.tiles.plan import Arrays, Tile, TilePlan
from entropice.types import FloatArray, Geometries, IntArray
from entropice.zonal.coverage import cell_coverage
from entropice.zonal.histograms import Histograms, add_strip

N_DIMENSIONS: Final = 64
MASKED: Final = -128
LARGEST_CODE: Final = 127.5

BYTES_PER_CELL: Final = 2 * N_DIMENSIONS * 256 * 8
"""Of a tile at its peak: histograms of all dimensions, and as much again for weights, outlines and results."""

CELL_AXES: Final = {"count": 1, "mean": 1, "squared_deviations": 1}
"""Of the arrays of a tile, which axis runs over cells."""

Strips = Iterator[tuple[int, NDArray[np.int8]]]


@dataclass(frozen=True)
class Embeddings:
    """What every tile needs.

    Attributes
    ----------
    read
        First row and values, int8 of shape (64, n_rows, n_columns), of the strips of a layer.
    polygons
        Cells in EPSG:3413.
    """

    read: Callable[[Any], Strips]
    polygons: Geometries


@dataclass(frozen=True)
class Square:
    """A pixel grid, the layer of each year that lies on it, and the cells that may.

    Attributes
    ----------
    raster
        The pixel grid, in its UTM zone.
    layers
        Year and layer, what `Embeddings.read` takes; years ascending.
    rows
        Positions (n_cells,) of the cells near it, among all cells.
    """

    raster: UtmRaster
    layers: tuple[tuple[int, Any], ...]
    rows: IntArray


@dataclass(frozen=True)
class VectorMoments:
    """Weighted moments of vectors in cells; float64.

    Attributes
    ----------
    count
        Pixels, by the share of them that a cell covers, shape (n_cells,).
    mean, squared_deviations
        Of each dimension, shape (n_cells, 64); 0 where the count is.
    """

    count: FloatArray
    mean: FloatArray
    squared_deviations: FloatArray

    @classmethod
    def empty(cls, n_cells: int) -> "VectorMoments":
        """Nothing seen yet: zeros of shape (n_cells,) and (n_cells, 64)."""
        return cls(np.zeros(n_cells), *np.zeros((2, n_cells, N_DIMENSIONS)))

    @property
    def means(self) -> FloatArray:
        """The mean vectors ``Σ w x / Σ w``, shape (n_cells, 64); NaN where no pixel was seen.

        A pixel's weight w is the share of it that the cell covers; values have no unit.
        """
        return np.where(self.count[:, None] > 0, self.mean, np.nan)

    @property
    def standard_deviations(self) -> FloatArray:
        """The population standard deviation of each dimension, shape (n_cells, 64); NaN where no pixel was seen.

        ``√(Σ w (x − mean)² / Σ w)``, a pixel's weight w being the share of it that the cell covers.
        """
        return np.sqrt(_ratio(self.squared_deviations, self.count[:, None], where_empty=np.nan))

    @property
    def norms(self) -> FloatArray:
        """Length of the mean vector, ``√(Σ_d mean_d²)``, shape (n_cells,); NaN where no pixel was seen.

        Pixels have vectors of length 1: it is 1, but for the codes' rounding, where all agree, and less where they
        differ.
        """
        norms: FloatArray = np.linalg.norm(self.means, axis=1)
        return norms

    def add(self, rows: IntArray, part: "VectorMoments") -> None:
        """Merge `part` into some cells, in place; `rows` (n_part,) are their positions, none twice.

        Notes
        -----
        With counts n, means m and squared deviations S: ``m = m₁ + (m₂ − m₁) n₂ / (n₁ + n₂)`` and
        ``S = S₁ + S₂ + (m₂ − m₁)² n₁ n₂ / (n₁ + n₂)``.
        Chan, Golub and LeVeque (1983), The American Statistician 37:242, doi:10.1080/00031305.1983.10483115.

        Examples
        --------
        One pixel at 0 and one at 1: mean 1/2, squared deviations 1/4 + 1/4.

        >>> import numpy as np
        >>> total, nothing = VectorMoments.empty(1), np.zeros((1, 64))
        >>> for value in (0.0, 1.0):
        ...     total.add(np.array([0]), VectorMoments(np.ones(1), np.full((1, 64), value), nothing))
        >>> total.count.item(), total.mean[0, 0].item(), total.squared_deviations[0, 0].item()
        (2.0, 0.5, 0.5)
        """
        before = self.count[rows]
        self.count[rows] = before + part.count
        share = _ratio(part.count, self.count[rows], where_empty=0.0)[:, None]
        difference = part.mean - self.mean[rows]
        self.mean[rows] += difference * share
        self.squared_deviations[rows] += part.squared_deviations + difference**2 * before[:, None] * share


def code_values() -> FloatArray:
    """The value of each code from −128 to 127, shape (256,): sign(v) · (v / 127.5)²; NaN for −128, which masks.

    Notes
    -----
    Brown et al. (2025), AlphaEarth Foundations, doi:10.48550/arXiv.2507.22291; the mapping is that of the published
    files. Values are averaged, never codes: the mapping is not linear.

    Examples
    --------
    >>> import numpy as np
    >>> values = code_values()
    >>> np.isnan(values[0]), values[128].item(), round(values[255].item(), 4), round(values[1].item(), 4)
    (np.True_, 0.0, 0.9922, -0.9922)
    """
    codes = np.arange(MASKED, 128)
    return np.where(codes == MASKED, np.nan, np.sign(codes) * (codes / LARGEST_CODE) ** 2)


def composite_years(label_years: Sequence[int], year_lag: int) -> dict[int, int]:
    """The year whose composite stands for each label year: as many years earlier as `year_lag` says, never later.

    Raises
    ------
    FeatureError
        A negative lag.

    Examples
    --------
    >>> composite_years([2019, 2020], year_lag=1)
    {2019: 2018, 2020: 2019}
    """
    if year_lag < 0:
        raise FeatureError(
            "Embeddings of a later year would tell the future.",
            field="year_lag",
            got=year_lag,
            expected="0 or more",
        )
    return {year: year - year_lag for year in label_years}


def embedding_plan(
    embeddings: Embeddings, stacks: Mapping[UtmRaster, Mapping[int, Any]], strip_values: Callable[[Any], int]
) -> TilePlan:
    """One tile for each pixel grid with ground of a cell: the weights are computed once and serve all years.

    Parameters
    ----------
    stacks
        The layer of each year on each pixel grid.
    strip_values
        Values in a strip of a layer: what a tile's memory is reckoned with.

    Returns
    -------
    TilePlan
        In the order of `stacks`, without pixel grids that no cell is near (within 10 m of the ground between the zone's
        meridians); each tile is done by `square_moments`, and called ``<zone>n_x<west>_y<south>_<up or down>`` by its
        edges in whole metres and the way its rows run. Nothing is read yet.
    """
    tree = shapely.STRtree(embeddings.polygons)
    squares = [
        Square(raster, tuple(sorted(layers.items())), cells_near(tree, raster)) for raster, layers in stacks.items()
    ]
    tiles = tuple(_tile(square, strip_values) for square in squares if len(square.rows))
    smaller_by = "set a coarser features.embeddings.resolution_m"
    return TilePlan("Embeddings of the cells", square_moments, embeddings, tiles, smaller_by)


def square_moments(embeddings: Embeddings, square: Square) -> Arrays:
    """Moments of the vectors of every year in the cells with ground on a square.

    Returns
    -------
    Arrays
        ``rows`` int64, shape (n_cells,), positions among all cells; ``years`` int64, shape (n_years,), ascending;
        ``count``, shape (n_years, n_cells), in pixels; ``mean`` and ``squared_deviations``, shape (n_years, n_cells,
        64). Float64, as in `VectorMoments`, a pixel's weight being the share of it in the cell: 0 where no pixel is
        known. Cells with 10 cm² or less on the square have no row.
    """
    here, parts = cells_on(square.raster, embeddings.polygons[square.rows])
    coverage = cell_coverage(parts, square.raster.affine, square.raster.shape)
    moments = []
    # The same pixel grid every year: which share of which pixel lies in which cell is worked out once for all of them.
    for _, layer in square.layers:
        totals = [Histograms.empty(coverage.n_cells, np.dtype(np.int8)) for _ in range(N_DIMENSIONS)]
        for first_row, strip in embeddings.read(layer):
            for total, band in zip(totals, strip, strict=True):
                add_strip(total, coverage, band, first_row, nodata=MASKED)
        moments.append(histogram_moments(totals))
    return {
        "rows": square.rows[here],
        "years": np.array([year for year, _ in square.layers], dtype=np.int64),
        "count": np.array([part.count for part in moments]),
        "mean": np.array([part.mean for part in moments]),
        "squared_deviations": np.array([part.squared_deviations for part in moments]),
    }


def histogram_moments(histograms: Sequence[Histograms]) -> VectorMoments:
    """Moments, shapes (n_cells,) and (n_cells, 64), of the de-quantised values from one histogram of codes a dimension.

    Mean ``Σ_k w_k v_k / Σ_k w_k`` over the codes k with values ``v_k = sign(k) (k / 127.5)²``, and squared deviations
    ``Σ_k w_k (v_k − mean)²``; column k + 128 of a histogram holds the weight w_k. Masked codes (−128) do not count; all
    three are 0 where a cell has no other. A pixel is masked in all dimensions or in none, so the first one's count is
    everyone's.

    Examples
    --------
    In one dimension: 5 masked pixels, and one each at the codes −127 and 127, whose values differ in sign alone.

    >>> import numpy as np
    >>> histogram = Histograms.empty(1, np.dtype(np.int8))
    >>> histogram.weights[0, [0, 1, 255]] = 5.0, 1.0, 1.0
    >>> moments = histogram_moments([histogram])
    >>> moments.count.tolist(), moments.mean.tolist()
    ([2.0], [[0.0]])
    >>> moments.squared_deviations.round(6).tolist(), round(2 * (127 / 127.5) ** 4, 6)
    ([[1.968812]], 1.968812)
    """
    # Values are looked up after counting: 255 products a cell and dimension, in place of one for each pixel.
    values = code_values()[1:]
    weights = [histogram.weights[:, 1:] for histogram in histograms]
    count = weights[0].sum(axis=1)
    mean = np.column_stack([_ratio(weight @ values, count, where_empty=0.0) for weight in weights])
    squared_deviations = np.column_stack(
        [
            np.einsum("ij,ij->i", weight, (values - centre[:, None]) ** 2)
            for weight, centre in zip(weights, mean.T, strict=True)
        ]
    )
    return VectorMoments(count, mean, squared_deviations)


def add_up(tiles: Iterable[Arrays], n_cells: int, years: Iterable[int]) -> dict[int, VectorMoments]:
    """Moments of each year in all cells, shapes (n_cells,) and (n_cells, 64), from those of the tiles.

    Tiles are as `square_moments` makes them, in any order; their years are among `years` (KeyError else). A cell that
    none holds keeps the count 0.

    Examples
    --------
    Two tiles with one pixel each of the second of two cells.

    >>> import numpy as np
    >>> def tile(value):
    ...     moments = {"mean": np.full((1, 1, 64), value), "squared_deviations": np.zeros((1, 1, 64))}
    ...     return {"rows": np.array([1]), "years": np.array([2020]), "count": np.ones((1, 1)), **moments}
    >>> total = add_up([tile(0.0), tile(1.0)], n_cells=2, years=[2020])[2020]
    >>> total.count.tolist(), total.means[:, 0].tolist()
    ([0.0, 2.0], [nan, 0.5])
    """
    totals = {year: VectorMoments.empty(n_cells) for year in years}
    for tile in tiles:
        rows: IntArray = tile["rows"].astype(np.int64)
        parts = zip(tile["count"], tile["mean"], tile["squared_deviations"], strict=True)
        for year, part in zip(tile["years"].tolist(), parts, strict=True):
            totals[year].add(rows, VectorMoments(*part))
    return totals


def _tile(square: Square, strip_values: Callable[[Any], int]) -> Tile:
    west_m, south_m, _, _ = square.raster.bounds_m
    way = "up" if square.raster.transform[4] > 0 else "down"
    n_rows, n_columns = square.raster.shape
    in_memory = 2 * max(strip_values(layer) for _, layer in square.layers) + BYTES_PER_CELL * len(square.rows)
    key = f"{square.raster.zone:02d}n_x{west_m:.0f}_y{south_m:.0f}_{way}"
    return Tile(key, square, n_rows * n_columns * N_DIMENSIONS * len(square.layers), in_memory)


def _ratio(numerator: FloatArray, denominator: FloatArray, where_empty: float) -> FloatArray:
    ratios: FloatArray = np.full(np.broadcast_shapes(numerator.shape, denominator.shape), where_empty)
    return np.divide(numerator, denominator, out=ratios, where=denominator > 0)
