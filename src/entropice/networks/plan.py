"""What training will do, as a value."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from entropice.errors import ConfigError
from entropice.networks.log import EarlyStopping, Row, is_stopped, kept_epochs, require_soup
from entropice.networks.schedules import Schedule

Keys = Sequence[str]
Batches = Callable[[int], Sequence[Keys]]
"""Keys of every step's batch, of an epoch from 0 on; asked again, it says the same."""


@dataclass(frozen=True)
class Plan:
    """Epochs of steps, each on one batch.

    Attributes
    ----------
    batches
        Of an epoch. Epochs may have different numbers of steps.
    schedule
        How many epochs there are at most, and the rates.
    seed
        What is left out by dropout follows from it, from epoch, step and part.
    stopping
        When it ends before its last epoch.
    n_parts
        Parts that a batch is cut into, whose gradients are averaged: as many as make it fit the memory, and a multiple
        of the number of processes. Normalisation by batch sees one part at a time.
    weight_decay, clip_norm
        AdamW's, which is Adam where the decay is 0, and the largest norm of all gradients together.
    average_decay
        Of the moving average of the weights.
    validated_every
        Epochs from one validation to the next; the last, and those of the soup, are always validated.
    soup_epochs
        Epochs, from 1 on, whose averaged weights are averaged in turn in the end (Wortsman et al. 2022,
        arXiv:2203.05482); none: those of the best epoch alone are handed on.

    Raises
    ------
    ConfigError
        Epochs of the soup are not some of all epochs, each once and in order.
    """

    batches: Batches = field(repr=False)
    schedule: Schedule
    seed: int
    stopping: EarlyStopping
    n_parts: int = 1
    weight_decay: float = 1e-2
    clip_norm: float = 1.0
    average_decay: float = 0.999
    validated_every: int = 1
    soup_epochs: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        require_soup(self.soup_epochs, self.n_epochs)

    @property
    def n_epochs(self) -> int:
        """At most so many: the schedule's."""
        return self.schedule.n_epochs

    def steps(self, epoch: int) -> Sequence[Keys]:
        """Batches of an epoch.

        Epochs count from 0 here and from 1 in the message. Each batch is a sequence of keys.

        Raises
        ------
        ConfigError
            There is none, or one cannot be cut into equal parts.
        """
        steps = self.batches(epoch)
        if not steps or any(len(keys) == 0 or len(keys) % self.n_parts for keys in steps):
            raise ConfigError(
                f"Epoch {epoch + 1} has no batch, or one that cannot be cut into {self.n_parts} equal parts.",
                field="batch_size",
                got=sorted({len(keys) for keys in steps}),
                expected=f"multiples of {self.n_parts}",
            )
        return steps

    def parts(self, keys: Keys) -> list[Keys]:
        """A batch in equal parts, in the order of its keys.

        Its number of keys is a multiple of `n_parts`, as `steps` sees to.

        Examples
        --------
        >>> schedule = Schedule(1, warmup_epochs=0, frozen_epochs=0)
        >>> plan = Plan(lambda _: ["abcd"], schedule, seed=0, stopping=EarlyStopping("iou"), n_parts=2)
        >>> plan.steps(0), plan.parts("abcd")
        (['abcd'], ['ab', 'cd'])
        """
        size = len(keys) // self.n_parts
        return [keys[start : start + size] for start in range(0, len(keys), size)]

    def is_validated(self, epoch: int) -> bool:
        """Whether an epoch ends with a validation.

        Epochs count from 0: with `validated_every` 3 those are 2, 5, 8 and so on.
        """
        return (epoch + 1) % self.validated_every == 0 or epoch + 1 in (self.n_epochs, *self.soup_epochs)

    def is_ended(self, rows: Sequence[Row]) -> bool:
        """Whether training ends early after the last row of its log.

        Patience counts from the last restart on, as if nothing had been reached before: after a restart a measure first
        falls. As long as an epoch of the soup is to come, training goes on.

        That the last epoch is reached is not asked here. Of an empty log it is not.
        """
        # Empty until the last restart is passed: nothing stops before it.
        of_last_cycle = [row for row in rows if row["epoch"] > self.schedule.last_restart]
        return len(rows) >= max(self.soup_epochs, default=0) and is_stopped(of_last_cycle, self.stopping)

    def kept_epochs(self, rows: Sequence[Row]) -> frozenset[int]:
        """Epochs of a log whose averaged weights are kept: usual ones, and those of the soup.

        Numbers from 1 on: the best epoch, every tenth, the last three, and those of the soup that are in the log.
        """
        known = {int(row["epoch"]) for row in rows}
        return kept_epochs(rows, self.stopping) | known.intersection(self.soup_epochs)

    def record(self) -> dict[str, Any]:
        """All of it but the batches, as plain values.

        ``soup_epochs`` are left out where there are none.
        """
        names = ("seed", "n_parts", "weight_decay", "clip_norm", "average_decay", "validated_every")
        return {
            "schedule": self.schedule.record(),
            "stopping": vars(self.stopping),
            **{name: getattr(self, name) for name in names},
            **({"soup_epochs": list(self.soup_epochs)} if self.soup_epochs else {}),
        }

    def items(self) -> Iterator[tuple[str, str]]:
        """The plan for people, item by item; asks for every epoch's batches.

        Pairs of name and value, both text.

        Raises
        ------
        ConfigError
            An epoch has no batch, or one that cannot be cut into equal parts.
        """
        n_steps = [len(self.steps(epoch)) for epoch in range(self.n_epochs)]
        schedule = self.schedule
        yield "epochs", f"{self.n_epochs}, at most"
        yield "steps", f"{sum(n_steps):,}, from {min(n_steps):,} to {max(n_steps):,} an epoch"
        yield "parts of a batch", f"{self.n_parts}"
        yield "warm-up", f"{schedule.warmup_epochs} epochs from {schedule.lowest_rate:g}"
        yield "encoder frozen", f"{schedule.frozen_epochs} epochs, others at {schedule.frozen_rate:g}"
        yield "encoder's modules that learn", _last(schedule.n_trainable_modules)
        yield "rate", f"{schedule.rate:g} to {schedule.lowest_rate:g} {_way(schedule)}"
        if schedule.restarts:
            yield "warm-up and cosine anew after epochs", ", ".join(map(str, schedule.restarts))
        yield "encoder's rate", f"× {schedule.encoder_share:g}"
        yield "optimiser", f"AdamW, weight decay {self.weight_decay:g}" if self.weight_decay else "Adam"
        yield "largest norm of gradients", f"{self.clip_norm:g}"
        yield "decay of averaged weights", f"{self.average_decay:g}"
        if self.soup_epochs:
            yield "handed on is the mean of epochs", ", ".join(map(str, self.soup_epochs))
        yield "validation", f"every {self.validated_every} epochs"
        yield (
            "early stopping",
            f"{self.stopping.patience} epochs without {self.stopping.min_delta:g} more {self.stopping.metric}",
        )
        yield "seed", f"{self.seed}"


def _last(n_modules: int | None) -> str:
    return "all" if n_modules is None else f"the last {n_modules}"


def _way(schedule: Schedule) -> str:
    plateau = schedule.plateau
    if plateau is None:
        return "by half a cosine"
    return f"by × {plateau.factor:g} after more than {plateau.patience} validations without a rise"
