"""Folders of distances to the edges of labels."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from entropice.io.previews import DescriptionPreview
from entropice.io.recorded import RecordedDataset

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from entropice.sources.imagery.distances import DistanceFiles


class DistancesDataset(
    DescriptionPreview, RecordedDataset["Iterable[tuple[str, NDArray[np.float16]]]", "DistanceFiles"]
):
    """A folder of signed distances in pixels, one file a sample; empty where nothing learns from them."""

    is_folder = True

    def read(self, path: Path) -> "DistanceFiles":
        """Nothing but the folder: distances are read when they are asked for, one ``<key>.npz`` a sample.

        Nothing is checked here: a file that is not there is an InputFileError when it is asked for.
        """
        from entropice.sources.imagery.distances import DistanceFiles

        return DistanceFiles(path)

    def write(self, data: "Iterable[tuple[str, NDArray[np.float16]]]", path: Path) -> None:
        """Each ``<key>.npz`` as it comes, of pairs of a sample's key and its distances.

        Distances are in pixels, float16, shape (row, column).
        """
        from entropice.sources.imagery.distances import write_distances

        write_distances(data, path)
