"""A folder of rasters, a file a step."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from entropice.errors import InputFileError
from entropice.io.sources import SourceDataset

if TYPE_CHECKING:
    from entropice.sources.series.writing import SeriesFile
else:
    SeriesFile = Any


class RasterSeriesDataset(SourceDataset[Iterable[SeriesFile], Path]):
    """Given by a publisher, or written file by file by a virtual world; read as the folder, which its reader judges."""

    is_folder = True

    def read(self, path: Path) -> Path:
        """The folder itself, whatever is in it: its reader judges the files.

        Raises
        ------
        InputFileError
            There is no folder at `path`, or a file stands there.
        """
        if not path.is_dir():
            raise InputFileError(
                "There is no folder of rasters.",
                path=path,
                field="files",
                got="a file" if path.exists() else "nothing",
                expected="a folder",
                fix="put the rasters there, or correct the path in the catalog of the environment",
            )
        return path

    def write(self, data: Iterable[SeriesFile], path: Path) -> None:
        """Write each file as it comes, a GeoTIFF under its own name below `path`; equal files give equal bytes.

        A file of that name is replaced. `save` calls it with a temporary folder, which takes the place of the dataset's
        when all is written, or not at all.
        """
        from entropice.sources.series.writing import write_series_file

        for file in data:
            write_series_file(path, file)
