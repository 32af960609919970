"""Training as a plan carried out step by step.

Every step is a pure function of the state before it: batches and augmentation follow from the keys and the epoch,
dropout from the plan's seed and the step, rates from how far training is. So training that was interrupted after any
step goes on bit for bit, at an equal number of threads.
"""

from collections.abc import Iterator
from itertools import islice

from torch import nn

from entropice.networks.batches import Batch, Loader, Request, batches_of
from entropice.networks.machine import Machine, computing
from entropice.networks.objective import Objective
from entropice.networks.plan import Plan
from entropice.networks.several_processes import own_parts
from entropice.networks.state import TrainingState
from entropice.networks.training_steps import Training, Validate, made_with

__all__ = ["Training", "Validate", "carry_out", "made_with"]


def carry_out(
    plan: Plan,
    network: nn.Module,
    objective: Objective,
    loader: Loader,
    validate: Validate,
    machine: Machine,
    state: TrainingState | None = None,
) -> Iterator[Training]:
    """Carry a plan out from a state on, or from its beginning, and give it after every step.

    Whoever takes the steps decides after which ones `Training.state` is written, and where. The last step of an epoch
    includes its validation. Between two steps torch is set as the caller has it.

    The same object is given each time, moved on by a step; its network is the given one and is changed in place. Of a
    plan that is finished nothing is given.

    Raises
    ------
    ConfigError
        The plan cannot be carried out: batches that cannot be cut, a measure that validation does not give.
    RunStateError
        The state is not of this plan and machine, or training diverges.
    """
    training = Training(plan, network, objective, machine, state)
    # One reader for all epochs: workers read the next epoch's batches while this one is validated.
    batches = batches_of(loader, _requests(plan, training.epoch, training.step), machine)
    while not training.is_finished:
        yield from _epoch(training, batches, validate)


def _epoch(training: Training, batches: Iterator[Batch], validate: Validate) -> Iterator[Training]:
    """The steps that are left of an epoch; the last one completes it."""
    n_steps, n_parts = len(training.plan.steps(training.epoch)), len(own_parts(training.plan.n_parts))
    for _ in range(training.step, n_steps):
        with computing(training.machine):
            training.advance(list(islice(batches, n_parts)), n_steps)
            if training.step == n_steps:
                training.complete_epoch(validate)
        yield training


def _requests(plan: Plan, epoch: int, step: int) -> Iterator[Request]:
    """What this process loads, from a step of an epoch to the end of the plan."""
    for at in range(epoch, plan.n_epochs):
        for keys in plan.steps(at)[step if at == epoch else 0 :]:
            parts = plan.parts(keys)
            yield from ((at, parts[number]) for number in own_parts(plan.n_parts))
