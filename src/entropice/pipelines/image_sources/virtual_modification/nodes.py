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
    """The maps of the land and its elevation, in the published layout."""
    from entropice.virtual_modification.files import modification_files
    from entropice.virtual_modification.world import make_modified_world

    return modification_files(make_modified_world(random_seed, land), stored_unit(HUMAN_MODIFICATION, unit))


def read_fields(files: Path, unit: str) -> Dataset:
    """The same through the door of real files."""
    from entropice.sources.series.fields import read_series

    return read_series(files, HUMAN_MODIFICATION, stored_unit(HUMAN_MODIFICATION, unit))


def forecast_by_law(land: ModificationSpecification, rules: CeilingRules, random_seed: int) -> Dataset:
    """What someone forecasts who knows all but chance."""
    from entropice.virtual_modification.forecasts import ceiling_forecasts
    from entropice.virtual_modification.world import make_modified_world

    return ceiling_forecasts(make_modified_world(random_seed, land), rules)
