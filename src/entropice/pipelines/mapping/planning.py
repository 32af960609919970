"""All chosen tiles in all years as a plan of work."""

from collections.abc import Mapping
from typing import Any, Final

from entropice.imagery.check_data import STATISTICS_FILE
from entropice.imagery.places import place_in
from entropice.imagery.samples import Scenery
from entropice.imagery.statistics_document import from_document
from entropice.io.networks import TrainedNetwork
from entropice.networks.export import require_statistics
from entropice.pipelines.kinds.mask.evaluation.parameters import EvaluationParameters
from entropice.pipelines.kinds.mask.parameters import MaskSampleParameters
from entropice.pipelines.mapping.areas import areas_of, marking_of
from entropice.pipelines.mapping.gathering import plan_key
from entropice.pipelines.mapping.job import MappingJob, map_tile
from entropice.pipelines.mapping.parameters import MappingParameters
from entropice.pipelines.training.parameters import TrainingParameters
from entropice.sha256 import sha256_of_value
from entropice.tiles.plan import Tile, TilePlan
from entropice.types import DataFrame

BYTES_PER_VALUE: Final = 40
"""Of an image of one band: as it is drawn, seen, standardised, filled up and averaged."""

ACTIVATIONS_PER_PIXEL: Final = 4000
"""Bytes that a network needs for each pixel that it sees at once."""


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

    Raises
    ------
    ModelFileError
        The network was trained with other statistics.
    """
    require_statistics(network.checkpoint, sha256_of_value(statistics), network.path)
    bands = network.checkpoint.specification.bands
    job = MappingJob(
        scenery=scenery,
        network=network,
        statistics=from_document(statistics, STATISTICS_FILE, samples.statistics.dataset_version, bands),
        samples=samples,
        training=training,
        evaluation=evaluation,
        mapping=mapping,
        marking=marking_of(calibration, evaluation, mapping),
        areas=areas_of(area_calibration),
    )
    n_values = len(bands) * mapping.tiles.n_pixels**2
    n_bytes = n_values * BYTES_PER_VALUE + evaluation.batch_size * mapping.window_px**2 * ACTIVATIONS_PER_PIXEL
    tiles = (
        Tile(plan_key(row["key"], year), place_in(row, year), n_values, n_bytes)
        for _, row in chosen.iterrows()
        for year in mapping.years
    )
    return TilePlan("mapping", map_tile, job, tuple(tiles), "lower mapping.tiles.n_pixels or mapping.window_px")
