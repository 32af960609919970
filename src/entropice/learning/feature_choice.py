"""Which features a model may see."""

import logging
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Final, Literal

from entropice.errors import FeatureError
from entropice.types import Dataset

logger = logging.getLogger(__name__)


ALL: Final = "all"
"""In place of patterns: every feature."""


def choose_features(cube: Dataset, patterns: Sequence[str] | Literal["all"]) -> Dataset:
    """The features whose names match any of the patterns, in the cube's order; or all.

    Parameters
    ----------
    cube
        Features on dims ("cell",) or ("cell", "year"); not changed.
    patterns
        Names, with ``*``, ``?`` and ``[…]`` as in file names; case counts. "all" is every feature, and no pattern none.

    Raises
    ------
    FeatureError
        A pattern that no feature matches.

    Examples
    --------
    >>> import xarray as xr
    >>> cube = xr.Dataset({name: ("cell", [0.0]) for name in ("slope_deg", "slope_sd_deg", "rain_mm")})
    >>> list(choose_features(cube, ["slope*"]).data_vars)
    ['slope_deg', 'slope_sd_deg']
    """
    if patterns == ALL:
        return cube
    names = [str(name) for name in cube.data_vars]
    idle = [pattern for pattern in patterns if not any(fnmatchcase(name, pattern) for name in names)]
    if idle:
        raise FeatureError(
            "The cube has no feature of this name.",
            field="modelling.features",
            got=", ".join(idle),
            expected="names of features, or all",
            sample=names,
            fix="correct the names; docs/data-dictionary.md lists them",
        )
    chosen = [name for name in names if any(fnmatchcase(name, pattern) for pattern in patterns)]
    logger.info("%d of %d features are for the models", len(chosen), len(names))
    return cube.drop_vars(set(names) - set(chosen))


def feature_groups(cube: Dataset) -> dict[str, str]:
    """The group of each feature of a cube, on any dims, by its name; each has the attribute ``group``, else KeyError.

    Examples
    --------
    >>> import xarray as xr
    >>> feature_groups(xr.Dataset({"slope_deg": ("cell", [3.0], {"group": "terrain"})}))
    {'slope_deg': 'terrain'}
    """
    return {str(name): str(feature.attrs["group"]) for name, feature in cube.data_vars.items()}
