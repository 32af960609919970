"""Trackers: an interrupted training is one run, and each of its epochs is there once; checked against the real ones."""

import json
import math
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from entropice.errors import ConfigError
from entropice.networks.tracking.registry import TRACKERS
from entropice.networks.tracking.tracker import TrackedRun
from entropice.networks.tracking.tracking import Tracking

RUN = TrackedRun("ab" * 32, "rts-segmentation-v2", {"architecture": "unet", "batch_size": "8"})
ROWS = [
    {"epoch": 1.0, "train_loss": 0.5, "val_pr_auc": math.nan},
    {"epoch": 2.0, "train_loss": 0.4, "val_pr_auc": 0.1},
    {"epoch": 3.0, "train_loss": 0.3},
]
KINDS = {kind.name: kind for kind in TRACKERS}


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    for name in ("training_log.csv", "config.yaml"):
        (tmp_path / name).write_text(name)
    return [tmp_path / "training_log.csv", tmp_path / "config.yaml"]


@pytest.mark.parametrize("kind", TRACKERS, ids=lambda kind: kind.name)
def test_a_package_that_is_not_there_is_named_with_its_extra(kind, monkeypatch):
    monkeypatch.setattr("entropice.networks.tracking.tracker.find_spec", lambda module: None)
    with pytest.raises(ConfigError, match=rf"(?s)tracking\.{kind.name}.*pip install .entropice\[{kind.name}\]"):
        kind.require_installed("runs")


def test_without_a_place_nothing_is_opened_or_imported():
    assert Tracking().opened({"code": "a"}) == []


def test_equal_trainings_are_one_run_and_others_are_others(monkeypatch):
    opened = []
    kind = TRACKERS[0]
    fake = type(kind)(kind.name, kind.title, kind.where, kind.module, lambda run, where: opened.append((run, where)))
    monkeypatch.setattr("entropice.networks.tracking.tracking.TRACKERS", (fake,))
    for noted, made_with in (({"seed": "1"}, "a"), ({"seed": "1"}, "a"), ({"seed": "2"}, "a"), ({"seed": "1"}, "b")):
        Tracking({kind.name: "runs"}, "mine", noted).opened({"code": made_with})

    first, again, *others = [run.identity for run, _ in opened]
    assert first == again
    assert len({first, *others}) == 3
    assert opened[0][1] == "runs"
    assert opened[0][0].experiment == "mine"


@pytest.mark.slow
def test_mlflow_keeps_each_epoch_once_however_often_training_goes_on(tmp_path, files):
    mlflow = pytest.importorskip("mlflow", reason="the extra mlflow is not installed")
    folder = str(tmp_path / "store")
    KINDS["mlflow"].open(RUN, folder).log(ROWS[:1])
    again = KINDS["mlflow"].open(RUN, folder)
    again.log(ROWS[:2])
    again.log(ROWS)
    KINDS["mlflow"].open(RUN, folder).finish(ROWS, files)
    KINDS["mlflow"].open(RUN, folder).finish(ROWS, files)

    client = mlflow.tracking.MlflowClient(tracking_uri=(tmp_path / "store").as_uri())
    experiment = client.get_experiment_by_name("rts-segmentation-v2")
    (run,) = client.search_runs([experiment.experiment_id])
    history = {
        name: [(point.step, point.value) for point in client.get_metric_history(run.info.run_id, name)]
        for name in ("train_loss", "val_pr_auc")
    }
    assert history == {"train_loss": [(1, 0.5), (2, 0.4), (3, 0.3)], "val_pr_auc": [(2, 0.1)]}
    assert run.data.params == RUN.parameters
    assert run.info.status == "FINISHED"
    assert {item.path for item in client.list_artifacts(run.info.run_id)} == {file.name for file in files}


@pytest.mark.slow
def test_wandb_keeps_each_epoch_once_however_often_training_goes_on(tmp_path, files):
    pytest.importorskip("wandb", reason="the extra wandb is not installed")
    folder = tmp_path / "runs"
    KINDS["wandb"].open(RUN, str(folder)).log(ROWS[:1])
    KINDS["wandb"].open(RUN, str(folder)).finish(ROWS, files)
    KINDS["wandb"].open(RUN, str(folder)).finish(ROWS, files)

    (run,) = folder.iterdir()
    assert run.name == f"offline-run-{'ab' * 16}"
    assert [(run / "files" / file.name).read_text() for file in files] == [file.name for file in files]
    assert not any((run / "files" / file.name).is_symlink() for file in files)
    (log,) = run.glob("*.wandb")
    records = list(_records(log.read_bytes()))
    (begun,) = [record.run for record in records if record.WhichOneof("record_type") == "run"]
    assert begun.project == "rts-segmentation-v2"
    noted = {item.key: json.loads(item.value_json) for item in begun.config.update}
    assert RUN.parameters.items() <= noted.items()
    epochs = [
        {
            item.nested_key[0] if item.nested_key else item.key: json.loads(item.value_json)
            for item in record.history.item
        }
        for record in records
        if record.WhichOneof("record_type") == "history"
    ]
    logged = [(each["_step"], each["train_loss"], each.get("val_pr_auc")) for each in epochs]
    assert logged == [(1, 0.5, None), (2, 0.4, 0.1), (3, 0.3, None)]


def _records(content: bytes) -> Iterator[object]:
    """Records of a run's log: blocks of 32 KiB, in which each part has a checksum, a length and how it goes on."""
    from wandb.proto import wandb_internal_pb2

    place, parts = 7, b""
    while place + 7 <= len(content):
        left = 32768 - place % 32768
        if left < 7:
            place += left
            continue
        _, length, kind = struct.unpack("<IHB", content[place : place + 7])
        parts += content[place + 7 : place + 7 + length]
        place += 7 + length
        if kind in (1, 4):
            record = wandb_internal_pb2.Record()
            record.ParseFromString(parts)
            parts = b""
            yield record
