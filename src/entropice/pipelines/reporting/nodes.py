"""Nodes of the reporting pipeline."""

from typing import TYPE_CHECKING, Any

from entropice.pipelines.modelling.splitting import FoldParameters
from entropice.pipelines.reporting.parameters import ReportingParameters, SurveyParameters
from entropice.pipelines.virtual_arctic.parameters import VirtualArcticParameters
from entropice.types import DataFrame, Dataset, GeoDataFrame

if TYPE_CHECKING:
    from entropice.io.arrays import Arrays
    from entropice.report.run_folder import RunFolder
else:
    Arrays = RunFolder = Any


def attainable_limit(
    truth: Dataset,
    cells: GeoDataFrame,
    labels: DataFrame,
    out_of_fold: DataFrame,
    fold_classes: dict[str, Any],
    random_seed: int,
    n_draws: int,
) -> DataFrame:
    """Work out what someone who knows all but chance would forecast, for every cell and year tested away from training.

    No model sees the truth. Other folds have no such limit: where a test cell's neighbours are in training, the unseen
    effects show through their labels.

    Parameters
    ----------
    truth
        Of the virtual world: log rates of slumps by base unit and year, and the variances of unseen effects.
    cells, labels, out_of_fold, fold_classes
        The datasets of these names; each scheme, fold, cell and year of ``out_of_fold`` is a target once, whatever the
        models, in the schemes that keep blocks apart (``spatial region year``).
    random_seed, n_draws
        Of the Monte Carlo draws of the unseen effects.

    Returns
    -------
    DataFrame
        The dataset ``bayes_limit``: ``scheme fold model cell_id year class_ p_<class>… standard_error_max``; ``model``
        is ``bayes_limit``, classes are those of the fold, probabilities sum to 1 and none is 0, and the last column is
        the largest Monte Carlo standard error of the row.

    Raises
    ------
    LabelError
        A target has no label or no observed land.
    SchemaError
        The truth lacks a target's year or cell, or ``fold_classes`` its fold.
    """
    from entropice.learning.folds import SCHEMES
    from entropice.virtual_arctic.bayes_limit import class_probabilities

    apart = [scheme.name for scheme in SCHEMES.values() if scheme.keeps_blocks_apart]
    tested = out_of_fold.loc[out_of_fold["scheme"].isin(apart), ["scheme", "fold", "cell_id", "year"]]
    targets = tested.drop_duplicates()
    return class_probabilities(truth, cells, labels, targets, fold_classes, random_seed, n_draws=n_draws)


def score_limit(
    bayes_limit: DataFrame,
    out_of_fold: DataFrame,
    cells: GeoDataFrame,
    grid: str,
    random_seed: int,
    splitting: FoldParameters,
    n_bootstrap: int,
) -> DataFrame:
    """Score the limit as the models were scored: against the same prevalence, on the same cells, years and blocks.

    Parameters
    ----------
    bayes_limit
        Of `attainable_limit`; a column that ``out_of_fold`` does not have is left out.
    out_of_fold
        Of it the rows of the model ``prevalence`` in the schemes of the limit are read.
    cells, grid, splitting
        Columns ``cell_id area_m2 land_fraction``, key of the grid, and the level of the blocks.
    random_seed, n_bootstrap
        Of the replicates in which blocks are drawn with replacement.

    Returns
    -------
    DataFrame
        The dataset ``bayes_limit_scores``: ``scheme model score value low_95 high_95 n_cell_years n_positive n_folds``
        of the model ``bayes_limit``. Scores are those of `entropice.learning.scores`. Intervals are the central 95 % of
        the replicates, not widened by folds, for no fold has fitted the limit; a score that is not defined is NaN.

    Raises
    ------
    LabelError
        The prevalence does not cover the rows of the limit, or a cell has no block or no land.
    """
    import pandas as pd

    from entropice.learning.scores import score_table
    from entropice.learning.scores.interval import width_of_blocks

    is_target = (out_of_fold["model"] == "prevalence") & out_of_fold["scheme"].isin(bayes_limit["scheme"])
    prevalence = out_of_fold[is_target]
    together = pd.concat([prevalence, bayes_limit], ignore_index=True)
    places = splitting.places_of(cells, grid)
    # Intervals of models are wider than those of blocks, since a refit would differ; no fold has fitted the limit.
    scores = score_table(together[list(prevalence.columns)], places, random_seed, n_bootstrap, width_of_blocks)
    return scores[scores["model"] == "bayes_limit"].reset_index(drop=True)


def check_limit(scores: DataFrame, bayes_limit_scores: DataFrame) -> dict[str, Any]:
    """Look for models above the attainable limit: the sign of a leak that only a known truth shows.

    Both tables have the columns ``scheme model score value high_95``. A model is above the limit where its
    ``log_skill`` or ``auc`` exceeds the upper end of the limit's 95 % interval, in a scheme for which there is one.

    Returns
    -------
    dict
        The dataset ``limit_leaks``: ``checks``, the one kind that was looked for, and ``findings``, each with ``kind``,
        ``statement`` and ``evidence``; none where no model is above. A warning tells each; the run goes on.
    """
    from entropice.learning.leaks import ABOVE_LIMIT, above_the_limit, alarm

    return alarm([ABOVE_LIMIT], above_the_limit(scores, bayes_limit_scores))


def score_map(
    truth: Dataset,
    world: VirtualArcticParameters,
    cells: GeoDataFrame,
    predictions: DataFrame,
    training_table: DataFrame,
    classes: dict[str, Any],
    grid: str,
    splitting: FoldParameters,
) -> DataFrame:
    """Score the map against what images of all land would have shown, unobserved land included: its true skill.

    Parameters
    ----------
    truth, world
        Of the virtual world, and its parameters; slumps are detected and made up as in its campaign.
    cells, predictions, training_table, classes
        The datasets of these names. Cells and years without a prediction or without land are left out.
    grid, splitting
        Key of the grid and level of the blocks.

    Returns
    -------
    DataFrame
        The dataset ``true_map_skill``: ``extent score value n_cell_years n_positive``; ``extent`` is ``all land``, or
        ``land never observed``, cells that are not in the training table, where there are any; scores are those of
        `entropice.learning.scores`, skill being measured against the class frequencies of the training table. There are
        no intervals: nothing is left out of the count. No rows where map and truth share no cell and year.
    """
    from entropice.learning.map_skill import map_skill
    from entropice.virtual_arctic.complete_labels import complete_labels

    labels = complete_labels(truth, world, cells)
    return map_skill(predictions, labels, training_table, classes, splitting.places_of(cells, grid))


def plan_survey(
    cells: GeoDataFrame, labels: DataFrame, predictions: DataFrame, parameters: SurveyParameters
) -> DataFrame:
    """Rank the cells that nobody has looked at by what an image of them is expected to tell, under a budget.

    Parameters
    ----------
    cells
        ``cell_id lon_deg lat_deg area_m2 land_fraction``.
    labels
        ``cell_id state observed_fraction``: a cell that any label year has observed is left out.
    predictions
        ``cell_id year p_any is_applicable``, and ``p_any_sd`` where it is known; those of the latest year count, and a
        cell without a prediction is left out.
    parameters
        Budget (km²), cost of the smallest image (km²), worth of a find (bits), range of neighbours (km), and how much
        wider spreads are where the map is not applicable.

    Returns
    -------
    DataFrame
        The dataset ``survey``, a row a cell: ``cell_id year lon_deg lat_deg p_any is_applicable information_bits
        cost_km2 value_per_1000_km2 rank cumulative_km2``. ``information_bits`` is what a yes or no tells of the model
        (all of its entropy where there is no spread), ``cost_km2`` the land that no year has seen, or the smallest
        image where that is less; the value is information + p · worth of a find. ``rank`` counts from 1 in the order of
        looking, by value over cost among what the budget still holds, the information at a distance d of a chosen cell
        falling by 1 − exp(−d / range); it and ``cumulative_km2`` are null beyond the budget
        (`entropice.learning.survey`).
    """
    from entropice.learning.survey import SurveyPlan
    from entropice.learning.survey import plan_survey as plan

    return plan(cells, labels, predictions, SurveyPlan(**parameters.model_dump()))


def assemble_run(
    reporting: ReportingParameters,
    grid: str,
    run: dict[str, Any],
    map_model: Arrays,
    doubts_model: Arrays,
    **datasets: Any,
) -> tuple[str, RunFolder]:
    """Put together the report and the run folder: map with styles, overviews, and where it all comes from.

    The folder appears whole or not at all, and the same run gives the same bytes. `run` says what it is made of:
    ``about``, ``composition`` and ``parameters`` as plain values. `datasets` are the fields of
    `entropice.report.results.RunResults`, those of a task called ``<task>.<name>``; those of a known truth, and of
    tasks, may be lacking. Nothing is read here, and no file is written before the result is saved.

    Returns
    -------
    str
        The dataset ``report_html``: a complete document, without any address outside itself.
    RunFolder
        The dataset ``run``: ``manifest.json``, ``run.gpkg`` (EPSG:3413, a column for each quantity and year),
        ``overview_*.tif``, ``report.html``, ``starting_conditions.nc``, ``survey.csv``, and the model as ``model.npz``
        and ``model.json``.

    Raises
    ------
    TypeError
        A dataset of a run is lacking, or one is given that no run has.
    GridError
        There is no grid of that key.
    """
    from entropice.dggs import parse_grid
    from entropice.learning.portable import pack
    from entropice.pipelines.reporting.texts import declared_texts, task_texts
    from entropice.report.about import About
    from entropice.report.content import build_content
    from entropice.report.html_report import render_html
    from entropice.report.model_files import ModelFiles
    from entropice.report.origin import Origin
    from entropice.report.overviews import build_overviews
    from entropice.report.results import gather_results
    from entropice.report.run_folder import RunFolder
    from entropice.report.starting_conditions import starting_conditions
    from entropice.report.texts import MapModel

    results = gather_results(datasets)
    content = build_content(
        results,
        About(**run["about"]),
        Origin(run["composition"], run["parameters"], results.provenance),
        grid={"key": grid, **parse_grid(grid).metadata},
        year_names=reporting.year_names,
        map_model=MapModel(**results.map_model_choice),
        texts=declared_texts(),
        tasks=task_texts({name: run["composition"]["tasks"][name] for name in results.tasks}),
    )
    report_html = render_html(content)
    pixel_size_m = reporting.overview_pixel_size_m
    conditions = starting_conditions(content, pixel_size_m, reporting.institution)
    parts = {"map_model": map_model, "doubts_model": doubts_model}
    model = ModelFiles(
        *pack(
            {name: (part.arrays, part.metadata) for name, part in parts.items()},
            results.classes,
            grid,
            results.training_table,
            results.features,
        )
    )
    return report_html, RunFolder(content, build_overviews(content, pixel_size_m), report_html, conditions, model)
