"""Nodes of the modelling pipeline: what they do is written in the rooms they call."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from entropice.learning.models.model import BEST
from entropice.pipelines.modelling.parameters import (
    DoubtParameters,
    DriverParameters,
    TuningParameters,
    tuned_candidates,
)
from entropice.pipelines.modelling.splitting import FoldParameters
from entropice.types import CellIds, DataFrame, Dataset, FloatArray, GeoDataFrame, Series

if TYPE_CHECKING:
    from entropice.io.arrays import Arrays
    from entropice.learning.samples import Samples
    from entropice.learning.tuning import Tuning
else:
    Arrays = Samples = Tuning = Any


def build_training_table(labels: DataFrame, features: Dataset, chosen: Any) -> DataFrame:
    """Join what was observed with what the environment looked like; unobserved cells stay out.

    Parameters
    ----------
    labels
        The dataset of this name, a row a cell and label year.
    features
        The feature cube, dims (cell) or (cell, year).
    chosen
        ``all``, or names of features, in which ``*`` and ``?`` stand for any characters and any one.

    Returns
    -------
    DataFrame
        The dataset ``training_table``, one row an observed cell and label year, sorted by both: ``cell_id year
        observed_fraction observed_land_area_m2 state rts_count rts_area_m2 rts_per_km2 rts_area_fraction``, then a
        column for each chosen feature, in the cube's order, NaN where unknown. Rows of which no chosen feature is known
        are left out; the log says how many. ``rts_area_fraction`` is NaN of slumps of unknown area.

    Raises
    ------
    LabelError
        Nothing was observed.
    FeatureError
        A pattern that no feature matches, an observed cell or label year that the features lack, or no row with a known
        feature.
    """
    from entropice.learning.feature_choice import choose_features
    from entropice.learning.training_table import build_training_table as build

    return build(labels, choose_features(features, chosen))


def make_folds(
    training_table: DataFrame,
    cells: GeoDataFrame,
    grid: str,
    random_seed: int,
    splitting: FoldParameters,
) -> DataFrame:
    """Deal cells into training and test by every configured scheme; each fold must train on both kinds.

    Parameters
    ----------
    training_table
        ``cell_id year rts_area_fraction``: its cells are dealt, all others are part of the map alone.
    cells
        ``cell_id lon_deg lat_deg geometry`` of every cell of the map.
    grid, random_seed
        Key of the grid, whose parent cells are blocks, and the seed of every scheme.
    splitting
        Schemes (of ``spatial knndm region year random``: `entropice.learning.folds.SCHEMES`), number of folds, buffer
        (m) and level of the blocks.

    Returns
    -------
    DataFrame
        The dataset ``folds``: ``scheme fold cell_id year role``; ``role`` is train, test or buffer (in neither), and a
        null ``year`` means every year of the cell. Within a scheme a cell and year is tested in one fold at most.
        Coordinates are those of EPSG:6931, and distances are between centres: the buffer is widened by the widest cell,
        so that outlines are as far apart as it says. It is kept in ``spatial``, ``region`` and ``year``, whose blocks
        lie whole in training or test.

    Raises
    ------
    LabelError
        A scheme cannot be dealt from these cells and years, or a fold would train on rows with slumps alone or without
        any.
    """
    import numpy as np

    from entropice.learning.folds import Ground
    from entropice.learning.folds.table import make_folds as make
    from entropice.learning.folds.table import require_contrast

    trained = cells[cells["cell_id"].isin(training_table["cell_id"])]
    cell_ids = trained["cell_id"].to_numpy()
    ground = Ground(
        cell_ids,
        splitting.blocks_of(cell_ids, grid),
        _coordinates_m(trained),
        map_coordinates_m=_coordinates_m(cells),
        years=np.unique(training_table["year"]),
        n_folds=splitting.n_folds,
        buffer_m=splitting.buffer_of_centres_m(cells),
    )
    folds = make(ground, splitting.schemes, random_seed)
    require_contrast(folds, training_table)
    return folds


def predict_out_of_fold(
    training_table: DataFrame,
    folds: DataFrame,
    features: Dataset,
    cells: GeoDataFrame,
    grid: str,
    random_seed: int,
    splitting: FoldParameters,
    tuning: TuningParameters,
    models: list[str],
    n_classes: int,
    map_model: str = BEST,
) -> tuple[dict[str, dict[str, Any]], DataFrame]:
    """Fit class edges and every model on each fold's training rows alone; predict its test rows.

    Parameters
    ----------
    training_table, folds, features, cells
        The datasets of these names; of the features only the groups that their names belong to are read here.
    grid, random_seed, splitting
        Key of the grid, seed of inner folds and fits, and the rules by which cells are dealt.
    tuning
        Inner folds, candidates and device. Parameters are chosen within each fold's training rows anew.
    models, n_classes
        Names in the registry, and how many classes are wanted; a fold with few positives has fewer.
    map_model
        With ``best`` the best of all models is predicted too, as a model of that name, chosen in each fold anew.

    Returns
    -------
    dict
        The dataset ``fold_classes``: by ``<scheme>/<fold>`` the classes' ``names`` (of none, few, some, many),
        ``edges`` and ``mean_rts_area_fraction``, fitted to the fold's training rows: quantiles of the area fraction
        among rows with slumps, with 20 of these or more a class (`entropice.learning.classes.fit_classes`).
    DataFrame
        The dataset ``out_of_fold``: ``scheme fold model cell_id year class_ p_<class>…``, a row for each test row of
        each fold and model. ``class_`` is the true class by the fold's edges; a class that a fold lacks has probability
        0. A row of which a fit knows too little has the shares of the classes among its fold's training rows; a warning
        counts them.

    Raises
    ------
    LabelError
        Training rows of a fold hold no slump, or every candidate of a model has more boxes than the smallest fold has
        training rows: that is looked at before anything is fitted.
    ConfigError
        A fit needs more memory than may be taken; none has been begun.
    """
    from entropice.learning.out_of_fold import predict_out_of_fold as predict

    samples = observed_samples(training_table, features, cells, grid, splitting)
    how = tuning_of(cells, splitting, tuning, random_seed)
    # Fits of all folds can take hours; what could not end is refused before the first of them.
    _require_rows_for_boxes(models, folds, training_table, how)
    # What draws the map is a choice among models, so the choice itself is judged: made in each fold anew, as one model.
    compared = [*models, BEST] if map_model == BEST else models
    return predict(training_table, samples, folds, compared, n_classes, how)


def _require_rows_for_boxes(models: list[str], folds: DataFrame, training_table: DataFrame, tuning: Tuning) -> None:
    """Raise LabelError where a model has more boxes than a fold has rows, before anything is fitted."""
    from entropice.learning.folds import TRAIN
    from entropice.learning.folds.table import has_role
    from entropice.learning.models import MODELS
    from entropice.learning.models.boxes import with_boxes_for

    n_rows = [has_role(training_table, roles, TRAIN).sum() for _, roles in folds.groupby(["scheme", "fold"])]
    for model in (MODELS[name] for name in models):
        with_boxes_for(model, tuning.settings(model).candidates, int(min(n_rows)))


def score(
    out_of_fold: DataFrame,
    training_table: DataFrame,
    folds: DataFrame,
    map_model: Arrays,
    features: Dataset,
    cells: GeoDataFrame,
    grid: str,
    random_seed: int,
    splitting: FoldParameters,
    tuning: TuningParameters,
    n_classes: int,
    prediction_years: list[int],
    n_bootstrap: int,
) -> tuple[DataFrame, DataFrame]:
    """Score every model under every fold scheme, with an interval from a bootstrap of spatial blocks; and by fold.

    The AUC of what draws the map is carried on to the map where the scheme is the map's (``knndm``;
    `entropice.learning.carried_auc`): what training on all rows, and being asked of all land, add to it. Where that is
    not defined, the value and its interval are NaN.

    Parameters
    ----------
    out_of_fold, training_table, folds, map_model, features, cells
        The datasets of these names.
    grid, random_seed, splitting, tuning, n_classes
        As for `predict_out_of_fold`: the model of the map is fitted again to fewer rows.
    prediction_years
        Label years of the map.
    n_bootstrap
        Replicates in which whole blocks are drawn with replacement.

    Returns
    -------
    DataFrame
        The dataset ``scores``: ``scheme model score value low_95 high_95 n_cell_years n_positive n_folds``, all folds
        of a scheme together; scores are ``log_skill rpss auc pr_auc brier_skill ece reliability_slope
        reliability_intercept pr_auc_lift precision_at_recall_50 precision_at_recall_80 pr_auc_at_0_001 pr_auc_at_0_01
        pr_auc_at_0_05 area_at_recall_80`` (`entropice.learning.scores`), all rows alike. With K folds the interval is
        √(1 + K / (K − 1)) times as wide as that of the replicates. A score that is not defined is NaN, as is the
        interval of fewer than two blocks.
    DataFrame
        The dataset ``fold_scores``: ``scheme fold model score value n_cell_years n_positive``.

    Raises
    ------
    LabelError
        The prevalence model does not cover the rows, or a cell has no block or no land.
    ConfigError
        A block of the map takes more memory than the ceiling.
    """
    from functools import partial

    from entropice.learning.carried_auc import SCHEME, carried, steps_to_map
    from entropice.learning.model_file import from_arrays
    from entropice.learning.scores import fold_score_table, score_table

    places = splitting.places_of(cells, grid)
    scores, by_fold = score_table(out_of_fold, places, random_seed, n_bootstrap), fold_score_table(out_of_fold, places)
    # Only kNNDM folds lie as far from their training cells as the map from observed ones, so only they lead to the map.
    if SCHEME not in splitting.schemes:
        return scores, by_fold
    name, main = map_model.metadata["choice"]["name"], from_arrays(map_model.arrays, map_model.metadata).main
    samples = observed_samples(training_table, features, cells, grid, splitting)
    map_rows = partial(map_rows_of, main.feature_names, features, cells, grid, splitting, prediction_years)
    how, drawn = tuning_of(cells, splitting, tuning, random_seed), out_of_fold[out_of_fold["model"] == name]
    steps = steps_to_map(main.model.name, training_table, samples, folds, drawn, map_rows, n_classes, how)
    return carried(scores, name, steps), by_fold


def check_leaks(
    training_table: DataFrame,
    folds: DataFrame,
    fold_classes: dict[str, Any],
    out_of_fold: DataFrame,
    features: Dataset,
    cells: GeoDataFrame,
    grid: str,
    random_seed: int,
    splitting: FoldParameters,
    tuning: TuningParameters,
    models: list[str],
    n_classes: int,
    n_refit_folds: int,
) -> dict[str, Any]:
    """Look in what the run has left for signs that a model knew what it was judged by; the log tells each.

    Parameters
    ----------
    training_table, folds, fold_classes, out_of_fold, features, cells
        The datasets of these names, as the steps before left them.
    grid, random_seed, splitting, tuning, models, n_classes
        As they were given to `predict_out_of_fold`: what it said is made again and compared.
    n_refit_folds
        Of the spatial scheme, the first ones, in which all models are fitted again; 0 for none.

    Returns
    -------
    dict
        The dataset ``leaks``: ``checks``, the names of the kinds of leaks that were looked for
        (`entropice.learning.leaks.CHECKS`, each with its rule), and ``findings``, each with ``kind``, ``statement`` and
        ``evidence``; none in a run without leaks. A finding does not stop the run.
    """
    from entropice.learning.leaks import CHECKS, Artefacts, alarm, find_leaks
    from entropice.learning.out_of_fold import predict_out_of_fold as predict

    samples = observed_samples(training_table, features, cells, grid, splitting)
    how = tuning_of(cells, splitting, tuning, random_seed)
    x_m, y_m = _coordinates_m(cells).T
    where = cells.set_index("cell_id")[["lon_deg", "lat_deg"]].assign(x_m=x_m, y_m=y_m)
    found = find_leaks(
        Artefacts(
            table=training_table,
            folds=folds,
            fold_classes=fold_classes,
            out_of_fold=out_of_fold,
            cube=features,
            places=splitting.places_of(cells, grid).join(where),
            buffer_m=how.buffer_m,
            n_classes=n_classes,
            n_refit_folds=n_refit_folds,
            refit=lambda roles: predict(training_table, samples, roles, models, n_classes, how)[1],
        )
    )
    return alarm(CHECKS, found)


def fit_model(
    training_table: DataFrame,
    features: Dataset,
    cells: GeoDataFrame,
    grid: str,
    random_seed: int,
    splitting: FoldParameters,
    tuning: TuningParameters,
    models: list[str],
    n_classes: int,
    map_model: str,
    prediction_years: list[int],
) -> tuple[dict[str, Any], Arrays, dict[str, Any]]:
    """Fit class edges and what draws the map on all observed rows: the model asked for, or the best of all.

    Parameters
    ----------
    training_table, features, cells
        The datasets of these names.
    grid, random_seed, splitting, tuning, n_classes
        As for `predict_out_of_fold`; candidates and the best model are chosen in inner spatial folds of all rows.
    models, map_model
        Models that are compared, and what draws the map: one of them, or ``best``, the one with the highest mean log
        score in inner spatial folds; with fewer than ten blocks a weighted mean of the candidates of ``ordinal_ridge``,
        where that is among them (`entropice.learning.best`).
    prediction_years
        Label years of the map: for each set of feature groups that some of its cells know nothing of, and for every
        single group, a submodel is fitted without these.

    Returns
    -------
    dict
        The dataset ``classes``: ``names``, ``edges`` and ``mean_rts_area_fraction`` of all observed rows.
    Arrays
        The dataset ``map_model``: the parts of the predictor with their submodels, and the choice.
    dict
        The dataset ``map_model_choice``: ``name title chosen``; ``chosen`` holds ``criterion score parts beaten`` of
        ``best``, and is null of a named model and of a mean.

    Raises
    ------
    LabelError
        No row has slumps, or slumps of unknown area are to be cut into classes of density.
    FeatureError
        The features lack a year of the map, or hold an infinite value.
    ConfigError
        A block of the map takes more memory than the ceiling.
    """
    from entropice.io.arrays import Arrays
    from entropice.learning.classes import fit_classes
    from entropice.learning.map_model import fit_map_model
    from entropice.learning.model_file import to_arrays

    fractions = training_table["rts_area_fraction"].to_numpy()
    classes = fit_classes(fractions, n_classes)
    samples, class_codes = observed_samples(training_table, features, cells, grid, splitting), classes.assign(fractions)
    blocks = map_blocks(list(samples.groups), features, cells, grid, splitting, prediction_years)
    # Cells of the map may lack groups that every training row knows: the map says which submodels are needed.
    patterns = frozenset().union(*(of_block.lacking for _, of_block in blocks))
    how = tuning_of(cells, splitting, tuning, random_seed)
    predictor, choice = fit_map_model(map_model, models, how.inner_folds(samples, class_codes), how, patterns)
    arrays, metadata = to_arrays(predictor, samples, class_codes)
    return classes.to_json(), Arrays(dict(arrays), metadata | {"choice": choice}), choice


def fit_doubts(
    map_model: Arrays,
    classes: dict[str, Any],
    training_table: DataFrame,
    folds: DataFrame,
    out_of_fold: DataFrame,
    features: Dataset,
    cells: GeoDataFrame,
    grid: str,
    random_seed: int,
    splitting: FoldParameters,
    doubts: DoubtParameters,
    n_bootstrap: int,
) -> tuple[Arrays, DataFrame]:
    """Fit what says how sure the map is, and compare its chances with what was seen, region by region.

    Parameters
    ----------
    map_model, classes, training_table, folds, out_of_fold, features, cells
        The datasets of these names; what the map's model said out of fold is that of the spatial scheme.
    grid, random_seed, splitting
        Key of the grid, seed of resampling, and the rules by which cells are dealt into blocks.
    doubts
        How many refits to resampled blocks are made.
    n_bootstrap
        Replicates of blocks behind each region's interval.

    Returns
    -------
    Arrays
        The dataset ``doubts_model``: the refits, conformal thresholds by class, and what applicability needs of the
        training rows.
    DataFrame
        The dataset ``regional_calibration``: ``region n_cell_years n_blocks n_positive mean_p_any frequency bias low_95
        high_95``: what was said on average, what was seen, and their difference with its interval, by region, a sector
        of 45° of longitude such as ``-180 to -135``; the bias is what was said less what was seen, its interval NaN
        with fewer than two blocks.

    Raises
    ------
    LabelError
        There are fewer than two blocks, or no draw of blocks has two classes.
    """
    from entropice.io.arrays import Arrays
    from entropice.learning.classes import DensityClasses
    from entropice.learning.doubts.calibration_rows import calibration_rows
    from entropice.learning.doubts.doubts import fit_doubts as fit
    from entropice.learning.doubts.doubts import to_arrays
    from entropice.learning.doubts.regions import regional_calibration
    from entropice.learning.model_file import from_arrays

    predictor = from_arrays(map_model.arrays, map_model.metadata)
    known = DensityClasses.from_json(classes)
    samples = observed_samples(training_table, features, cells, grid, splitting)
    codes = known.assign(training_table["rts_area_fraction"].to_numpy())
    held_out = of_map_model(out_of_fold, map_model.metadata["choice"]["name"])
    blocks = splitting.places_of(cells, grid)["block"]
    fitted = fit(
        predictor, samples, codes, training_table, folds, held_out, blocks, known.names, doubts.n_members, random_seed
    )
    regional = regional_calibration(calibration_rows(held_out, blocks, cells), random_seed, n_bootstrap)
    arrays, metadata = to_arrays(fitted, samples, codes)
    return Arrays(dict(arrays), metadata), regional


def of_map_model(out_of_fold: DataFrame, name: str) -> DataFrame:
    """The rows of ``out_of_fold`` of a model in the scheme ``spatial``: all columns, index and order as they were.

    >>> import pandas as pd
    >>> said = pd.DataFrame({"scheme": ["spatial", "random", "spatial"], "model": ["best", "best", "logistic"]})
    >>> of_map_model(said, "best").index.tolist()
    [0]
    """
    from entropice.learning.folds import SPATIAL

    return out_of_fold[(out_of_fold["scheme"] == SPATIAL) & (out_of_fold["model"] == name)]


def predict(
    map_model: Arrays,
    classes: dict[str, Any],
    doubts_model: Arrays,
    features: Dataset,
    cells: GeoDataFrame,
    grid: str,
    splitting: FoldParameters,
    prediction_years: list[int],
) -> DataFrame:
    """Probability of every class, expected density and doubts for every cell and configured year.

    Cells are predicted as if all of their land had been searched: exposure is the whole land area.

    Parameters
    ----------
    map_model, classes, doubts_model, features, cells
        The datasets of these names.
    grid, splitting
        Key of the grid and level of the blocks.
    prediction_years
        Label years, which the features must have.

    Returns
    -------
    DataFrame
        The dataset ``predictions``, by cell and year: ``cell_id year p_<class>… p_any class_ p_max entropy
        expected_rts_area_fraction``, ``box`` of a model with boxes, and the doubts ``p_any_sd p_any_low p_any_high
        conformal_set dissimilarity distance_m unknown_groups is_applicable not_applicable_because``. ``p_any`` is 1 −
        the probability of no slumps, ``class_`` the most probable class and ``p_max`` its probability, ``entropy`` runs
        from 0 (certain) to 1; the expected area fraction is that of land. ``p_any_sd`` and the 90 % range are those of
        refits, ``conformal_set`` names classes that cannot be ruled out, joined by ``|``, ``dissimilarity`` is the
        index of Meyer and Pebesma, ``distance_m`` that to the nearest training cell, ``unknown_groups`` a number.
        ``is_applicable`` is false where a feature group that training knows is unknown, that distance is above 600 km,
        or the index above the upper whisker of the folds; ``not_applicable_because`` says which
        (`entropice.learning.doubts.applicability`). A cell that knows too little for the model and all of its submodels
        has its keys, and NaN for every prediction; a warning says how many.

    Raises
    ------
    ModelFileError
        Parts of the model do not fit each other.
    FeatureError
        The features lack a year, or hold an infinite value.
    ConfigError
        A block of the map takes more memory than the ceiling.
    """
    from entropice.learning.classes import DensityClasses
    from entropice.learning.doubts import doubts
    from entropice.learning.model_file import from_arrays
    from entropice.learning.prediction import predict_map

    predictor = from_arrays(map_model.arrays, map_model.metadata)
    doubtful = doubts.from_arrays(doubts_model.arrays, doubts_model.metadata)
    names = (*predictor.feature_names, *doubtful.feature_names)
    blocks = map_blocks(names, features, cells, grid, splitting, prediction_years)
    return predict_map(predictor, DensityClasses.from_json(classes), doubtful, blocks)


def explain(
    map_model: Arrays,
    classes: dict[str, Any],
    training_table: DataFrame,
    features: Dataset,
    cells: GeoDataFrame,
    grid: str,
    random_seed: int,
    splitting: FoldParameters,
    tuning: TuningParameters,
    listing: DriverParameters,
    prediction_years: list[int],
) -> tuple[DataFrame, DataFrame]:
    """Rank sets of features by what they are worth out of fold, beside copies without meaning; explain each cell.

    Parameters
    ----------
    map_model, classes, training_table, features, cells
        The datasets of these names; of what draws the map the main part is explained.
    grid, random_seed, splitting, tuning
        As for `predict_out_of_fold`, but for the number of folds, which is that of `listing`.
    listing
        Folds and turned copies behind the importances, and how many features are listed for each cell and year.
    prediction_years
        Label years of the map.

    Returns
    -------
    DataFrame
        The dataset ``drivers``: ``level group feature features n_features importance low_95 high_95 leave_out null_q95
        p_value q_value is_discovery rank``, by level (group, cluster) and rank; importances are rises of the log loss
        in nats when the set is shuffled, with 95 % intervals over blocks; ``leave_out`` is that of fits without the
        group (NaN of clusters), ``null_q95`` and ``p_value`` compare with copies of the layers, turned about the middle
        of the land (`entropice.learning.drivers`), and discoveries have a ``q_value`` of 10 % at most. No rows where
        the model sees no feature.
    DataFrame
        The dataset ``cell_drivers``: ``cell_id year rank feature share contribution``, several rows a cell and year,
        the strongest first; ``contribution`` is to the log-odds of any slumps beside the mean training row, ``share``
        its part of the summed sizes; features that contribute nothing, and cells without a known feature, have none.

    Raises
    ------
    FeatureError
        The features lack a year, or hold an infinite value.
    ConfigError
        A block of the map takes more memory than the ceiling.
    """
    from dataclasses import replace

    from entropice.learning.classes import DensityClasses
    from entropice.learning.drivers.local import drivers_of_map
    from entropice.learning.drivers.nulls import land_of
    from entropice.learning.drivers.table import global_drivers
    from entropice.learning.model_file import from_arrays

    main = from_arrays(map_model.arrays, map_model.metadata).main
    observed = observed_samples(training_table, features, cells, grid, splitting)
    class_codes = DensityClasses.from_json(classes).assign(training_table["rts_area_fraction"].to_numpy())
    how = replace(tuning_of(cells, splitting, tuning, random_seed), n_folds=listing.n_folds)
    places_m, _ = _places(features["cell_ids"].to_series(), cells, grid, splitting)
    land = land_of(features, places_m, observed.groups, training_table["year"].to_numpy())
    overall = global_drivers(main, how.inner_folds(observed, class_codes), how, land, listing.n_nulls)
    blocks = map_blocks(main.feature_names, features, cells, grid, splitting, prediction_years)
    return overall, drivers_of_map(main, blocks, listing.n_cell_drivers)


def describe_model(
    map_model: Arrays,
    classes: dict[str, Any],
    doubts_model: Arrays,
    drivers: DataFrame,
    training_table: DataFrame,
    features: Dataset,
    cells: GeoDataFrame,
    grid: str,
    splitting: FoldParameters,
    prediction_years: list[int],
) -> tuple[DataFrame, DataFrame, DataFrame]:
    """How what draws the map responds to its strongest sets of features, at full land area, and what its boxes are.

    Parameters
    ----------
    map_model, classes, doubts_model, drivers, training_table, features, cells
        The datasets of these names. Responses are asked of the training rows, each exposed by all land of its cell; the
        refits of ``doubts_model`` give their range.
    grid, splitting, prediction_years
        Key of the grid, level of the blocks, and label years of the map.

    Returns
    -------
    DataFrame
        The dataset ``responses``: ``feature value effect low_90 high_90 n``, by curve, six at most, and rising value,
        the median of a tenth of the ``n`` rows (accumulated local effects of a cluster of features:
        `entropice.learning.drivers.response`); ``effect`` is P(any) beside its mean over the rows, in probability, with
        its 90 % range over refits. Rows that do not know the feature are in no curve.
    DataFrame
        The dataset ``boxes``, a row a box: ``box n_training_rows share_of_training_rows share_of_land p_any
        p_<class>…``, shares 0 to 1.
    DataFrame
        The dataset ``box_values``, long: ``box rank feature value low_80 high_80 mean departure_sd share``; ``value``
        is the box's centre in the feature's unit, beside the mean of all training rows, ``departure_sd`` of their
        standard deviations away, and the 80 % range of the box's own; ``share`` is the feature's part of the squared
        distance between both, by which up to eight are ranked. Both have no rows where the model has no boxes.
    """
    from entropice.learning.classes import DensityClasses
    from entropice.learning.doubts import doubts
    from entropice.learning.drivers.boxes import box_tables
    from entropice.learning.drivers.response import response_curves
    from entropice.learning.model_file import from_arrays

    predictor = from_arrays(map_model.arrays, map_model.metadata)
    members = [each.predictor for each in doubts.from_arrays(doubts_model.arrays, doubts_model.metadata).members]
    names = DensityClasses.from_json(classes).names
    land_area_m2 = splitting.places_of(cells, grid)["land_area_m2"].loc[training_table["cell_id"]].to_numpy()
    # The more land was searched the likelier a slump: curves at areas as they were would show the campaign.
    searched_in_full = training_table.assign(observed_land_area_m2=land_area_m2)
    asked = observed_samples(searched_in_full, features, cells, grid, splitting)
    responses = response_curves(predictor, members, asked, len(names), drivers)
    observed = observed_samples(training_table, features, cells, grid, splitting)
    on_map = map_rows_of(predictor.main.feature_names, features, cells, grid, splitting, prediction_years)
    return responses, *box_tables(predictor.main, names, observed, on_map)


def tuning_of(cells: GeoDataFrame, splitting: FoldParameters, tuning: TuningParameters, random_seed: int) -> Tuning:
    """How the configured models are tuned.

    The buffer of inner folds is that of the outer ones: centres of ``cells`` (column ``geometry``) are kept apart by
    the configured buffer and the widest cell, in metres. On a GPU one process makes all fits, on the CPU as many as
    there are processors.

    Raises
    ------
    ValueError
        A candidate of the parameters is none of its model's.
    """
    from entropice.learning.tuning import Tuning

    return Tuning(
        candidates=tuned_candidates(tuning.candidates),
        n_folds=tuning.n_inner_folds,
        buffer_m=splitting.buffer_of_centres_m(cells),
        random_seed=random_seed,
        device=tuning.device,
        # Several processes would share one GPU's memory, each with its own copy of the rows.
        n_processes=None if tuning.device == "cpu" else 1,
    )


def observed_samples(
    training_table: DataFrame, features: Dataset, cells: GeoDataFrame, grid: str, splitting: FoldParameters
) -> Samples:
    """What models may see of the rows of the training table, each exposed by the land that was observed.

    Parameters
    ----------
    training_table
        ``cell_id observed_land_area_m2`` and a column a feature; it is not changed.
    features
        The cube: the attribute ``group`` of each variable is read.
    cells
        ``cell_id lon_deg lat_deg``, every cell of the table among them.
    grid, splitting
        Key of the grid and level of the blocks.

    Returns
    -------
    Samples
        Row by row of the table, with its index: features and the exposure (the logarithm of the observed land area in
        m²) in float64, NaN where unknown; coordinates (n, 2) in metres of EPSG:6931; block (n,) and feature groups.

    Raises
    ------
    LabelError
        An observed land area is not positive, or NaN.
    """
    from entropice.learning.exposure import EXPOSURE, log_land_area
    from entropice.learning.feature_choice import feature_groups
    from entropice.learning.samples import Samples
    from entropice.learning.training_table import feature_columns, laid_out

    areas_m2, names = training_table["observed_land_area_m2"].to_numpy(), feature_columns(training_table)
    columns = (training_table[name].to_numpy() for name in names)
    seen = laid_out(columns, names, training_table.index).assign(
        **{EXPOSURE: log_land_area(areas_m2, "observed_land_area_m2")}
    )
    groups = feature_groups(features)
    where = _places(training_table["cell_id"], cells, grid, splitting)
    return Samples(seen, *where, {name: groups[name] for name in names})


def map_samples(
    names: Sequence[str],
    features: Dataset,
    cells: DataFrame,
    grid: str,
    splitting: FoldParameters,
    years: list[int],
) -> tuple[DataFrame, Samples]:
    """``cell_id year`` of every cell and year, and what models may see of them, each exposed by all of its land.

    Parameters
    ----------
    names
        Features that are asked for; others of the cube are left out, and names that it does not have are passed over.
    features
        The cube, dims (cell) or (cell, year); what has no year repeats in each.
    cells
        ``cell_id lon_deg lat_deg area_m2 land_fraction``, every cell of the cube among them.
    years
        Label years; rows go by cell, then by year in this order.

    Returns
    -------
    DataFrame
        ``cell_id year``, one row a cell and year.
    Samples
        The same rows: features and the exposure (the logarithm of the land area in m²), NaN where unknown, coordinates
        (n, 2) in metres of EPSG:6931 and blocks (n,).

    Raises
    ------
    FeatureError
        The cube lacks a year, or holds an infinite value.
    LabelError
        A cell has no land.
    """
    from entropice.learning.exposure import EXPOSURE, log_land_area
    from entropice.learning.feature_choice import feature_groups
    from entropice.learning.samples import Samples
    from entropice.learning.training_table import KEYS, feature_columns, feature_frame

    groups = feature_groups(features)
    frame = feature_frame(features.drop_vars(groups.keys() - set(names)), years)
    named = feature_columns(frame)
    land_area_m2 = splitting.places_of(cells, grid)["land_area_m2"].loc[frame["cell_id"]].to_numpy()
    seen = frame.iloc[:, len(KEYS) :].assign(**{EXPOSURE: log_land_area(land_area_m2, "land_fraction")})
    where = _places(frame["cell_id"], cells, grid, splitting)
    return frame[KEYS], Samples(seen, *where, {name: groups[name] for name in named})


def map_blocks(
    names: Sequence[str],
    features: Dataset,
    cells: DataFrame,
    grid: str,
    splitting: FoldParameters,
    years: list[int],
) -> "Iterator[tuple[DataFrame, Samples]]":
    """`map_samples` of some cells at a time, so that what is done with each takes memory for these alone.

    Up to 4096 cells are a block, in the order of the cube; each is read when it is asked for, and errors are those of
    `map_samples`. Nothing is checked before the first is asked for.

    Raises
    ------
    ConfigError
        What is done with one block takes more memory than the ceiling; none has been read.
    """
    from entropice.derive.cell_blocks import slices_of
    from entropice.learning.samples import CELLS_PER_BLOCK, block_bytes
    from entropice.processes import require_room

    require_room(block_bytes(min(features.sizes["cell"], CELLS_PER_BLOCK), len(years), len(names)), "map, by blocks")
    for where in slices_of(features.sizes["cell"], CELLS_PER_BLOCK):
        here = features.isel(cell=where)
        of_block = cells[cells["cell_id"].isin(here["cell_ids"].to_numpy())]
        yield map_samples(names, here, of_block, grid, splitting, years)


def map_rows_of(
    names: Sequence[str],
    features: Dataset,
    cells: DataFrame,
    grid: str,
    splitting: FoldParameters,
    years: list[int],
) -> "Iterator[Samples]":
    """What models may see of the rows of `map_blocks`, a block of cells after the other, without their keys.

    Errors are those of `map_blocks`; keys are the columns ``cell_id year``.
    """
    return (samples for _, samples in map_blocks(names, features, cells, grid, splitting, years))


def _places(cell_ids: Series, cells: DataFrame, grid: str, splitting: FoldParameters) -> tuple[FloatArray, CellIds]:
    """Coordinates (n, 2) and blocks (n,) of rows by their cells."""
    import pandas as pd

    seen = cells[cells["cell_id"].isin(cell_ids)].set_index("cell_id")
    place = seen.index.get_indexer(pd.Index(cell_ids))
    return _coordinates_m(seen)[place], splitting.blocks_of(seen.index.to_numpy(), grid)[place]


def _coordinates_m(places: DataFrame) -> FloatArray:
    from entropice.learning.folds.coordinates import equal_area_coordinates_m

    return equal_area_coordinates_m(places["lon_deg"].to_numpy(), places["lat_deg"].to_numpy())
