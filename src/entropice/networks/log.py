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
    """Epochs and values, bigger ones better, of the rows where the measure is defined.

    Values are negated where smaller is better; rows without the measure are left out.

    Examples
    --------
    >>> rows = [{"epoch": 1, "mse": 2.0}, {"epoch": 2}, {"epoch": 3, "mse": math.nan}, {"epoch": 4, "mse": 1.0}]
    >>> rising_values(rows, EarlyStopping("mse", bigger_is_better=False))
    [(1, -2.0), (4, -1.0)]
    """
    sign = 1 if stopping.bigger_is_better else -1
    values = ((int(row["epoch"]), sign * row.get(stopping.metric, math.nan)) for row in rows)
    return [(epoch, value) for epoch, value in values if not math.isnan(value)]


def require_metric(row: Row, stopping: EarlyStopping) -> None:
    """Pass only a validated row with the measure that training goes by.

    Its value may be NaN.

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
    """The first epoch of the best value; None where none is defined yet.

    `EarlyStopping.min_delta` plays no part: any higher value is better.

    Examples
    --------
    >>> rows = [{"epoch": 1, "iou": 0.5}, {"epoch": 2, "iou": 0.7}, {"epoch": 3, "iou": 0.7}]
    >>> best_epoch(rows, EarlyStopping("iou")), best_epoch([], EarlyStopping("iou"))
    (2, None)
    """
    return max(rising_values(rows, stopping), key=lambda item: item[1], default=(None, 0.0))[0]


def is_stopped(rows: Sequence[Row], stopping: EarlyStopping) -> bool:
    """Whether so many epochs have passed since the last value that rose by at least `min_delta` over the one before.

    As long as no value is defined, it goes on.

    The first defined value counts as risen. A rise of exactly `min_delta` counts, and it is one over the last value
    that rose, not over the best. Epochs are counted to the last row, whether it was validated or not.

    Examples
    --------
    >>> rows = [{"epoch": 1, "iou": 0.5}, {"epoch": 2, "iou": 0.75}, {"epoch": 3, "iou": 0.8}, {"epoch": 4}]
    >>> is_stopped(rows, EarlyStopping("iou", patience=2, min_delta=0.25)), is_stopped([], EarlyStopping("iou"))
    (True, False)
    >>> is_stopped(rows[:3], EarlyStopping("iou", patience=2, min_delta=0.25))
    False
    """
    values = rising_values(rows, stopping)
    if not values:
        return False
    # `reached` moves with rises alone: small ones that add up to `min_delta` are one rise in the end.
    last_rise, reached = values[0]
    for epoch, value in values:
        if value >= reached + stopping.min_delta:
            last_rise, reached = epoch, value
    return int(rows[-1]["epoch"]) - last_rise >= stopping.patience


def require_soup(epochs: Sequence[int], n_epochs: int) -> None:
    """Pass only epochs of a training, each once and in order.

    None at all passes.

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
    """Epochs whose states are kept: the best one, multiples of `every`, and the last `n_last`; numbers from 1 on.

    Examples
    --------
    >>> rows = [{"epoch": epoch, "iou": -abs(epoch - 7)} for epoch in range(1, 26)]
    >>> sorted(kept_epochs(rows, EarlyStopping("iou")))
    [7, 10, 20, 23, 24, 25]
    """
    epochs = [int(row["epoch"]) for row in rows]
    regular = {epoch for epoch in epochs if epoch % every == 0}
    best = best_epoch(rows, stopping)
    return frozenset(regular | set(epochs[-n_last:]) | (set() if best is None else {best}))
