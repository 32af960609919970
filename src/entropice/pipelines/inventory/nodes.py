"""Nodes of an inventory: areas are calibrated, regions are looked at, and what is found is told and judged."""

from typing import TYPE_CHECKING, Any

from entropice.imagery.split_rules import SplitRules
from entropice.io.networks import TrainedNetwork
from entropice.pipelines.inventory.parameters import InventoryParameters
from entropice.pipelines.kinds.mask.evaluation.parameters import EvaluationParameters
from entropice.pipelines.kinds.mask.parameters import MaskSampleParameters
from entropice.pipelines.training.parameters import TrainingParameters
from entropice.tiles.plan import TilePlan, TileResults
from entropice.types import DataFrame, GeoDataFrame

if TYPE_CHECKING:
    from entropice.imagery.samples import Samples
    from entropice.sources.imagery.audits import AuditedMasks
else:
    AuditedMasks = Samples = Any


def calibrate_inventory(
    network: TrainedNetwork,
    images: Samples,
    audits: AuditedMasks,
    splits: DataFrame,
    statistics: dict[str, Any],
    calibration: dict[str, Any],
    samples: MaskSampleParameters,
    training: TrainingParameters,
    evaluation: EvaluationParameters,
    inventory: InventoryParameters,
    random_seed: int,
) -> dict[str, Any]:
    """What logits say of areas and objects, fitted on the validation tiles whose masks were drawn again with care."""
    import numpy as np

    from entropice.imagery.audited import AuditedSamples
    from entropice.imagery.inventory.calibration import fit_inventory
    from entropice.imagery.splits import VALIDATION
    from entropice.learning.scores.table import block_replicates
    from entropice.pipelines.inventory.auditing import audited_images
    from entropice.pipelines.kinds.mask.evaluation.models import judged_view, network_predict
    from entropice.pipelines.mapping.areas import marking_of

    audited = AuditedSamples(images, audits)
    chosen = set(splits.loc[splits["split"] == VALIDATION, "key"])
    keys = [key for key in audited.keys if key in chosen]
    view = judged_view(network, audited, statistics, samples)
    predict = network_predict(network, training, evaluation)
    marking = marking_of(calibration, evaluation, inventory.reach_px)
    objects = list(audited_images(view, keys, predict, marking, inventory.min_overlap))
    blocks, number = np.unique(splits.set_index("key").loc[keys, "block"], return_inverse=True)
    weights = block_replicates(len(blocks), random_seed, evaluation.n_bootstrap)[:, number]
    return fit_inventory(objects, inventory.min_overlap, weights).to_json()


def plan_inventory(
    tiles: DataFrame,
    network: TrainedNetwork,
    statistics: dict[str, Any],
    calibration: dict[str, Any],
    inventory_calibration: dict[str, Any],
    samples: MaskSampleParameters,
    training: TrainingParameters,
    evaluation: EvaluationParameters,
    inventory: InventoryParameters,
    random_seed: int,
    source: str,
    *seen: Any,
) -> TilePlan:
    """Every place of every region in every year, to be looked at; saving it looks."""
    from entropice.imagery.inventory.calibration import InventoryCalibration
    from entropice.pipelines.inventory.job import InventoryJob
    from entropice.pipelines.inventory.places import surveyed_places
    from entropice.pipelines.inventory.planning import inventory_plan
    from entropice.pipelines.kinds.mask.looking import Looking
    from entropice.pipelines.mapping.areas import marking_of
    from entropice.pipelines.tasks.task import image_source

    places, years = surveyed_places(tiles, inventory, random_seed)
    scenery = image_source(source).looked_through.open(*seen)
    looking = Looking.of(
        scenery, network, statistics, samples, training, evaluation, inventory.window_px, inventory.overlap_px
    )
    marking = marking_of(calibration, evaluation, inventory.reach_px)
    areas = InventoryCalibration.from_json(inventory_calibration).pixels
    return inventory_plan(InventoryJob(looking, marking, areas), places, years, inventory)


def make_inventory(
    surveyed: TileResults,
    tiles: DataFrame,
    inventory_calibration: dict[str, Any],
    inventory: InventoryParameters,
    splits: SplitRules,
    grid: str,
    random_seed: int,
) -> tuple[GeoDataFrame, DataFrame, DataFrame]:
    """Objects by year with their areas, how they grow, and the sums of regions."""
    from entropice.imagery.inventory.calibration import InventoryCalibration
    from entropice.pipelines.inventory.gathering import FOUND, whole_objects
    from entropice.pipelines.inventory.places import pixel_m_of, reach_m_of, surveyed_places
    from entropice.pipelines.inventory.tables import growth_table, inventory_table, region_table

    places, years = surveyed_places(tiles, inventory, random_seed)
    calibrated = InventoryCalibration.from_json(inventory_calibration)
    found = whole_objects(surveyed, places, years, reach_m_of(places, inventory), FOUND)
    objects = inventory_table(found, calibrated, inventory, pixel_m_of(places), grid, splits, random_seed)
    return objects, growth_table(objects, calibrated), region_table(objects, calibrated)


def score_inventory(
    surveyed: TileResults,
    tiles: DataFrame,
    objects: GeoDataFrame,
    growth: DataFrame,
    region_areas: DataFrame,
    inventory: InventoryParameters,
    splits: SplitRules,
    evaluation: EvaluationParameters,
    grid: str,
    random_seed: int,
) -> DataFrame:
    """How far the inventory can be trusted: beside the truth, where the scenery tells it, on test ground."""
    from entropice.pipelines.inventory.judging import inventory_scores, truth_of
    from entropice.pipelines.inventory.places import surveyed_places

    places, years = surveyed_places(tiles, inventory, random_seed)
    truth = truth_of(surveyed, places, years, inventory, grid, splits, random_seed)
    edges_m2, n_replicates = evaluation.objects.area_edges_m2, evaluation.n_bootstrap
    return inventory_scores(objects, growth, region_areas, truth, inventory, edges_m2, random_seed, n_replicates)
