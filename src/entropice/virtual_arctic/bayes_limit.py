"""The attainable limit: what can be said of a cell's class by someone who knows everything but chance.

For a cell and year the limit is P(class | all base-unit inputs). Known are the log rate of every base unit, what was
observed, and the laws of chance; unknown are the Gaussian effect of each block, the slumps themselves, their
detection and their areas. Features on any grid are functions of the known inputs and coarser, so no model that sees
only features can be expected to score better.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio.features
import xarray as xr
from scipy.sparse import csr_array

from entropice.errors import LabelError, SchemaError
from entropice.progress import progress
from entropice.types import FloatArray, IntArray
from entropice.virtual_arctic.areas import draw_areas_m2
from entropice.virtual_arctic.lattice import lattice_of
from entropice.virtual_arctic.randomness import generator
from entropice.virtual_arctic.specification import AreaDistribution

BAYES_LIMIT: Final = "bayes_limit"
BAYES_LIMIT_TITLE: Final = "attainable limit (Bayes-optimal)"

_MARKS_PER_CHUNK = 4_000_000
_KEYS = ["cell_id", "year"]


@dataclass(frozen=True)
class Intensity:
    """Expected finds of observations (cell, year), up to the unseen effect.

    Attributes
    ----------
    by_block
        Shape (observation, block): expected detected slumps in the observed part of the cell where the effect is 0.
    false_positives
        Shape (observation,).
    unseen_variance
        Variance of the blocks' effect on the log rate.
    """

    by_block: csr_array
    false_positives: FloatArray
    unseen_variance: float

    def expected_counts(self, multipliers: FloatArray) -> FloatArray:
        """Poisson means Λ = R m + f in each possible world; (block, draw) → (observation, draw).

        R is `by_block`, f the `false_positives`, which no effect moves; m is exp of the effects.

        Examples
        --------
        >>> intensity = Intensity(csr_array([[2.0, 0.0], [1.0, 3.0]]), np.array([0.5, 0.0]), unseen_variance=0.0)
        >>> intensity.expected_counts(np.array([[1.0, 2.0], [1.0, 0.0]])).tolist()
        [[2.5, 4.5], [4.0, 2.0]]
        """
        counts: FloatArray = self.by_block @ multipliers + self.false_positives[:, None]
        return counts

    def draw_multipliers(self, random: np.random.Generator, n_draws: int) -> FloatArray:
        """exp of the unseen effect of all blocks in ``n_draws`` possible worlds, shape (block, draw).

        They are exp(√v z) with v the variance and z independent standard normal numbers; all 1 for a variance of 0.
        Their mean is exp(v / 2), not 1, which the rates' intercept allows for
        (`entropice.virtual_arctic.rates.known_log_rate`).
        """
        n_blocks = self.by_block.shape[1]
        multipliers: FloatArray = np.exp(np.sqrt(self.unseen_variance) * random.standard_normal((n_blocks, n_draws)))
        return multipliers

    def rows(self, chosen: slice) -> "Intensity":
        """The same of some of the observations, by their positions; blocks and variance stay."""
        return Intensity(self.by_block[chosen], self.false_positives[chosen], self.unseen_variance)


def class_probabilities(
    truth: xr.Dataset,
    cells: gpd.GeoDataFrame,
    labels: pd.DataFrame,
    targets: pd.DataFrame,
    fold_classes: dict[str, dict[str, Any]],
    random_seed: int,
    n_draws: int,
) -> pd.DataFrame:
    """P(class | all base-unit inputs) of each target, under the class edges of its fold.

    Rows come sorted as in `targets`, numbered anew. Classes are `none`, then by the edges of the target's fold;
    ``class_`` is the one that the label's area fraction lies in. Columns of classes that a fold does not have are NaN.

    Parameters
    ----------
    truth
        As ``truth.build_truth`` makes it.
    cells, labels
        As the datasets of these names; of labels ``cell_id year observed_land_area_m2 rts_area_fraction`` are read,
        each cell and year once.
    targets
        Rows ``scheme fold cell_id year``, all observed.
    fold_classes
        By "scheme/fold": ``names``, the first being none, and ``edges``, rising, slump area per land area.
    n_draws
        Monte Carlo draws of the unseen effects, shared by all cells; they follow from `random_seed`.

    Returns
    -------
    DataFrame
        ``scheme fold model cell_id year class_ p_<class>… standard_error_max``, the model being ``bayes_limit``; the
        last is the largest Monte Carlo standard error among the row's probabilities. Probabilities sum to 1 and are
        positive.

    Raises
    ------
    LabelError
        A target has no label or no observed land; its fold is looked at before, its year and cell after this.
    SchemaError
        A target's year, cell or fold is unknown.
    ValueError
        There are no targets.

    Notes
    -----
    Given the effects the number of finds is Poisson(Λ), so P(none) is the mean of exp(−Λ). The other classes share
    the rest: in each draw at least one find is forced (the first arrival of a Poisson process on [0, Λ], then
    Poisson(Λ − t) more), areas are drawn, and the class of their sum counts with weight 1 − exp(−Λ). Half a draw is
    added to every such class (Jeffreys), so none is ruled out by chance.
    """
    _check_folds(targets, fold_classes)
    observations = _observations(labels, targets)
    intensity = observed_intensity(truth, cells, observations)
    observation = observations.index.to_series(name="observation")
    rows = targets.merge(observations.assign(observation=observation), on=_KEYS, how="left")
    random = generator(random_seed, "limit")
    multipliers = intensity.draw_multipliers(random, n_draws)
    distribution = AreaDistribution(**truth.attrs["areas"])
    pieces = []
    for chunk in progress(_chunks(intensity, n_draws), "attainable limit"):
        expected = intensity.rows(chunk).expected_counts(multipliers)
        land_m2 = observations["observed_land_area_m2"].to_numpy()[chunk, None]
        area_fraction = draw_positive_areas_m2(expected, distribution, random) / land_m2
        here = rows[rows["observation"].between(chunk.start, chunk.stop - 1)]
        for (scheme, fold), members in here.groupby(["scheme", "fold"], sort=True):
            at = members["observation"].to_numpy() - chunk.start
            pieces.append(_classified(members, expected[at], area_fraction[at], fold_classes[f"{scheme}/{fold}"]))
    return pd.concat(pieces).sort_index().reset_index(drop=True)


def observed_intensity(truth: xr.Dataset, cells: gpd.GeoDataFrame, observations: pd.DataFrame) -> Intensity:
    """Sums of the observed base units' rates by cell, year and block; a unit belongs to the cell with its centre.

    A unit that was observed in the year adds detection probability · exp(known log rate) to its block, and its rate of
    false positives.

    Parameters
    ----------
    observations
        Rows ``cell_id year``, each pair once.
    truth
        As `entropice.virtual_arctic.truth.build_truth` makes it.
    cells
        ``cell_id geometry`` (EPSG:3413).

    Returns
    -------
    Intensity
        Its observations are the rows in their order, whose index counts from 0. A cell in which no unit was observed
        has no finds.

    Raises
    ------
    SchemaError
        A year or cell is unknown.
    ValueError
        There are no observations.
    """
    _check_known(observations, truth, cells)
    wanted = cells[cells["cell_id"].isin(observations["cell_id"])]
    cell_of_unit = cells_of_units(wanted, truth)
    finds = []
    for year, rows in observations.groupby("year"):
        row_of_cell = pd.Series(rows.index, rows["cell_id"]).reindex(wanted["cell_id"], fill_value=-1).to_numpy()
        finds.append(_finds_of_units(truth.sel(year=year), cell_of_unit, row_of_cell))
    row, block, rate, mistaken = (np.concatenate(parts) for parts in zip(*finds, strict=True))
    n_blocks = int(lattice_of(truth).blocks(truth.attrs["block_m"]).max()) + 1
    return Intensity(
        by_block=csr_array((rate, (row, block)), shape=(len(observations), n_blocks)),
        false_positives=np.bincount(row, weights=mistaken, minlength=len(observations)).astype(np.float64),
        unseen_variance=truth.attrs["unseen_variance"],
    )


def draw_positive_areas_m2(
    expected: FloatArray, distribution: AreaDistribution, random: np.random.Generator
) -> FloatArray:
    """Summed area of at least one find, where the number of finds is Poisson(expected) given that it is not 0.

    Given are Poisson means of any shape, 0 or more; sums in m² of that shape come out, float64. Drawn are u ~ U(0, 1),
    the first arrival t = −log(1 − u (1 − e^(−Λ))), which lies below Λ, n = 1 + Poisson(Λ − t) finds, and their areas. A
    mean of 0 has one find.
    """
    # log1p and expm1 stay exact where next to nothing is expected, as in most cells.
    first_arrival = -np.log1p(random.uniform(size=expected.shape) * np.expm1(-expected))
    counts = 1 + random.poisson(np.maximum(expected - first_arrival, 0))
    areas_m2 = draw_areas_m2(distribution, random, int(counts.sum()))
    starts = np.concatenate([[0], np.cumsum(counts.ravel())[:-1]])
    sums_m2: FloatArray = np.add.reduceat(areas_m2, starts).reshape(expected.shape)
    return sums_m2


def _observations(labels: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """The distinct cells and years of the targets, sorted, with what their label says."""
    wanted = targets[_KEYS].drop_duplicates().sort_values(_KEYS, ignore_index=True)
    known = labels[[*_KEYS, "observed_land_area_m2", "rts_area_fraction"]]
    observations = wanted.merge(known, on=_KEYS, how="left", validate="one_to_one")
    unlabelled = observations[~(observations["observed_land_area_m2"] > 0) | observations["rts_area_fraction"].isna()]
    if len(unlabelled):
        raise LabelError(
            "The limit is asked for where nothing was observed.",
            field="rts_area_fraction",
            got=f"{len(unlabelled)} cells and years without observed land or label",
            expected="observed rows only",
            sample=unlabelled[_KEYS].itertuples(index=False, name=None),
            fix="take the targets from the training table",
        )
    return observations


def _check_folds(targets: pd.DataFrame, fold_classes: dict[str, dict[str, Any]]) -> None:
    asked = {f"{scheme}/{fold}" for scheme, fold in targets[["scheme", "fold"]].drop_duplicates().to_numpy()}
    _refuse_unknown("fold", asked - set(fold_classes), fold_classes)


def _check_known(observations: pd.DataFrame, truth: xr.Dataset, cells: gpd.GeoDataFrame) -> None:
    years = truth["year"].to_numpy().tolist()
    _refuse_unknown("year", set(observations["year"]) - set(years), years)
    _refuse_unknown("cell_id", set(observations["cell_id"]) - set(cells["cell_id"]), ["the cells of the grid"])


def _refuse_unknown(field: str, unknown: set[Any], known: Iterable[Any]) -> None:
    if unknown:
        raise SchemaError(
            f"The limit is asked for an unknown {field}.",
            field=field,
            got=f"{len(unknown)} unknown",
            expected=", ".join(map(str, known)),
            sample=sorted(unknown),
            fix="take truth, cells, labels and folds from one and the same run",
        )


def cells_of_units(cells: gpd.GeoDataFrame, truth: xr.Dataset) -> IntArray:
    """Position of the cell that holds each unit's centre, shape (y, x); −1 in none.

    int32. Which of two cells gets a centre on their border is rasterio's choice; of cells that overlap it is the later
    one. Without cells all are −1.
    """
    lattice = lattice_of(truth)
    numbered = zip(cells.geometry, range(1, len(cells) + 1), strict=True)
    numbers: IntArray = rasterio.features.rasterize(numbered, lattice.shape, transform=lattice.transform, dtype="int32")
    return numbers - 1


def _finds_of_units(
    one_year: xr.Dataset, cell_of_unit: IntArray, row_of_cell: IntArray
) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
    """Observation, block, rate of detected slumps and of false positives of each observed unit in a wanted cell."""
    row_of_unit = np.where(cell_of_unit >= 0, row_of_cell[cell_of_unit], -1)
    used = one_year["observed"].to_numpy() & (row_of_unit >= 0)
    log_rate = one_year["known_log_rate"].to_numpy()[used].astype(np.float64)
    rate = one_year.attrs["detection_probability"] * np.exp(log_rate)
    block = lattice_of(one_year).blocks(one_year.attrs["block_m"])[used]
    return row_of_unit[used], block, rate, one_year["false_positive_rate"].to_numpy()[used].astype(np.float64)


def _chunks(intensity: Intensity, n_draws: int) -> list[slice]:
    """Runs of observations whose draws hold about ``_MARKS_PER_CHUNK`` areas; they depend on the input alone."""
    mean_multiplier = np.exp(intensity.unseen_variance / 2)
    mean_counts = intensity.by_block.sum(axis=1) * mean_multiplier + intensity.false_positives
    chunk_of_row = (np.cumsum((1 + mean_counts) * n_draws) // _MARKS_PER_CHUNK).astype(np.int64)
    starts = np.flatnonzero(np.diff(chunk_of_row, prepend=-1))
    return [slice(start, stop) for start, stop in zip(starts, [*starts[1:], len(chunk_of_row)], strict=True)]


def _classified(
    members: pd.DataFrame, expected: FloatArray, area_fraction: FloatArray, classes: dict[str, Any]
) -> pd.DataFrame:
    names, edges = classes["names"], np.asarray(classes["edges"], dtype=np.float64)
    probabilities, standard_error = positive_shares(expected, area_fraction, edges)
    columns = dict(zip((f"p_{name}" for name in names), probabilities.T, strict=True))
    true_fraction = members["rts_area_fraction"].to_numpy()
    true_class = np.asarray(names)[classes_of(true_fraction, edges)]
    kept = members[["scheme", "fold", *_KEYS]].assign(class_=true_class, **columns, standard_error_max=standard_error)
    kept.insert(2, "model", BAYES_LIMIT)
    return kept


def classes_of(area_fraction: FloatArray, edges: FloatArray) -> IntArray:
    """0 where the fraction is exactly 0, else 1 + the number of edges at or below it.

    Edges (n,) rise; a fraction at an edge is of the class above it.

    Examples
    --------
    >>> classes_of(np.array([0.0, 0.001, 0.01, 0.5]), np.array([0.01])).tolist()
    [0, 1, 2, 2]
    """
    classes: IntArray = np.where(area_fraction == 0, 0, 1 + np.searchsorted(edges, area_fraction, side="right"))
    return classes


def positive_shares(
    expected: FloatArray, area_fraction: FloatArray, edges: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Class probabilities (row, class) and the largest Monte Carlo standard error of each row.

    With Λ the mean of a draw and w = 1 − e^(−Λ), P(none) is the mean of e^(−Λ), and of n draws, m classes above none
    and p = mean(w), P(class) = (Σ w [drawn in class] + p / 2) / (n + m / 2). There are one more classes above none than
    edges, and a fraction at an edge is of the class above it (`classes_of`). The standard error of a class is the
    standard deviation (over n, not n − 1) of its terms, e^(−Λ) or w [drawn in class], over √n; the half draw is not in
    it.

    Parameters
    ----------
    expected, area_fraction
        Shape (row, draw): Poisson mean, and an area fraction drawn given at least one find.

    Examples
    --------
    >>> expected, fraction = np.full((1, 2), np.log(2.0)), np.array([[0.001, 0.002]])
    >>> shares, error = positive_shares(expected, fraction, np.array([0.01]))
    >>> shares.round(4).tolist(), error.round(4).tolist()
    ([[0.5, 0.4167, 0.0833]], [0.0])

    The terms of the classes are 1 and ¼, 0 and 0, and, as both fractions lie at the edge, 0 and ¾:

    >>> shares, error = positive_shares(np.array([[0.0, np.log(4)]]), np.full((1, 2), 0.01), np.array([0.01]))
    >>> shares.round(4).tolist(), error.round(4).tolist()
    ([[0.625, 0.0625, 0.3125]], [0.2652])
    """
    n_draws = expected.shape[1]
    is_none = np.exp(-expected)
    weight, drawn_class = 1 - is_none, classes_of(area_fraction, edges)
    by_class = [is_none, *(weight * (drawn_class == index) for index in range(1, len(edges) + 2))]
    means = np.stack([values.mean(axis=1) for values in by_class], axis=1)
    errors = np.stack([values.std(axis=1) for values in by_class], axis=1) / np.sqrt(n_draws)
    n_positive = len(edges) + 1
    # Half a draw has the mean weight of the row's draws, so that the classes still sum to 1 − P(none).
    half_draw = (1 - means[:, :1]) / 2
    means[:, 1:] = (n_draws * means[:, 1:] + half_draw) / (n_draws + n_positive / 2)
    return means, errors.max(axis=1)
