"""What a file may hold in the name of a model."""

from typing import TypeVar

Estimator = TypeVar("Estimator")


def only(kind: type[Estimator], estimator: object) -> Estimator:
    """An estimator that a file holds, if it is of the kind that its model fits.

    Raises
    ------
    ValueError
        It is of another kind.

    Examples
    --------
    >>> only(int, 3)
    3
    >>> only(str, 3)
    Traceback (most recent call last):
        ...
    ValueError: it holds a fitted int, not str
    """
    if not isinstance(estimator, kind):
        raise ValueError(f"it holds a fitted {type(estimator).__name__}, not {kind.__name__}")
    return estimator
