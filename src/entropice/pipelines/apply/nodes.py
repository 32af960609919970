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
