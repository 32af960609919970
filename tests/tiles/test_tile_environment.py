"""`kedro run --env cluster`: the same nodes and bytes, done by workers."""

import re
import shutil
import subprocess
import time
from pathlib import Path
from subprocess import PIPE

import pytest
from project_copy import copy_project, kedro, kedro_command, kedro_environment

from entropice.app.signals import ADVICE

AGAIN = ("terrain_", "embedding_", "features.zarr")
"""Beginnings of the names of what is made again."""

FITTED = ("out_of_fold", "fold_classes", "map_model", "doubts_model", "drivers")
KILLED_AFTER_S = 4.0
"""Time after which some fits out of fold are finished, and not all."""


@pytest.fixture(scope="module")
def project(finished_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy whose environment `cluster` is the small world, finished but for its tiles."""
    copy = _without_tiles(finished_project, tmp_path_factory.mktemp("cluster") / "project")
    shutil.copytree(copy / "conf/test", copy / "conf/cluster", dirs_exist_ok=True)
    return copy


def test_workers_give_the_features_that_one_process_gives(project: Path, finished_project: Path) -> None:
    result = kedro(project, "run", "--env", "cluster", "--pipelines", "features")

    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
    assert "waiting for the first worker" in result.stdout
    here, there = (_records(folder) for folder in (project, finished_project))
    assert {"features.zarr", "terrain_moments", "embedding_moments"} <= here.keys()
    assert here == there


def test_who_works_makes_nothing_stale(project: Path) -> None:
    result = kedro(project, "run", "--env", "test", "--pipelines", "features", "--params", "cluster.kind=none")

    assert result.returncode == 0, result.stderr[-3000:]
    up_to_date, all_steps = re.search(r"(\d+) of (\d+) steps are up to date", result.stdout).groups()
    assert up_to_date == all_steps


def test_no_workers_are_started_where_nothing_is_to_be_done(project: Path) -> None:
    result = kedro(project, "run", "--env", "cluster", "--pipelines", "features")

    assert result.returncode == 0, result.stderr[-3000:]
    assert "worker" not in result.stdout


def test_a_run_that_is_asked_to_end_goes_on_with_the_tiles_that_are_left(
    finished_project: Path, tmp_path: Path
) -> None:
    project = _without_tiles(finished_project, tmp_path / "project")
    command = kedro_command("run", "--env", "test", "--pipelines", "features")
    run = subprocess.Popen(command, cwd=project, env=kedro_environment(), stdout=PIPE, stderr=PIPE, text=True)
    while run.poll() is None and not list(project.glob("data/test/h3_4/*/.unfinished-*/*.npz")):
        time.sleep(0.005)
    run.terminate()
    _, message = run.communicate()

    assert run.returncode == 143, message
    assert ADVICE in message
    result = kedro(project, "run", "--env", "test", "--pipelines", "features")
    assert result.returncode == 0, result.stderr[-3000:]
    assert re.search(r"tiles, of which \d+ were done before", result.stdout)
    assert _records(project) == _records(finished_project)
    assert list(project.rglob(".unfinished-*")) == []


@pytest.mark.slow
def test_workers_give_the_models_that_one_process_gives_and_after_a_kill_too(
    finished_project: Path, tmp_path: Path
) -> None:
    project = _without(FITTED, finished_project, tmp_path / "project")
    workers = ("run", "--env", "test", "--pipelines", "modelling", "--params", "cluster.kind=local,cluster.n_workers=2")
    run = subprocess.Popen(kedro_command(*workers), cwd=project, env=kedro_environment(), stdout=PIPE, text=True)
    while "out-of-fold predictions: waiting" not in run.stdout.readline():
        assert run.poll() is None
    time.sleep(KILLED_AFTER_S)
    run.kill()
    run.communicate()
    assert not list((project / "data/test/h3_4").rglob("out_of_fold.parquet"))

    result = kedro(project, *workers)

    assert result.returncode == 0, result.stderr[-3000:]
    for what in ("out-of-fold predictions", "spread of the map", "null of the drivers"):
        assert f"{what}: waiting for the first worker" in result.stdout
    assert _records(project) == _records(finished_project)


def _without_tiles(finished: Path, target: Path) -> Path:
    """A copy of a finished project in which the results of tiles, and what was made of them, have yet to be made."""
    return _without(AGAIN, finished, target)


def _without(names: tuple[str, ...], finished: Path, target: Path) -> Path:
    """A copy of a finished project without what has these beginnings of names."""
    project = copy_project(finished, target)
    shutil.copytree(finished / "data/test", project / "data/test")
    for made in [item for name in names for item in (project / "data/test/h3_4").glob(f"*/{name}*")]:
        shutil.rmtree(made) if made.is_dir() else made.unlink()
    return project


def _records(folder: Path) -> dict[str, str]:
    return {record.stem: record.read_text() for record in (folder / "data/test/h3_4").rglob("*.sha256")}
