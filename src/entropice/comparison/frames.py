"""The rows that the charts of a comparison show: titles for names, numbers in readers' units."""

from typing import Final

import pandas as pd

from entropice.comparison.facts import ComparisonFacts
from entropice.comparison.finished_run import DENSITY, PROBABILITY
from entropice.comparison.skill import LIMIT, SCORE_TITLES
from entropice.report.shown import Tables
from entropice.types import DataFrame, Series
from entropice.units import M2_PER_KM2

Compared = Tables[ComparisonFacts]

FIRST: Final = "the first scores higher"
NEITHER: Final = "0 inside the interval"
SECOND: Final = "the second scores higher"
NO_INTERVAL: Final = "no interval"
MEASURES: Final = {
    (DENSITY, "rank_correlation"): ("expected density: rank correlation (without unit)", 1.0),
    (DENSITY, "mean_absolute_difference"): ("expected density: mean absolute difference (m² per km²)", M2_PER_KM2),
    (PROBABILITY, "rank_correlation"): ("share of land in cells with slumps: rank correlation (without unit)", 1.0),
    (PROBABILITY, "mean_absolute_difference"): (
        "share of land in cells with slumps: mean absolute difference (percentage points)",
        100.0,
    ),
}
"""What is shown of two maps, with its unit, and the factor that brings the table's value to it."""

COSTS: Final = {
    "seconds": ("time of all steps (s)", 1.0),
    "modelling_seconds": ("time of modelling (s)", 1.0),
    "run_folder_bytes": ("run folder (MB)", 1e-6),
}


def map_skill(compared: Compared) -> DataFrame:
    """Scores of every run's map model, beside the attainable limit of the run.

    Returns
    -------
    DataFrame
        ``name`` (of the run, with its grid and model), ``system score value low_95 high_95 limit share_of_limit
        n_unit_years``, by grid system, level and run; scores by their titles (`SCORE_TITLES`); ``limit`` is the value
        of the model ``bayes_limit``, NaN where the truth is not known.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> run = SimpleNamespace(name="h3_4", map_model="espa", map_model_title="eSPA", system="H3", n_cells=1200)
    >>> run.grid = "H3 level 4"
    >>> skill = pd.DataFrame({"run": "h3_4", "model": ["espa", LIMIT], "score": "deviance_skill", "value": [0.25, 0.5]})
    >>> skill = skill.assign(low_95=0.125, high_95=0.375, share_of_limit=0.5, n_unit_years=9)
    >>> told = map_skill(SimpleNamespace(frame=lambda _: skill, facts=SimpleNamespace(runs=[run])))
    >>> told[["name", "value", "limit"]].to_numpy().tolist()
    [['h3_4: H3 level 4, 1,200 cells, eSPA', 0.25, 0.5]]
    """
    rows, facts = _in_order(compared, "skill"), compared.facts
    limits = rows[rows["model"] == LIMIT].set_index(["run", "score"])["value"]
    of_maps = rows[rows["model"] == rows["run"].map({run.name: run.map_model for run in facts.runs})]
    keys = pd.MultiIndex.from_frame(of_maps[["run", "score"]])
    named = {
        run.name: f"{run.name}: {run.grid}, {run.n_cells:,} cells, {run.map_model_title}" for run in facts.runs
    }  # fmt: skip
    told = of_maps.assign(
        name=of_maps["run"].map(named),
        system=of_maps["run"].map({run.name: run.system for run in facts.runs}),
        score=of_maps["score"].map(SCORE_TITLES),
        limit=limits.reindex(keys).to_numpy(float),
    )
    columns = ["name", "system", "score", "value", "low_95", "high_95", "limit", "share_of_limit", "n_unit_years"]
    return told.reset_index(drop=True)[columns]


def model_skill(compared: Compared) -> DataFrame:
    """Scores of every model of every run.

    The attainable limit is among the models where it is known; the reference is not.

    Returns
    -------
    DataFrame
        ``run model score value low_95 high_95 share_of_limit n_unit_years is_of_map``, by model in the order of
        ``facts.model_titles``, others last, and by run in that of the facts; models and scores by their titles.
        ``is_of_map`` is whether the model draws the run's map.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> runs = [SimpleNamespace(name="h3_4", map_model="espa")]
    >>> facts = SimpleNamespace(runs=runs, model_titles={"espa": "eSPA", "forest": "Forest"})
    >>> skill = pd.DataFrame({"run": "h3_4", "model": ["forest", "espa"], "score": "deviance_skill", "value": 0.25})
    >>> model_skill(SimpleNamespace(frame=lambda _: skill, facts=facts))[["model", "is_of_map"]].to_numpy().tolist()
    [['eSPA', True], ['Forest', False]]
    """
    rows, facts = _in_order(compared, "skill"), compared.facts
    order = {name: place for place, name in enumerate(facts.model_titles)}
    rows = rows.sort_values("model", kind="stable", key=lambda names: names.map(order))
    is_of_map = rows["model"] == rows["run"].map({run.name: run.map_model for run in facts.runs})
    titles = {"model": facts.model_titles, "score": SCORE_TITLES}
    told = rows.assign(is_of_map=is_of_map, **{column: rows[column].replace(names) for column, names in titles.items()})
    return told.reset_index(drop=True)


def map_differences(compared: Compared) -> DataFrame:
    """Scores of one map's model minus those of another, on the same units and draws.

    In the order of the table ``differences``. An end of an interval at 0 does not leave it out.

    Returns
    -------
    DataFrame
        ``pair score difference low_95 high_95 verdict``: ``pair`` is "<run> − <other>", scores go by their titles, and
        the verdict is "the first scores higher" (low end above 0), "the second scores higher" (high end below 0), "0
        inside the interval" or "no interval" (NaN).

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> rows = pd.DataFrame({"run": "h3_4", "other": "healpix_7", "score": "deviance_skill", "difference": [0.25, 0.25],
    ...                      "low_95": [0.125, 0.0], "high_95": [0.5, 0.5]})
    >>> map_differences(SimpleNamespace(frame=lambda _: rows))["verdict"].tolist()
    ['the first scores higher', '0 inside the interval']
    """
    rows = compared.frame("differences")
    verdict = (rows["low_95"] > 0).map({True: FIRST, False: NEITHER})
    verdict = verdict.mask(rows["high_95"] < 0, SECOND).mask(rows["low_95"].isna(), NO_INTERVAL)
    told = rows.assign(pair=rows["run"] + " − " + rows["other"], verdict=verdict, score=rows["score"].map(SCORE_TITLES))
    return told[["pair", "score", "difference", "low_95", "high_95", "verdict"]]


def map_agreement(compared: Compared) -> DataFrame:
    """How alike two maps are, by year.

    Densities are told in m² per km², shares of land in percentage points, correlations without unit.

    Returns
    -------
    DataFrame
        ``pair measure year value n_units``: `MEASURES` in their order (of density, then of the share of land with
        slumps, first the correlation and then the mean absolute difference), years as text; without what is not known.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> rows = pd.DataFrame({"run": ["a"], "other": "b", "quantity": DENSITY, "year": 2020, "n_units": 2,
    ...                      "rank_correlation": None, "mean_absolute_difference": 0.25})
    >>> map_agreement(SimpleNamespace(frame=lambda _: rows))[["pair", "year", "value"]].to_numpy().tolist()
    [['a and b', '2020', 250000.0]]
    """
    rows = compared.frame("agreement")
    parts = [
        _measured(rows[rows["quantity"] == quantity], column, title, factor)
        for (quantity, column), (title, factor) in MEASURES.items()
    ]
    return pd.concat(parts, ignore_index=True)


def _measured(rows: DataFrame, column: str, title: str, factor: float) -> DataFrame:
    pair: Series = rows["run"] + " and " + rows["other"]
    told = rows.assign(pair=pair, measure=title, year=rows["year"].astype(str), value=factor * rows[column])
    return told[["pair", "measure", "year", "value", "n_units"]].dropna(subset="value")


def run_costs(compared: Compared) -> DataFrame:
    """What each run has cost.

    Runs by grid system, level and name; time of all steps first, then of modelling (s), then the run folder (MB, 10⁶
    bytes).

    Returns
    -------
    DataFrame
        ``name`` (of the run, with its grid and cells), ``cost`` (with its unit), ``value``; without what was not noted.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> runs = pd.DataFrame({"run": ["h3_4"], "seconds": 60.0, "modelling_seconds": None, "run_folder_bytes": 2.5e6})
    >>> facts = SimpleNamespace(runs=[SimpleNamespace(name="h3_4", grid="H3 level 4", n_cells=1200)])
    >>> run_costs(SimpleNamespace(frame=lambda _: runs, facts=facts))[["cost", "value"]].to_numpy().tolist()
    [['time of all steps (s)', 60.0], ['run folder (MB)', 2.5]]
    """
    rows = _in_order(compared, "runs")
    names = [f"{run.name}: {run.grid}, {run.n_cells:,} cells" for run in compared.facts.runs]
    parts = [
        pd.DataFrame({"name": names, "cost": title, "value": factor * rows[cost].to_numpy(float)})
        for cost, (title, factor) in COSTS.items()
    ]
    return pd.concat(parts, ignore_index=True).dropna(subset="value", ignore_index=True)


def _in_order(compared: Compared, table: str) -> DataFrame:
    """A table by grid system, level and run."""
    order = {run.name: place for place, run in enumerate(compared.facts.runs)}
    rows = compared.frame(table)
    return rows.sort_values("run", kind="stable", key=lambda names: names.map(order))
