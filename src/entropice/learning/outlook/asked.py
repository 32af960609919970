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
    """Chance of any (n_draw, n) by the map's model, and by a member of its own for each draw, one after the other."""
    told = [
        tuple(
            1 - each.predict_proba(samples, n_classes)[:, 0]
            for each in (predictor, members[draw % len(members)].predictor)
        )
        for draw, samples in enumerate(drawn)
    ]
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
    of_model, of_members
        (n_draw, n) of `chances_of_draws`.

    Returns
    -------
    DataFrame
        `COLUMNS`: ``p_any`` is the mean of the map's model over the climates that may come; the interval is the house's
        (`entropice.learning.doubts.spread`), of chances that differ by climate and by member of the model at once; the
        two standard deviations are of the climate alone, and of members over the model in the same climate.
    """
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
