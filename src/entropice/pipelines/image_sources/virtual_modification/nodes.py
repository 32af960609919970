"""Nodes of the virtual land that people change."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from entropice.sources.series.human_modification import HUMAN_MODIFICATION
from entropice.sources.series.registry import stored_unit
from entropice.types import Dataset
from entropice.virtual_modification.specification import CeilingRules, ModificationSpecification

if TYPE_CHECKING:
    from entropice.sources.series.writing import SeriesFile
else:
    SeriesFile = Any


def make_files(land: ModificationSpecification, unit: str, random_seed: int) -> Iterator[SeriesFile]:
    """The maps of the land and its elevation, in the published layout.

    Files for the dataset ``files``, a GeoTIFF a step and one of the elevation (m, 0 on water), are made one by one;
    `unit` says how they store modification, ``fraction`` or ``per_10000``. Maps are called ``hm/HM_<year>.tif``, as the
    published ones are.

    Raises
    ------
    ConfigError
        Files of the product are not stored in this unit.
    """
    from entropice.virtual_modification.files import modification_files
    from entropice.virtual_modification.world import make_modified_world

    return modification_files(make_modified_world(random_seed, land), stored_unit(HUMAN_MODIFICATION, unit))


def read_fields(files: Path, unit: str) -> Dataset:
    """The same through the door of real files.

    Returns
    -------
    Dataset
        The dataset ``fields``: float32 (time, y, x) of ``human_modification`` in HM, 1/10,000, 0 to 10,000, whatever
        the files store, and (y, x) of the elevation (m), NaN where unknown. Nothing is in memory.

    Raises
    ------
    ConfigError
        Files of the product are not stored in this unit.
    InputFileError
        A file is missing, or of another place or unit.
    """
    from entropice.sources.series.fields import read_series

    return read_series(files, HUMAN_MODIFICATION, stored_unit(HUMAN_MODIFICATION, unit))


def forecast_by_law(land: ModificationSpecification, rules: CeilingRules, random_seed: int) -> Dataset:
    """What someone forecasts who knows all but chance.

    Returns
    -------
    Dataset
        The dataset ``ceiling``: ``ceiling`` (median of what may come) and ``ceiling_mean``, in HM as `read_fields` has
        it, float32 (first, horizon, y, x), NaN on water and where no map follows; ``first`` is the first day of the
        last known step, that of map number ``n_known`` to that before the last, ``horizon`` counts steps ahead from 1.
        No model sees it.

    Raises
    ------
    ValueError
        There are no more than ``n_known`` maps.
    """
    from entropice.virtual_modification.forecasts import ceiling_forecasts
    from entropice.virtual_modification.world import make_modified_world

    return ceiling_forecasts(make_modified_world(random_seed, land), rules)
