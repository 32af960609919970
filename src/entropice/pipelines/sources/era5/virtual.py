"""Climate of the virtual Arctic."""

from entropice.pipelines.virtual_arctic.parameters import VirtualArcticParameters
from entropice.types import Dataset


def write_climate(world: Dataset, parameters: VirtualArcticParameters) -> Dataset:
    """Monthly climate in the layout of ERA5 files from the Climate Data Store."""
    from entropice.virtual_arctic.climate_file import climate_dataset

    return climate_dataset(world, parameters)
