"""Runs in a store of MLflow: a folder, or a server."""

import os
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from entropice.networks.log import Row
from entropice.networks.tracking.tracker import TrackedRun, measured

IDENTITY: Final = "entropice.identity"
"""The tag by which a training that goes on finds its run."""


class MlflowRun:
    """One run of MLflow.

    Epochs are added as they are completed. What a kill has left of an epoch is completed: a measure that has a value
    at an epoch is not given another one.

    Parameters
    ----------
    where
        A folder, or the address of a server.
    """

    def __init__(self, run: TrackedRun, where: str) -> None:
        os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
        # else MLflow 3 refuses folders: databases, which it prefers, need its large package
        os.environ.setdefault("MLFLOW_ALLOW_FILE_STORE", "true")
        self._entities: Any = import_module("mlflow.entities")
        client: Any = import_module("mlflow.tracking").MlflowClient(tracking_uri=_uri(where))
        self._client, self._id = client, _run_id(client, run)
        known = client.get_run(self._id).data
        self._steps = {name: _steps(client, self._id, name) for name in known.metrics}
        missing = {name: value for name, value in run.parameters.items() if name not in known.params}
        parameters = [self._entities.Param(name, value) for name, value in missing.items()]
        client.log_batch(self._id, params=parameters)

    def log(self, rows: Sequence[Row]) -> None:
        """Add those epochs that are not there yet.

        Epochs are looked at measure by measure; those that are not defined are left out. Metrics have the epoch as
        step.
        """
        at_ms = int(time.time() * 1000)
        new = [
            (name, value, int(row["epoch"]))
            for row in rows
            for name, value in measured(row).items()
            if int(row["epoch"]) not in self._steps.get(name, ())
        ]
        metrics = [self._entities.Metric(name, value, at_ms, epoch) for name, value, epoch in new]
        self._client.log_batch(self._id, metrics=metrics)
        for name, _, epoch in new:
            self._steps.setdefault(name, set()).add(epoch)

    def finish(self, rows: Sequence[Row], files: Sequence[Path]) -> None:
        """Add what is left of the log, and files; close the run.

        Files are copied to the run's artifacts under their names; the run is marked as finished.
        """
        self.log(rows)
        for file in files:
            self._client.log_artifact(self._id, str(file))
        self._client.set_terminated(self._id)


def _uri(where: str) -> str:
    return where if "://" in where else Path(where).resolve().as_uri()


def _run_id(client: Any, run: TrackedRun) -> str:
    """The run of this identity, or a new one."""
    experiment = client.get_experiment_by_name(run.experiment)
    number = client.create_experiment(run.experiment) if experiment is None else experiment.experiment_id
    found = client.search_runs([number], filter_string=f"tags.`{IDENTITY}` = '{run.identity}'", max_results=1)
    if found:
        return str(found[0].info.run_id)
    created = client.create_run(number, tags={IDENTITY: run.identity}, run_name=run.identity[:12])
    return str(created.info.run_id)


def _steps(client: Any, run_id: str, name: str) -> set[int]:
    return {metric.step for metric in client.get_metric_history(run_id, name)}
