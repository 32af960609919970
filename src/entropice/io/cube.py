"""Labelled arrays as Zarr."""

from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from entropice.io.previews import DescriptionPreview
from entropice.io.recorded import RecordedDataset
from entropice.types import Dataset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xarray import DataArray

PORTION_BYTES: Final = 2**27
"""Variables on cells that are in memory together while they are written."""


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
        """Write some variables at a time; the writer's own chunking and compression are dropped."""
        plain = data.drop_encoding()
        for number, names in enumerate(_portions(plain)):
            # Coordinates are written with each portion, for a variable names those that it has.
            portion = plain.drop_vars(plain.data_vars.keys() - names)
            encoding = {name: {"chunks": _chunks(plain[name])} for name in names}
            mode: Literal["a", "w"] = "a" if number else "w"
            portion.to_zarr(path, mode=mode, zarr_format=3, consolidated=False, encoding=encoding)


def _portions(cube: Dataset) -> "Iterator[set[str]]":
    """Names of variables that are written together, for xarray reads all that it is given; at least one portion."""
    names: set[str] = set()
    n_bytes = 0
    for name, variable in cube.data_vars.items():
        if names and n_bytes + variable.nbytes > PORTION_BYTES:
            yield names
            names, n_bytes = set(), 0
        names.add(str(name))
        n_bytes += variable.nbytes
    yield names


def _chunks(variable: "DataArray") -> tuple[int, ...]:
    from entropice.learning.samples import CELLS_PER_BLOCK

    longest = {"cell": CELLS_PER_BLOCK}
    return tuple(max(1, min(size, longest.get(str(name), size))) for name, size in variable.sizes.items())
