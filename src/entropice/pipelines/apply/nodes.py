"""Node of the pipeline that applies a finished run's model."""

from typing import TYPE_CHECKING, Any

from entropice.pipelines.apply.parameters import ApplyParameters
from entropice.types import DataFrame, Dataset, GeoDataFrame

if TYPE_CHECKING:
    from entropice.io.model_of_run import ModelOfRun
    from entropice.report.applied_map import AppliedFolder
else:
    AppliedFolder = ModelOfRun = Any


def apply_model(
    applied_model: ModelOfRun, features: Dataset, cells: GeoDataFrame, grid: str, parameters: ApplyParameters
) -> tuple[DataFrame, AppliedFolder, dict[str, Any]]:
    """Predict every cell and year from a finished run's model, after a look at whether it may be given these features.

    Blocks matter to training alone: those of the default size stand in.

    Parameters
    ----------
    applied_model
        ``model.npz`` and ``model.json`` of the run folder that the parameter ``model`` names, as they were read.
    features
        The feature cube of this run, dims (cell) or (cell, year).
    cells
        ``cell_id lon_deg lat_deg area_m2 land_fraction geometry`` (EPSG:3413).
    grid
        Key of the grid, which must be that of the model.
    parameters
        Label years to predict; None for every year of the features.

    Returns
    -------
    DataFrame
        The dataset ``applied_predictions``, by cell and year: the columns of ``predictions``, and
        ``n_features_outside_range``, how many features lie outside the range of the training rows, whose ends are
        within it. Where too little is known for the model, predictions are NaN. Columns of ``predictions`` are
        ``cell_id year p_<class>… p_any class_ p_max entropy expected_rts_area_fraction``, ``box`` where there are
        boxes, and the doubts.
    AppliedFolder
        The dataset ``applied_map``: the map with its styles and the model's files.
    dict
        The dataset ``applied_checks``: ``run``, grid and years, ``n_cell_years``, shares (0 to 1) of them that are
        predicted, applicable and beyond ranges, and the same by feature and group.

    Raises
    ------
    ModelFileError
        The model's files are of another version, or do not fit each other.
    GridError
        The model is of another grid.
    FeatureError
        The cube lacks a feature of the model, or has it in another unit, group or statistic; or it lacks a year.
    ConfigError
        A block of the map takes more memory than the ceiling.
    """
    from entropice.learning.application import apply, check_of
    from entropice.learning.portable import unpack
    from entropice.pipelines.modelling.nodes import map_blocks
    from entropice.pipelines.modelling.splitting import FoldParameters
    from entropice.report.applied_map import AppliedFolder, applied_map

    model = unpack(applied_model.files.arrays, applied_model.files.document, applied_model.path)
    model.require_same(grid, features)
    years = sorted(parameters.years or features["year"].to_numpy().tolist())
    blocks = map_blocks(model.feature_names, features, cells, grid, FoldParameters(), years)
    predictions, ranges = apply(model, blocks)
    checks = {"run": applied_model.run, **check_of(model, predictions, ranges, features)}
    shown = applied_map(cells, predictions, model.classes.names)
    return predictions, AppliedFolder(shown, tuple(years), applied_model.files, applied_model.run, grid), checks
