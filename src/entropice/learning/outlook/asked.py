"""The map's chances of years to come, with intervals that hold the climate's doubts and the model's."""

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import pandas as pd

from entropice.learning.doubts.spread import Member, chance_range
from entropice.learning.predictor import Predictor
from entropice.learning.samples import Samples
from entropice.types import DataFrame, FloatArray

COLUMNS: Final = (
    *("cell_id", "year", "horizon", "p_any", "p_any_low", "p_any_high", "p_any_sd"),
    *("p_any_climate_sd", "p_any_model_sd"),
)


def chances_of_draws(
    predictor: Predictor, members: Sequence[Member], drawn: Iterable[Samples], n_classes: int
) -> tuple[FloatArray, FloatArray]:
    """Chance of any (n_draw, n) by the map's model, and by a member of its own for each draw, one after the other.

    Draws are samples of the same rows (n) under climates that may come; draw d goes to member d, from the first again
    where draws outnumber members. One draw and one member at least.

    Raises
    ------
    FeatureError
        If the samples lack a feature of a fit.

    Examples
    --------
    Three climates, two members that say 1/4 and 3/4.

    >>> from types import SimpleNamespace
    >>> says = lambda p: SimpleNamespace(predict_proba=lambda samples, n_classes: np.array([[1 - p, p]]))
    >>> members = [Member(says(0.25), rows=None), Member(says(0.75), rows=None)]
    >>> of_model, of_members = chances_of_draws(says(0.5), members, drawn=[None] * 3, n_classes=2)
    >>> of_model.tolist(), of_members.tolist()
    ([[0.5], [0.5], [0.5]], [[0.25], [0.75], [0.25]])
    """
    told = [
        tuple(
            1 - each.predict_proba(samples, n_classes)[:, 0]
            for each in (predictor, members[draw % len(members)].predictor)
        )
        for draw, samples in enumerate(drawn)
    ]
    # A member of its own for each draw, not every member in every climate: draws then differ by both at once, as the
    # interval has to, for as many predictions as there are draws.
    of_model, of_members = (np.stack(column) for column in zip(*told, strict=True))
    return of_model, of_members


def outlook_table(
    keys: DataFrame, horizon: "pd.Series[int]", of_model: FloatArray, of_members: FloatArray
) -> DataFrame:
    """Chances of cells and years to come.

    Parameters
    ----------
    keys
        ``cell_id year`` (n).
    horizon
        (n,) of each row: how many years after the last known one.
    of_model, of_members
        (n_draw, n) of `chances_of_draws`, two draws or more.

    Returns
    -------
    DataFrame
        ``cell_id year horizon p_any p_any_low p_any_high p_any_sd p_any_climate_sd p_any_model_sd``, row by row of the
        keys: ``p_any`` is the mean of the map's model over the climates that may come; the 90 % interval is that of
        `chance_range`, of chances that differ by climate and by member of the model at once; the two standard
        deviations are of the climate alone, and of members over the model in the same climate, as is that of both
        together, with n − 1 in the denominator.

    Examples
    --------
    Two climates, told by two members that agree with the model.

    >>> keys, chances = pd.DataFrame({"cell_id": [7], "year": [2030]}), np.array([[0.25], [0.75]])
    >>> told = outlook_table(keys, pd.Series([1]), of_model=chances, of_members=chances)
    >>> told[["p_any", "p_any_climate_sd", "p_any_model_sd"]].round(4).values.tolist()
    [[0.5, 0.3536, 0.0]]
    """
    # The mean of chances, not the chance at the mean climate: a chance is no straight line of the climate.
    p_any = of_model.mean(axis=0)
    low, high = chance_range(p_any, of_members)
    return keys.assign(
        horizon=horizon.to_numpy(),
        p_any=p_any,
        p_any_low=low,
        p_any_high=high,
        p_any_sd=of_members.std(axis=0, ddof=1),
        p_any_climate_sd=of_model.std(axis=0, ddof=1),
        p_any_model_sd=(of_members - of_model).std(axis=0, ddof=1),
    )[list(COLUMNS)]
