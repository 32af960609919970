"""The map of a model that was applied without training."""

from pathlib import Path
from typing import TYPE_CHECKING

from entropice.io.checksums import DigestOf, verify_recorded_files
from entropice.io.previews import DescriptionPreview
from entropice.io.recorded import RecordedDataset
from entropice.sha256 import sha256_of
from entropice.types import GeoDataFrame

if TYPE_CHECKING:
    from entropice.report.applied_map import AppliedFolder


class AppliedMapDataset(DescriptionPreview, RecordedDataset["AppliedFolder", GeoDataFrame]):
    """A folder with a GeoPackage with the table ``cells`` and its styles, the model and a manifest; loads as the cells.

    Files that it did not write leave it undamaged.
    """

    is_folder = True

    def verify(self, digest_of: DigestOf = sha256_of) -> None:
        """Pass only if every file is as it was written; others may lie beside them.

        Raises
        ------
        InputFileError
            No record, or a recorded file was changed or removed since.
        """
        verify_recorded_files(self.path, digest_of)

    def read(self, path: Path) -> GeoDataFrame:
        """The table ``cells`` of ``run.gpkg``: a row a cell, EPSG:3413, a column for each quantity and label year.

        Columns are called ``<quantity>_<year>``, such as ``p_any_rts_2021``, names as of
        `entropice.report.quantities`; those of a cell alone, as ``lon_deg``, are without a year.
        """
        import pyogrio

        return pyogrio.read_dataframe(path / "run.gpkg", layer="cells")

    def write(self, data: "AppliedFolder", path: Path) -> None:
        """Write ``run.gpkg``, ``model.npz`` and ``model.json``, then ``manifest.json`` with their SHA-256.

        The manifest has ``schema run_id title model_of_run grid years rebuild_command files``.
        """
        from entropice.report.applied_map import write_applied_folder

        write_applied_folder(data, path)
