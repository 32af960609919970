"""All chosen tiles in all years as a plan of work."""

from collections.abc import Mapping
from typing import Any

from entropice.imagery.places import place_in
from entropice.imagery.samples import Scenery
from entropice.io.networks import TrainedNetwork
from entropice.pipelines.kinds.mask.evaluation.parameters import EvaluationParameters
from entropice.pipelines.kinds.mask.looking import Looking
from entropice.pipelines.kinds.mask.parameters import MaskSampleParameters
from entropice.pipelines.mapping.areas import areas_of, marking_of
from entropice.pipelines.mapping.gathering import plan_key
from entropice.pipelines.mapping.job import MappingJob, map_tile
from entropice.pipelines.mapping.parameters import MappingParameters
from entropice.pipelines.training.parameters import TrainingParameters
from entropice.tiles.plan import Tile, TilePlan
from entropice.types import DataFrame


def mapping_plan(
    chosen: DataFrame,
    network: TrainedNetwork,
    statistics: Mapping[str, Any],
    calibration: Mapping[str, Any],
    area_calibration: Mapping[str, Any],
    samples: MaskSampleParameters,
    training: TrainingParameters,
    evaluation: EvaluationParameters,
    mapping: MappingParameters,
    scenery: Scenery,
) -> TilePlan:
    """Tiles ``<year>_<key>``; each yields what `map_tile` finds.

    `chosen` has the columns ``key left_m top_m pixel_m n_pixels``; tiles come in its order, each in all years of the
    mapping.

    Raises
    ------
    ModelFileError
        The network was trained with other statistics.
    InputFileError
        The statistics are of other bands or another version of the data.
    LabelError
        No threshold does what the rule asks, so that nothing could be found.
    """
    looking = Looking.of(
        scenery, network, statistics, samples, training, evaluation, mapping.window_px, mapping.overlap_px
    )
    job = MappingJob(looking, marking_of(calibration, evaluation, mapping.reach_px), areas_of(area_calibration))
    n_pixels = mapping.tiles.n_pixels
    tiles = (
        Tile(plan_key(row["key"], year), place_in(row, year), looking.n_values(n_pixels), looking.n_bytes(n_pixels))
        for _, row in chosen.iterrows()
        for year in mapping.years
    )
    return TilePlan("mapping", map_tile, job, tuple(tiles), "lower mapping.tiles.n_pixels or mapping.window_px")
