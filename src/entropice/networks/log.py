"""What the log of training decides: when it ends, and which states are kept."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from entropice.errors import ConfigError, suggestion

Row = Mapping[str, float]
"""What is known after an epoch: ``epoch``, from 1 on, and measures by name; NaN where one is not defined."""


@dataclass(frozen=True)
class EarlyStopping:
    """When training no longer pays.

    Attributes
    ----------
    metric
        Name of a validated measure.
    patience
        Epochs without a rise after which training ends.
    min_delta
        What counts as a rise.
    bigger_is_better
        Whether it should rise; otherwise, a fall counts.
    """

    metric: str
    patience: int = 20
    min_delta: float = 0.001
    bigger_is_better: bool = True


def rising_values(rows: Sequence[Row], stopping: EarlyStopping) -> list[tuple[int, float]]:
    """Epochs and values, bigger ones better, of the rows where the measure is defined."""
    sign = 1 if stopping.bigger_is_better else -1
    values = ((int(row["epoch"]), sign * row.get(stopping.metric, math.nan)) for row in rows)
    return [(epoch, value) for epoch, value in values if not math.isnan(value)]


def require_metric(row: Row, stopping: EarlyStopping) -> None:
    """Pass only a validated row with the measure that training goes by.

    Raises
    ------
    ConfigError
        It is not there.
    """
    if stopping.metric not in row:
        raise ConfigError(
            f"Validation gives no {stopping.metric!r}{suggestion(stopping.metric, row)}",
            field="stopping.metric",
            got=stopping.metric,
            expected=", ".join(row),
        )


def best_epoch(rows: Sequence[Row], stopping: EarlyStopping) -> int | None:
    """The first epoch of the best value; None where none is defined yet."""
    return max(rising_values(rows, stopping), key=lambda item: item[1], default=(None, 0.0))[0]


def is_stopped(rows: Sequence[Row], stopping: EarlyStopping) -> bool:
    """Whether so many epochs have passed since the last value that rose by at least `min_delta` over the one before.

    As long as no value is defined, it goes on.
    """
    values = rising_values(rows, stopping)
    if not values:
        return False
    last_rise, reached = values[0]
    for epoch, value in values:
        if value >= reached + stopping.min_delta:
            last_rise, reached = epoch, value
    return int(rows[-1]["epoch"]) - last_rise >= stopping.patience


def require_soup(epochs: Sequence[int], n_epochs: int) -> None:
    """Pass only epochs of a training, each once and in order.

    Raises
    ------
    ConfigError
        They are not.
    """
    if list(epochs) != sorted({*epochs}) or not all(1 <= epoch <= n_epochs for epoch in epochs):
        raise ConfigError(
            "The epochs of a soup are some of those that are trained, in order.",
            field="soup_epochs",
            got=list(epochs),
            expected=f"rising numbers from 1 to {n_epochs}",
        )


def kept_epochs(rows: Sequence[Row], stopping: EarlyStopping, every: int = 10, n_last: int = 3) -> frozenset[int]:
    """Epochs whose states are kept: the best one, every tenth, and the last three."""
    epochs = [int(row["epoch"]) for row in rows]
    regular = {epoch for epoch in epochs if epoch % every == 0}
    best = best_epoch(rows, stopping)
    return frozenset(regular | set(epochs[-n_last:]) | (set() if best is None else {best}))
