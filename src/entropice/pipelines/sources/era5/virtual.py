"""Climate of the virtual Arctic."""

from entropice.pipelines.virtual_arctic.parameters import VirtualArcticParameters
from entropice.types import Dataset


def write_climate(world: Dataset, parameters: VirtualArcticParameters) -> Dataset:
    """Monthly climate in the layout of ERA5 files from the Climate Data Store.

    Of the dataset ``world`` (y, x) it makes ``climate_file``: float32 ``t2m`` (K), ``tp`` and ``sf`` (m a day), ``sd``
    (m of water equivalent) over ``valid_time``, ``latitude`` (descending) and ``longitude`` (0 to 360). The last three
    months are marked as preliminary (``expver`` 0005).
    """
    from entropice.virtual_arctic.climate_file import climate_dataset

    return climate_dataset(world, parameters)
