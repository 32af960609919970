"""One step of training after another, each a pure function of the state before it.

Batches come from outside; what dropout leaves out follows from the plan's seed and the step, rates from how far it is.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from entropice.errors import RunStateError
from entropice.networks.averaging import decay_at, move_average
from entropice.networks.batches import Batch
from entropice.networks.inference import Predictor, predictor
from entropice.networks.log import Row, require_metric
from entropice.networks.machine import Machine
from entropice.networks.objective import Objective, judged
from entropice.networks.parameter_groups import (
    ENCODER,
    fixed_modules,
    optimiser_groups,
    parameter_groups,
    require_encoder,
)
from entropice.networks.plan import Plan
from entropice.networks.plateaus import n_falls
from entropice.networks.schedules import is_frozen, rate_at
from entropice.networks.several_processes import add_up, own_parts, rank_and_size, told_by_first
from entropice.networks.state import TrainingState, require_same
from entropice.networks.tensor_files import Tensors

Validate = Callable[[Predictor, int], Mapping[str, float]]
"""Measures by name, of a predictor with the averaged weights after an epoch (from 1 on)."""


class Training:
    """A plan between two steps.

    Parameters
    ----------
    network
        With the weights that it begins with; they change in place, by AdamW, which is Adam where the plan's weight
        decay is 0.
    state
        Where to go on; None begins anew.

    Attributes
    ----------
    epoch, step, n_steps
        Epochs that are complete, steps of the next one that are done, and steps of all epochs.
    rows
        The log: ``epoch`` from 1 on, ``train_loss``, what the objective says, and measures where an epoch was
        validated.

    Raises
    ------
    ConfigError
        The schedule speaks of an encoder, and there is none.
    RunStateError
        The state was made by another plan or on another machine.
    """

    def __init__(
        self, plan: Plan, network: nn.Module, objective: Objective, machine: Machine, state: TrainingState | None = None
    ) -> None:
        self.plan, self.network, self.objective, self.machine = plan, network.to(machine.device), objective, machine
        require_encoder(network, plan.schedule)
        self._made_with = made_with(plan, machine)
        self._fixed = fixed_modules(network, plan.schedule.n_trainable_modules)
        self._groups = parameter_groups(network, plan.schedule)
        self._optimiser = torch.optim.AdamW(
            optimiser_groups(network, self._groups), plan.schedule.rate, weight_decay=plan.weight_decay
        )
        self._scaler = torch.amp.GradScaler(torch.device(machine.device).type, enabled=machine.precision == "fp16")
        self._parameters = dict(network.named_parameters())
        self.epoch = self.step = self.n_steps = 0
        self.rows: list[Row] = []
        self._sums: dict[str, float] = {}
        self._average = {name: value.clone() for name, value in network.state_dict().items()}
        if state is not None:
            self._resume(state)

    def _resume(self, state: TrainingState) -> None:
        require_same(state, self._made_with)
        self.epoch, self.step, self.n_steps = state.epoch, state.step, state.n_steps
        self.rows, self._sums = list(state.rows), dict(state.sums)
        nn.Module.load_state_dict(self.network, dict(state.weights))
        for name, value in self._average.items():
            value.copy_(state.average[name])
        for path, value in state.moments.items():
            name, _, kind = path.rpartition("/")
            # AdamW counts its steps on the processor
            moment = value.clone() if kind == "step" else value.to(self.machine.device, copy=True)
            self._optimiser.state[self._parameters[name]][kind] = moment
        if state.scaler:
            self._scaler.load_state_dict(dict(state.scaler))

    def state(self) -> TrainingState:
        """A copy of where training stands, on the processor; steps to come do not change it."""
        moments = {
            f"{name}/{kind}": value
            for name, parameter in self._parameters.items()
            for kind, value in self._optimiser.state.get(parameter, {}).items()
        }
        return TrainingState(
            epoch=self.epoch,
            step=self.step,
            n_steps=self.n_steps,
            weights=_copied(self.network.state_dict()),
            average=_copied(self._average),
            moments=_copied(moments),
            sums=dict(self._sums),
            rows=tuple(self.rows),
            scaler=self._scaler.state_dict(),
            made_with=self._made_with,
        )

    @property
    def is_epoch_complete(self) -> bool:
        """Whether no step of the next epoch is done."""
        return self.step == 0

    @property
    def is_finished(self) -> bool:
        """Whether no step is left: the last epoch is complete, or one was after which the plan ends early."""
        is_ended = self.epoch == self.plan.n_epochs
        return is_ended or (self.is_epoch_complete and self.plan.is_ended(self.rows))

    def advance(self, parts: Sequence[Batch], n_steps_of_epoch: int) -> None:
        """One step on this process's parts of a batch.

        Gradients are means over all parts and processes, cut to the plan's norm; AdamW moves the weights, and the
        averaged weights follow, see `entropice.networks.averaging`.

        Parameters
        ----------
        parts
            As many batches as `own_parts` says; inputs, target and scored as a `Loader` gives them, on the machine's
            device.
        n_steps_of_epoch
            By which the position between two epochs is told.

        Raises
        ------
        RunStateError
            The loss is not finite.

        Examples
        --------
        The first step of Adam moves every weight by the rate, here from 1 to .9.

        >>> from entropice.networks.log import EarlyStopping
        >>> from entropice.networks.losses import mean_squared_error
        >>> from entropice.networks.schedules import Schedule
        >>> schedule = Schedule(1, rate=0.1, warmup_epochs=0, frozen_epochs=0)
        >>> plan = Plan(lambda _: ["a"], schedule, seed=0, stopping=EarlyStopping("iou"), weight_decay=0.0)
        >>> network, one = nn.Linear(1, 1, bias=False), torch.ones(1, 1)
        >>> _ = nn.init.ones_(network.weight)
        >>> training = Training(plan, network, Objective(mean_squared_error, lambda *_: {}, dict), Machine())
        >>> training.advance([(one, 0 * one, one.bool())], n_steps_of_epoch=1)
        >>> round(float(network.weight.detach()), 3), training.n_steps
        (0.9, 1)
        """
        position = self.epoch + self.step / n_steps_of_epoch
        self._set_phase(position)
        for number, batch in zip(own_parts(self.plan.n_parts), parts, strict=True):
            self._learn_from(batch, number)
        self._average_gradients()
        # Before the norm is cut, which would else be that of scaled gradients.
        self._scaler.unscale_(self._optimiser)
        nn.utils.clip_grad_norm_(self._parameters.values(), self.plan.clip_norm)
        self._scaler.step(self._optimiser)
        self._scaler.update()
        self._optimiser.zero_grad()
        self.step, self.n_steps = self.step + 1, self.n_steps + 1
        move_average(self._average, self.network.state_dict(), decay_at(self.n_steps, self.plan.average_decay))

    def _set_phase(self, position: float) -> None:
        """Rates, and what learns at all; what does not keeps its running statistics, too."""
        rate, frozen = self._rate_at(position), is_frozen(self.plan.schedule, position)
        for group, own in zip(self._optimiser.param_groups, self._groups, strict=True):
            group["lr"] = rate * own.share
        for name, parameter in self._parameters.items():
            is_fixed = name.rpartition(".")[0] in self._fixed or (frozen and name.startswith(ENCODER))
            parameter.requires_grad_(not is_fixed)
        self.network.train()
        for name in ("encoder",) if frozen else self._fixed:
            self.network.get_submodule(name).eval()

    def _rate_at(self, position: float) -> float:
        schedule = self.plan.schedule
        falls = n_falls(self.rows, self.plan.stopping, schedule.plateau) if schedule.plateau else 0
        return rate_at(schedule, position, falls)

    def _learn_from(self, batch: Batch, part: int) -> None:
        inputs, target, scored = batch
        with _randomness(self.machine, [self.plan.seed, self.epoch, self.step, part]):
            with self.machine.casting:
                logits = self.network(inputs)
            loss, counts = judged(self.objective, logits, target, scored)
        self._add({"loss": loss.detach() / self.plan.n_parts, **counts})
        torch.autograd.backward(self._scaler.scale(loss / self.plan.n_parts))

    def _add(self, counts: Mapping[str, Tensor]) -> None:
        for name, value in counts.items():
            # In double precision on the processor: an epoch's sums would outgrow float32.
            self._sums[name] = self._sums.get(name, 0.0) + float(value)
        if not math.isfinite(self._sums["loss"]):
            raise RunStateError(
                f"Training has diverged: the loss of epoch {self.epoch + 1}, step {self.step + 1} is not finite.",
                field="train_loss",
                got=self._sums["loss"],
                fix="lower the rate or the norm at which gradients are clipped, or compute in fp32",
            )

    def _average_gradients(self) -> None:
        """Parts have been divided by their number already, so that a sum is the mean."""
        add_up(parameter.grad for parameter in self._parameters.values() if parameter.grad is not None)

    def complete_epoch(self, validate: Validate) -> None:
        """Validate if it is time, and write the epoch's row.

        The row has ``epoch``, ``train_loss`` (the mean over the epoch's steps), what the objective says and, if
        validated, the measures of `validate` with the averaged weights, which the first process alone computes.

        Raises
        ------
        ConfigError
            Validation gives no measure of the name that training goes by.
        """
        sums = self._summed_over_processes()
        row = {"epoch": self.epoch + 1, "train_loss": sums.pop("loss") / self.step, **self.objective.row(sums)}
        if self.plan.is_validated(self.epoch):
            row |= told_by_first(self._validated(validate), self.machine.device)
            require_metric(row, self.plan.stopping)
        self.rows.append(row)
        self.epoch, self.step, self._sums = self.epoch + 1, 0, {}

    def _summed_over_processes(self) -> dict[str, float]:
        names = sorted(self._sums)
        values = torch.tensor([self._sums[name] for name in names], dtype=torch.float64, device=self.machine.device)
        add_up([values])
        return dict(zip(names, values.tolist(), strict=True))

    def _validated(self, validate: Validate) -> dict[str, float]:
        if rank_and_size()[0] > 0:
            return {}
        measures = validate(predictor(self.network, self._average, self.machine), self.epoch + 1)
        return {name: float(value) for name, value in measures.items()}


def made_with(plan: Plan, machine: Machine) -> dict[str, Any]:
    """All but network and samples that decides the bits of a state, as plain values.

    They are the entries of `Plan.record` and `Machine.record`, and ``n_processes``.
    """
    return plan.record() | machine.record() | {"n_processes": rank_and_size()[1]}


@contextmanager
def _randomness(machine: Machine, numbers: Sequence[int]) -> Iterator[None]:
    """In which torch's generators are seeded by numbers; afterwards they are as before."""
    # Mixed, not added up: steps beside each other must not drop the same units.
    seed = int(np.random.SeedSequence(numbers).generate_state(1, np.uint64)[0])
    with torch.random.fork_rng(devices=[] if machine.is_on_processor else [torch.device(machine.device)]):
        torch.manual_seed(seed)
        yield


def _copied(tensors: Tensors) -> dict[str, Tensor]:
    return {name: value.detach().to("cpu", copy=True) for name, value in tensors.items()}
