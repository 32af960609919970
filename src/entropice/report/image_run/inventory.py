"""The inventory of a task for readers: outlines as a GeoPackage that plays year by year, and tables of areas."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from entropice.imagery.inventory.inventory_scores import INVENTORY_SCORES
from entropice.report.geopackage import write_style, write_tables
from entropice.report.image_run.datasets import OF_AN_INVENTORY
from entropice.report.qml import STYLES
from entropice.report.table import Column, Table
from entropice.types import DataFrame, GeoDataFrame
from entropice.units import M2_PER_KM2

OBJECTS: Final = "objects"
GROWTH: Final = "growth"
REGION_AREAS: Final = "region_areas"
BEGINS: Final = "begins"
ENDS: Final = "ends"
OUTLINE: Final = "#0b4f9c"
OUTLINE_WIDTH_MM: Final = 0.4
ALL_GROUND: Final = "all"
_TIP: Final = (
    "<b>[% \"region\" %], [% \"year\" %]</b><br>[% round(\"area_m2\") %] m² "
    "([% round(\"area_low_90_m2\") %] to [% round(\"area_high_90_m2\") %])<br>chance [% round(100 * \"p\") %] %"
)  # fmt: skip
_COLUMNS: Final = (
    Column("object_id", "integer", "1", "one number for what is the same object in several years"),
    Column("region", "text", None, "where it lies"),
    Column("year", "integer", "1", "in which it was seen"),
    Column("split", "text", None, "whose ground it lies on; on that of training areas are not honest"),
    Column("p", "real", "1", "chance that it is what was looked for"),
    Column("area_m2", "real", "m2", "its area on the ground"),
    Column("area_low_90_m2", "real", "m2", "lower end of the 90 % interval"),
    Column("area_high_90_m2", "real", "m2", "upper end of the 90 % interval"),
    Column("area_sd_m2", "real", "m2", "standard deviation of the area"),
    Column("n_pixels", "integer", "1", "pixels inside the outline"),
    Column("chance_mean", "real", "1", "mean chance of these pixels"),
    Column("is_below_min", "integer", "1", "whether it is smaller than what is counted"),
    Column("is_cut", "integer", "1", "whether it may go on where nobody has looked"),
    Column(BEGINS, "text", None, "first day of the year"),
    Column(ENDS, "text", None, "first day of the next year"),
)


@dataclass(frozen=True, eq=False)
class ShownInventory:
    """What was found in whole regions.

    Attributes
    ----------
    objects, growth, region_areas, scores
        The datasets of `OF_AN_INVENTORY`, in this order.
    """

    objects: GeoDataFrame
    growth: DataFrame
    region_areas: DataFrame
    scores: DataFrame

    @property
    def score_titles(self) -> dict[str, str]:
        """What scores are called."""
        return {score.name: score.title for score in INVENTORY_SCORES}

    @property
    def sums(self) -> DataFrame:
        """Rows ``region year n_objects area_km2 low_km2 high_km2`` of all ground."""
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
    """The inventory among datasets ``<task>.<name>``; None where the run has made none."""
    if f"{task}.{OF_AN_INVENTORY[0]}" not in datasets:
        return None
    return ShownInventory(*(datasets[f"{task}.{name}"] for name in OF_AN_INVENTORY))


def inventory_entry(file: str) -> dict[str, Any]:
    """What the manifest says of the GeoPackage."""
    return {"file": file, "layer": OBJECTS, BEGINS: BEGINS, ENDS: ENDS, "columns": [each.entry() for each in _COLUMNS]}


def write_inventory(inventory: ShownInventory, title: str, path: Path) -> None:
    """Write outlines, with a style and the field of their time, growth and sums; the same content, the same bytes."""
    tables = [
        Table(OBJECTS, title, "context", _dated(inventory.objects), _COLUMNS),
        Table(GROWTH, f"{title}: how objects change", "attributes", inventory.growth.drop(columns="block"), ()),
        Table(REGION_AREAS, f"{title}: sums of areas", "attributes", inventory.region_areas, ()),
    ]
    write_tables(tables, path)
    qml = STYLES.get_template("outlined_by_year.qml").render(
        begins=BEGINS, ends=ENDS, symbols=[OUTLINE], outline_width_mm=OUTLINE_WIDTH_MM, map_tip=_TIP
    )
    write_style(path, OBJECTS, qml, title)


def _dated(objects: GeoDataFrame) -> GeoDataFrame:
    days = {
        name: pd.to_datetime([f"{year + later}-01-01" for year in objects["year"]])
        for name, later in ((BEGINS, 0), (ENDS, 1))
    }
    told = objects.drop(columns="block").assign(**days)
    return told.astype({"is_below_min": "int64", "is_cut": "int64"})
