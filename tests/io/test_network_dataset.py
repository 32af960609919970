"""A training job that is saved is carried out, and what was done before an interruption is not done again."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import torch
from kedro.io import DatasetError
from small_networks import OBJECTIVE, DrawnSamples, plan, small_network, validate

from entropice.errors import InputFileError
from entropice.io import NetworkDataset
from entropice.io.checksums import files_of
from entropice.networks.architecture import NetworkSpecification
from entropice.networks.export import FILE
from entropice.networks.job import TrainingJob
from entropice.networks.machine import Machine
from entropice.networks.tracking.registry import TRACKERS
from entropice.networks.tracking.tracking import Tracking

MADE_WITH = {"parameters": {"rate": 1}, "inputs": {"images": "abc"}, "code": {}, "libraries": {}}
SPECIFICATION = NetworkSpecification("unet", "tu-tf_efficientnet_lite0", ("red", "nir"), n_pixels=8)


@dataclass(frozen=True)
class SmallJob(TrainingJob):
    """A job of the small network, which notes the steps that are done and may be stopped."""

    stops_after: int | None = None
    done: list[tuple[int, int]] = field(default_factory=list)

    def network(self) -> torch.nn.Module:
        return small_network()

    def carried_out(self, state: Any) -> Any:
        for training in super().carried_out(state):
            self.done.append((training.epoch, training.step))
            yield training
            if len(self.done) == self.stops_after:
                raise OSError("the machine is switched off")


def _job(**changes: Any) -> SmallJob:
    job = SmallJob(SPECIFICATION, None, plan(), OBJECTIVE, DrawnSamples(), validate, Machine(), "statistics")
    return replace(job, **{"done": []} | changes)


def _dataset(folder: Path, made_with: dict[str, Any] | None = None) -> NetworkDataset:
    dataset = NetworkDataset(filepath=str(folder / "network"))
    dataset.fingerprint = MADE_WITH if made_with is None else made_with
    return dataset


def _content(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in files_of(folder)}


def test_a_saved_job_leaves_the_network_of_its_best_epoch_with_log_and_record(tmp_path: Path) -> None:
    dataset = _dataset(tmp_path)
    job = _job()

    dataset.save(job)
    trained = dataset.load()

    losses = [row["val_loss"] for row in trained.rows]
    assert [row["epoch"] for row in trained.rows] == [1, 2, 3]
    assert trained.record["best_epoch"] == 1 + losses.index(min(losses))
    assert trained.record["made_with"]["n_threads"] == 1
    assert trained.checkpoint.specification == SPECIFICATION
    assert sorted(_content(dataset.path)) == sorted(
        ["best_model.pth", "record.json", "training_log.csv", *(f"epochs/epoch-000{n}.safetensors" for n in (1, 2, 3))]
    )
    predicted = validate(
        lambda inputs: (
            torch.func.functional_call(
                small_network().eval(), dict(trained.checkpoint.weights), (torch.as_tensor(inputs),)
            )
            .detach()
            .numpy()
        ),
        0,
    )
    assert predicted["val_loss"] == pytest.approx(min(losses), abs=1e-6)
    assert not list(tmp_path.glob(".unfinished*"))


@pytest.mark.parametrize("stops_after", [1, 4, 6, 13])
def test_an_interrupted_job_goes_on_from_the_last_epoch_and_ends_bit_for_bit_alike(
    tmp_path: Path, stops_after: int
) -> None:
    whole, stopped = _dataset(tmp_path / "whole"), _dataset(tmp_path / "stopped")
    whole.save(_job())

    with pytest.raises(DatasetError, match="switched off"):
        stopped.save(_job(stops_after=stops_after))
    again = _job()
    stopped.save(again)

    n_steps = len(_job_steps())
    n_kept = max(n for n in (0, 4, 9, 13) if n <= stops_after)
    assert len(again.done) == n_steps - n_kept
    assert _content(stopped.path) == _content(whole.path)


def _job_steps() -> list[tuple[int, int]]:
    job = _job()
    return [(epoch, step) for epoch in range(3) for step in range(len(job.plan.steps(epoch)))]


@dataclass
class Kept:
    """What trackers were told: rows at each time, and files at the end."""

    told: list[list[float]] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)

    def log(self, rows: Any) -> None:
        self.told.append([row["epoch"] for row in rows])

    def finish(self, rows: Any, files: Any) -> None:
        self.log(rows)
        self.files = {file.name: file.read_text(errors="replace") for file in files}


@pytest.mark.parametrize("stops_after", [3, 4, 11])
def test_trackers_are_told_of_epochs_whose_state_is_kept(
    tmp_path: Path, stops_after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, opened = Kept(), []
    kind = replace(TRACKERS[0], open=lambda run, where: opened.append(run.identity) or kept)
    monkeypatch.setattr("entropice.networks.tracking.tracking.TRACKERS", (kind,))
    tracking = Tracking({kind.name: "runs"}, documents={"config.yaml": "seed: 1\n"})
    with pytest.raises(DatasetError, match="switched off"):
        _dataset(tmp_path).save(_job(stops_after=stops_after, tracking=tracking))

    _dataset(tmp_path).save(_job(tracking=tracking))

    n_done = sum(n <= stops_after for n in (4, 9))
    before = [[1.0], [1.0, 2.0]][:n_done]
    assert kept.told[-1] == [1.0, 2.0, 3.0]
    assert kept.told[: len(before)] == before
    assert len(set(opened)) == 1
    assert sorted(kept.files) == ["best_model.pth", "config.yaml", "record.json", "training_log.csv"]
    assert kept.files["config.yaml"] == "seed: 1\n"


def test_what_was_made_with_anything_else_is_not_gone_on_with(tmp_path: Path) -> None:
    with pytest.raises(DatasetError):
        _dataset(tmp_path).save(_job(stops_after=10))
    again = _job()

    _dataset(tmp_path, MADE_WITH | {"parameters": {"rate": 2}}).save(again)

    assert len(again.done) == len(_job_steps())


def test_starting_over_begins_anew(tmp_path: Path) -> None:
    with pytest.raises(DatasetError):
        _dataset(tmp_path).save(_job(stops_after=10))
    again, dataset = _job(), _dataset(tmp_path)
    dataset.starts_over = True

    dataset.save(again)

    assert len(again.done) == len(_job_steps())


def test_a_damaged_network_is_refused(tmp_path: Path) -> None:
    dataset = _dataset(tmp_path)
    dataset.save(_job())
    (dataset.path / FILE).write_bytes((dataset.path / FILE).read_bytes()[:-100])

    with pytest.raises(DatasetError) as refused:
        dataset.load()

    assert isinstance(refused.value.__cause__, InputFileError)
