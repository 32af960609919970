"""The tables of scores: pooled over folds with intervals, and fold by fold.

The interval of a score comes from a bootstrap of whole blocks, for neighbouring rows are no independent evidence.
"""

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
import pandas as pd

from entropice.errors import LabelError
from entropice.learning.classes import in_class_order
from entropice.learning.scores.forecast import Forecast
from entropice.learning.scores.interval import interval, width_of_refits
from entropice.learning.scores.registry import SCORES
from entropice.learning.scores.resampled import Resampled, Weights
from entropice.learning.scores.score import Score
from entropice.learning.training_table import KEYS

REFERENCE: Final = "prevalence"
N_REPLICATES: Final = 1000

_ROW = ["scheme", "fold", *KEYS]


def score_table(
    out_of_fold: pd.DataFrame,
    places: pd.DataFrame,
    random_seed: int,
    n_replicates: int = N_REPLICATES,
    width: Callable[[int], float] = width_of_refits,
) -> pd.DataFrame:
    """Score every model under every scheme, over all its folds together.

    All rows of a model and scheme are scored as one forecast, each row alike but for what a score says of land; AUC
    pairs stay within a fold.

    Parameters
    ----------
    out_of_fold
        ``scheme fold model cell_id year class_ p_<class>…`` of any models, the prevalence model among them: one row per
        scheme, fold, model, cell and year. A class that a row lacks may be NaN, which is a probability of 0.
    places
        ``block land_area_m2`` of every cell, indexed by ``cell_id``; blocks are what the bootstrap draws, whole and
        with replacement, from those of all rows of the table.
    random_seed, n_replicates
        Of the bootstrap (`block_replicates`); all models and scores see the same replicates.
    width
        How much wider than the bootstrap's an interval is, by the number of folds: √(1 + K / (K − 1)) of K by default.

    Returns
    -------
    DataFrame
        ``scheme model score value low_95 high_95 n_cell_years n_positive n_folds``, with the scores of the registry, by
        scheme, model and their order there. A score that is not defined (an AUC without positives) is NaN. The
        interval, as `interval` gives it, is NaN with fewer than two blocks.

    Raises
    ------
    LabelError
        If the prevalence model does not cover the rows, or a cell has no block or no land, looked for in this order.
    ValueError
        If a column ``p_…`` is of no class (``none few some many``).

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"scheme": "spatial", "fold": 0, "cell_id": [1, 2], "year": 2020})
    >>> rows = rows.assign(class_=["some", "none"])
    >>> told = rows.assign(model="model", p_none=[0.1, 0.9], p_some=[0.9, 0.1])
    >>> out_of_fold = pd.concat([told, rows.assign(model="prevalence", p_none=0.5, p_some=0.5)])
    >>> places = pd.DataFrame({"block": [0, 1], "land_area_m2": [1e6, 1e6]}, index=[1, 2])
    >>> scores = score_table(out_of_fold, places, random_seed=0, n_replicates=20)
    >>> found = scores[scores["model"] == "model"].set_index("score")["value"]
    >>> float(found["auc"]), round(float(found["brier_skill"]), 6)
    (1.0, 0.96)
    """
    frame, names = _with_places(out_of_fold, places)
    n_blocks = int(frame["block"].max()) + 1
    # Blocks of all schemes together: one draw serves all, and a block that a scheme does not test counts nothing there.
    weights = block_replicates(n_blocks, random_seed, n_replicates)
    rows = [
        {"scheme": scheme, "model": model, **row}
        for (scheme, model), members in frame.groupby(["scheme", "model"], sort=True)
        for row in _score_rows(_forecast(members, names, n_blocks), weights, width)
    ]
    return pd.DataFrame(rows)


def fold_score_table(out_of_fold: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Score every model in every fold by itself.

    Parameters, their columns and scores are those of `score_table`.

    Returns
    -------
    DataFrame
        ``scheme fold model score value n_cell_years n_positive``, by scheme, fold and model, without intervals: a fold
        holds few blocks. NaN where a score is not defined in the fold.

    Raises
    ------
    LabelError
        As `score_table`.

    Examples
    --------
    Slumps everywhere in the one fold, so that there is no pair for an AUC.

    >>> import pandas as pd
    >>> rows = pd.DataFrame({"scheme": "spatial", "fold": 0, "cell_id": [1, 2], "year": 2020, "class_": "some"})
    >>> forecasts = [rows.assign(model=name, p_none=1 - p, p_some=p) for name, p in (("a", 0.75), ("prevalence", 0.5))]
    >>> places = pd.DataFrame({"block": [0, 1], "land_area_m2": 1e6}, index=[1, 2])
    >>> scores = fold_score_table(pd.concat(forecasts), places)
    >>> scores[scores["model"] == "a"].set_index("score")["value"][["brier_skill", "auc"]].tolist()
    [0.75, nan]
    """
    frame, names = _with_places(out_of_fold, places)
    n_blocks = int(frame["block"].max()) + 1
    rows = [
        {"scheme": scheme, "fold": fold, "model": model, "score": score.name, "value": value, **counts}
        for (scheme, fold, model), members in frame.groupby(["scheme", "fold", "model"], sort=True)
        for forecast in [_forecast(members, names, n_blocks)]
        for counts in [_counts(forecast)]
        for score, value in _values(forecast)
    ]
    return pd.DataFrame(rows)


def _with_places(out_of_fold: pd.DataFrame, places: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Put reference, ``block`` (codes from 0) and ``land_area_m2`` beside every forecast; name the classes in order."""
    names = in_class_order({column.removeprefix("p_") for column in out_of_fold.columns if column.startswith("p_")})
    frame = _with_reference(out_of_fold, [f"p_{name}" for name in names])
    _require_places(frame["cell_id"], places)
    of_row = places.loc[frame["cell_id"]]
    _, block = np.unique(of_row["block"].to_numpy(), return_inverse=True)
    return frame.assign(block=block, land_area_m2=of_row["land_area_m2"].to_numpy()), names


def _require_places(cell_ids: pd.Series, places: pd.DataFrame) -> None:
    unknown = ~cell_ids.isin(places.index)
    if unknown.any():
        raise LabelError("Some cells have no block.", field="cell_id", sample=cell_ids[unknown].unique())
    of_cell = places.loc[cell_ids.unique(), "land_area_m2"]
    without = of_cell[~(of_cell > 0)]
    if len(without):
        raise LabelError(
            "Some tested cells have no land.",
            field="land_area_m2",
            got=f"{len(without)} cells with {', '.join(map(str, without.unique()[:3]))} m2",
            expected="more than 0 m2",
            sample=without.index,
            fix="run the grids and labels pipelines again, from one and the same land file",
        )


def _values(forecast: Forecast) -> Iterator[tuple[Score, float]]:
    once = Resampled(forecast, np.ones((1, forecast.n_blocks)))
    return ((score, float(score.values(once)[0])) for score in SCORES.values())


def _counts(forecast: Forecast) -> dict[str, int]:
    return {"n_cell_years": len(forecast.class_codes), "n_positive": int(forecast.is_positive.sum())}


def _score_rows(forecast: Forecast, weights: Weights, width: Callable[[int], float]) -> Iterator[dict[str, object]]:
    n_folds = len(np.unique(forecast.fold))
    counts = {**_counts(forecast), "n_folds": n_folds}
    resampled = Resampled(forecast, weights)
    for score, value in _values(forecast):
        low, high = interval(score, value, score.values(resampled), width(n_folds))
        yield {"score": score.name, "value": value, "low_95": low, "high_95": high, **counts}


def block_replicates(n_blocks: int, random_seed: int, n_replicates: int) -> Weights:
    """Multiplicities (n_replicate, n_block) of blocks drawn with replacement; each row sums to the number of blocks.

    One block alone has no spread to show, so there are no replicates then: the shape is (0, n_block). float64; the same
    seed draws the same blocks.

    Examples
    --------
    >>> weights = block_replicates(3, random_seed=0, n_replicates=100)
    >>> weights.shape, set(weights.sum(axis=1).tolist()), block_replicates(1, 0, 100).shape
    ((100, 3), {3.0}, (0, 1))
    """
    # Drawn once for all models and scores: differences between models are then differences on the same ground.
    if n_blocks < 2:
        return np.empty((0, n_blocks))
    random = np.random.default_rng(random_seed)
    return random.multinomial(n_blocks, np.full(n_blocks, 1 / n_blocks), size=n_replicates).astype(np.float64)


def _with_reference(out_of_fold: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Put the prevalence forecast of the same row beside every forecast, as ``reference_<class>``."""
    # The reference of a row is that of its own fold: one prevalence for all would know the test rows' labels.
    frame = out_of_fold.fillna(dict.fromkeys(columns, 0.0))
    reference = frame.loc[frame["model"] == REFERENCE, [*_ROW, *columns]]
    renamed = reference.rename(columns={column: f"reference_{column}" for column in columns})
    merged = frame.merge(renamed, on=_ROW, how="left", validate="many_to_one")
    is_missing = merged[[f"reference_{column}" for column in columns]].isna().any(axis=1)
    if is_missing.any():
        raise LabelError(
            "Skill needs the prevalence forecast of every row.",
            field="model",
            got=f"{is_missing.sum()} of {len(merged)} rows without one",
            sample=merged.loc[is_missing, "model"].unique(),
            fix=f"concatenate the frame with the rows of out_of_fold where model is {REFERENCE!r}",
        )
    return merged


def _forecast(members: pd.DataFrame, names: list[str], n_blocks: int) -> Forecast:
    code_of = {name: code for code, name in enumerate(names)}
    return Forecast(
        probabilities=members[[f"p_{name}" for name in names]].to_numpy(dtype=np.float64),
        reference=members[[f"reference_p_{name}" for name in names]].to_numpy(dtype=np.float64),
        class_codes=np.array(members["class_"].map(code_of), dtype=np.int64),
        block=members["block"].to_numpy(dtype=np.int64),
        fold=members["fold"].to_numpy(dtype=np.int64),
        land_area_m2=members["land_area_m2"].to_numpy(dtype=np.float64),
        n_blocks=n_blocks,
    )
