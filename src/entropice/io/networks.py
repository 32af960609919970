"""Trained networks; saving a training job carries it out."""

import csv
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from entropice.errors import RunStateError
from entropice.io.checkpoints import Checkpoints
from entropice.io.previews import DescriptionPreview
from entropice.io.resumable import ResumableDataset

if TYPE_CHECKING:
    from entropice.networks.export import Checkpoint
    from entropice.networks.job import TrainingJob
    from entropice.networks.log import Row
    from entropice.networks.state import TrainingState
    from entropice.networks.tensor_files import Tensors

LOG: Final = "training_log.csv"
RECORD: Final = "record.json"
EPOCHS: Final = "epochs"
SECONDS_BETWEEN_STATES: Final = 30.0
"""What a kill loses at most, beside the epoch's last state; the results don't depend on it."""


@dataclass(frozen=True)
class TrainedNetwork:
    """A network that has learned.

    Attributes
    ----------
    path
        File of its weights.
    checkpoint
        The averaged weights of its best epoch, or the mean of those of several, and what they are of.
    rows
        The log, a row an epoch.
    record
        What it was trained with, and which epochs are kept: that of `entropice.networks.outcome.Outcome`.
    """

    path: Path
    checkpoint: "Checkpoint"
    rows: Sequence["Row"]
    record: Mapping[str, Any]

    def average(self, epoch: int) -> "Tensors":
        """Averaged weights of an epoch, from 1 on.

        Raises
        ------
        InputFileError
            They were not kept, or their file is damaged.
        """
        from entropice.networks.tensor_files import read_tensors

        return read_tensors(self.path.parent / EPOCHS / f"{_average_name(epoch)}.safetensors")


class NetworkDataset(DescriptionPreview, ResumableDataset["TrainingJob", TrainedNetwork]):
    """A folder with the network that is handed on, the averaged weights of epochs that are kept, and the log.

    Handed on are the averaged weights of the best epoch, or the mean of those of the epochs that the plan names.

    While it is trained, a state is kept after every epoch and each half minute, so that an interrupted training goes
    on where it was, bit for bit.
    """

    def carry_out(self, data: "TrainingJob", unfinished: Checkpoints) -> None:
        """Train from the last state that was kept; trackers are told of epochs whose state is.

        `data` is the job; `unfinished` holds the states that an interrupted one has kept.

        Raises
        ------
        RunStateError
            The disk is full, or the folder cannot be written; the states that were kept before still stand.
        """
        kept_s, trackers = time.monotonic(), data.tracking.opened(self.fingerprint)
        for training in data.carried_out(_last_state(unfinished.finished())):
            if training.is_epoch_complete or time.monotonic() - kept_s > SECONDS_BETWEEN_STATES:
                with _told_where_unwritable(self.path):
                    _keep(training.state(), data, unfinished)
                kept_s = time.monotonic()
            if training.is_epoch_complete:
                for tracker in trackers:
                    tracker.log(training.rows)

    def gather(self, data: "TrainingJob", finished: Checkpoints, path: Path) -> None:
        """Weights, log and record into an empty folder.

        ``best_model.pth``, ``epochs/epoch-<number>.safetensors`` (four digits) of the epochs that are kept,
        ``training_log.csv`` with a row an epoch, and ``record.json``. Trackers are told of the finished files.

        Raises
        ------
        RuntimeError
            No state was kept: the job has no steps.
        """
        from entropice.networks.export import FILE, Checkpoint, checkpoint_to_bytes, versions
        from entropice.networks.outcome import outcome_of
        from entropice.networks.tensor_files import from_bytes

        parts = finished.finished()
        state = _last_state(parts)
        if state is None:
            raise RuntimeError("A job of no steps leaves no network.")

        def average(epoch: int) -> bytes:
            return _files(parts[_average_name(epoch)])["average"]

        outcome = outcome_of(data, state.rows, lambda epoch: from_bytes(average(epoch), str(path)))
        checkpoint = Checkpoint(data.specification, data.statistics_sha256, outcome.weights, versions())
        (path / FILE).write_bytes(checkpoint_to_bytes(checkpoint))
        (path / EPOCHS).mkdir()
        for epoch in data.plan.kept_epochs(state.rows):
            (path / EPOCHS / f"{_average_name(epoch)}.safetensors").write_bytes(average(epoch))
        (path / RECORD).write_text(json.dumps(outcome.record, indent=1, allow_nan=False) + "\n", encoding="utf-8")
        _write_log(state.rows, path / LOG)
        trackers = data.tracking.opened(self.fingerprint)
        data.tracking.finish(trackers, state.rows, [path / name for name in (FILE, LOG, RECORD)])

    def read(self, path: Path) -> TrainedNetwork:
        """The network, whose weights are read and checked, with its log and record.

        A row of the log is a dict by column; what has no value in an epoch is absent.

        Raises
        ------
        InputFileError
            The file of the weights is damaged, or reading it would run code.
        ModelFileError
            It has no record of what its weights are, or a layout that this version does not know.
        """
        from entropice.networks.export import FILE, read_checkpoint

        record = json.loads((path / RECORD).read_text(encoding="utf-8"))
        return TrainedNetwork(path / FILE, read_checkpoint(path / FILE), _read_log(path / LOG), record)


@contextmanager
def _told_where_unwritable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise RunStateError(
            "A state of the training could not be written.",
            path=path,
            got=error.strerror or str(error),
            fix="make room or give write permission, then run again: it goes on from the last state that was kept",
        ) from error


def _keep(state: "TrainingState", job: "TrainingJob", unfinished: Checkpoints) -> None:
    """Keep where training stands, and an epoch's average; earlier states, and averages that are not kept, go."""
    from entropice.networks.state import state_to_files
    from entropice.networks.tensor_files import to_bytes

    if state.step == 0:
        unfinished.keep(_average_name(state.epoch), _arrays({"average": to_bytes(state.average)}))
    name = f"state-{state.name}"
    unfinished.keep(name, _arrays(state_to_files(state)))
    unfinished.discard_others({name, *map(_average_name, job.plan.kept_epochs(state.rows))})


def _last_state(parts: Mapping[str, Path]) -> "TrainingState | None":
    from entropice.networks.state import state_from_files

    states = {name: file for name, file in parts.items() if name.startswith("state-")}
    last = max(states, default=None)
    return None if last is None else state_from_files(_files(states[last]), str(states[last]))


def _average_name(epoch: int) -> str:
    return f"epoch-{epoch:04d}"


def _arrays(files: Mapping[str, bytes]) -> dict[str, Any]:
    import numpy as np

    return {name: np.frombuffer(content, dtype=np.uint8) for name, content in files.items()}


def _files(archive: Path) -> dict[str, bytes]:
    import numpy as np

    with np.load(archive, allow_pickle=False) as parts:
        return {name: parts[name].tobytes() for name in parts.files}


def _write_log(rows: "Sequence[Row]", path: Path) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _read_log(path: Path) -> "list[Row]":
    with path.open(newline="", encoding="utf-8") as file:
        return [{name: float(value) for name, value in row.items() if value} for row in csv.DictReader(file)]
