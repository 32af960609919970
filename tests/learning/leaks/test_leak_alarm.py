"""The leak alarm is silent on an honest small run, and names each kind of leak that is put into its artefacts."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from fold_problems import ground_of
from model_problems import tuning

from entropice.learning.classes import fit_classes
from entropice.learning.folds.table import make_folds
from entropice.learning.leaks import ABOVE_LIMIT, CHECKS, Artefacts, above_the_limit, find_leaks
from entropice.learning.leaks.labels import neighbour_means
from entropice.learning.out_of_fold import predict_out_of_fold
from entropice.learning.samples import Samples
from entropice.learning.training_table import LABEL_COLUMNS, feature_columns

N_CELLS, YEARS, BUFFER_M, N_CLASSES = 150, (2021, 2022, 2023), 40_000.0, 3
MODELS = ["logistic", "prevalence"]
TUNING = tuning(n_folds=2, buffer_m=BUFFER_M)
N_ROWS = N_CELLS * len(YEARS)
YEAR_OF_ROW = np.tile(YEARS, N_CELLS)


@pytest.fixture(scope="module")
def places():
    random = np.random.default_rng(0)
    x_m, y_m = random.uniform(0, 1e6, (2, N_CELLS))
    lat_deg, lon_deg = 60 + y_m / 1e5, 100 + np.arctan2(y_m, x_m) * 50
    columns = {"block": (x_m // 1e5).astype(np.uint64), "x_m": x_m, "y_m": y_m, "lon_deg": lon_deg, "lat_deg": lat_deg}
    return pd.DataFrame(columns, index=np.arange(N_CELLS, dtype=np.uint64))


@pytest.fixture(scope="module")
def cube(places):
    """Rain with its lag, two more features, and slumps that follow one of them."""
    random = np.random.default_rng(1)
    rain = random.normal(200, 50, (N_CELLS, len(YEARS) + 1))
    shape = rain[:, 1:].shape
    return xr.Dataset(
        {
            "rain_mm": (("cell", "year"), rain[:, 1:], {"years": "y"}),
            "rain_lag_1_mm": (("cell", "year"), rain[:, :-1], {"years": "y-1"}),
            **{f"index_{n}": (("cell", "year"), random.normal(n, 2, shape), {"years": "y"}) for n in range(1, 5)},
        },
        coords={"cell_ids": ("cell", places.index.to_numpy()), "year": list(YEARS)},
    )


@pytest.fixture(scope="module")
def table(cube):
    random = np.random.default_rng(2)
    features = {str(name): values.to_numpy().ravel() for name, values in cube.data_vars.items()}
    has_slumps = random.random(N_ROWS) < 1 / (1 + np.exp(2 - features["index_1"]))
    area = np.where(has_slumps, random.lognormal(-8, 1, N_ROWS), 0.0)
    keys = {"cell_id": np.repeat(np.arange(N_CELLS, dtype=np.uint64), len(YEARS)), "year": YEAR_OF_ROW}
    return pd.DataFrame(keys | {"rts_area_fraction": area} | features)


@pytest.fixture(scope="module")
def folds(places):
    return folds_of(places)


def folds_of(places, **changes):
    coordinates_m = places[["x_m", "y_m"]].to_numpy()
    given = {"n_folds": 3, "buffer_m": BUFFER_M, "years": np.array(YEARS)} | changes
    return make_folds(
        ground_of(places.index.to_numpy(), places["block"].to_numpy(), coordinates_m, **given), ["spatial"], 0
    )


def samples_of(table, places):
    of_row = places.loc[table["cell_id"]]
    return Samples(table[feature_columns(table)], of_row[["x_m", "y_m"]].to_numpy(), of_row["block"].to_numpy())


def predict(table, places, folds, how=TUNING):
    return predict_out_of_fold(table, samples_of(table, places), folds, MODELS, N_CLASSES, how)


@pytest.fixture(scope="module")
def honest(table, cube, folds, places):
    fold_classes, out_of_fold = predict(table, places, folds)
    return Artefacts(
        table=table, folds=folds, fold_classes=fold_classes, out_of_fold=out_of_fold, cube=cube,
        places=places, buffer_m=BUFFER_M, n_classes=N_CLASSES, n_refit_folds=3,
        refit=lambda roles: predict(table, places, roles)[1],
    )  # fmt: skip


def with_feature(run, values):
    filled = np.asarray(values, dtype=float).reshape(N_CELLS, len(YEARS))
    cube = run.cube.assign(planted=(("cell", "year"), filled, {"years": "y"}))
    return replace(run, table=run.table.assign(planted=np.asarray(values, dtype=float)), cube=cube)


def kinds(run):
    """What is found by the artefacts as they stand, the costly refits aside."""
    return {finding.kind for finding in find_leaks(replace(run, n_refit_folds=0))}


def test_an_honest_run_is_silent(honest):
    assert find_leaks(honest) == []


def test_every_finding_is_of_its_check_and_plain(honest):
    area = honest.table["rts_area_fraction"]
    (finding,) = find_leaks(with_feature(replace(honest, n_refit_folds=0), area))
    assert finding.kind in CHECKS
    assert set(finding.entry()) == {"kind", "statement", "evidence"}
    assert finding.evidence["correlations"] == {"planted": pytest.approx(1.0)}
    assert finding.statement.startswith("planted has a rank correlation of 1.00 with its own label")


def test_the_statement_names_the_strongest_of_several_and_how_many_there_are(honest):
    """Of two copies of the label, the one that misses no slump."""
    area = honest.table["rts_area_fraction"]
    some_missed = area.mask(area.index.isin(area[area > 0].index[:3]), 0.0)
    both = with_feature(replace(honest, n_refit_folds=0, table=honest.table.assign(noisy=some_missed)), area)
    (finding,) = find_leaks(both)
    assert set(finding.evidence["correlations"]) == {"planted", "noisy"}
    assert finding.statement.startswith("planted has a rank correlation of 1.00 with its own label; 2 features exceed")


@pytest.mark.parametrize(("n_cells", "most"), [(19, 18), (18, 12), (3, 2)])
def test_neighbours_are_as_many_as_are_looked_for_or_all_there_are(honest, n_cells, most):
    """By hand: 18 neighbours need 19 cells; the mean over all others is the sum without the own label over n − 1."""
    few = honest.table["cell_id"] < n_cells
    run = replace(honest, table=honest.table[few].reset_index(drop=True), places=honest.places.iloc[:n_cells])
    means = neighbour_means(run)
    assert {name for name in means if "of 1 " not in name and f"of {most} nearest" in name} == {
        f"{label} of {most} nearest{of}" for label in ("slumps", "area") for of in ("", " in all years")
    }
    assert not any(f"of {k} nearest" in name for name in means for k in range(most + 1, 19))
    if most == n_cells - 1:
        labels = run.table["rts_area_fraction"].to_numpy().reshape(n_cells, -1)
        others = (labels.sum(axis=0) - labels) / most
        assert means[f"area of {most} nearest"] == pytest.approx(others.ravel())


def test_features_that_are_labels_of_the_row_its_neighbours_or_other_years_are_found(honest):
    random = np.random.default_rng(3)
    has_slumps = honest.is_positive
    assert kinds(with_feature(honest, has_slumps + random.normal(0, 0.1, N_ROWS))) == {"label as a feature"}
    place_m = honest.places[["x_m", "y_m"]].to_numpy()
    distance_m = np.linalg.norm(place_m[:, None] - place_m[None], axis=2)
    nearest = distance_m.argsort(axis=1)[:, 1:6]
    by_cell = has_slumps.reshape(N_CELLS, len(YEARS))
    assert kinds(with_feature(honest, by_cell[nearest].mean(axis=1).ravel())) == {"neighbour's label"}
    others = (by_cell.sum(axis=1, keepdims=True) - by_cell) / 2
    assert kinds(with_feature(honest, others.ravel())) == {"neighbour's label"}


def test_noise_and_a_true_driver_are_no_leak(honest):
    random = np.random.default_rng(4)
    assert kinds(with_feature(honest, random.normal(3, 2, N_ROWS))) == set()
    assert kinds(with_feature(honest, honest.is_positive + random.normal(0, 1, N_ROWS))) == set()


@pytest.mark.parametrize("name", ["lat_deg", "x_m", "lon_deg"])
def test_coordinates_are_found_as_they_are_and_turned(honest, name):
    of_row = honest.place_of_row
    assert kinds(with_feature(honest, of_row[name])) == {"coordinates as features"}
    assert kinds(with_feature(honest, 0.6 * of_row["x_m"] - 0.8 * of_row["y_m"])) == {"coordinates as features"}


def test_years_that_come_later_are_found_in_table_cube_and_declaration(honest):
    later = np.roll(honest.cube["index_2"].to_numpy(), -1, axis=1).ravel()
    assert kinds(replace(honest, table=honest.table.assign(index_2=later))) == {"feature year after label year"}
    rain = np.roll(honest.cube["rain_mm"].to_numpy(), -1, axis=1)
    cube = honest.cube.assign(rain_mm=(("cell", "year"), rain, {"years": "y"}))
    shifted = replace(honest, cube=cube, table=honest.table.assign(rain_mm=rain.ravel()))
    assert kinds(shifted) == {"feature year after label year"}
    told = honest.cube.assign(index_1=honest.cube["index_1"].assign_attrs(years="y to y+1"))
    assert kinds(replace(honest, cube=told)) == {"feature year after label year"}


def test_columns_scaled_over_all_rows_and_components_of_all_rows_are_found(honest):
    values = honest.features["index_3"].to_numpy()
    assert kinds(with_feature(honest, (values - values.mean()) / values.std())) == {
        "scaling or components fitted on all rows"
    }
    labels = honest.table[[name for name in honest.table if name in LABEL_COLUMNS]]
    centred = honest.features - honest.features.mean()
    parts = pd.DataFrame(centred @ np.linalg.svd(centred.to_numpy())[2].T).add_prefix("component_")
    of_all = replace(honest, table=pd.concat([labels, parts], axis=1))
    assert kinds(of_all) == {"scaling or components fitted on all rows"}


def test_folds_without_buffer_with_split_blocks_or_double_roles_are_found(honest):
    assert kinds(replace(honest, folds=folds_of(honest.places, buffer_m=0.0))) >= {"buffer removed"}
    folds = honest.folds.copy()
    tested = folds.index[(folds["role"] == "test") & (folds["fold"] == 0)]
    folds.loc[tested[:3], "role"] = "train"
    assert kinds(replace(honest, folds=folds)) >= {"blocks split", "buffer removed", "tested in another fold"}
    twice = pd.concat([honest.folds, honest.folds.loc[tested[:3]].assign(role="train")])
    assert kinds(replace(honest, folds=twice)) >= {"rows duplicated across folds"}


def test_rows_copied_to_another_cell_are_found(honest):
    """Two rows with slumps stand in the place of rows of cells that other folds test."""
    fold = (
        honest.folds[honest.folds["role"] == "test"]
        .set_index("cell_id")["fold"]
        .loc[honest.table["cell_id"]]
        .to_numpy()
    )
    given, taken = np.flatnonzero(fold == 0)[:2], np.flatnonzero(fold == 1)[:2]
    table = honest.table.copy()
    names = feature_columns(table)
    table.loc[taken, names] = table.loc[given, names].to_numpy()
    assert "rows duplicated across folds" in kinds(replace(honest, table=table))
    again = pd.concat([honest.table, honest.table.iloc[:2]], ignore_index=True)
    assert "rows duplicated across folds" in kinds(replace(honest, table=again))


def test_edges_of_all_rows_are_found(honest):
    of_all = fit_classes(honest.table["rts_area_fraction"].to_numpy(), N_CLASSES).to_json()
    leaky = replace(honest, fold_classes=dict.fromkeys(honest.fold_classes, of_all))
    (finding,) = find_leaks(replace(leaky, n_refit_folds=0))
    assert finding.kind == "edges fitted on other rows"
    assert finding.evidence["n_edges_of_all_rows"] == 3


def test_predictions_that_training_rows_do_not_give_are_found_in_the_folds_that_are_fitted_again(honest):
    """Of a model with other parameters than the inner folds choose; the prevalence is as declared."""
    strong = replace(TUNING, candidates={**TUNING.candidates, "logistic": [{"C": 1e4}] * 4})
    others = predict(honest.table, honest.places, honest.folds, strong)[1]
    (finding,) = find_leaks(replace(honest, out_of_fold=others))
    assert finding.kind == "predictions of another fit"
    assert list(finding.evidence["largest_gap_by_model"]) == ["logistic"]
    assert kinds(replace(honest, out_of_fold=others)) == set()


def test_a_score_above_the_limit_is_found():
    scores = pd.DataFrame(
        {"scheme": "spatial", "model": ["logistic", "prevalence"], "score": "auc", "value": [0.9, 0.5]}
    )
    limit = pd.DataFrame({"scheme": ["spatial"], "score": "auc", "value": 0.8, "high_95": 0.85})
    (finding,) = above_the_limit(scores, limit)
    assert finding.kind == ABOVE_LIMIT
    assert finding.statement.startswith("logistic has auc 0.900 (spatial), above the attainable limit 0.800")
    assert above_the_limit(scores, limit.assign(high_95=0.95)) == []
    assert above_the_limit(scores, limit.assign(scheme="region")) == []


def test_checks_of_the_artefacts_name_none_that_they_cannot_make():
    assert ABOVE_LIMIT not in CHECKS
