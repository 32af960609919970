"""Soft joining: what pixels say of an object and what its cell lets one expect, in one chance.

Objects that a segmenter finds at x are true ones, of density λ(x), or lookalikes, of density ρ, both scattered as
Poisson processes. Their scores s have densities f₁ and f₀, wherever they lie. An object at x with score s is then true
with the posterior odds

    λ(x) f₁(s) / (ρ f₀(s)) = LR(s) · λ(x) / ρ.

The segmenter's calibrated chance p(s) at the training prevalence π holds the likelihood ratio,

    log LR(s) = logit p(s) − logit π.

With λ̄ the mean density over the land in question, objects there are true with the odds λ̄ / ρ on average, the base rate
β: logit β = log λ̄ − log ρ, λ and ρ being densities of objects that a segmenter finds. Together

    logit P(true | s, x) = logit p(s) − logit π + log(λ(x) / λ̄) + logit β.

Both sides have to be calibrated, and λ(x) may know nothing of the objects in the cell: out-of-fold predictions only.
"""

import numpy as np
import pandas as pd
from scipy.special import logit

from entropice.errors import ConfigError, SchemaError
from entropice.types import CellIds, DataFrame, FloatArray


def log_likelihood_ratio(log_odds: FloatArray, training_prevalence: float) -> FloatArray:
    """Evidence (n,) of the pixels alone, in nats, from calibrated log-odds at the share of true objects in training.

    ``log LR = logit p − logit π`` for log-odds (n,) and π = `training_prevalence`; 0 says nothing, and NaN stays NaN.

    Raises
    ------
    ConfigError
        The prevalence is not between 0 and 1, both excluded.

    Examples
    --------
    Even odds where one in five was true: four times likelier of a true one.

    >>> np.exp(log_likelihood_ratio(np.array([0.0]), training_prevalence=0.2)).round(6).tolist()
    [4.0]
    """
    _require_share("training_prevalence", training_prevalence)
    return np.asarray(log_odds - logit(training_prevalence), dtype=np.float64)


def log_relative_density(density: FloatArray, area: FloatArray, floor: float) -> FloatArray:
    """log(λ / λ̄) of cells (n_cell,), λ̄ the mean over their area.

    Parameters
    ----------
    density
        (n_cell,) expected objects per area, out of fold; NaN where there is no forecast, and there it is 0: such a cell
        is as good as the mean.
    area
        (n_cell,) land area; only ratios count.
    floor
        In the unit of the density: lower ones, 0 among them, are raised to it, for a model that says never has not seen
        everything. The mean is that of raised ones.

    Raises
    ------
    ConfigError
        The floor is not positive.
    SchemaError
        A density is negative, or none is known.

    Examples
    --------
    0 is raised to 1, so the mean is 2; the cell without a forecast is as good as that.

    >>> np.exp(log_relative_density(np.array([0.0, 3.0, np.nan]), np.ones(3), floor=1.0)).round(6).tolist()
    [0.5, 1.5, 1.0]
    """
    if not floor > 0:
        raise ConfigError("Densities need a floor.", field="density_floor", got=floor, expected="more than 0")
    is_known = ~np.isnan(density)
    if (density[is_known] < 0).any() or not is_known.any():
        raise SchemaError("Densities are not those of a forecast.", field="density", expected="0 or more in some cell")
    raised = np.maximum(density, floor)
    mean = np.average(raised[is_known], weights=area[is_known])
    return np.asarray(np.where(is_known, np.log(raised / mean), 0.0), dtype=np.float64)


def posterior_log_odds(evidence: FloatArray, log_relative: FloatArray, base_rate: float) -> FloatArray:
    """Log-odds (n,) that objects are true: ``log LR + log(λ / λ̄) + logit β``.

    Parameters
    ----------
    evidence
        (n,) `log_likelihood_ratio` of the objects.
    log_relative
        (n,) `log_relative_density` of their cells.
    base_rate
        β, the share of true ones among all objects on the land in question.

    Raises
    ------
    ConfigError
        The base rate is not between 0 and 1, both excluded.

    Examples
    --------
    Odds of 1 : 9 on the land, three times as many objects in the cell as on average, and six times likelier pixels.

    >>> found = posterior_log_odds(np.log([6.0]), np.log([3.0]), base_rate=0.1)
    >>> np.exp(found).round(6).tolist()
    [2.0]
    """
    _require_share("base_rate", base_rate)
    return np.asarray(evidence + log_relative + logit(base_rate), dtype=np.float64)


def base_rate_on_land(density: float, recall: float, false_density: float) -> float:
    """Share β of true ones among all objects that a segmenter finds on land: λ̄ q / (λ̄ q + ρ).

    Parameters
    ----------
    density
        λ̄, mean expected density of true objects.
    recall
        q, the share of these that the segmenter finds.
    false_density
        ρ, false objects per area of ground without true ones; areas in the unit of λ̄. Not 0 where λ̄ q is.

    Examples
    --------
    Of four true objects two are found, beside six false ones.

    >>> base_rate_on_land(density=4.0, recall=0.5, false_density=6.0)
    0.25
    """
    found = density * recall
    return found / (found + false_density)


def out_of_fold_density(out_of_fold: DataFrame, column: str, cell_ids: CellIds) -> FloatArray:
    """Expected density (n,), float64, of cells from predictions of models that have not seen them.

    Parameters
    ----------
    out_of_fold
        ``fold cell_id`` and the column, of one model, scheme and year: one row a cell.
    column
        Name of the column of densities.
    cell_ids
        (n,) cells of the objects, any of them several times; a cell without a row has NaN.

    Raises
    ------
    SchemaError
        There is no fold, which predictions of a fitted map have not, or a cell has several rows.

    Examples
    --------
    >>> held_out = pd.DataFrame({"fold": [0, 1], "cell_id": [11, 12], "expected_per_km2": [0.5, 2.0]})
    >>> out_of_fold_density(held_out, "expected_per_km2", np.array([12, 12, 13], dtype=np.uint64)).tolist()
    [2.0, 2.0, nan]
    """
    missing = [name for name in ("fold", "cell_id", column) if name not in out_of_fold]
    if missing:
        raise SchemaError(
            "These are no out-of-fold predictions.",
            field=", ".join(missing),
            got=list(out_of_fold.columns),
            fix="join with out_of_fold, not with predictions: these have seen the objects",
        )
    is_repeated = out_of_fold["cell_id"].duplicated()
    if is_repeated.any():
        raise SchemaError(
            "A cell has several forecasts.",
            field="cell_id",
            sample=out_of_fold.loc[is_repeated, "cell_id"],
            fix="choose one model, scheme and year",
        )
    by_cell = pd.Series(out_of_fold[column].to_numpy(np.float64), index=out_of_fold["cell_id"].to_numpy(np.uint64))
    return by_cell.reindex(cell_ids).to_numpy(np.float64)


def _require_share(field: str, value: float) -> None:
    if not 0 < value < 1:
        raise ConfigError(
            "A share of true objects is wrong.", field=field, got=value, expected="more than 0, less than 1"
        )
