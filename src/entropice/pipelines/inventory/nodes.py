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
    """What logits say of areas and objects, fitted on the validation tiles whose masks were drawn again with care.

    Parameters
    ----------
    network, images, splits, statistics, calibration
        The task's datasets of these names; `splits` has ``key block split``.
    audits
        Masks that were drawn again: those of validation tiles stand in for the labels, others are not read.
    samples, training, evaluation, inventory
        How tiles become samples, where the network is computed, what is an object, and how far its vague edge may
        reach.
    random_seed
        Of the draws of blocks behind the uncertainty of sums.

    Returns
    -------
    dict
        The dataset ``inventory_calibration``: ``pixels``, a line through logits of zones (``slope intercept ratio``);
        ``errors`` of areas (``scale doubt low high spread between_years n_objects``); ``objects``, chances that found
        ones are true (``intercept slopes means spreads n_true n_wrong``); ``total``, what sums are multiplied by
        (``factor``), with its standard deviation (``sd``): `entropice.imagery.inventory.calibration.fit_inventory`.

    Raises
    ------
    LabelError
        Fewer than five true objects were found, logits tell nothing, or no threshold does what the rule asks.
    SchemaError
        An audit is of no tile, or of other pixels than its tile.
    ModelFileError
        The network was trained with other statistics.
    InputFileError
        The statistics are of other bands or another version of the data.
    """
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
    """Every place of every region in every year, to be looked at; saving it looks.

    The dataset ``surveyed`` is a folder of one npz for each place and year
    (`entropice.pipelines.inventory.job.survey_tile`), resumed where it was broken off.

    Parameters
    ----------
    tiles
        ``key region year left_m top_m pixel_m n_pixels``, of what is learned from: a region is the square around its
        tiles.
    network, statistics, calibration, inventory_calibration
        The task's datasets of these names.
    samples, training, evaluation, inventory
        What is an object, where the network is computed, and which regions, years and squares are looked at.
    random_seed
        Squares are drawn by, where not all are looked at.
    source, seen
        Name of the source of images, and what it shows places of.

    Raises
    ------
    ConfigError
        A region or year is asked for that the tiles do not have.
    ValueError
        The source shows no place but those that are learned from.
    LabelError
        No threshold does what the rule asks, so that nothing could be found.
    ModelFileError
        The network was trained with other statistics.
    InputFileError
        The statistics are of other bands or another version of the data.
    """
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
    """Objects by year with their areas, how they grow, and the sums of regions.

    Parameters
    ----------
    surveyed
        Results of the plan of `plan_inventory`.
    tiles, inventory, random_seed
        As for the plan: they say which places and years were looked at.
    inventory_calibration
        Of `calibrate_inventory`.
    splits, grid
        How ground is dealt, and key of the grid whose parent cells are blocks.

    Returns
    -------
    GeoDataFrame
        The dataset ``inventory``, a row an object and year, EPSG:3413: ``object_id region year split block p area_m2
        area_low_90_m2 area_high_90_m2 area_sd_m2 n_pixels chance_mean is_below_min is_cut geometry``; areas are on the
        ground, ``p`` is the chance that the object is true, and an object has one id in all years
        (`entropice.pipelines.inventory.tables.inventory_table`). No rows where nothing was found, here and in the other
        two.
    DataFrame
        The dataset ``growth``, a row an object seen in two years or more: ``object_id region split block first_year
        last_year change_m2 …``, m² and m² a year with 90 % limits, and ``p_grew``.
    DataFrame
        The dataset ``region_areas``: ``region year split n_objects n_expected area_m2 area_low_90_m2 area_high_90_m2
        area_sd_m2``; ``split`` ``all`` is all ground.

    Raises
    ------
    ConfigError
        A region or year is asked for that the tiles do not have.
    """
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
    """How far the inventory can be trusted: beside the truth, where the scenery tells it, on test ground.

    Parameters
    ----------
    surveyed, tiles
        As for `make_inventory`.
    objects, growth, region_areas
        What it made.
    inventory, splits, evaluation, grid, random_seed
        As for `make_inventory`, and the edges of classes of sizes and the number of replicates.

    Returns
    -------
    DataFrame
        The dataset ``inventory_scores``: ``score part value low_95 high_95 n_blocks n``; ``part`` is ``large``,
        ``small``, ``large, <year>``, a class of sizes, or ``regions``, and scores are those that
        `entropice.pipelines.inventory.judging.inventory_scores` lists. No rows where no truth is known.

    Raises
    ------
    ConfigError
        A region or year is asked for that the tiles do not have.
    """
    from entropice.pipelines.inventory.judging import inventory_scores, truth_of
    from entropice.pipelines.inventory.places import surveyed_places

    places, years = surveyed_places(tiles, inventory, random_seed)
    truth = truth_of(surveyed, places, years, inventory, grid, splits, random_seed)
    edges_m2, n_replicates = evaluation.objects.area_edges_m2, evaluation.n_bootstrap
    return inventory_scores(objects, growth, region_areas, truth, inventory, edges_m2, random_seed, n_replicates)
