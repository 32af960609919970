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
    """What logits of pixels say of the areas of objects, fitted on the validation tiles.

    `splits` has the columns ``key split``; networks, images, statistics and calibration are the task's datasets.

    Returns
    -------
    dict
        The dataset ``area_calibration``: ``line`` (``slope intercept ratio``) through logits of pixels in zones, the
        objects found with what lies within ``reach_px`` of them, ``n_correlated_pixels``, how many neighbouring pixels
        err together (`entropice.imagery.area_calibration.fit_areas`), and ``n_zones`` that it rests on.

    Raises
    ------
    LabelError
        Fewer than three zones hold pixels that count, their logits tell nothing, or no threshold does what the rule
        asks.
    ModelFileError
        The network was trained with other statistics.
    InputFileError
        The statistics are of other bands or another version of the data.
    """
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
    """Every chosen tile in every year, to be looked at; saving it looks.

    The dataset ``mapped`` is a folder of one npz for each tile and year (`entropice.pipelines.mapping.job.map_tile`),
    resumed where it was broken off.

    Parameters
    ----------
    chosen_tiles
        ``key left_m top_m pixel_m n_pixels``, EPSG:3413.
    network, statistics, calibration, area_calibration
        The task's datasets of these names.
    samples, training, evaluation, mapping
        What is an object, where the network is computed, and the years and windows of looking.
    source, seen
        Name of the source of images, and what it shows places of.

    Raises
    ------
    ValueError
        The source shows no place but those that are learned from.
    LabelError
        No threshold does what the rule asks, so that nothing could be found.
    ModelFileError
        The network was trained with other statistics.
    InputFileError
        The statistics are of other bands or another version of the data.
    """
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
    """Outlines of what was found, with chances by pixels alone and joined with their cells; and the ground seen.

    Parameters
    ----------
    mapped, chosen_tiles
        Results of the plan of `plan_mapping`, and the tiles ``key cell_id stratum inclusion is_best expected`` of it.
    expected_density, cells
        ``cell_id year expected_per_km2``, and ``cell_id area_m2 land_fraction`` of every cell.
    object_calibration, held_out_ground
        What found objects of validation tiles say, and ``split n_negative`` of the ground that they lie on.
    mapping, density_floor_per_km2
        Years, pixels and the overlap by which two years show one object; lower densities count as the floor.

    Returns
    -------
    GeoDataFrame
        The dataset ``outlines`` in EPSG:3413: ``outline_id tile cell_id year area_m2 area_sd_m2 n_pixels extent_m
        log_odds p_pixels p chance_mean chance_max chance_sd is_true geometry``; areas are true ones, ``log_odds`` the
        evidence of pixels, ``p_pixels`` and ``p`` chances that the object is true, by pixels alone and with its cell;
        one ``outline_id`` in all years, ``is_true`` null where nobody knows. An object of a cell without an expectation
        is as likely as the mean.
    GeoDataFrame
        The dataset ``imaged_tiles`` in EPSG:3413: ``tile cell_id year stratum inclusion is_best expected seen_area_m2
        n_found expected_found geometry``, every tile and year, also where nothing was seen or found.

    Raises
    ------
    ConfigError
        The floor is not positive.
    SchemaError
        A density is negative or none is known, or an outline is empty or not valid.
    """
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
    """What each cell was expected to hold, what was found there, how that grows, and where to look next.

    Finds are of the last year of the mapping. Growth is from the first to the last, on tiles that were seen in both, of
    objects large enough to be found with the chance that the parameters ask for, it included.

    Parameters
    ----------
    outlines, imaged_tiles, expected_density
        The task's datasets of these names.
    gate, object_calibration
        Their documents: which cells pass, and how likely an object of an extent is found.
    given_training_table
        ``cell_id year``: cells that were observed in the last year are not to be looked at next.

    Returns
    -------
    DataFrame
        The dataset ``cell_finds``, every cell of ``expected_density`` in the last year: ``cell_id expected_per_km2
        passes_gate n_tiles seen_area_m2 found found_per_km2 found_low_90 found_high_90 growth_m2_per_year growth_low_90
        growth_high_90 look_next_rank``. What was not looked at is null, ``n_tiles`` aside; ``found`` is the sum of
        chances over seen tiles, ``found_per_km2`` Σ y / π over Σ a / π of the cell's tiles, y the sum of chances, a the
        area seen and π ``inclusion``, with 90 % limits (`entropice.learning.two_stage.design.estimate_densities`);
        growth is in m² a year, with 90 % limits; ``look_next_rank`` counts from 1 the cells that pass the gate and that
        nobody has looked at, the highest expectation first, equals in the order of rows; others are null.

    Raises
    ------
    SchemaError
        One object lies in two tiles, or a chance is not above 0.
    """
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
    # Ground that one of the years does not show would make objects there appear, or vanish.
    both = of_last[of_last["tile_id"].isin(seen.loc[seen["year"] == first, "tile_id"])]
    # An object that is barely found comes and goes from year to year; that would look like growth.
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
    """How well objects of test tiles are told from lookalikes: by pixels, behind the gate, and joined with cells.

    Parameters
    ----------
    held_out_objects, held_out_ground
        Objects and scored ground of validation and test tiles; those of test are scored, those of validation say how
        often nothing is taken for something.
    expected_density, cells, object_calibration, gate
        As for `join_evidence`, and the document of the gate.

    Returns
    -------
    DataFrame
        The dataset ``joint_scores``: ``way compared_with ratio score value low_95 high_95 n_true n_found``; ``score``
        is ``pr_auc``; ways are ``pixels``, ``hard_gate`` and ``soft``, and where ``compared_with`` names one its score
        is taken away, paired by block. NaN without true objects.

    Raises
    ------
    ConfigError
        The floor is not positive.
    SchemaError
        A density is negative or none is known.
    """
    from entropice.pipelines.mapping.joining import Joining, joint_scores

    joining = Joining.of(
        object_calibration, held_out_ground, expected_density, cells, mapping.tiles.pixel_m, density_floor_per_km2
    )
    return joint_scores(held_out_objects, held_out_ground, joining, gate, evaluation, grid, random_seed)


def return_labels(
    outlines: GeoDataFrame, imaged_tiles: GeoDataFrame, given_rts: GeoDataFrame, given_coverage: GeoDataFrame
) -> tuple[GeoDataFrame, GeoDataFrame]:
    """The given campaign with what was found beyond its ground since, in the layout of DARTS level 2.

    `outlines` and `imaged_tiles` are those of `join_evidence`, ``given_rts`` (``rts_id year geometry``) and
    ``given_coverage`` (``year geometry``) those of the run that this one builds on. What the campaign has searched in a
    year stays as it is.

    Returns
    -------
    GeoDataFrame
        The dataset ``rts_file``: ``id year pval_mean pval_max pval_std probability geometry``, EPSG:3413; outlines of
        the campaign have the probability 1 and null statistics, and new ones are numbered on behind them: those whose
        representative point lies on no ground that the campaign searched in their year.
    GeoDataFrame
        The dataset ``coverage_file``: ``year image_id area_km2 geometry``, EPSG:3413; footprints of a year do not
        overlap, those of the campaign are called ``given`` and have no area.
    """
    from entropice.exports.darts_level2 import darts_footprints, darts_outlines, extended_campaign

    return extended_campaign(darts_outlines(outlines), darts_footprints(imaged_tiles), given_rts, given_coverage)
