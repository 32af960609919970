"""Steps of a run keep to its limits."""

from types import SimpleNamespace

import pytest
from kedro.io import DataCatalog
from kedro.pipeline import Pipeline

from entropice.app.runner import IncrementalRunner
from entropice.errors import ConfigError, RunStateError
from entropice.incremental import scheduler
from entropice.processes import side_by_side
from entropice.tiles.parameters import ClusterParameters, TileParameters


def test_tasks_of_a_step_keep_to_the_ceiling_of_the_run(monkeypatch):
    parameters = SimpleNamespace(tiles=TileParameters(memory_ceiling_gib=0.5), cluster=ClusterParameters(), force=True)
    context = SimpleNamespace(parameters=parameters, incremental_state=None)
    monkeypatch.setattr(scheduler, "run_recorded", lambda run, _, pipeline, *__: run(pipeline))
    done = []

    def step(*_):
        done.extend(side_by_side(abs, [-1], "tasks", n_bytes=2**29))
        side_by_side(abs, [-2], "tasks", n_bytes=2**29 + 1)

    runner = IncrementalRunner(SimpleNamespace(run=step), lambda: context)
    with pytest.raises(ConfigError) as caught:
        runner._run_changed(Pipeline([]), DataCatalog(), None, None)

    assert done == [1]
    assert (caught.value.field, caught.value.got) == ("tiles.memory_ceiling_gib", "0.5")


def test_tasks_of_a_step_go_to_the_workers_of_the_run(monkeypatch):
    monkeypatch.setattr("entropice.tiles.clusters.CONNECT_TIMEOUT_S", 0.5)
    monkeypatch.setattr(scheduler, "run_recorded", lambda run, _, pipeline, *__: run(pipeline))
    nobody = ClusterParameters(kind="address", address="tcp://127.0.0.1:9")
    context = SimpleNamespace(
        parameters=SimpleNamespace(tiles=TileParameters(), cluster=nobody, force=True), incremental_state=None
    )
    runner = IncrementalRunner(SimpleNamespace(run=lambda *_: side_by_side(abs, [-1], "tasks")), lambda: context)
    with pytest.raises(RunStateError) as caught:
        runner._run_changed(Pipeline([]), DataCatalog(), None, None)

    assert caught.value.got == "tcp://127.0.0.1:9"
    assert side_by_side(abs, [-2], "tasks") == [2]
