"""Rivals of a network that marks pixels, one declaration each.

Parameters are checked with these names before a run begins, so what a rival is made of is imported where it is made.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from entropice.errors import ConfigError, suggestion

if TYPE_CHECKING:
    from entropice.imagery.pixel_models import PixelModel
    from entropice.imagery.statistics import BandStatistics


@dataclass(frozen=True)
class Rival:
    """A model of single pixels, perhaps with their surroundings.

    Attributes
    ----------
    name, title
        In parameters and tables, and for people.
    model
        Makes it for inputs that are standardised with statistics.
    needs
        Bands that it cannot do without.
    """

    name: str
    title: str
    model: "Callable[[BandStatistics], PixelModel]"
    needs: tuple[str, ...] = ()


def _logistic(_: "BandStatistics") -> "PixelModel":
    from entropice.imagery.pixel_models import PIXEL_LOGISTIC

    return PIXEL_LOGISTIC


def _boosting(_: "BandStatistics") -> "PixelModel":
    from entropice.imagery.pixel_models import PIXEL_BOOSTING

    return PIXEL_BOOSTING


def _water_index(statistics: "BandStatistics") -> "PixelModel":
    from entropice.imagery.water_index import water_index

    return water_index(statistics)


LOGISTIC: Final = Rival("pixel_logistic", "Logistic regression on single pixels", _logistic)
BOOSTING: Final = Rival("pixel_boosting", "Boosted trees on pixels with their surroundings", _boosting)
RIVALS: Final[tuple[Rival, ...]] = (
    LOGISTIC,
    BOOSTING,
    Rival("ndwi", "Threshold on the NDWI", _water_index, needs=("green", "nir")),
)


def rival_named(name: str) -> Rival:
    """The declared rival of a name; ConfigError where there is none."""
    by_name = {rival.name: rival for rival in RIVALS}
    if name not in by_name:
        raise ConfigError(
            f"There is no rival {name!r}{suggestion(name, by_name)}",
            field="evaluation.rivals",
            got=name,
            expected=", ".join(by_name),
            fix="name one of these, or declare the rival in entropice/imagery/rivals.py",
        )
    return by_name[name]
