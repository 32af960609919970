"""The inventory, its growth and its sums, from whole objects and what was calibrated on audited images."""

from collections.abc import Iterator
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from entropice.crs import POLAR_CRS
from entropice.dggs import parse_grid
from entropice.imagery.inventory.area_errors import Areas, FoundAreas
from entropice.imagery.inventory.calibration import InventoryCalibration
from entropice.imagery.inventory.ground import ground_at
from entropice.imagery.inventory.growth import change_of
from entropice.imagery.inventory.region_tiles import REGION
from entropice.imagery.inventory.totals import total_area
from entropice.imagery.sightings import same_objects
from entropice.imagery.split_rules import SplitRules
from entropice.imagery.splits import SPLITS
from entropice.pipelines.inventory.gathering import centres_m, ground_pixels_m2, with_one_row_a_year
from entropice.pipelines.inventory.parameters import InventoryParameters
from entropice.types import DataFrame, GeoDataFrame

ALL_GROUND: Final = "all"
COLUMNS: Final = (
    *("object_id", REGION, "year", "split", "block", "p", "area_m2", "area_low_90_m2", "area_high_90_m2"),
    *("area_sd_m2", "n_pixels", "chance_mean", "is_below_min", "is_cut", "geometry"),
)
REGION_COLUMNS: Final = (
    *(REGION, "year", "split", "n_objects", "n_expected"),
    *("area_m2", "area_low_90_m2", "area_high_90_m2", "area_sd_m2"),
)


def inventory_table(
    found: GeoDataFrame,
    calibration: InventoryCalibration,
    inventory: InventoryParameters,
    pixel_m: float,
    grid: str,
    splits: SplitRules,
    seed: int,
) -> GeoDataFrame:
    """One row an object and year, `COLUMNS`; areas on the ground, outlines in EPSG:3413.

    Parameters
    ----------
    found
        Of `entropice.pipelines.inventory.gathering.whole_objects`, of found ones.
    calibration
        What logits say of areas and objects.
    inventory
        The least area, below which an object ``is_below_min``, and the part of the smaller outline by which outlines of
        two years show one object.
    pixel_m
        Edge of a pixel in EPSG:3413.
    grid, splits, seed
        By which the ground of an object's centroid is dealt.

    Returns
    -------
    GeoDataFrame
        ``object_id region year split block p area_m2 area_low_90_m2 area_high_90_m2 area_sd_m2 n_pixels chance_mean
        is_below_min is_cut geometry``, sorted by ``object_id`` and year; ``p`` is the chance that the object is true,
        by mean logit and size at the share of true ones among all rows (`ObjectChances.among`), ``chance_mean`` that of
        its pixels, areas m² with 90 % limits: s N a² with N ``n_expected``, a the edge of a pixel on the ground, and
        the scale s of `calibration`, to which limits s N a² exp(q σ) belong (`AreaErrors.areas`); outlines of one year
        that another year shows as one object are one row.

    Raises
    ------
    SchemaError
        An outline is empty or not valid.
    """
    numbers = same_objects(found.geometry.to_numpy(), found["year"].to_numpy(), inventory.min_overlap)
    rows = with_one_row_a_year(found, numbers)
    areas = calibration.errors.areas(
        FoundAreas(
            ground_pixels_m2(rows, pixel_m),
            rows["n_expected"].to_numpy(np.float64),
            rows["n_in_doubt"].to_numpy(np.float64),
        )
    )
    ground = ground_at(centres_m(rows), parse_grid(grid), splits, seed)
    told = rows.assign(
        split=ground.split,
        block=ground.block,
        p=calibration.objects.among(
            (rows["logit_sum"] / rows["n_pixels"]).to_numpy(np.float64), rows["n_pixels"].to_numpy(np.float64)
        ),
        area_m2=areas.area_m2,
        area_low_90_m2=areas.low_m2,
        area_high_90_m2=areas.high_m2,
        area_sd_m2=areas.sd_m2,
        chance_mean=rows["chance_sum"] / rows["n_pixels"],
        is_below_min=areas.area_m2 < inventory.min_area_m2,
        n_pixels=rows["n_pixels"].astype(np.int64),
    )
    return gpd.GeoDataFrame(told[list(COLUMNS)], geometry="geometry", crs=POLAR_CRS)


def growth_table(inventory: DataFrame, calibration: InventoryCalibration) -> DataFrame:
    """One row for each object seen in two years or more, from the first to the last of them.

    ``object_id region split block first_year last_year change_m2 change_low_90_m2 change_high_90_m2 change_m2_a
    change_low_90_m2_a change_high_90_m2_a p_grew is_below_min is_cut``; ``_m2_a`` is m² a year; an object is below the
    least area where it is so in both years, and cut where it is so in one. Region, split and block are those of the
    last year; no rows where none is seen twice.

    `inventory` has the columns of `inventory_table`; years between are left out. Changes are last less first, with 90 %
    limits of both areas (`entropice.imagery.inventory.growth.change_of`); ``p_grew`` is the chance that the last is
    larger.
    """
    ordered = inventory.drop(columns="geometry").sort_values(["object_id", "year"], kind="stable")
    several = ordered.groupby("object_id").filter(lambda rows: len(rows) > 1)
    first, last = (several.drop_duplicates("object_id", keep=which, ignore_index=True) for which in ("first", "last"))
    change = change_of(_areas(first), _areas(last), calibration.errors.between_years)
    n_years = (last["year"] - first["year"]).to_numpy(np.float64)
    return pd.DataFrame(
        {
            **{name: last[name] for name in ("object_id", REGION, "split", "block")},
            "first_year": first["year"],
            "last_year": last["year"],
            "change_m2": change.change_m2,
            "change_low_90_m2": change.low_m2,
            "change_high_90_m2": change.high_m2,
            "change_m2_a": change.change_m2 / n_years,
            "change_low_90_m2_a": change.low_m2 / n_years,
            "change_high_90_m2_a": change.high_m2 / n_years,
            "p_grew": change.p_grew,
            "is_below_min": first["is_below_min"] & last["is_below_min"],
            "is_cut": first["is_cut"] | last["is_cut"],
        }
    )


def region_table(inventory: DataFrame, calibration: InventoryCalibration) -> DataFrame:
    """Sums by region, year and split, and of all ground (``all``), with what was missed and made up; `REGION_COLUMNS`.

    ``region year split n_objects n_expected area_m2 area_low_90_m2 area_high_90_m2 area_sd_m2``, of `inventory`, a
    table of `inventory_table`; ``n_expected`` is the sum of the chances that objects are true.

    Regions and years in which nothing was found have no row; splits in which nothing was found have one of 0. Areas are
    m² on the ground with 90 % limits, as `entropice.imagery.inventory.totals.total_area` has them, of a log-normal law:
    f Σ p Â, of the chances p and areas Â of objects and a factor f from audited images; its page gives the variance.
    """
    return pd.DataFrame(list(_sums(inventory, calibration)), columns=list(REGION_COLUMNS))


def _sums(inventory: DataFrame, calibration: InventoryCalibration) -> Iterator[dict[str, object]]:
    for (region, year), rows in inventory.groupby([REGION, "year"]):
        for split in (ALL_GROUND, *SPLITS):
            here = rows if split == ALL_GROUND else rows[rows["split"] == split]
            p, area_m2, sd_m2 = (here[name].to_numpy(np.float64) for name in ("p", "area_m2", "area_sd_m2"))
            total = total_area(p, area_m2, sd_m2, calibration.total)
            yield {
                REGION: region,
                "year": year,
                "split": split,
                "n_objects": len(here),
                "n_expected": float(here["p"].sum()),
                "area_m2": total.area_m2,
                "area_low_90_m2": total.low_m2,
                "area_high_90_m2": total.high_m2,
                "area_sd_m2": total.sd_m2,
            }


def _areas(rows: DataFrame) -> Areas:
    names = ("area_m2", "area_low_90_m2", "area_high_90_m2", "area_sd_m2")
    return Areas(*(rows[name].to_numpy(np.float64) for name in names))
