"""Fits on a cluster: the bytes of fits made here, clear ends, and rows that travel once."""

import logging
import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import pytest
from fit_tasks import LOGGER, Rows, dying, process_of, refuse
from fold_problems import spatial_folds
from model_problems import classes_by_features, samples_in_stripes, tuning

from entropice import processes
from entropice.errors import ConfigError, LabelError, RunStateError
from entropice.learning.best import fit_bytes
from entropice.learning.doubts.spread import fit_members
from entropice.learning.drivers.nulls import Land
from entropice.learning.drivers.table import global_drivers
from entropice.learning.models import MODELS
from entropice.learning.models.model import BEST
from entropice.learning.out_of_fold import predict_out_of_fold
from entropice.learning.predictor import NOTHING, Part, Predictor
from entropice.learning.samples import Samples
from entropice.learning.training_table import laid_out
from entropice.learning.tuning import Tuning
from entropice.processes import handed_out, side_by_side
from entropice.tiles import distribution
from entropice.tiles.parameters import ClusterParameters, TileParameters
from entropice.tiles.workers import Workers
from entropice.units import BYTES_PER_GIB

N_CELLS, N_CLASSES = 120, 3
TUNING = tuning(n_folds=2, buffer_m=0.0)
ONE = tuning(ordinal_ridge={"ridge": 3.0, "later_ridge_ratio": 1.0}, n_folds=2, buffer_m=0.0)
FEW = ["ordinal_ridge", "knn_coordinates", BEST]


@pytest.fixture(scope="module")
def pair() -> Iterator[Workers]:
    with Workers(cluster=ClusterParameters(kind="local", n_workers=2)) as workers:
        yield workers


@pytest.fixture(scope="module")
def samples() -> Samples:
    """Rows in memory that processes share, as those of a run."""
    drawn = samples_in_stripes(N_CELLS, 3)
    shared = laid_out([drawn.features[name] for name in drawn.features], list(drawn.features), drawn.features.index)
    return replace(drawn, features=shared)


@pytest.fixture(scope="module")
def table(samples: Samples) -> pd.DataFrame:
    fraction = np.maximum(samples.features["a"].fillna(0).to_numpy() + 0.5, 0.0) / 10
    return pd.DataFrame({"cell_id": np.arange(N_CELLS, dtype=np.uint64), "year": 2021, "rts_area_fraction": fraction})


@pytest.fixture(scope="module")
def folds(samples: Samples, table: pd.DataFrame) -> pd.DataFrame:
    return spatial_folds(samples, table["cell_id"].to_numpy(), 2, 20_000.0)


def predicted(table, samples, folds, names):
    """The bytes of what is predicted out of fold, with the classes of folds."""
    classes, frame = predict_out_of_fold(table, samples, folds, names, N_CLASSES, TUNING)
    return classes, frame.drop(columns=["scheme", "model", "class_"]).to_numpy().tobytes(), len(frame)


def test_one_and_two_workers_predict_the_bytes_of_none(table, samples, folds, pair):
    here = predicted(table, samples, folds, FEW)
    assert _by_workers(1, table, samples, folds, FEW) == here
    with handed_out(pair.hand_out):
        assert predicted(table, samples, folds, FEW) == here


@pytest.mark.slow
def test_one_two_and_four_workers_predict_the_bytes_of_none_with_every_model(table, samples, folds):
    here = predicted(table, samples, folds, [*MODELS, BEST])
    assert [_by_workers(n, table, samples, folds, [*MODELS, BEST]) == here for n in (1, 2, 4)] == [True] * 3


def _by_workers(n_workers, *given):
    cluster = ClusterParameters(kind="local", n_workers=n_workers)
    with Workers(cluster=cluster) as workers, handed_out(workers.hand_out):
        return predicted(*given)


def test_refits_of_the_spread_are_those_made_here(samples, pair):
    codes = classes_by_features(samples)
    fitted = TUNING.fit(MODELS["logistic"], TUNING.inner_folds(samples, codes))
    predictor = Predictor((Part(MODELS["logistic"], 1.0, {NOTHING: fitted}),))
    here = fit_members(predictor, samples, codes, 3, 0)
    with handed_out(pair.hand_out):
        there = fit_members(predictor, samples, codes, 3, 0)
    chances = [[each.predictor.predict_proba(samples, N_CLASSES).tobytes() for each in made] for made in (here, there)]
    assert chances[0] == chances[1]


def test_drivers_with_their_null_are_those_found_here(samples, pair):
    codes = classes_by_features(samples)
    grouped = replace(samples, groups={"a": "terrain", "b": "climate", "c": "climate"})
    fitted = ONE.fit(MODELS["ordinal_ridge"], ONE.inner_folds(grouped, codes))
    part = Part(MODELS["ordinal_ridge"], 1.0, {NOTHING: fitted})
    land = Land(samples.coordinates_m, lambda numbers: samples.features.iloc[numbers].reset_index(drop=True))
    here = global_drivers(part, ONE.inner_folds(grouped, codes), ONE, land, 3)
    with handed_out(pair.hand_out):
        there = global_drivers(part, ONE.inner_folds(grouped, codes), ONE, land, 3)
    assert here["leave_out"].notna().any()
    pd.testing.assert_frame_equal(here, there, check_exact=True)


def test_workers_do_every_task_and_what_they_log_is_logged_here_in_order(pair, caplog):
    caplog.set_level(logging.INFO, "entropice")
    with handed_out(pair.hand_out):
        found = side_by_side(partial(process_of, [0] * 9), list(range(6)), "fits")
    assert os.getpid() not in found
    told = [record.getMessage() for record in caplog.records if record.name == LOGGER]
    assert told == [f"{task} of 9" for task in range(6)]


def test_what_must_stay_here_stays_here(pair):
    with handed_out(pair.hand_out):
        assert set(side_by_side(partial(process_of, []), [1, 2], "fits", 1)) == {os.getpid()}


def test_rows_are_sent_once_and_not_with_each_task(pair):
    Rows.n_sent = 0
    with handed_out(pair.hand_out):
        assert side_by_side(Rows(), list(range(12)), "fits") == list(range(12))
    assert Rows.n_sent <= len(pair._opened().nthreads())


@pytest.fixture
def mortal() -> Iterator[Workers]:
    with Workers(cluster=ClusterParameters(kind="local", n_workers=1)) as workers, handed_out(workers.hand_out):
        yield workers


@pytest.mark.usefixtures("mortal")
def test_a_fit_whose_worker_dies_is_made_once_more_and_named_when_it_dies_again(tmp_path):
    assert side_by_side(partial(dying, tmp_path), [0, 1, 3], "fits") == [0, 1, 3]
    with pytest.raises(RunStateError) as caught:
        side_by_side(partial(dying, tmp_path), [0, 2, 3], "fits", n_bytes=BYTES_PER_GIB, n_shared_bytes=2**29)
    error = caught.value
    assert (error.field, error.got) == ("fit", f"0002, {distribution.N_TRIES} times")
    assert "1.50 GiB of memory for each fit" in error.expected
    assert "the same command goes on" in error.fix


def test_a_scheduler_that_is_not_there_is_said_before_any_fit(table, samples, folds, monkeypatch):
    monkeypatch.setattr("entropice.tiles.clusters.CONNECT_TIMEOUT_S", 0.5)
    monkeypatch.setattr(Tuning, "fit", lambda *_: pytest.fail("a fit was begun"))
    parameters = ClusterParameters(kind="address", address="tcp://127.0.0.1:9")
    with Workers(cluster=parameters) as nobody, handed_out(nobody.hand_out), pytest.raises(RunStateError) as caught:
        predicted(table, samples, folds, FEW)
    assert (caught.value.field, caught.value.got) == ("cluster.address", "tcp://127.0.0.1:9")


def test_a_ceiling_below_one_fit_and_its_rows_is_refused_before_any(table, samples, folds):
    need = fit_bytes(["logistic"], samples) + samples.n_bytes
    ceiling = TileParameters(memory_ceiling_gib=(need - 1) / BYTES_PER_GIB)
    parameters = ClusterParameters(kind="address", address="tcp://127.0.0.1:9")
    with Workers(ceiling, parameters) as nobody, handed_out(nobody.hand_out), pytest.raises(ConfigError) as caught:
        predicted(table, samples, folds, ["logistic"])
    assert caught.value.field == "tiles.memory_ceiling_gib"
    assert "one fit alone" in caught.value.what


def test_an_error_of_a_fit_is_the_same_from_a_worker(pair):
    with handed_out(pair.hand_out), pytest.raises(LabelError) as caught:
        side_by_side(refuse, [1, 2, 3], "fits")
    assert (caught.value.field, caught.value.got, caught.value.fix) == ("task", 2, "take another")


def test_without_a_cluster_nothing_is_handed_out():
    before = processes._RUN.hand_out
    with Workers() as workers, handed_out(workers.hand_out):
        assert processes._RUN.hand_out is None
    assert processes._RUN.hand_out is before


@pytest.mark.skipif(
    "fork" not in multiprocessing.get_all_start_methods(), reason="processes know nothing of a run here"
)
def test_a_process_that_kedro_started_hands_nothing_out():
    def refused(*_):
        raise AssertionError("handed out")

    with handed_out(refused), ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as kedro:
        assert kedro.submit(side_by_side, abs, [-1, -2], "fits").result() == [1, 2]
