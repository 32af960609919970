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

    No model sees the truth. Other folds have no such limit: where a test cell's neighbours
    are in training, the unseen effects show through their labels.
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
    """Score the limit as the models were scored: against the same prevalence, on the same cells, years and blocks."""
    import pandas as pd

    from entropice.learning.scores import score_table
    from entropice.learning.scores.interval import width_of_blocks

    is_target = (out_of_fold["model"] == "prevalence") & out_of_fold["scheme"].isin(bayes_limit["scheme"])
    prevalence = out_of_fold[is_target]
    together = pd.concat([prevalence, bayes_limit], ignore_index=True)
    places = splitting.places_of(cells, grid)
    scores = score_table(together[list(prevalence.columns)], places, random_seed, n_bootstrap, width_of_blocks)
    return scores[scores["model"] == "bayes_limit"].reset_index(drop=True)


def check_limit(scores: DataFrame, bayes_limit_scores: DataFrame) -> dict[str, Any]:
    """Look for models above the attainable limit: the sign of a leak that only a known truth shows."""
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
    """Score the map against what images of all land would have shown, unobserved land included: its true skill."""
    from entropice.learning.map_skill import map_skill
    from entropice.virtual_arctic.complete_labels import complete_labels

    labels = complete_labels(truth, world, cells)
    return map_skill(predictions, labels, training_table, classes, splitting.places_of(cells, grid))


def plan_survey(
    cells: GeoDataFrame, labels: DataFrame, predictions: DataFrame, parameters: SurveyParameters
) -> DataFrame:
    """Rank the cells that nobody has looked at by what an image of them is expected to tell, under a budget."""
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

    The folder appears whole or not at all, and the same run gives the same bytes. `run` says what it is made of;
    `datasets` are the fields of `entropice.report.results.RunResults`, those of a task called ``<task>.<name>``.
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
