"""What a training that is finished leaves: the weights that are handed on, and its record."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from entropice.networks.averaging import uniform_soup
from entropice.networks.job import TrainingJob
from entropice.networks.log import Row, best_epoch
from entropice.networks.state import without_nan
from entropice.networks.tensor_files import Tensors
from entropice.networks.training import made_with

Averages = Callable[[int], Tensors]
"""Averaged weights of an epoch that is kept, from 1 on."""


@dataclass(frozen=True)
class Outcome:
    """Weights that are handed on, and what they were trained with as plain JSON values.

    The record tells ``best_epoch``, ``soup`` (``epochs`` and what validation measures of their mean; null where the
    best epoch is handed on), ``kept_epochs`` (each with ``n_steps``, those done by its end, and its row of the log; the
    best one is among them), ``encoder_weights``, ``begun_from`` (the file, the word before its names, how many tensors
    were taken and left out; null for none), ``made_with`` and ``n_steps`` of the whole training. What is not defined is
    null.
    """

    weights: Tensors
    record: dict[str, Any]


def outcome_of(job: TrainingJob, rows: Sequence[Row], averages: Averages) -> Outcome:
    """What is left of a training with this log.

    Weights are those of the mean of the soup's epochs, which is validated here, where the plan has a soup; else of the
    best epoch, or of the last one where the measure has never been defined.

    Parameters
    ----------
    rows
        The whole log, an epoch each from 1 on; at least one.
    averages
        Asked for the epochs that are handed on alone.

    Raises
    ------
    ConfigError
        An epoch of the plan has no batch, or one that cannot be cut into equal parts.
    InputFileError
        The file that training began from is no longer readable.
    """
    best = best_epoch(rows, job.plan.stopping)
    n_steps = list(accumulate(len(job.plan.steps(epoch)) for epoch in range(len(rows))))
    soup = _souped(job, len(rows), averages) if job.plan.soup_epochs else None
    record = {
        "best_epoch": best,
        "soup": None if soup is None else soup.record,
        "kept_epochs": [
            {"n_steps": n_steps[epoch - 1], **without_nan(rows[epoch - 1])}
            for epoch in sorted(job.plan.kept_epochs(rows))
        ],
        "encoder_weights": job.encoder_weights,
        "begun_from": None if job.begun is None else job.begun.record(job.begun_from),
        "made_with": made_with(job.plan, job.machine),
        "n_steps": n_steps[-1],
    }
    return Outcome(averages(best or len(rows)) if soup is None else soup.weights, record)


def _souped(job: TrainingJob, n_epochs: int, averages: Averages) -> Outcome:
    weights = uniform_soup([averages(epoch) for epoch in job.plan.soup_epochs])
    measures = without_nan(job.validated(weights, n_epochs))
    return Outcome(weights, {"epochs": list(job.plan.soup_epochs), **measures})
