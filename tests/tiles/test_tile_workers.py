"""Tiles give the same bytes whoever does them, and memory has a ceiling."""

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from threading import Timer

import pytest
from kedro.io import DatasetError
from tile_plans import FINGERPRINT, N_TILES, damaged, fatal, fatal_once, most_at_once, plan_of_sums, times_begun

from entropice.errors import ConfigError, InputFileError, RunStateError
from entropice.io import TileResultsDataset
from entropice.io.checksums import recorded_digests
from entropice.tiles.parameters import BYTES_PER_GIB, ClusterParameters, TileParameters
from entropice.tiles.workers import Workers

ONCE = dict.fromkeys(range(N_TILES), 1)
N_WORKERS = 2


@pytest.fixture(scope="module")
def pair() -> Iterator[Workers]:
    """Two workers of this machine, for every test that leaves them alive."""
    with Workers(cluster=ClusterParameters(kind="local", n_workers=N_WORKERS)) as workers:
        yield workers


def _saved(folder: Path, workers: Workers, **changes: object) -> dict[str, str]:
    """What a plan's results hold when these workers have done it."""
    (folder / "marks").mkdir(parents=True, exist_ok=True)
    dataset = TileResultsDataset(filepath=str(folder / "moments"))
    dataset.fingerprint, dataset.workers = FINGERPRINT, workers
    dataset.save(replace(plan_of_sums(folder / "marks", pause_s=0.02), **changes))
    return recorded_digests(dataset.path)


def test_one_two_and_four_workers_give_the_bytes_of_none(tmp_path: Path, pair: Workers) -> None:
    here = _saved(tmp_path / "none", Workers())
    found = {2: _saved(tmp_path / "2", pair)}
    for n_workers in (1, 4):
        with Workers(cluster=ClusterParameters(kind="local", n_workers=n_workers)) as workers:
            found[n_workers] = _saved(tmp_path / str(n_workers), workers)

    assert len(here) == N_TILES + 1
    assert found == dict.fromkeys((1, 2, 4), here)


def test_dask_of_others_in_this_process_does_not_take_these_workers(tmp_path: Path, pair: Workers) -> None:
    from distributed import default_client

    plan = plan_of_sums(tmp_path, n_tiles=1)
    assert len(list(pair.run(plan, plan.tiles))) == 1
    with pytest.raises(ValueError, match="No clients found"):
        default_client()


def test_workers_are_other_processes_and_share_the_tiles(tmp_path: Path, pair: Workers) -> None:
    plan = plan_of_sums(tmp_path, n_together=N_WORKERS)
    assert len(list(pair.run(plan, plan.tiles))) == N_TILES

    processes = {mark.name.split("-")[2] for mark in tmp_path.iterdir()}
    assert str(os.getpid()) not in processes
    assert times_begun(tmp_path) == ONCE
    assert len(processes) == N_WORKERS


@pytest.mark.parametrize(("n_tiles_that_fit", "n_together"), [(1, 1), (1.5, 1), (2, 2), (8, 2)])
def test_tiles_under_way_stay_below_the_ceiling_and_the_number_of_workers(
    tmp_path: Path, pair: Workers, n_tiles_that_fit: float, n_together: int
) -> None:
    n_bytes = BYTES_PER_GIB
    plan = plan_of_sums(tmp_path, n_tiles=6, pause_s=0.15, n_bytes=n_bytes, n_together=n_together)
    pair._ceiling_bytes = round(n_tiles_that_fit * n_bytes)

    results = list(pair.run(plan, plan.tiles))

    assert sorted(tile.key for tile, _ in results) == [tile.key for tile in plan.tiles]
    assert most_at_once(tmp_path) == n_together


@pytest.mark.parametrize("kind", ["none", "local"])
def test_a_tile_above_the_ceiling_is_refused_before_any_is_begun(tmp_path: Path, kind: str) -> None:
    plan = replace(plan_of_sums(tmp_path, n_bytes=2 * BYTES_PER_GIB), smaller_by="lower features.terrain.block_px")
    workers = Workers(TileParameters(memory_ceiling_gib=1.5), ClusterParameters(kind=kind))

    with pytest.raises(ConfigError) as caught:
        workers.run(plan, plan.tiles)

    assert "2.00 GiB for tile tile_00" in str(caught.value)
    assert caught.value.expected == "1.5 GiB or less"
    assert "lower features.terrain.block_px" in str(caught.value)
    assert times_begun(tmp_path) == {}


def test_an_error_of_a_tile_is_the_same_from_a_worker_and_from_here(tmp_path: Path, pair: Workers) -> None:
    messages = []
    for name, workers in (("here", Workers()), ("worker", pair)):
        with pytest.raises(DatasetError) as caught:
            _saved(tmp_path / name, workers, reduce=damaged)
        assert isinstance(caught.value.__cause__, InputFileError)
        messages.append(str(caught.value.__cause__))

    assert messages[0] == messages[1]
    assert "tile_03.tif" in messages[0]
    assert _saved(tmp_path / "worker", pair) == _saved(tmp_path / "here", Workers())


def test_a_tile_whose_worker_dies_is_done_once_more(tmp_path: Path) -> None:
    with Workers(cluster=ClusterParameters(kind="local", n_workers=1)) as workers:
        found = _saved(tmp_path / "dies", workers, reduce=fatal_once)

    assert times_begun(tmp_path / "dies/marks") == {**ONCE, 3: 2}
    assert found == _saved(tmp_path / "none", Workers())


def test_a_tile_whose_worker_dies_twice_is_named_and_the_others_are_kept(tmp_path: Path) -> None:
    parameters = ClusterParameters(kind="local", n_workers=2)
    with Workers(cluster=parameters) as workers, pytest.raises(DatasetError) as caught:
        _saved(tmp_path / "dies", workers, reduce=fatal)

    error = caught.value.__cause__
    assert isinstance(error, RunStateError)
    assert error.got == "tile_03, 2 times"
    assert times_begun(tmp_path / "dies/marks")[3] == 2
    before = times_begun(tmp_path / "dies/marks")
    assert _saved(tmp_path / "dies", Workers()) == _saved(tmp_path / "none", Workers())
    assert times_begun(tmp_path / "dies/marks")[0] == before[0] == 1


def test_workers_that_are_not_opened_can_be_sent_to_the_processes_of_kedro(tmp_path: Path) -> None:
    dataset = TileResultsDataset(filepath=str(tmp_path / "moments"))
    dataset.workers = Workers(cluster=ClusterParameters(kind="local"))
    assert ForkingPickler.dumps(dataset)


def test_no_cluster_is_opened_for_nothing_to_do(tmp_path: Path) -> None:
    plan = plan_of_sums(tmp_path)
    with Workers(cluster=ClusterParameters(kind="address", address="tcp://192.0.2.1:1")) as workers:
        assert list(workers.run(plan, [])) == []


def test_a_scheduler_that_is_not_there_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("entropice.tiles.clusters.CONNECT_TIMEOUT_S", 1.0)
    plan = plan_of_sums(tmp_path)
    parameters = ClusterParameters(kind="address", address="tcp://127.0.0.1:9")
    with Workers(cluster=parameters) as workers, pytest.raises(RunStateError, match="No dask scheduler") as caught:
        workers.run(plan, plan.tiles)

    assert caught.value.got == "tcp://127.0.0.1:9"


def test_a_running_scheduler_does_the_tiles(tmp_path: Path) -> None:
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=1, threads_per_worker=1, dashboard_address=":0", processes=False, protocol="tcp"
    ) as running:
        parameters = ClusterParameters(kind="address", address=running.scheduler_address)
        with Workers(cluster=parameters) as workers:
            found = _saved(tmp_path / "address", workers)
        n_left = len(running.workers)

    assert found == _saved(tmp_path / "none", Workers())
    assert n_left == 1


def test_a_log_says_that_no_worker_has_joined_until_one_does(tmp_path: Path, monkeypatch, caplog) -> None:
    from distributed import LocalCluster

    monkeypatch.setattr("entropice.tiles.distribution.LOG_AFTER_S", 0.2)
    caplog.set_level("INFO")
    with LocalCluster(n_workers=0, dashboard_address=":0", processes=False, protocol="tcp") as running:
        Timer(1.5, running.scale, [1]).start()
        with Workers(cluster=ClusterParameters(kind="address", address=running.scheduler_address)) as workers:
            found = _saved(tmp_path / "address", workers)
    assert found == _saved(tmp_path / "none", Workers())
    assert "no worker has joined yet" in caplog.text


SBATCH = """#!/bin/sh
job="$(dirname "$0")/job-$$"
cp "$1" "$job"
bash "$job" >"$job.log" 2>&1 &
echo "Submitted batch job $!"
"""
SCANCEL = """#!/bin/sh
kill "$@" 2>/dev/null
"""


def test_jobs_of_slurm_do_the_tiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs are handed in and ended by commands of Slurm's names, which here start them on this machine."""
    for name, script in (("sbatch", SBATCH), ("scancel", SCANCEL)):
        command = tmp_path / "bin" / name
        command.parent.mkdir(exist_ok=True)
        command.write_text(script)
        command.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1] / "support"))
    slurm = {"memory_gib": 2.0, "walltime": "00:10:00", "interface": "lo"}
    parameters = ClusterParameters.model_validate({"kind": "slurm", "n_workers": 2, "slurm": slurm})
    with Workers(cluster=parameters) as workers:
        found = _saved(tmp_path / "slurm", workers)

    assert found == _saved(tmp_path / "none", Workers())


def test_slurm_is_refused_where_it_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    slurm = {"memory_gib": 2.0, "walltime": "00:10:00"}
    parameters = ClusterParameters.model_validate({"kind": "slurm", "slurm": slurm})
    plan = plan_of_sums(tmp_path)
    with Workers(cluster=parameters) as workers, pytest.raises(ConfigError, match="sbatch is not found"):
        workers.run(plan, plan.tiles)


@pytest.mark.parametrize(
    ("kind", "package", "install"),
    [
        ("local", "distributed", "pip install 'entropice[cluster]'"),
        ("slurm", "dask_jobqueue.slurm", "pip install 'entropice[cluster]'"),
        ("coiled", "coiled", "pip install coiled"),
    ],
)
def test_a_missing_package_is_refused_naming_what_to_install(
    kind: str, package: str, install: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.setattr("shutil.which", lambda name: name)
    slurm = {"memory_gib": 8.0, "walltime": "01:00:00"}
    plan = plan_of_sums(tmp_path)
    parameters = ClusterParameters.model_validate({"kind": kind, "slurm": slurm})
    with Workers(cluster=parameters) as workers, pytest.raises(ConfigError) as caught:
        workers.run(plan, plan.tiles)

    assert install in str(caught.value)
    assert times_begun(tmp_path) == {}
