"""The limit's self-test: what it says happens as often as it says, over more than 50,000 cells of several worlds."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from entropice.virtual_arctic.bayes_limit import (
    class_probabilities,
    classes_of,
    draw_positive_areas_m2,
    observed_intensity,
)
from entropice.virtual_arctic.digitising import draw_outlines
from entropice.virtual_arctic.imaging import draw_footprints
from entropice.virtual_arctic.lattice import lattice_of
from entropice.virtual_arctic.slumps import find_slumps
from entropice.virtual_arctic.specification import AreaDistribution
from entropice.virtual_arctic.terrain import build_terrain
from entropice.virtual_arctic.truth import build_truth

SEEDS = range(100, 108)
CELL_UNITS = 4
N_DRAWS = 300
N_REPLICATES = 200
N_BINS = 10
EDGES = np.array([1e-4, 5e-4])
NAMES = ["none", "few", "some", "many"]
CLASSES = {"spatial/0": {"names": NAMES, "edges": EDGES.tolist()}}
ONE_YEAR = {"label_years": [2023], "digitising": {"repeated_share": 0.0, "identical_share": 0.0}}
TOO_HIGH = 1.3


@dataclass(frozen=True)
class World:
    """A world's truth, its square cells, and the cells' labels from the drawn outlines."""

    truth: object
    cells: gpd.GeoDataFrame
    labels: pd.DataFrame


def square_cells(truth):
    lattice = lattice_of(truth)
    edge_m = CELL_UNITS * lattice.step_m
    left_m, top_m = np.meshgrid(
        lattice.left_m + edge_m * np.arange(lattice.n_columns // CELL_UNITS),
        lattice.top_m - edge_m * np.arange(lattice.n_rows // CELL_UNITS),
    )
    squares = shapely.box(left_m, top_m - edge_m, left_m + edge_m, top_m).ravel()
    return gpd.GeoDataFrame({"cell_id": np.arange(len(squares), dtype=np.uint64)}, geometry=squares, crs=3413)


def labels_of(truth, cells, drawn):
    """Counted by the outlines' centroids: independent of how the limit assigns units."""
    lattice = lattice_of(truth)
    shape = (lattice.n_rows // CELL_UNITS, CELL_UNITS, lattice.n_columns // CELL_UNITS, CELL_UNITS)
    n_land, n_observed = (
        truth[name].to_numpy().reshape(shape).sum(axis=(1, 3)).ravel() for name in ("land", "observed")
    )
    places = gpd.GeoDataFrame({"area_m2": drawn.to_crs(6931).area}, geometry=drawn.to_crs(3413).centroid)
    joined = places.sjoin(cells, predicate="within")
    area_m2 = joined.groupby("cell_id")["area_m2"].sum().reindex(cells["cell_id"], fill_value=0.0).to_numpy()
    observed_m2 = n_observed * float(lattice.step_m) ** 2
    labels = pd.DataFrame({"cell_id": cells["cell_id"], "year": 2023, "observed_land_area_m2": observed_m2})
    is_observed = (n_observed > 0) & (n_observed >= n_land / 2)
    fraction = area_m2[is_observed] / observed_m2[is_observed]
    return labels[is_observed].assign(rts_area_fraction=fraction).reset_index(drop=True)


def build(specification):
    terrain = build_terrain(specification)
    footprints = draw_footprints(terrain, specification)
    truth = build_truth(terrain, footprints, specification)
    cells = square_cells(truth)
    drawn = draw_outlines(find_slumps(truth, footprints, specification), specification)
    return World(truth, cells, labels_of(truth, cells, drawn))


@pytest.fixture(scope="module")
def worlds(make_world):
    return [build(make_world(seed=seed, **ONE_YEAR)) for seed in SEEDS]


def limit_of(world, rate_factor):
    """Probabilities (cell, class) of the limit, with all rates multiplied, and 200 outcomes it thinks possible."""
    truth = world.truth.assign(
        known_log_rate=world.truth["known_log_rate"] + np.log(rate_factor),
        false_positive_rate=world.truth["false_positive_rate"] * rate_factor,
    )
    targets = world.labels[["cell_id", "year"]].assign(scheme="spatial", fold=0)
    table = class_probabilities(truth, world.cells, world.labels, targets, CLASSES, 0, N_DRAWS)
    outcomes = simulated_classes(truth, world)
    true_class = pd.Categorical(table["class_"], NAMES).codes
    return table[[f"p_{name}" for name in NAMES]].to_numpy(), np.column_stack([true_class, outcomes])


def simulated_classes(truth, world):
    """Outcomes of all cells together, so that cells of a block share its effect; shape (cell, replicate)."""
    random = np.random.default_rng(11)
    intensity = observed_intensity(truth, world.cells, world.labels)
    expected = intensity.expected_counts(intensity.draw_multipliers(random, N_REPLICATES))
    areas_m2 = draw_positive_areas_m2(expected, AreaDistribution(**truth.attrs["areas"]), random)
    is_none = random.uniform(size=expected.shape) < np.exp(-expected)
    fraction = np.where(is_none, 0, areas_m2) / world.labels["observed_land_area_m2"].to_numpy()[:, None]
    return classes_of(fraction, EDGES)


def calibration_errors(probabilities, outcomes):
    """Expected calibration error of each column of outcomes: bins of equal count, mean over classes."""
    errors = np.zeros(outcomes.shape[1])
    for index in range(len(NAMES)):
        order = np.argsort(probabilities[:, index], kind="stable")
        for members in np.array_split(order, N_BINS):
            frequency = (outcomes[members] == index).mean(axis=0)
            gap = np.abs(frequency - probabilities[members, index].mean())
            errors += gap * len(members) / len(order) / len(NAMES)
    return errors


def pooled_errors(worlds, rate_factor):
    parts = [limit_of(world, rate_factor) for world in worlds]
    probabilities, outcomes = (np.concatenate(values) for values in zip(*parts, strict=True))
    true_error, *simulated = calibration_errors(probabilities, outcomes)
    return len(probabilities), true_error, np.quantile(simulated, [0.025, 0.975])


def test_calibration_error_lies_within_the_range_the_limit_expects(worlds):
    n_cells, error, (low, high) = pooled_errors(worlds, 1.0)
    assert n_cells >= 50_000
    assert low <= error <= high


def test_a_wrong_limit_is_found_out_by_fewer_cells(worlds):
    _, error, (_, high) = pooled_errors(worlds[:3], TOO_HIGH)
    assert error > 2 * high
