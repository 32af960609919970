"""Parquet tables, plain and with geometry."""

from pathlib import Path
from typing import Any

from kedro_datasets._typing import TablePreview

from entropice.errors import SchemaError
from entropice.io.recorded import RecordedDataset
from entropice.types import DataFrame, GeoDataFrame

_PREVIEW_ROWS = 30


class TableDataset(RecordedDataset[DataFrame, DataFrame]):
    """A pandas table as Parquet (zstd); column order, nullability and unsigned integers survive."""

    def read(self, path: Path) -> DataFrame:
        """Read the whole table: columns, order of rows and dtypes as they were saved, rows counted from 0."""
        import pandas as pd

        return pd.read_parquet(path)

    def write(self, data: DataFrame, path: Path) -> None:
        """Write without the index, as Parquet with zstd; missing values stay missing."""
        data.to_parquet(path, compression="zstd", index=False)

    def preview(self) -> TablePreview:
        """The first rows, for Kedro-Viz: 30 at most, every value as text. Loads, and so verifies, the whole table."""
        return _preview(self.load())


class GeoTableDataset(RecordedDataset[GeoDataFrame, GeoDataFrame]):
    """A geopandas table as GeoParquet with a bounding-box column, in one agreed CRS.

    Parameters
    ----------
    crs
        The CRS every saved table must already have.
    """

    def __init__(self, *, filepath: str, crs: str, metadata: dict[str, Any] | None = None) -> None:
        super().__init__(filepath=filepath, metadata=metadata)
        self._crs = crs

    @property
    def options(self) -> dict[str, Any]:
        """``crs``: the agreed one."""
        return {"crs": self._crs}

    def read(self, path: Path) -> GeoDataFrame:
        """Read the whole table: columns, order of rows, dtypes and CRS as they were saved, rows counted from 0."""
        import geopandas as gpd

        return gpd.read_parquet(path)

    def write(self, data: GeoDataFrame, path: Path) -> None:
        """Write without the index, after checking the CRS.

        Parquet with zstd, geometry as WKB beside a column of bounding boxes.

        Raises
        ------
        SchemaError
            The table has no CRS, or another than the agreed one; it is not reprojected.
        """
        if data.crs is None or data.crs != self._crs:
            got = None if data.crs is None else data.crs.to_string()
            raise SchemaError("A table has the wrong CRS.", path=self.path, got=got, expected=self._crs)
        data.to_parquet(path, compression="zstd", index=False, write_covering_bbox=True)

    def preview(self) -> TablePreview:
        """The first rows without geometry, for Kedro-Viz: 30 at most, every value as text."""
        table = self.load()
        return _preview(table.drop(columns=table.geometry.name))


def _preview(table: DataFrame) -> TablePreview:
    head = table.head(_PREVIEW_ROWS).astype(str)
    return TablePreview({"index": list(range(len(head))), "columns": list(head), "data": head.to_numpy().tolist()})
