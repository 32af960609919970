"""Rates of learning as a function of how far training is."""

import math
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from entropice.errors import ConfigError
from entropice.networks.plateaus import Plateau


@dataclass(frozen=True)
class Schedule:
    """Warm-up, a phase with the encoder frozen, and then a cosine, or a rate that falls at plateaus.

    Attributes
    ----------
    n_epochs
        At whose end the lowest rate is reached.
    rate, lowest_rate
        AdamW's, at the start of the cosine and at its end; the lowest is that of the first step, too.
    warmup_epochs
        In which the rate rises linearly.
    frozen_epochs, frozen_rate
        How long the encoder keeps its weights, and the rate of all others then. With random weights there is nothing to
        keep: 0 epochs.
    encoder_share
        The encoder's rate over that of the others, once it learns.
    layer_decay
        Rate of an encoder's layer over that of the one above it; 1 where all learn equally.
    plateau
        When the rate falls, in place of the cosine; it never falls below the lowest.
    n_trainable_modules
        How many of the encoder's modules with parameters learn at all, counted from its end; None for all.
    restarts
        Epochs after which warm-up and cosine begin anew: with 30 of 60 there are two cycles of 30 epochs.

    Raises
    ------
    ConfigError
        The lowest rate is not above 0, or above another that is used; warm-up, frozen epochs or restarts do not fit
        into the epochs; a share is not in (0, 1]; a number of modules is below 0; or restarts come with a plateau.
    """

    n_epochs: int
    rate: float = 1e-4
    lowest_rate: float = 1e-6
    warmup_epochs: int = 5
    frozen_epochs: int = 10
    frozen_rate: float = 3e-4
    encoder_share: float = 0.1
    layer_decay: float = 1.0
    plateau: Plateau | None = None
    n_trainable_modules: int | None = None
    restarts: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        used = (self.rate, self.frozen_rate) if self.frozen_epochs else (self.rate,)
        if not 0 < self.lowest_rate <= min(used):
            raise ConfigError(
                "The lowest rate is above 0 and not above the others.",
                field="lowest_rate",
                got=self.lowest_rate,
                expected=f"at most {min(used):g}",
            )
        if not 0 <= self.warmup_epochs <= self.n_epochs or not 0 <= self.frozen_epochs <= self.n_epochs:
            raise ConfigError(
                "Warm-up and frozen epochs are part of all epochs.",
                field="warmup_epochs, frozen_epochs",
                got=(self.warmup_epochs, self.frozen_epochs),
                expected=f"at most n_epochs = {self.n_epochs}",
            )
        if not (0 < self.layer_decay <= 1 and 0 < self.encoder_share <= 1):
            raise ConfigError(
                "Shares of a rate lie above 0 and not above 1.",
                field="encoder_share, layer_decay",
                got=(self.encoder_share, self.layer_decay),
                expected="at most 1",
            )
        if self.n_trainable_modules is not None and self.n_trainable_modules < 0:
            raise ConfigError(
                "The encoder's modules that learn are 0 or more.",
                field="n_trainable_modules",
                got=self.n_trainable_modules,
                expected="≥ 0, or null for all",
            )
        self._require_cycles()

    def _require_cycles(self) -> None:
        """Pass only restarts between which there is room for a warm-up."""
        if self.restarts and self.plateau is not None:
            raise ConfigError(
                "Restarts are those of a cosine; at plateaus the rate only falls.",
                field="restarts, plateau",
                got=self.restarts,
                expected="no restarts, or plateau null",
            )
        ends = (*self.restarts, self.n_epochs)
        shortest = min(end - start for start, end in pairwise((0, *ends)))
        if self.restarts and (shortest < max(self.warmup_epochs, 1) or ends[0] < self.frozen_epochs):
            raise ConfigError(
                "Restarts rise and lie within all epochs; each cycle has room for the warm-up, the first one also for "
                "the frozen epochs.",
                field="restarts",
                got=self.restarts,
                expected=f"below n_epochs = {self.n_epochs}, {max(self.warmup_epochs, 1)} or more epochs apart",
            )

    @property
    def needs_encoder(self) -> bool:
        """Whether it keeps an encoder, or some of it, from learning, by frozen epochs or a number of modules."""
        return self.frozen_epochs > 0 or self.n_trainable_modules is not None

    def record(self) -> dict[str, Any]:
        """Itself as plain values, without those that change nothing.

        Fields that are None, and no restarts, are left out; restarts are a list, and a plateau is a dictionary of its
        fields.

        Examples
        --------
        >>> told = Schedule(60, restarts=(30,)).record()
        >>> told["n_epochs"], told["restarts"], "plateau" in told
        (60, [30], False)
        """
        told = {name: value for name, value in asdict(self).items() if value not in (None, ())}
        return told | ({"restarts": list(self.restarts)} if self.restarts else {})

    @property
    def last_restart(self) -> int:
        """Epochs before the last cycle; 0 without restarts."""
        return self.restarts[-1] if self.restarts else 0

    def cycle_at(self, position: float) -> tuple[int, int]:
        """First and last position of the cycle that a position lies in, in epochs from the start of training.

        A position at a restart is of the cycle that begins there.

        Examples
        --------
        >>> schedule = Schedule(60, restarts=(30,))
        >>> schedule.cycle_at(29.9), schedule.cycle_at(30), schedule.cycle_at(60)
        ((0, 30), (30, 60), (30, 60))
        """
        start = max((restart for restart in self.restarts if restart <= position), default=0)
        return start, min((restart for restart in self.restarts if restart > position), default=self.n_epochs)


def is_frozen(schedule: Schedule, position: float) -> bool:
    """Whether the encoder keeps its weights at a position, in epochs from the start of training.

    At the end of the frozen epochs it learns.

    Examples
    --------
    >>> is_frozen(Schedule(60), 9.99), is_frozen(Schedule(60), 10.0)
    (True, False)
    """
    return position < schedule.frozen_epochs


def rate_at(schedule: Schedule, position: float, falls: int = 0) -> float:
    """Rate of all but the encoder at a position, in epochs from the start of training, after some falls.

    Within the warm-up of a cycle it rises linearly from the lowest rate to that of the phase; then it is the frozen
    phase's own, as long as that lasts; from the end of both it falls along half a cosine from `rate` to the lowest at
    the end of the cycle (Loshchilov and Hutter 2017, arXiv:1608.03983). Without restarts there is one cycle. With
    plateaus it is then `rate` times their factor for every fall, at least the lowest.

    With r the rate, l the lowest and w = (position − start) / (end − start) the cosine is l + (r − l) (1 + cos πw) / 2,
    and the lowest beyond the end. A step has the rate of the position where it begins. `falls` count at plateaus alone.

    Examples
    --------
    >>> schedule = Schedule(10, rate=1.0, lowest_rate=0.2, warmup_epochs=2, frozen_epochs=4, frozen_rate=0.6)
    >>> [round(rate_at(schedule, position), 3) for position in (0, 1, 2, 3.9, 4, 7, 10)]
    [0.2, 0.4, 0.6, 0.6, 1.0, 0.6, 0.2]
    >>> falling = Schedule(10, rate=1.0, lowest_rate=0.2, warmup_epochs=0, frozen_epochs=0, plateau=Plateau(0.5))
    >>> [rate_at(falling, 5, falls) for falls in range(4)]
    [1.0, 0.5, 0.25, 0.2]
    """
    top = schedule.frozen_rate if is_frozen(schedule, position) else schedule.rate
    begin, end = schedule.cycle_at(position)
    if position - begin < schedule.warmup_epochs:
        return schedule.lowest_rate + (top - schedule.lowest_rate) * (position - begin) / schedule.warmup_epochs
    start = max(begin + schedule.warmup_epochs, schedule.frozen_epochs)
    if position < start:
        return top
    if schedule.plateau is not None:
        return max(top * schedule.plateau.factor**falls, schedule.lowest_rate)
    way = min((position - start) / max(end - start, 1), 1.0)
    return schedule.lowest_rate + (top - schedule.lowest_rate) * (1 + math.cos(math.pi * way)) / 2
