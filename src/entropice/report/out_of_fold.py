"""What models said of observed cells without having seen them, and from which probability on that is a forecast."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from entropice.report.texts import Text, Texts
from entropice.types import DataFrame, Series

WITH_SLUMPS: Final = "observed_with"
WITHOUT_SLUMPS: Final = "observed_without"
UNOBSERVED: Final = "unobserved"


@dataclass(frozen=True)
class OutOfFold:
    """Probabilities of any slump out of fold, of a run's models under one scheme of folds.

    Attributes
    ----------
    rows
        ``model cell_id year p_any has_slumps``; a row for each model, observed cell and year.
    scheme
        What to call the scheme.
    map_model
        Name of the model that draws the map.
    others
        Title by name of the other models that have forecast and are no references, in the readers' order.
    threshold
        From this probability on the map's model counts as having forecast slumps; None where it tells no cells apart.
    """

    rows: DataFrame
    scheme: str
    map_model: str
    others: Mapping[str, str]
    threshold: float | None


def out_of_fold_of(forecasts: DataFrame, first_class: str, texts: Texts, map_model: str) -> OutOfFold:
    """The forecasts under the first scheme, which holds out whole regions.

    ``p_any`` is 1 − P(first class). Without a scheme, or without forecasts under it, there are no rows, and the
    threshold is None.

    Parameters
    ----------
    forecasts
        The columns of the dataset ``out_of_fold``, ``scheme fold model cell_id year class_ p_<class>…``.
    first_class
        Name of the class without slumps.
    texts
        Its first scheme is meant; its models are the others, but for references and the map's.
    map_model
        Name of the model that draws the map; the threshold is `matching_threshold` of its forecasts.

    Examples
    --------
    >>> from entropice.report.texts import ModelText, SchemeText
    >>> forecasts = pd.DataFrame({"scheme": "spatial", "model": "espa", "cell_id": [1, 2], "year": 2020,
    ...                           "class_": ["none", "some"], "p_none": [0.75, 0.5], "p_some": [0.25, 0.5]})
    >>> texts = Texts((ModelText("espa", "eSPA"),), (SchemeText("spatial", "Whole blocks"),), ())
    >>> told = out_of_fold_of(forecasts, "none", texts, "espa")
    >>> told.rows[["p_any", "has_slumps"]].to_numpy().tolist(), told.threshold
    ([[0.25, False], [0.5, True]], 0.5)
    """
    rows = under_first_scheme(forecasts, texts)
    rows = rows[["model", "cell_id", "year"]].assign(
        p_any=1.0 - rows[f"p_{first_class}"], has_slumps=(rows["class_"] != first_class).to_numpy()
    )
    forecast_by = set(rows["model"])
    others = {model.name: model.title for model in texts.models if model.name in forecast_by and not model.is_reference}
    others.pop(map_model, None)
    of_map = rows[rows["model"] == map_model]
    threshold = matching_threshold(of_map["p_any"], of_map["has_slumps"])
    return OutOfFold(rows, next(iter(texts.schemes), Text("", "")).title, map_model, others, threshold)


def under_first_scheme(forecasts: DataFrame, texts: Texts) -> DataFrame:
    """The rows of ``out_of_fold``, all columns, under the first scheme of the texts; may be empty.

    Examples
    --------
    >>> from entropice.report.texts import SchemeText
    >>> texts = Texts((), (SchemeText("spatial", "Whole blocks"), SchemeText("random", "Random cells")), ())
    >>> forecasts = pd.DataFrame({"scheme": ["random", "spatial", "spatial"], "cell_id": [1, 2, 3]})
    >>> under_first_scheme(forecasts, texts)["cell_id"].tolist()
    [2, 3]
    """
    return forecasts[forecasts["scheme"].isin([scheme.name for scheme in texts.schemes[:1]])]


def matching_threshold(p_any: Series, has_slumps: Series) -> float | None:
    """The probability from which on as many rows are forecast to have slumps as have any, as nearly as ties allow.

    So what is missed and what is a false alarm are about as many, however rare slumps are. It is one of the
    probabilities, and inclusive: a row with that probability is forecast to have slumps. Of two that fit as well, the
    lower one. None where all rows have slumps, or none, or all have one probability. Both are (n,), without NaN.

    Examples
    --------
    Two of five rows have slumps, and two probabilities are .4 or more:

    >>> import pandas as pd
    >>> p_any = pd.Series([0.1, 0.2, 0.3, 0.4, 0.9])
    >>> matching_threshold(p_any, pd.Series([False, False, True, False, True]))
    0.4
    """
    n_with = int(has_slumps.sum())
    values, counts = np.unique(p_any.to_numpy(float), return_counts=True)
    if n_with in {0, len(has_slumps)} or len(values) < 2:
        return None
    # How many rows have each probability or a higher one: what a threshold there would forecast.
    n_forecast = counts[::-1].cumsum()[::-1]
    return float(values[np.argmin(np.abs(n_forecast - n_with))])


def agreement(state: Series, p_any: Series, threshold: float) -> Series:
    """What was observed beside what was forecast, (n,), as `palettes.AGREEMENT_LABELS` names it.

    ``hit`` and ``miss`` where there are slumps, ``false_alarm`` and ``correct_negative`` where there are none,
    ``unobserved`` where nobody looked; a forecast is a probability of the threshold or more.

    Parameters
    ----------
    state
        (n,): ``observed_with``, ``observed_without`` or ``unobserved``.
    p_any
        Out of fold, same index; NaN where nothing was forecast. Then the result is null, unless it is unobserved.

    Examples
    --------
    >>> state = pd.Series([WITH_SLUMPS, WITH_SLUMPS, WITHOUT_SLUMPS, WITHOUT_SLUMPS, UNOBSERVED])
    >>> agreement(state, pd.Series([0.5, 0.25, 0.5, 0.25, 0.9]), 0.5).tolist()
    ['hit', 'miss', 'false_alarm', 'correct_negative', 'unobserved']
    """
    is_with, is_forecast = state == WITH_SLUMPS, p_any >= threshold
    told = np.select(
        [is_with & is_forecast, is_with, is_forecast], ["hit", "miss", "false_alarm"], default="correct_negative"
    )
    known = pd.Series(told, index=state.index, dtype="str").where(p_any.notna())
    return known.mask(state == UNOBSERVED, UNOBSERVED)
