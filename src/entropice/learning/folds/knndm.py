"""kNNDM: folds as far from their training cells as the map is from the observed cells.

Nearest-neighbour distance matching with k folds: Linnenbrink et al. 2024, doi:10.5194/gmd-17-5897-2024.
"""

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from entropice.errors import LabelError
from entropice.learning.folds.scheme import Ground, Scheme
from entropice.types import DataFrame, FloatArray, IntArray

if TYPE_CHECKING:
    import numpy as np

N_CLUSTERINGS: Final = 12
MOST_CLUSTERS: Final = 1000
SHARES_WHOLE: Final = (1.0, 0.5, 0.25, 0.1)
"""Of the clusters: maps hold both cells among observed ones and cells far from any, so folds must hold both, too."""


logger = logging.getLogger(__name__)


def deal(ground: Ground, random: "np.random.Generator") -> DataFrame:
    """Deal cells so that distances to training are those of the map; without a buffer; every cell is tested once.

    Cells of `ground` are (n), those of its map (n_map).

    Cells are clustered by k-means, from as many clusters as folds to every cell alone. All clusters, or some of them
    beside single cells, are dealt into folds; the dealing with the smallest Wasserstein distance W between two
    distributions is taken, the first of equals: distances from test cells to their nearest training cell, and distances
    from land cells to the nearest other observed cell. The log tells W. There are twelve numbers of clusters at most
    (`N_CLUSTERINGS`), at equal ratios from the number of folds to that of the cells or 1,000 (`MOST_CLUSTERS`), the
    smaller; of each all, half, a quarter and a tenth of the clusters stay whole (`SHARES_WHOLE`); single cells come
    last. Groups are dealt as in `dealing.deal_groups`. In a fold its cells are ``test``, all others ``train``.

    Returns
    -------
    DataFrame
        ``fold cell_id year role`` as of `dealing.hold_out`.

    Raises
    ------
    LabelError
        If there are fewer cells than folds, or a fold has no training cell.

    Examples
    --------
    Two pairs of neighbours. Where the map is of these cells alone, neighbours are parted; of a far map, kept together.

    >>> import numpy as np
    >>> ids, places_m = np.arange(4, dtype=np.uint64), np.array([[0.0, 0.0], [1.0, 0.0], [50.0, 0.0], [51.0, 0.0]])
    >>> far_m = places_m + np.array([0.0, 50.0])
    >>> for map_m in (places_m, far_m):
    ...     roles = deal(Ground(ids, ids, places_m, map_m, np.array([2020]), 2, 0.0), np.random.default_rng(0))
    ...     fold = roles[roles["role"] == "test"].set_index("cell_id")["fold"]
    ...     bool(fold[0] == fold[1])
    False
    True
    """
    from entropice.learning.folds.coordinates import nearest_other_m
    from entropice.learning.folds.dealing import hold_out

    _require_cells(ground)
    # The map's own distances leave out the cell itself: an observed cell is predicted as if nobody had looked there.
    of_map_m = nearest_other_m(ground.map_coordinates_m, ground.coordinates_m)
    dealings = list(_dealings(ground.coordinates_m, ground.n_folds, random))
    w_m = [wasserstein_m(ground.coordinates_m, fold_of_cell, of_map_m) for fold_of_cell in dealings]
    best = min(range(len(dealings)), key=lambda place: w_m[place])
    logger.info("kNNDM: W is %.3g km, the worst of %d dealings has %.3g km.", w_m[best] / 1e3, len(w_m), max(w_m) / 1e3)
    return hold_out(ground, dealings[best], 0.0)


def wasserstein_m(coordinates_m: FloatArray, fold_of_cell: IntArray, of_map_m: FloatArray) -> float:
    """W (m) between the distances from test to training cells and those of the map (n_map,).

    The mean distance between equal quantiles, ``∫ |F⁻¹(q) − G⁻¹(q)| dq``, for cells at (n, 2) in folds (n,), two or
    more. 0 where the two distributions are the same. Linnenbrink et al. (2024), doi:10.5194/gmd-17-5897-2024.

    Examples
    --------
    Test cells lie 3, 2, 2 and 6 m from training; the cells of the map a metre farther from observed ones.

    >>> import numpy as np
    >>> places_m = np.column_stack([np.array([0.0, 1.0, 3.0, 7.0]), np.zeros(4)])
    >>> wasserstein_m(places_m, np.array([0, 0, 1, 1]), np.array([4.0, 3.0, 3.0, 7.0]))
    1.0
    """
    from scipy.stats import wasserstein_distance

    return float(wasserstein_distance(distances_to_training_m(coordinates_m, fold_of_cell), of_map_m))


def distances_to_training_m(coordinates_m: FloatArray, fold_of_cell: IntArray) -> FloatArray:
    """Distance (n,), in metres, from each cell at (n, 2) to the nearest cell of another fold (n,).

    Infinite with one fold.

    Examples
    --------
    >>> import numpy as np
    >>> places_m = np.column_stack([np.array([0.0, 1.0, 3.0, 7.0]), np.zeros(4)])
    >>> distances_to_training_m(places_m, np.array([0, 0, 1, 1])).tolist()
    [3.0, 2.0, 2.0, 6.0]
    """
    import numpy as np

    from entropice.learning.folds.coordinates import nearest_m

    distances_m = np.empty(len(coordinates_m))
    for fold in np.unique(fold_of_cell):
        is_test = fold_of_cell == fold
        distances_m[is_test] = nearest_m(coordinates_m[is_test], coordinates_m[~is_test])
    return distances_m


def _dealings(coordinates_m: FloatArray, n_folds: int, random: "np.random.Generator") -> Iterator[IntArray]:
    """Folds (n,) of ever finer clusters, some or all of them whole; single cells last."""
    import numpy as np
    from sklearn.cluster import KMeans

    from entropice.learning.folds.dealing import deal_groups

    n_cells = len(coordinates_m)
    # As many clusters as folds lie far apart, single cells side by side; what the map needs lies between, and distances
    # fall with the root of the number, so that numbers are tried at equal ratios.
    numbers = np.geomspace(n_folds, min(n_cells, MOST_CLUSTERS), N_CLUSTERINGS)
    for n_clusters in np.unique(numbers.round().astype(int)):
        clusters = KMeans(int(n_clusters), n_init=1, random_state=int(random.integers(2**31))).fit(coordinates_m)
        for share in SHARES_WHOLE:
            yield deal_groups(_split(clusters.labels_.astype(np.int64), share, random), n_folds, random)
    yield deal_groups(np.arange(n_cells), n_folds, random)


def _split(cluster_of_cell: IntArray, share_whole: float, random: "np.random.Generator") -> IntArray:
    """Groups (n,): about a share of the clusters, drawn by chance, stays whole; the cells of the others stand alone."""
    import numpy as np

    n_clusters = cluster_of_cell.max() + 1
    is_whole = random.permutation(n_clusters) < share_whole * n_clusters
    alone = n_clusters + np.arange(len(cluster_of_cell))
    return np.where(is_whole[cluster_of_cell], cluster_of_cell, alone)


def _require_cells(ground: Ground) -> None:
    if len(ground.cell_ids) < ground.n_folds:
        raise LabelError(
            "There are fewer observed cells than folds.",
            field="modelling.folds.n_folds",
            got=f"{len(ground.cell_ids)} cells for {ground.n_folds} folds",
            expected="at least one cell a fold",
            fix="lower modelling.folds.n_folds, or take a larger region",
        )


SCHEME: Final = Scheme(
    name="knndm",
    title="map skill (kNNDM folds)",
    description="Each fold lies as far from its training cells as the cells of the map lie from observed ones. "
    "The AUC of what draws the map is carried on from the folds to all land and to a fit of all rows.",
    deal=deal,
    keeps_blocks_apart=False,
)
