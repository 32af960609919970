"""Labelled arrays as Zarr."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from entropice.io.previews import DescriptionPreview
from entropice.io.recorded import RecordedDataset
from entropice.types import Dataset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xarray import DataArray

    from entropice.derive.cell_blocks import CellBlocks
else:
    CellBlocks = Any


class CubeDataset(DescriptionPreview, RecordedDataset[Dataset, Dataset]):
    """An xarray dataset as a Zarr v3 group, written and read whole."""

    is_folder = True

    def read(self, path: Path) -> Dataset:
        """Read every variable into memory, in the order of their names (a Zarr group keeps none).

        Dimensions, coordinates, dtypes and attributes are as they were written.
        """
        import xarray as xr

        with xr.open_zarr(path, chunks=None, consolidated=False) as cube:
            loaded = cube.load()
        variables = {name: loaded[name] for name in sorted(loaded.data_vars)}
        return xr.Dataset(variables, coords=loaded.coords, attrs=loaded.attrs)

    def write(self, data: Dataset, path: Path) -> None:
        """Write every variable to a Zarr v3 group; the writer's own chunking and compression are dropped."""
        data.drop_encoding().to_zarr(path, mode="w", zarr_format=3, consolidated=False)


class CellCubeDataset(DescriptionPreview, RecordedDataset[Dataset | CellBlocks, Dataset]):
    """An xarray dataset on cells, of which some can be written or read without the others.

    A chunk holds the 4,096 cells that are predicted together (`entropice.learning.samples.CELLS_PER_BLOCK`), in all
    years.
    """

    is_folder = True

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

    def write(self, data: Dataset | CellBlocks, path: Path) -> None:
        """Write a chunk of every variable at a time; the writer's own chunking and compression are dropped.

        The first dimension of every variable is cell; dtypes and attributes are those of the first block.
        """
        from entropice.learning.samples import CELLS_PER_BLOCK

        coordinates, blocks = _in_blocks(data, CELLS_PER_BLOCK)
        arrays: dict[str, Any] = {}
        for number, block in enumerate(blocks):
            arrays = arrays or _laid_out(block, coordinates, path, CELLS_PER_BLOCK)
            start = number * CELLS_PER_BLOCK
            for name, array in arrays.items():
                array[start : start + block.sizes["cell"]] = block[name].to_numpy()


def _in_blocks(data: Dataset | CellBlocks, n_cells: int) -> "tuple[Dataset, Iterator[Dataset]]":
    """The coordinates of all cells, and the cube so many cells at a time."""
    from entropice.derive.cell_blocks import CellBlocks, slices_of

    if isinstance(data, CellBlocks):
        return data.coordinates, data.blocks(n_cells)
    return data.drop_vars(data.data_vars), (data.isel(cell=cells) for cells in slices_of(data.sizes["cell"], n_cells))


def _laid_out(block: Dataset, coordinates: Dataset, path: Path, cells_per_chunk: int) -> dict[str, Any]:
    """Write a cube of all cells whose variables, described as those of a block, hold nothing yet; their Zarr arrays."""
    import zarr

    n_cells = coordinates.sizes["cell"]
    variables = {str(name): _of_nothing(variable, n_cells) for name, variable in block.data_vars.items()}
    encoding = {name: {"chunks": _chunks(variable, cells_per_chunk)} for name, variable in variables.items()}
    cube = coordinates.drop_encoding().assign(variables)
    cube.to_zarr(path, mode="w", zarr_format=3, consolidated=False, encoding=encoding)
    group = zarr.open_group(path, mode="r+")
    return {name: group[name] for name in variables}


def _of_nothing(variable: "DataArray", n_cells: int) -> "DataArray":
    """A variable of as many cells that takes no memory, and no file: Zarr stores no chunk of its fill value."""
    import numpy as np
    import xarray as xr

    nothing = np.full((), np.nan if np.issubdtype(variable.dtype, np.floating) else 0, dtype=variable.dtype)
    shape = [n_cells if name == "cell" else size for name, size in variable.sizes.items()]
    return xr.DataArray(np.broadcast_to(nothing, shape), dims=variable.dims, attrs=variable.attrs)


def _chunks(variable: "DataArray", cells_per_chunk: int) -> tuple[int, ...]:
    longest = {"cell": cells_per_chunk}
    return tuple(max(1, min(size, longest.get(str(name), size))) for name, size in variable.sizes.items())
