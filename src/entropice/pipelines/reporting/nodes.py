"""Nodes of the reporting pipeline."""

from typing import TYPE_CHECKING, Any

from entropice.pipelines.modelling.parameters import ModellingParameters
from entropice.pipelines.reporting.parameters import ReportingParameters
from entropice.types import DataFrame, Dataset, GeoDataFrame

if TYPE_CHECKING:
    from entropice.report.run_folder import RunFolder
else:
    RunFolder = Any


def attainable_limit(
    truth: Dataset,
    cells: GeoDataFrame,
    labels: DataFrame,
    out_of_fold: DataFrame,
    fold_classes: dict[str, Any],
    random_seed: int,
    reporting: ReportingParameters,
) -> DataFrame:
    """Work out what someone who knows all but chance would forecast, for every cell and year tested in spatial folds.

    The only node that reads the truth; no model sees it. Random folds have no such limit: there the unseen effects show
    through the labels of a test cell's neighbours.
    """
    from entropice.learning.folds import SPATIAL
    from entropice.virtual_arctic.bayes_limit import class_probabilities

    tested = out_of_fold.loc[out_of_fold["scheme"] == SPATIAL, ["scheme", "fold", "cell_id", "year"]]
    targets = tested.drop_duplicates()
    return class_probabilities(
        truth, cells, labels, targets, fold_classes, random_seed, n_draws=reporting.n_limit_draws
    )


def score_limit(
    limit: DataFrame, out_of_fold: DataFrame, grid: str, random_seed: int, modelling: ModellingParameters
) -> DataFrame:
    """Score the limit as the models were scored: against the same prevalence, on the same cells, years and blocks."""
    import pandas as pd

    from entropice.pipelines.modelling.nodes import score

    is_target = (out_of_fold["model"] == "prevalence") & out_of_fold["scheme"].isin(limit["scheme"])
    prevalence = out_of_fold[is_target]
    together = pd.concat([prevalence, limit], ignore_index=True)
    scores = score(together[list(prevalence.columns)], grid, random_seed, modelling)
    return scores[scores["model"] == "limit"].reset_index(drop=True)


def render_report(
    cells: GeoDataFrame,
    land: GeoDataFrame,
    labels: DataFrame,
    features: Dataset,
    classes: dict[str, Any],
    out_of_fold: DataFrame,
    scores: DataFrame,
    predictions: DataFrame,
    drivers: DataFrame,
    cell_drivers: DataFrame,
    provenance: dict[str, Any],
    run: dict[str, Any],
    reporting: ReportingParameters,
    grid: str,
    limit: DataFrame | None = None,
    limit_scores: DataFrame | None = None,
) -> str:
    """Write the report: maps, scores by their names, calibration, classes, importances and provenance, in one file.

    It opens offline. Where the truth is known, scores stand beside the attainable limit.
    """
    from entropice.report.html_report import ReportContent, render_html
    from entropice.report.manifest import run_id
    from entropice.report.shares import share_of_limit
    from entropice.report.tables import features_table, importances_table, yearly_tables

    described = features_table(_attributes(features))
    tables = yearly_tables(cells, labels, predictions, cell_drivers, classes["names"])
    run_parameters = run["parameters"]
    content = ReportContent(
        title=reporting.title,
        description=reporting.description,
        purpose=reporting.purpose,
        notice=reporting.notice,
        run_id=run_id(run_parameters, provenance["inputs"], provenance["code_sha256"]),
        grid={"key": grid, **_grid_metadata(grid)},
        classes=classes,
        year_names=reporting.names_of(list(tables)),
        tables=tables,
        land=land,
        forecasts=out_of_fold,
        predictions=predictions,
        scores=share_of_limit(scores, limit_scores),
        importances=importances_table(drivers, described),
        features=described,
        provenance=provenance,
        parameters=run_parameters,
        attributions=[*run["attributions"], *reporting.attributions],
        rebuild_command=reporting.rebuild_command,
        limit=limit,
    )
    return render_html(content)


def assemble_run(
    cells: GeoDataFrame,
    labels: DataFrame,
    features: Dataset,
    classes: dict[str, Any],
    scores: DataFrame,
    predictions: DataFrame,
    drivers: DataFrame,
    cell_drivers: DataFrame,
    provenance: dict[str, Any],
    run: dict[str, Any],
    reporting: ReportingParameters,
    grid: str,
    report_html: str,
    limit_scores: DataFrame | None = None,
) -> RunFolder:
    """Put together the run folder: map with styles, overviews, report, and a manifest of where it all comes from.

    The folder appears whole or not at all, and the same run gives the same bytes.
    """
    from entropice.report.layers import build_layers
    from entropice.report.manifest import build_manifest
    from entropice.report.overviews import build_overviews
    from entropice.report.run_folder import RunFolder
    from entropice.report.shares import share_of_limit
    from entropice.report.tables import features_table, importances_table, yearly_tables

    described = features_table(_attributes(features))
    tables = yearly_tables(cells, labels, predictions, cell_drivers, classes["names"])
    year_names = reporting.names_of(list(tables))
    all_scores = share_of_limit(scores, limit_scores)
    layers = build_layers(
        tables,
        importances_table(drivers, described),
        all_scores,
        grid_key=grid,
        class_names=classes["names"],
        year_names=year_names,
        notice=reporting.notice,
    )
    manifest = build_manifest(
        texts=reporting.model_dump(include={"title", "purpose", "notice", "rebuild_command"})
        | {"attributions": [*run["attributions"], *reporting.attributions]},
        grid={"key": grid, **_grid_metadata(grid)},
        n_cells=len(cells),
        year_names=year_names,
        classes=classes,
        features=described,
        scores=all_scores,
        drivers=drivers,
        parameters=run["parameters"],
        provenance=provenance,
    )
    overviews = build_overviews(tables, year_names, reporting.overview_pixel_size_m)
    return RunFolder(layers, overviews, report_html, manifest)


def _attributes(features: Dataset) -> dict[str, dict[str, Any]]:
    return {str(name): dict(variable.attrs) for name, variable in features.data_vars.items()}


def _grid_metadata(grid: str) -> dict[str, str | int]:
    from entropice.dggs import parse_grid

    return dict(parse_grid(grid).metadata)
