"""The inventory of a task for readers: outlines as a GeoPackage that plays year by year, and tables of areas."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from entropice.imagery.inventory.inventory_scores import INVENTORY_SCORES
from entropice.report.geopackage import write_style, write_tables
from entropice.report.image_run.datasets import INVENTORY, OF_PIPELINES
from entropice.report.image_run.inventory_meanings import BEGINS, ENDS, FLAGS, OF_GROWTH, OF_OBJECTS, OF_REGIONS
from entropice.report.qml import STYLES
from entropice.report.table import Table, columns_of
from entropice.types import DataFrame, GeoDataFrame
from entropice.units import M2_PER_KM2

OBJECTS: Final = "objects"
GROWTH: Final = "growth"
REGION_AREAS: Final = "region_areas"
OUTLINE: Final = "#0b4f9c"
OUTLINE_WIDTH_MM: Final = 0.4
ALL_GROUND: Final = "all"
_TIP: Final = (
    "<b>[% \"region\" %], [% \"year\" %]</b><br>[% round(\"area_m2\") %] m² "
    "([% round(\"area_low_90_m2\") %] to [% round(\"area_high_90_m2\") %])<br>chance [% round(100 * \"p\") %] %"
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class ShownInventory:
    """What was found in whole regions.

    Attributes
    ----------
    objects, growth, region_areas, scores
        The datasets of the pipeline ``inventory``, in the order of `OF_PIPELINES`.
    """

    objects: GeoDataFrame
    growth: DataFrame
    region_areas: DataFrame
    scores: DataFrame

    @property
    def score_titles(self) -> dict[str, str]:
        """What scores of an inventory are called, title by name."""
        return {score.name: score.title for score in INVENTORY_SCORES}

    @property
    def sums(self) -> DataFrame:
        """Rows ``region year n_objects area_km2 low_km2 high_km2`` of all ground; low and high of 90 %."""
        rows = self.region_areas[self.region_areas["split"] == ALL_GROUND]
        return pd.DataFrame(
            {
                "region": rows["region"],
                "year": rows["year"],
                "n_objects": rows["n_objects"],
                "area_km2": rows["area_m2"] / M2_PER_KM2,
                "low_km2": rows["area_low_90_m2"] / M2_PER_KM2,
                "high_km2": rows["area_high_90_m2"] / M2_PER_KM2,
            }
        ).reset_index(drop=True)


def shown_inventory(task: str, datasets: Mapping[str, Any]) -> ShownInventory | None:
    """The inventory among datasets ``<task>.<name>``; None where the run has made none.

    Raises
    ------
    KeyError
        There is a dataset ``inventory``, and ``growth``, ``region_areas`` or ``inventory_scores`` is missing.

    Examples
    --------
    >>> shown_inventory("lakes", {"lakes.map_layers": []}) is None
    True
    """
    names = [f"{task}.{name}" for name in OF_PIPELINES[INVENTORY]]
    return ShownInventory(*(datasets[name] for name in names)) if names[0] in datasets else None


def inventory_entry(inventory: ShownInventory, title: str, file: str) -> dict[str, Any]:
    """What the manifest says of the GeoPackage that `write_inventory` writes with this title.

    ``file layer begins ends years style tables``: the columns that hold first and last day, years ascending, and an
    entry for each table.
    """
    return {
        "file": file,
        "layer": OBJECTS,
        BEGINS: BEGINS,
        ENDS: ENDS,
        "years": sorted(int(year) for year in inventory.region_areas["year"].unique()),
        "style": {"kind": "single", "fill": None, "stroke": OUTLINE, "stroke_width_mm": OUTLINE_WIDTH_MM},
        "tables": [table.entry() for table in inventory_tables(inventory, title)],
    }


def inventory_tables(inventory: ShownInventory, title: str) -> list[Table]:
    """Outlines with their time, how objects change, and sums of areas.

    ``objects`` (EPSG:3413, with ``begins`` and ``ends``: 1 January of its year and of the next), ``growth`` and
    ``region_areas``, rows and columns as in the datasets but for ``block``: those of `OF_OBJECTS`, `OF_GROWTH` and
    `OF_REGIONS` in `inventory_meanings`. The flags ``is_below_min`` and ``is_cut`` are 0 or 1.

    Raises
    ------
    KeyError
        A column has no declared meaning, or there is no ``block``.
    """
    objects, growth, sums = _dated(inventory.objects), _told(inventory.growth), inventory.region_areas
    return [
        Table(OBJECTS, f"{title}: outlines", "context", objects, columns_of(objects, OF_OBJECTS)),
        Table(GROWTH, f"{title}: how objects change", "attributes", growth, columns_of(growth, OF_GROWTH)),
        Table(REGION_AREAS, f"{title}: sums of areas", "attributes", sums, columns_of(sums, OF_REGIONS)),
    ]


def write_inventory(inventory: ShownInventory, title: str, path: Path) -> None:
    """Write outlines, with a style and the field of their time, growth and sums; the same content, the same bytes.

    A new GeoPackage of the tables ``objects``, ``growth`` and ``region_areas`` as `inventory_tables` makes them. QGIS
    draws outlines of the year that its clock is in.
    """
    write_tables(inventory_tables(inventory, title), path)
    qml = STYLES.get_template("outlined_by_year.qml").render(
        begins=BEGINS, ends=ENDS, symbols=[OUTLINE], outline_width_mm=OUTLINE_WIDTH_MM, map_tip=_TIP
    )
    write_style(path, OBJECTS, qml, title)


def _dated(objects: GeoDataFrame) -> GeoDataFrame:
    days = {
        name: pd.to_datetime([f"{year + later}-01-01" for year in objects["year"]])
        for name, later in ((BEGINS, 0), (ENDS, 1))
    }
    return gpd.GeoDataFrame(_told(objects.assign(**days)), geometry="geometry", crs=objects.crs)


def _told(rows: DataFrame) -> DataFrame:
    """Rows without what readers have no use for; flags as 0 and 1."""
    flags = dict.fromkeys([name for name in FLAGS if name in rows], "int64")
    return rows.drop(columns="block").astype(flags)
