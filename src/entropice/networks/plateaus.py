"""Rates that fall where a measure no longer rises: how often they have, as a function of the log."""

from collections.abc import Sequence
from dataclasses import dataclass

from entropice.errors import ConfigError
from entropice.networks.log import EarlyStopping, Row, rising_values


@dataclass(frozen=True)
class Plateau:
    """When a rate falls, and by how much.

    Attributes
    ----------
    factor
        Of the rate after a fall over that before.
    patience
        Validations without a rise that are borne; the next one lets the rate fall.

    Raises
    ------
    ConfigError
        The factor is not between 0 and 1, both excluded, or patience is below 0.
    """

    factor: float = 0.1
    patience: int = 10

    def __post_init__(self) -> None:
        if not (0 < self.factor < 1 and self.patience >= 0):
            raise ConfigError(
                "A rate falls by a factor between 0 and 1, after 0 validations or more.",
                field="plateau",
                got=(self.factor, self.patience),
                expected="0 < factor < 1, patience ≥ 0",
            )


def n_falls(rows: Sequence[Row], stopping: EarlyStopping, plateau: Plateau) -> int:
    """How often the rate has fallen by the end of a log.

    The measure is that which ends training. A value rises if it is better than the best so far by more than
    `EarlyStopping.min_delta`; after more than `patience` validations in a row without a rise the rate falls, and they
    are counted anew. This is torch's ``ReduceLROnPlateau`` with an absolute threshold, without a state of its own:
    training that was interrupted finds the same rate in its log. Rows without the measure, or where it is not defined,
    are passed over.

    Examples
    --------
    >>> rows = [{"epoch": epoch, "iou": 0.5} for epoch in range(1, 7)]
    >>> [n_falls(rows[:n], EarlyStopping("iou"), Plateau(patience=1)) for n in range(7)]
    [0, 0, 0, 1, 1, 2, 2]
    """
    # From −∞ on, so that the first value is a rise and never counts as flat.
    falls, n_flat, best = 0, 0, float("-inf")
    for _, value in rising_values(rows, stopping):
        is_rise = value > best + stopping.min_delta
        n_flat, best = (0, value) if is_rise else (n_flat + 1, best)
        if n_flat > plateau.patience:
            falls, n_flat = falls + 1, 0
    return falls
