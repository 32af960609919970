"""Nodes of mapping: a network looks at chosen tiles, and what it finds is joined with what cells let one expect."""

from typing import TYPE_CHECKING, Any

from entropice.io.networks import TrainedNetwork
from entropice.pipelines.kinds.mask.evaluation.parameters import EvaluationParameters
from entropice.pipelines.kinds.mask.parameters import MaskSampleParameters
from entropice.pipelines.mapping.parameters import MappingParameters
from entropice.pipelines.training.parameters import TrainingParameters
from entropice.tiles.plan import TilePlan, TileResults
from entropice.types import DataFrame, GeoDataFrame

if TYPE_CHECKING:
    from entropice.imagery.samples import Samples
else:
    Samples = Any


def calibrate_areas(
    network: TrainedNetwork,
    images: Samples,
    splits: DataFrame,
    statistics: dict[str, Any],
    calibration: dict[str, Any],
    samples: MaskSampleParameters,
    training: TrainingParameters,
    evaluation: EvaluationParameters,
    mapping: MappingParameters,
) -> dict[str, Any]:
    """What logits of pixels say of the areas of objects, fitted on the validation tiles."""
    from entropice.imagery.splits import VALIDATION
    from entropice.pipelines.kinds.mask.evaluation.models import judged_view, network_predict
    from entropice.pipelines.mapping.areas import fitted_areas, marking_of

    view = judged_view(network, images, statistics, samples)
    predict = network_predict(network, training, evaluation)
    keys = list(splits.loc[splits["split"] == VALIDATION, "key"])
    return fitted_areas(view, keys, predict, marking_of(calibration, evaluation, mapping.reach_px))


def plan_mapping(
    chosen_tiles: DataFrame,
    network: TrainedNetwork,
    statistics: dict[str, Any],
    calibration: dict[str, Any],
    area_calibration: dict[str, Any],
    samples: MaskSampleParameters,
    training: TrainingParameters,
    evaluation: EvaluationParameters,
    mapping: MappingParameters,
    source: str,
    *seen: Any,
) -> TilePlan:
    """Every chosen tile in every year, to be looked at; saving it looks."""
    from entropice.pipelines.mapping.planning import mapping_plan
    from entropice.pipelines.tasks.task import image_source

    scenery = image_source(source).looked_through.open(*seen)
    return mapping_plan(
        chosen_tiles,
        network,
        statistics,
        calibration,
        area_calibration,
        samples,
        training,
        evaluation,
        mapping,
        scenery,
    )


def join_evidence(
    mapped: TileResults,
    chosen_tiles: DataFrame,
    expected_density: DataFrame,
    cells: GeoDataFrame,
    object_calibration: dict[str, Any],
    held_out_ground: DataFrame,
    mapping: MappingParameters,
    density_floor_per_km2: float,
) -> tuple[GeoDataFrame, GeoDataFrame]:
    """Outlines of what was found, with chances by pixels alone and joined with their cells; and the ground seen."""
    from entropice.pipelines.mapping.gathering import found_objects_of, seen_tiles
    from entropice.pipelines.mapping.joining import Joining, joined_outlines, with_finds

    objects = found_objects_of(mapped, chosen_tiles, mapping.years)
    tiles = seen_tiles(mapped, chosen_tiles, mapping.years)
    joining = Joining.of(
        object_calibration, held_out_ground, expected_density, cells, mapping.tiles.pixel_m, density_floor_per_km2
    )
    outlines = joined_outlines(objects, joining, mapping.min_overlap)
    return outlines, with_finds(tiles, outlines)


def count_by_cell(
    outlines: GeoDataFrame,
    imaged_tiles: GeoDataFrame,
    expected_density: DataFrame,
    gate: dict[str, Any],
    object_calibration: dict[str, Any],
    given_training_table: DataFrame,
    mapping: MappingParameters,
) -> DataFrame:
    """What each cell was expected to hold, what was found there, how that grows, and where to look next."""
    from entropice.imagery.object_calibration import ObjectCalibration
    from entropice.learning.two_stage.finds import cell_finds, growth_on_tiles
    from entropice.learning.two_stage.gate import Gate

    first, last = mapping.years[0], mapping.years[-1]
    detection = ObjectCalibration.from_json(object_calibration).detection_of(outlines["extent_m"].to_numpy())
    sightings = outlines.assign(variance_m4=outlines["area_sd_m2"] ** 2, detection=detection).rename(
        columns={"outline_id": "object_id", "tile": "tile_id", "p": "chance"}
    )
    seen = imaged_tiles[imaged_tiles["seen_area_m2"] > 0].rename(columns={"tile": "tile_id"})
    of_last = seen[seen["year"] == last]
    both = of_last[of_last["tile_id"].isin(seen.loc[seen["year"] == first, "tile_id"])]
    large = sightings[sightings["detection"] >= mapping.min_detection]
    growth = growth_on_tiles(large, both[["tile_id", "cell_id"]], first, last)
    expected = expected_density[expected_density["year"] == last]
    searched = given_training_table.loc[given_training_table["year"] == last, "cell_id"].to_numpy()
    return cell_finds(expected, of_last, growth, Gate.from_json(gate), searched)


def score_joint(
    held_out_objects: DataFrame,
    held_out_ground: DataFrame,
    expected_density: DataFrame,
    cells: GeoDataFrame,
    object_calibration: dict[str, Any],
    gate: dict[str, Any],
    evaluation: EvaluationParameters,
    mapping: MappingParameters,
    density_floor_per_km2: float,
    grid: str,
    random_seed: int,
) -> DataFrame:
    """How well objects of test tiles are told from lookalikes: by pixels, behind the gate, and joined with cells."""
    from entropice.pipelines.mapping.joining import Joining, joint_scores

    joining = Joining.of(
        object_calibration, held_out_ground, expected_density, cells, mapping.tiles.pixel_m, density_floor_per_km2
    )
    return joint_scores(held_out_objects, held_out_ground, joining, gate, evaluation, grid, random_seed)


def return_labels(
    outlines: GeoDataFrame, imaged_tiles: GeoDataFrame, given_rts: GeoDataFrame, given_coverage: GeoDataFrame
) -> tuple[GeoDataFrame, GeoDataFrame]:
    """The given campaign with what was found beyond its ground since, in the layout of DARTS level 2."""
    from entropice.exports.darts_level2 import darts_footprints, darts_outlines, extended_campaign

    return extended_campaign(darts_outlines(outlines), darts_footprints(imaged_tiles), given_rts, given_coverage)
