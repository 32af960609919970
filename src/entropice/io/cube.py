"""Labelled arrays as Zarr."""

from pathlib import Path
from typing import TYPE_CHECKING

from entropice.io.previews import DescriptionPreview
from entropice.io.recorded import RecordedDataset
from entropice.types import Dataset

if TYPE_CHECKING:
    from xarray import DataArray


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


class CellCubeDataset(CubeDataset):
    """An xarray dataset on cells, of which some can be read without the others.

    A chunk holds the cells that are predicted together (`entropice.learning.samples.CELLS_PER_BLOCK`), in all years.
    """

    def read(self, path: Path) -> Dataset:
        """Read the coordinates alone; variables, in the order of their names, are read when they are asked for.

        What has been read is not kept: whoever asks twice reads twice.
        """
        import xarray as xr

        cube = xr.open_dataset(path, engine="zarr", chunks=None, cache=False, consolidated=False)
        for coordinate in cube.coords.values():
            coordinate.load()
        variables = {name: cube[name].variable for name in sorted(map(str, cube.data_vars))}
        return xr.Dataset(variables, coords=cube.coords, attrs=cube.attrs)

    def write(self, data: Dataset, path: Path) -> None:
        """Write one variable after the other; the writer's own chunking and compression are dropped."""
        plain = data.drop_encoding()
        encoding = {str(name): {"chunks": _chunks(variable)} for name, variable in plain.data_vars.items()}
        plain.to_zarr(path, mode="w", zarr_format=3, consolidated=False, encoding=encoding)


def _chunks(variable: "DataArray") -> tuple[int, ...]:
    from entropice.learning.samples import CELLS_PER_BLOCK

    longest = {"cell": CELLS_PER_BLOCK}
    return tuple(max(1, min(size, longest.get(str(name), size))) for name, size in variable.sizes.items())
