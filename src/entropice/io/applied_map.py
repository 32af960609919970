"""The map of a model that was applied without training."""

from pathlib import Path
from typing import TYPE_CHECKING

from entropice.io.previews import DescriptionPreview
from entropice.io.recorded import RecordedDataset
from entropice.types import GeoDataFrame

if TYPE_CHECKING:
    from entropice.report.applied_map import AppliedMap


class AppliedMapDataset(DescriptionPreview, RecordedDataset["AppliedMap", GeoDataFrame]):
    """A GeoPackage with the table ``cells`` and its styles."""

    def read(self, path: Path) -> GeoDataFrame:
        """Read the cells."""
        import pyogrio

        return pyogrio.read_dataframe(path, layer="cells")

    def write(self, data: "AppliedMap", path: Path) -> None:
        """Write table and styles."""
        from entropice.report.geopackage import write_tables

        write_tables([data.cells], path, layers=data.layers)
