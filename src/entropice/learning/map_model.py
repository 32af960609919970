"""Which model draws the map: the one that is named, or the best in spatial folds of all observed rows."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from entropice.learning.folds import SPATIAL, Ground
from entropice.learning.folds.table import make_folds
from entropice.learning.models import MODELS
from entropice.learning.out_of_fold import predict_out_of_fold
from entropice.learning.samples import Samples
from entropice.learning.scores import score_table
from entropice.learning.tuning import Tuning

CRITERION: Final = "log skill in inner spatial folds"


def choose_best(
    table: pd.DataFrame, samples: Samples, models: Sequence[str], n_classes: int, tuning: Tuning
) -> dict[str, Any]:
    """Compare models on the inner spatial folds of all observed rows, classes and tuning of each fold its own.

    Parameters
    ----------
    table
        The training table.
    samples
        What models may see of its rows.
    models
        Names in the registry, the prevalence among them.

    Returns
    -------
    dict
        As `statement`, for the model with the highest log skill.
    """
    is_first = ~table["cell_id"].duplicated().to_numpy()
    cell_ids = table.loc[is_first, "cell_id"].to_numpy()
    places = samples.where(is_first)
    ground = Ground(
        cell_ids,
        places.blocks,
        places.coordinates_m,
        map_coordinates_m=places.coordinates_m,
        years=np.unique(table["year"]),
        n_folds=tuning.n_folds,
        buffer_m=tuning.buffer_m,
    )
    spatial = make_folds(ground, [SPATIAL], tuning.random_seed)
    _, out_of_fold = predict_out_of_fold(table, samples, spatial, models, n_classes, tuning)
    alike = pd.DataFrame({"block": places.blocks, "land_area_m2": 1.0}, index=cell_ids)
    scores = score_table(out_of_fold, alike, tuning.random_seed, n_replicates=0)
    skill = scores[scores["score"] == "log_skill"].set_index("model")["value"]
    return statement_of_best({name: float(skill[name]) for name in models})


def statement_of_best(log_skill: dict[str, float]) -> dict[str, Any]:
    """Name the model with the highest log skill, the first of equals, and what it beat, best first."""
    best, *beaten = sorted(log_skill, key=lambda name: -log_skill[name])
    return statement(best) | {
        "chosen": {
            "criterion": CRITERION,
            "score": log_skill[best],
            "beaten": [{"name": name, "title": MODELS[name].title, "score": log_skill[name]} for name in beaten],
        }
    }


def statement(name: str) -> dict[str, Any]:
    """``name title chosen`` of a model that parameters name; ``chosen`` is null, for nothing was compared."""
    return {"name": name, "title": MODELS[name].title, "chosen": None}
