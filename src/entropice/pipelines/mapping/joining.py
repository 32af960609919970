"""Objects joined with the cells that they lie in, from datasets of the catalog."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
import pandas as pd
from pyproj import Transformer
from scipy.special import expit

from entropice.crs import LON_LAT_CRS, POLAR_CRS
from entropice.dggs import parse_grid
from entropice.imagery.held_out_objects import FOUND, TRUE, matched_at
from entropice.imagery.object_calibration import ObjectCalibration
from entropice.imagery.object_score_table import counted
from entropice.imagery.sightings import same_objects
from entropice.imagery.splits import TEST, VALIDATION
from entropice.learning.scores.table import block_replicates
from entropice.learning.two_stage.gate import Gate
from entropice.learning.two_stage.joint import (
    base_rate_on_land,
    log_likelihood_ratio,
    log_relative_density,
    posterior_log_odds,
)
from entropice.learning.two_stage.joint_scores import joint_score_table
from entropice.pipelines.kinds.mask.evaluation.parameters import EvaluationParameters
from entropice.types import CellIds, DataFrame, FloatArray, GeoDataFrame, IntArray
from entropice.units import M2_PER_KM2

_HALF_AN_OBJECT: Final = 0.5


@dataclass(frozen=True)
class Joining:
    """What turns the mean logit of an object into chances.

    Attributes
    ----------
    calibration
        Of found objects.
    density
        Expected per km², indexed by year and cell.
    relative
        Log relative density, indexed by year and cell.
    base_rate
        Share of true ones among the objects found on all land.
    """

    calibration: ObjectCalibration
    density: "pd.Series[float]"
    relative: "pd.Series[float]"
    base_rate: float

    @classmethod
    def of(
        cls,
        object_calibration: Mapping[str, Any],
        ground: DataFrame,
        expected_density: DataFrame,
        cells: GeoDataFrame,
        pixel_m: float,
        floor_per_km2: float,
    ) -> Self:
        """From what validation tiles have shown, and what cells let one expect.

        False objects per km² are those of the validation tiles, with half an object added so that none found does not
        mean that there are none, over the area of negative scored pixels; the share of true ones on all land follows
        from it, from the mean density over land, and from the share of true objects that are found.

        With n false objects found on A km² of negative scored validation pixels, q the share of true objects that are
        found and λ̄ the mean density over land, in km⁻² of known cells and years: ρ = (n + ½) / A, and the base rate is
        λ̄ q / (λ̄ q + ρ). Density and land are those of the same cells; each cell must be in `cells`.

        Parameters
        ----------
        ground
            ``split n_negative`` scored pixels of held-out tiles.
        expected_density
            ``cell_id year expected_per_km2``; NaN where nothing is expected.
        cells
            ``cell_id area_m2 land_fraction``, every cell.
        pixel_m
            Edge of a pixel.
        floor_per_km2
            Above 0: lower densities count as this.

        Raises
        ------
        ConfigError
            The floor is not positive.
        SchemaError
            A density is negative, or none is known in a year.
        """
        land_area_m2 = (cells["area_m2"] * cells["land_fraction"]).set_axis(cells["cell_id"])
        calibration = ObjectCalibration.from_json(dict(object_calibration))
        negative = ground.loc[ground["split"] == VALIDATION, "n_negative"].sum() * pixel_m**2 / M2_PER_KM2
        # That nothing was found wrong here does not say that nothing ever is: half an object keeps the rate above 0.
        false_per_km2 = (calibration.n_wrong + _HALF_AN_OBJECT) / negative
        by_year = {
            year: pd.Series(
                log_relative_density(
                    of_year["expected_per_km2"].to_numpy(np.float64),
                    land_area_m2.loc[of_year["cell_id"]].to_numpy(np.float64),
                    floor_per_km2,
                ),
                index=of_year["cell_id"],
            )
            for year, of_year in expected_density.groupby("year")
        }
        known = expected_density.dropna(subset="expected_per_km2")
        mean = np.average(known["expected_per_km2"], weights=land_area_m2.loc[known["cell_id"]])
        rate = base_rate_on_land(float(mean), calibration.overall_detection, float(false_per_km2))
        density = expected_density.set_index(["year", "cell_id"])["expected_per_km2"]
        return cls(calibration, density, pd.concat(by_year, names=["year"]), rate)

    def evidence(self, mean_logits: FloatArray) -> FloatArray:
        """Log likelihood ratio (n,), in nats, of objects by their pixels alone, from mean raw logits (n,).

        logit p(z) − logit π: the calibrated log-odds that an object is true less those of the share π of true ones that
        they were calibrated at; NaN stays NaN.
        """
        return log_likelihood_ratio(self.calibration.log_odds(mean_logits), self.calibration.prevalence)

    def log_relative(self, cell_id: CellIds, year: IntArray) -> FloatArray:
        """What the cells (n,) of objects say; 0, as good as the mean, of a cell that is not one of the map.

        It is log(λ / λ̄), λ the expected density of the cell in the year and λ̄ its mean over land; 0, too, where it is
        NaN.
        """
        return np.nan_to_num(_at(self.relative, cell_id, year))


def joined_outlines(objects: GeoDataFrame, joining: Joining, min_overlap: float) -> GeoDataFrame:
    """Outlines with ``outline_id log_odds p_pixels p area_sd_m2`` in place of what they come from.

    `objects` are those of `entropice.pipelines.mapping.gathering.found_objects_of`. Log-odds are evidence of pixels;
    ``p_pixels`` adds the share of true objects on all land, ``p`` what the cell lets one expect as well: logit p =
    evidence + log(λ / λ̄) + logit β. Outlines of two years that share at least `min_overlap` of the smaller one have
    one ``outline_id``; rows are sorted by year, tile and outline, none where there are no objects; columns are
    ``outline_id tile cell_id year area_m2 area_sd_m2 n_pixels extent_m log_odds p_pixels p chance_mean chance_max
    chance_sd is_true geometry``.

    Raises
    ------
    SchemaError
        An outline is empty or not valid.
    """
    evidence = joining.evidence(objects["mean_logit"].to_numpy(np.float64))
    relative = joining.log_relative(objects["cell_id"].to_numpy(), objects["year"].to_numpy())
    nothing = np.zeros_like(relative)
    numbers = same_objects(objects.geometry.to_numpy(), objects["year"].to_numpy(), min_overlap)
    joined = objects.assign(
        outline_id=numbers,
        log_odds=evidence,
        p_pixels=expit(posterior_log_odds(evidence, nothing, joining.base_rate)),
        p=expit(posterior_log_odds(evidence, relative, joining.base_rate)),
        area_sd_m2=np.sqrt(objects["area_variance_m4"]),
    )
    columns = [
        *("outline_id", "tile", "cell_id", "year", "area_m2", "area_sd_m2", "n_pixels", "extent_m", "log_odds"),
        *("p_pixels", "p", "chance_mean", "chance_max", "chance_sd", "is_true", "geometry"),
    ]
    return joined[columns].sort_values(["year", "tile", "outline_id"], kind="stable", ignore_index=True)


def with_finds(tiles: GeoDataFrame, outlines: GeoDataFrame) -> GeoDataFrame:
    """Tiles with ``n_found expected_found``: outlines, and the sum of their chances.

    `tiles` has ``tile year geometry`` and any others, each tile and year once, `outlines` ``tile year p``; 0 of a tile
    in which nothing was found. The geometry comes last.

    >>> from geopandas import GeoDataFrame
    >>> from shapely import box
    >>> tiles = GeoDataFrame({"tile": ["a", "b"], "year": 2021}, geometry=[box(0, 0, 1, 1)] * 2)
    >>> outlines = GeoDataFrame({"tile": "a", "year": 2021, "p": [0.5, 0.25]}, geometry=[box(0, 0, 1, 1)] * 2)
    >>> with_finds(tiles, outlines)[["tile", "n_found", "expected_found"]].to_numpy().tolist()
    [['a', 2, 0.75], ['b', 0, 0.0]]
    """
    found = outlines.groupby(["tile", "year"])["p"].agg(n_found="size", expected_found="sum")
    both = tiles.merge(found.reset_index(), on=["tile", "year"], how="left", validate="one_to_one")
    n_found, expected = both["n_found"].fillna(0).astype(np.int64), both["expected_found"].fillna(0.0)
    filled = both.assign(n_found=n_found, expected_found=expected)
    return filled[[*filled.columns.drop("geometry"), "geometry"]]


def joint_scores(
    objects: DataFrame,
    ground: DataFrame,
    joining: Joining,
    gate: Mapping[str, Any],
    evaluation: EvaluationParameters,
    grid: str,
    random_seed: int,
) -> DataFrame:
    """`joint_score_table` of the objects of the test tiles, in three ways: pixels, hard gate, soft.

    Parameters
    ----------
    objects, ground
        ``split block kind mean_logit year x_m y_m is_judged matched_at_<iou>``, EPSG:3413, and ``split block n_positive
        n_negative``; objects that are neither matched nor judged do not count.
    gate
        The document of ``gate``: behind it an object whose cell does not pass is left out.

    Returns
    -------
    DataFrame
        ``way compared_with ratio score value low_95 high_95 n_true n_found``; ``soft`` joins pixels with what cells let
        one expect. ``score`` is ``pr_auc``, the average precision over objects from the highest score down, with recall
        over all true ones; where ``compared_with`` names a way, its score is taken away.
    """
    true_at = evaluation.objects.true_at
    found, true = (counted(objects[objects["split"] == TEST], kind, true_at) for kind in (FOUND, TRUE))
    of_block = ground[ground["split"] == TEST].groupby("block")[["n_positive", "n_negative"]].sum()
    of_block = of_block.assign(n_true=true.groupby("block").size()).fillna({"n_true": 0})
    evidence = joining.evidence(found["mean_logit"].to_numpy(np.float64))
    cell_id = _cells_of(found, grid)
    relative = joining.log_relative(cell_id, found["year"].to_numpy())
    passes = Gate.from_json(gate).passes(_at(joining.density, cell_id, found["year"].to_numpy()))
    return joint_score_table(
        {"pixels": evidence, "hard_gate": np.where(passes, evidence, -np.inf), "soft": evidence + relative},
        found[matched_at(true_at)].to_numpy(bool),
        of_block.index.get_indexer(pd.Index(found["block"])),
        of_block,
        evaluation.ratios,
        block_replicates(len(of_block), random_seed, evaluation.n_bootstrap),
    )


def _at(by_year: "pd.Series[float]", cell_id: CellIds, year: IntArray) -> FloatArray:
    index = pd.MultiIndex.from_arrays([year, cell_id])
    return np.asarray(by_year.reindex(index), dtype=np.float64)


def _cells_of(objects: DataFrame, grid: str) -> CellIds:
    to_lon_lat = Transformer.from_crs(POLAR_CRS, LON_LAT_CRS, always_xy=True)
    return parse_grid(grid).cell_at(*to_lon_lat.transform(objects["x_m"].to_numpy(), objects["y_m"].to_numpy()))
