"""A training job that is saved is carried out, and what was done before an interruption is not done again."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import torch
from kedro.io import DatasetError
from small_networks import OBJECTIVE, DrawnSamples, plan, small_network, validate

from entropice.errors import InputFileError, RunStateError
from entropice.io import NetworkDataset
from entropice.io.checksums import files_of
from entropice.networks.architecture import NetworkSpecification
from entropice.networks.export import FILE
from entropice.networks.inference import predictor
from entropice.networks.job import TrainingJob
from entropice.networks.machine import Machine
from entropice.networks.schedules import Schedule
from entropice.networks.tensor_files import from_bytes
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


SOUP = {"schedule": Schedule(4, 1e-2, warmup_epochs=1, frozen_epochs=0, restarts=(2,)), "soup_epochs": (1, 3)}


def test_a_soup_is_the_mean_of_its_epochs_and_the_record_tells_of_what(tmp_path: Path) -> None:
    dataset, job = _dataset(tmp_path), _job(plan=plan(**SOUP))
    dataset.save(job)
    trained = dataset.load()

    files = {epoch: (dataset.path / f"epochs/epoch-000{epoch}.safetensors").read_bytes() for epoch in (1, 2, 3, 4)}
    members = [from_bytes(files[epoch], "") for epoch in (1, 3)]
    for name, value in trained.checkpoint.weights.items():
        torch.testing.assert_close(value, (members[0][name] + members[1][name]) / 2)
    kept = {row["epoch"]: row for row in trained.record["kept_epochs"]}
    assert {epoch: row["n_steps"] for epoch, row in kept.items()} == {1: 4, 2: 9, 3: 13, 4: 18}
    assert [row["val_loss"] for row in kept.values()] == [row["val_loss"] for row in trained.rows]
    assert trained.record["n_steps"] == 18
    assert trained.record["best_epoch"] in kept
    soup = trained.record["soup"]
    assert soup["epochs"] == [1, 3]
    predict = predictor(small_network(), trained.checkpoint.weights, Machine())
    assert soup["val_loss"] == pytest.approx(validate(predict, 4)["val_loss"], rel=1e-6)


@pytest.mark.parametrize("stops_after", [5, 11, 16])
def test_an_interrupted_soup_ends_bit_for_bit_alike(tmp_path: Path, stops_after: int) -> None:
    whole, stopped = _dataset(tmp_path / "whole"), _dataset(tmp_path / "stopped")
    whole.save(_job(plan=plan(**SOUP)))
    with pytest.raises(DatasetError, match="switched off"):
        stopped.save(_job(plan=plan(**SOUP), stops_after=stops_after))

    stopped.save(_job(plan=plan(**SOUP)))

    assert _content(stopped.path) == _content(whole.path)


def test_epochs_of_a_soup_outlive_those_that_are_kept_for_a_while(tmp_path: Path) -> None:
    dataset = _dataset(tmp_path)
    schedule = Schedule(7, 1e-2, warmup_epochs=0, frozen_epochs=0)
    dataset.save(_job(plan=plan(schedule=schedule, soup_epochs=(2, 5))))

    trained = dataset.load()
    usual = {5, 6, 7, trained.record["best_epoch"]}
    assert [row["epoch"] for row in trained.record["kept_epochs"]] == sorted(usual | {2})
    assert len([*(dataset.path / "epochs").iterdir()]) == len(usual | {2})


def test_without_a_soup_the_record_names_none(tmp_path: Path) -> None:
    dataset = _dataset(tmp_path)
    dataset.save(_job())
    assert dataset.load().record["soup"] is None


def test_a_full_disk_is_said_and_the_training_goes_on_from_the_last_state(tmp_path: Path, monkeypatch) -> None:
    from entropice.io.checkpoints import Checkpoints

    keep = Checkpoints.keep

    def keep_until_full(self: Checkpoints, key: str, arrays: dict) -> None:
        if key == "epoch-0002":
            raise OSError(28, "No space left on device")
        keep(self, key, arrays)

    monkeypatch.setattr(Checkpoints, "keep", keep_until_full)
    with pytest.raises(DatasetError) as caught:
        _dataset(tmp_path).save(_job())
    monkeypatch.undo()

    error = caught.value.__cause__
    assert isinstance(error, RunStateError)
    assert error.got == "No space left on device"
    resumed = _job()
    _dataset(tmp_path).save(resumed)
    assert len(resumed.done) == len(_job_steps()) - 4
