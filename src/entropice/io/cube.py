"""Labelled arrays as Zarr."""

from pathlib import Path

from entropice.io.previews import DescriptionPreview
from entropice.io.recorded import RecordedDataset
from entropice.types import Dataset


class CubeDataset(DescriptionPreview, RecordedDataset[Dataset, Dataset]):
    """An xarray dataset as a Zarr v3 group, written and read whole."""

    is_folder = True

    def read(self, path: Path) -> Dataset:
        """Read every variable into memory, in the order of their names (a Zarr group keeps none)."""
        import xarray as xr

        with xr.open_zarr(path, chunks=None, consolidated=False) as cube:
            loaded = cube.load()
        variables = {name: loaded[name] for name in sorted(loaded.data_vars)}
        return xr.Dataset(variables, coords=loaded.coords, attrs=loaded.attrs)

    def write(self, data: Dataset, path: Path) -> None:
        """Write every variable; the writer's own chunking and compression are dropped."""
        data.drop_encoding().to_zarr(path, mode="w", zarr_format=3, consolidated=False)
