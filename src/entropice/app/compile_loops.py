"""``python -m entropice.app.compile_loops``: the machine code that the first run would otherwise wait for.

A loop is compiled when it is first called, and kept on disk. The functions that a run calls are called here on the
smallest inputs that reach every loop; what they return is of no interest.
"""

import numpy as np
import shapely
from rasterio.transform import from_origin

from entropice.derive.terrain.windows import disc_sums, running_sums
from entropice.espa import ESPAEnsemble
from entropice.sources.alphaearth.lengths import vector_lengths
from entropice.zonal.coverage import cell_coverage
from entropice.zonal.histograms import cell_histograms
from entropice.zonal.lonlat_weights import lonlat_weights, weighted_means
from entropice.zonal.moments import cell_moments
from entropice.zonal.polygons import cut


def compile_loops() -> None:
    """Compile what the steps of features, labels and modelling call.

    What is compiled lies in numba's cache on disk, where later processes find it; a second call compiles nothing.
    """
    reduce_rasters()
    average_grid_points()
    sum_windows()
    fit_boxes()


def reduce_rasters() -> None:
    """Cells from rasters, and from polygons.

    It compiles coverage of cells, moments, histograms, and the cutting of polygons.
    """
    square = np.array([shapely.box(0.5, 0.5, 2.5, 2.5)])
    coverage = cell_coverage(square, from_origin(0, 3, 1, 1), (3, 3))
    cell_moments(coverage, np.zeros((3, 3), np.float32))
    cell_histograms(coverage, np.zeros((3, 3), np.int8))
    cut(square, square)


def average_grid_points() -> None:
    """Cells from a grid of longitude and latitude.

    It compiles the weights of longitudes and latitudes in cells, and means with them.
    """
    cells = np.array([shapely.box(-1e6, -1e6, -9e5, -9e5)])
    axis_deg = np.arange(0.0, 360.0, 10.0), np.arange(60.0, 91.0, 10.0)
    weights = lonlat_weights(*axis_deg, cells)
    weighted_means(weights, np.zeros((weights.shape[1], 1), np.float32))


def sum_windows() -> None:
    """Relief around a pixel, and lengths of embeddings.

    It compiles sums over discs, of both whole numbers that are used, and lengths of int8 vectors.
    """
    for dtype in (np.int32, np.int64):
        disc_sums(running_sums(np.zeros((3, 3), dtype)), (1, 1, 1), margin=1)
    vector_lengths(np.zeros((64, 1, 1), np.int8))


def fit_boxes() -> None:
    """Boxes of eSPA, on a table that may not be written to, as pandas gives it.

    It compiles the solver of eSPA; an array that may not be written to is a type of its own for numba.
    """
    rows = np.arange(40.0).reshape(20, 2)
    rows.flags.writeable = False
    ESPAEnsemble(n_members=2, n_boxes=[2, 3], cv=2, random_state=0).fit(rows, np.arange(20) % 2)


if __name__ == "__main__":
    compile_loops()
