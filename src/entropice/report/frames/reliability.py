"""How often forecasts came true, by model, event and forecast probability."""

from collections.abc import Iterator
from typing import Final

import pandas as pd

from entropice.report.reliability import reliability
from entropice.report.run_tables import RunTables
from entropice.types import DataFrame

ANY_SLUMP: Final = "any slump"
COLUMNS: Final = ["model", "event", "forecast", "frequency", "low_95", "high_95", "n"]


def reliability_curves(run: RunTables) -> DataFrame:
    """Reliability of every model under the first scheme, for any slump and for each class.

    Returns
    -------
    DataFrame
        Columns ``model`` (title), ``event`` (as `events` calls it), ``forecast frequency low_95 high_95 n``, a row a
        bin by rising forecast, ten at most, as `reliability.reliability` returns them. No rows without forecasts.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> judged = pd.DataFrame({"model": "eSPA", "class_": ["none", "some"], "p_none": 0.5, "p_some": 0.5})
    >>> run = SimpleNamespace(judged=judged, facts=SimpleNamespace(class_names=("none", "some")))
    >>> reliability_curves(run)[["event", "forecast", "frequency", "n"]].to_numpy().tolist()
    [['any slump', 0.5, 0.5, 2], ['class none', 0.5, 0.5, 2], ['class some', 0.5, 0.5, 2]]
    """
    parts = list(_curves(run))
    return pd.concat(parts, ignore_index=True)[COLUMNS] if parts else pd.DataFrame(columns=COLUMNS)


def _curves(run: RunTables) -> Iterator[DataFrame]:
    for model, rows in run.judged.groupby("model", sort=False):
        for event, classes in events(run.facts.class_names).items():
            probability = rows[[f"p_{name}" for name in classes]].sum(axis="columns").to_numpy(float)
            curve = reliability(probability, rows["class_"].isin(classes).to_numpy(bool))
            yield curve.assign(model=str(model), event=event)


def events(class_names: tuple[str, ...]) -> dict[str, list[str]]:
    """What a forecast may be about, as the classes of which one has to come true.

    Examples
    --------
    >>> events(("none", "few"))
    {'any slump': ['few'], 'class none': ['none'], 'class few': ['few']}
    """
    return {ANY_SLUMP: list(class_names[1:])} | {f"class {name}": [name] for name in class_names}
