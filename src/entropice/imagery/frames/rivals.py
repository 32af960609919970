"""Simple forecasts that a network must be better than, one declaration each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from entropice.errors import ConfigError, suggestion
from entropice.types import BoolArray

if TYPE_CHECKING:
    from entropice.imagery.frames.rollout import Forecaster
    from entropice.imagery.frames.view import FrameSamples
else:
    Forecaster = FrameSamples = Any

Learned = Mapping[str, BoolArray]
"""Of `entropice.imagery.frames.view.horizons_of`: what a rival may learn from."""


PERSISTENCE: Final = "persistence"
"""The forecast that nothing changes, which skill is measured from."""


@dataclass(frozen=True)
class Rival:
    """One way to forecast.

    Attributes
    ----------
    name, title
        In parameters and tables, and for people.
    fitted
        A forecaster of samples, of those horizons of training that may be learned from, and of a seed.
    """

    name: str
    title: str
    fitted: Callable[[FrameSamples, Learned, int], Forecaster]


def _persistence(samples: FrameSamples, _learned: Learned, _seed: int) -> Forecaster:
    from entropice.imagery.frames.extrapolation import persistence

    return persistence(samples)


def _linear_trend(samples: FrameSamples, _learned: Learned, _seed: int) -> Forecaster:
    from entropice.imagery.frames.extrapolation import linear_trend

    return linear_trend(samples)


def _kept_drift(samples: FrameSamples, _learned: Learned, _seed: int) -> Forecaster:
    from entropice.imagery.frames.kept_drift import kept_drift

    return kept_drift(samples)


def _neighbour_growth(samples: FrameSamples, learned: Learned, seed: int) -> Forecaster:
    from entropice.imagery.frames.neighbour_growth import neighbour_growth

    return neighbour_growth(samples, learned, seed)


RIVALS: Final[tuple[Rival, ...]] = (
    Rival(PERSISTENCE, "Nothing changes", _persistence),
    Rival("linear_trend", "Each pixel's straight line goes on", _linear_trend),
    Rival("kept_drift", "The drift of the last fields goes on", _kept_drift),
    Rival(
        "neighbour_growth", "Each pixel's line, and a logistic regression on it and its neighbours", _neighbour_growth
    ),
)


def rival_named(name: str) -> Rival:
    """The declared rival of a name: ``persistence``, ``linear_trend``, ``kept_drift`` or ``neighbour_growth``.

    Raises
    ------
    ConfigError
        There is none.
    """
    by_name = {rival.name: rival for rival in RIVALS}
    if name not in by_name:
        raise ConfigError(
            f"There is no rival {name!r}{suggestion(name, by_name)}",
            field="rivals",
            got=name,
            expected=", ".join(by_name),
        )
    return by_name[name]
