"""Folders of distances to the edges of labels, read when they are asked for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zipfile import BadZipFile

import numpy as np

from entropice.errors import InputFileError
from entropice.types import Float32Array

if TYPE_CHECKING:
    from numpy.typing import NDArray

NAME: Final = "distances_px"
"""Of the array in each file."""


@dataclass(frozen=True)
class DistanceFiles:
    """Distances ``<key>.npz`` of a folder; `entropice.imagery.distances.Distances`."""

    folder: Path

    @cached_property
    def keys(self) -> Sequence[str]:
        """Keys of all samples that have a file, sorted."""
        return tuple(sorted(path.name.removesuffix(".npz") for path in self.folder.glob("*.npz")))

    def read(self, key: str) -> Float32Array:
        """Signed distances of a sample's pixels to the edge of its label, in pixels, negative inside.

        float32, shape (row, column).

        Raises
        ------
        InputFileError
            There is no such file, or it holds anything else.
        """
        path = self.folder / f"{key}.npz"
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
                distances_px: Float32Array = archive[NAME].astype(np.float32)
        except (OSError, KeyError, ValueError, BadZipFile) as error:
            raise InputFileError(
                "Distances to the edge of a label cannot be read.",
                path=path,
                field=NAME,
                got=str(error),
                fix="run the step measure_distances again",
            ) from error
        return distances_px


def write_distances(distances: "Iterable[tuple[str, NDArray[np.float16]]]", folder: Path) -> None:
    """Write each file as its distances come; equal distances give equal bytes.

    Of pairs of a key and its distances in pixels, shape (row, column): ``<key>.npz``, compressed, of the one array
    ``distances_px`` as it is given, in a folder that stands. A file of that name is replaced.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_distances([("a", np.array([[-1.0, 2.0]], dtype=np.float16))], Path(folder))
    ...     DistanceFiles(Path(folder)).keys, DistanceFiles(Path(folder)).read("a").tolist()
    (('a',), [[-1.0, 2.0]])
    """
    for key, distances_px in distances:
        np.savez_compressed(folder / f"{key}.npz", allow_pickle=False, **{NAME: distances_px})
