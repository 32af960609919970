"""Rivals of a network that marks pixels, one declaration each.

Parameters are checked with these names before a run begins, so scikit-learn is imported where a rival is made alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from entropice.imagery.pixel_models import PixelModel
    from entropice.imagery.statistics import BandStatistics


@dataclass(frozen=True)
class Rival:
    """A pixel model before it knows what bands are like.

    Attributes
    ----------
    name, title
        In parameters and tables, and for people.
    bands
        Names of those that it cannot do without; empty where it takes what there is.
    make
        The model of its name and title, for bands of such statistics.
    """

    name: str
    title: str
    bands: tuple[str, ...]
    make: "Callable[[Rival, BandStatistics], PixelModel]"

    def model(self, statistics: "BandStatistics") -> "PixelModel":
        """The model, for bands of such statistics: an estimator that is not fitted yet, and what it sees of a pixel.

        ``pixel_logistic`` is `logistic` of `own_values`, ``pixel_boosting`` `boosting` of `values_in_context`, ``ndwi``
        a `KnownLine` of `ndwi_columns`.

        Raises
        ------
        ConfigError
            A band is missing that it cannot do without.
        """
        return self.make(self, statistics)


def _logistic(rival: Rival, _: "BandStatistics") -> "PixelModel":
    from entropice.imagery.pixel_models import PixelModel, logistic, own_values

    return PixelModel(rival.name, rival.title, own_values, logistic)


def _boosting(rival: Rival, _: "BandStatistics") -> "PixelModel":
    from entropice.imagery.pixel_models import PixelModel, boosting, values_in_context

    return PixelModel(rival.name, rival.title, values_in_context, boosting)


def _ndwi(rival: Rival, statistics: "BandStatistics") -> "PixelModel":
    from entropice.imagery.pixel_models import PixelModel
    from entropice.imagery.water_index import known_line, ndwi_columns

    return PixelModel(rival.name, rival.title, ndwi_columns(rival.bands, statistics), known_line)


RIVALS: Final[tuple[Rival, ...]] = (
    Rival("pixel_logistic", "Logistic regression on single pixels", (), _logistic),
    Rival("pixel_boosting", "Boosted trees on pixels with their surroundings", (), _boosting),
    Rival("ndwi", "Threshold of NDWI", ("green", "nir"), _ndwi),
)
DEFAULT_RIVALS: Final = ("pixel_logistic", "pixel_boosting")
