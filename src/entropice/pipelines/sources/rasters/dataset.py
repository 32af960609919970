"""The folder of rasters of the user's own."""

from pathlib import Path
from typing import Any

from kedro.io import DatasetError

from entropice.errors import InputFileError
from entropice.io.sources import SourceDataset


class RasterFolderDataset(SourceDataset[Any, Path]):
    """A folder of rasters of any format and CRS; every file in it counts as content, headers beside rasters too."""

    is_folder = True

    def read(self, path: Path) -> Path:
        """The folder itself, whatever is in it; parameters name the files that are read.

        Raises
        ------
        InputFileError
            There is no folder at `path`, or a file stands there.
        """
        if not path.is_dir():
            raise InputFileError(
                "There is no folder of rasters.",
                path=path,
                field="raster_files",
                got="a file" if path.exists() else "nothing",
                expected="a folder",
                fix="put your rasters there, or point raster_files to their folder in an environment of your own",
            )
        return path

    def write(self, data: Any, path: Path) -> None:  # noqa: ARG002 - the signature is that of every dataset
        """Refuse: rasters are given.

        Raises
        ------
        DatasetError
            Always; nothing is written, whatever `data` and `path` are.
        """
        raise DatasetError("rasters are given, never written")
