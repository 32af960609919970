"""Where to look next: cells that nobody has looked at, by what an image of them is expected to tell.

The answer of a cell is a yes or no of probability p. Its value is

    v = I + λ p        (bits)

I is what the answer tells, p the chance of a find, λ what a find is worth. Where the spread s of p is known, the chance
is a Beta variable of mean p and standard deviation s, and I is what the answer tells of the *model*: the mutual
information H(p) − E[H] of answer and chance (Lindley 1956, 10.1214/aoms/1177728069). With a + b = p (1 − p) / s² − 1,
a = p (a + b) and the digamma function ψ,

    E[H] = ψ(a + b + 1) − p ψ(a + 1) − (1 − p) ψ(b + 1)        (nats)

It is small where p is one half for certain: chance cannot be learnt. Where no spread is known, I is H(p), all that the
answer tells (maximum entropy sampling: Shewry and Wynn 1987, 10.1080/02664768700000020).

Where the map is not applicable, the spread over fits to training regions is too small: none of them shows what is
unknown, far or unlike. There κ s takes the place of s, and a cell is worth more; κ s is at most √(p (1 − p)), where the
answer tells of the model all that it tells, H(p). Finds count as inside, for nothing says in which direction the map
errs there.

Cells are chosen one by one, by value over cost, as long as the budget lasts. Neighbours tell the same twice: I of a
cell at distance d from a chosen one is multiplied by 1 − exp(−d / range).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from scipy.special import digamma, entr

from entropice.derive.labels import UNOBSERVED
from entropice.types import DataFrame, FloatArray, GeoDataFrame, IntArray
from entropice.units import M2_PER_KM2

EARTH_RADIUS_KM: Final = 6371.0
PER_KM2: Final = 1000.0
"""Values are told per this many square kilometres."""


@dataclass(frozen=True)
class SurveyPlan:
    """What a survey may cost, and what it is for.

    Attributes
    ----------
    budget_km2
        Imagery that can be looked at.
    min_image_km2
        What the smallest image costs, however little of its cell is land.
    find_value_bits
        λ: what a cell with slumps is worth beside information.
    range_km
        Distance at which neighbours tell different things; 0 for none that tell the same.
    outside_spread
        κ: how many times wider the spread of the probability is where the map is not applicable.
    """

    budget_km2: float
    min_image_km2: float
    find_value_bits: float
    range_km: float
    outside_spread: float


def plan_survey(cells: GeoDataFrame, labels: DataFrame, predictions: DataFrame, plan: SurveyPlan) -> DataFrame:
    """Value and rank every cell that was observed in no year and has a prediction for the latest.

    There are no rows where no cell is left.

    Parameters
    ----------
    cells
        Columns ``cell_id lon_deg lat_deg area_m2 land_fraction geometry``.
    labels
        Columns ``cell_id state observed_fraction`` of every label year.
    predictions
        Columns ``cell_id year p_any is_applicable``, and ``p_any_sd`` where the spread is known.
    plan
        What may be spent, and for what.

    Returns
    -------
    DataFrame
        Columns ``cell_id year lon_deg lat_deg p_any is_applicable information_bits cost_km2 value_per_1000_km2 rank
        cumulative_km2``, by cell. The cost is the land that was not seen in the year that saw most of it, or the
        smallest image where that is less; the information is that of `information_bits`, of the spread times
        ``outside_spread`` where the map is not applicable, and the value (information + ``find_value_bits`` ·
        ``p_any``) / cost · 1000, both before any cell is chosen. ``rank`` (Int64, 1 first) and ``cumulative_km2``, the
        cost up to and with the cell, are null beyond the budget.

    Examples
    --------
    Cell 1 was observed. Of cell 2, half of 2 km² is land, and a quarter of it was seen.

    >>> places = pd.DataFrame({"cell_id": [1, 2], "lon_deg": 0.0, "lat_deg": 70.0, "area_m2": 2e6})
    >>> states = ["observed_with", "unobserved"]
    >>> labels = pd.DataFrame({"cell_id": [1, 2], "state": states, "observed_fraction": [1.0, 0.25]})
    >>> predictions = pd.DataFrame({"cell_id": [1, 2], "year": 2020, "p_any": 0.5, "is_applicable": True})
    >>> plan = SurveyPlan(budget_km2=1.0, min_image_km2=0.1, find_value_bits=0.0, range_km=0.0, outside_spread=2.0)
    >>> table = plan_survey(places.assign(land_fraction=0.5, geometry=None), labels, predictions, plan)
    >>> table[["cell_id", "information_bits", "cost_km2", "rank"]].values.tolist()
    [[2, 1.0, 0.75, 1]]
    """
    table = _candidates(cells, labels, predictions, plan)
    chosen = choose(table, plan)
    rank = pd.Series(np.arange(1, len(chosen) + 1), index=chosen).reindex(table.index).astype("Int64")
    costs = pd.Series(np.cumsum(table["cost_km2"].to_numpy()[chosen]), index=chosen, dtype=np.float64)
    return table.assign(rank=rank, cumulative_km2=costs.reindex(table.index))


def _candidates(cells: GeoDataFrame, labels: DataFrame, predictions: DataFrame, plan: SurveyPlan) -> DataFrame:
    observed = labels.loc[labels["state"] != UNOBSERVED, "cell_id"]
    latest = predictions[predictions["year"] == predictions["year"].max()].dropna(subset="p_any")
    open_ = latest[~latest["cell_id"].isin(observed)].merge(pd.DataFrame(cells.drop(columns="geometry")), on="cell_id")
    seen = labels.groupby("cell_id")["observed_fraction"].max().reindex(open_["cell_id"]).fillna(0.0).to_numpy()
    unseen_km2 = open_["area_m2"] * open_["land_fraction"] * (1 - seen) / M2_PER_KM2
    information = information_bits(
        open_["p_any"].to_numpy(np.float64),
        _spread(open_, plan.outside_spread) if "p_any_sd" in open_ else None,
    )
    cost = np.maximum(unseen_km2, plan.min_image_km2)
    value = (information + plan.find_value_bits * open_["p_any"]) / cost * PER_KM2
    kept = open_[["cell_id", "year", "lon_deg", "lat_deg", "p_any", "is_applicable"]]
    table: DataFrame = kept.assign(information_bits=information, cost_km2=cost, value_per_1000_km2=value)
    return table.sort_values("cell_id", ignore_index=True)


def _spread(predictions: DataFrame, outside_spread: float) -> FloatArray:
    """Standard deviation (n,) of the probability, wider where the map is not applicable."""
    is_inside = predictions["is_applicable"].to_numpy(dtype=bool)
    spread: FloatArray = np.where(is_inside, 1.0, outside_spread) * predictions["p_any_sd"].to_numpy(np.float64)
    return spread


def information_bits(p: FloatArray, sd: FloatArray | None) -> FloatArray:
    """What a yes or no of probability `p` is expected to tell, (n,): of the model where the spread of `p` is known.

    Parameters
    ----------
    p
        (n,) in 0..1.
    sd
        Standard deviation of `p`, (n,); what exceeds √(p (1 − p)) is cut off. None where it is not known.

    Returns
    -------
    FloatArray
        In bits, 0 to 1; 0 where p is 0 or 1, or its spread 0 or NaN.

    Notes
    -----
    Without a spread the entropy of the answer, ``H = −p log₂ p − (1 − p) log₂ (1 − p)`` (Shewry and Wynn 1987,
    doi:10.1080/02664768700000020). With one the mutual information H − E[H] of answer and chance, a Beta variable with
    ``a + b = p (1 − p) / s² − 1`` and ``a = p (a + b)``: ``E[H] = ψ(a + b + 1) − p ψ(a + 1) − (1 − p) ψ(b + 1)`` in
    nats, ψ being the digamma function (Lindley 1956, doi:10.1214/aoms/1177728069).

    Examples
    --------
    A fair coin tells one bit of itself, and nothing of the model where its chance is certain.

    >>> half = np.array([0.5, 0.5])
    >>> information_bits(half, None).tolist(), information_bits(half, np.array([0.0, 0.5])).round(6).tolist()
    ([1.0, 1.0], [0.0, 1.0])
    """
    entropy = entr(p) + entr(1 - p)
    if sd is None:
        return np.asarray(entropy / np.log(2), dtype=np.float64)
    is_open = (sd > 0) & (p > 0) & (p < 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        # No Beta variable of this mean is wider than √(p (1 − p)): there a + b is 0, and each chance is 0 or 1.
        total = np.where(is_open, np.maximum(p * (1 - p) / sd**2 - 1, 0.0), np.inf)
        mean = digamma(total + 1) - p * digamma(p * total + 1) - (1 - p) * digamma((1 - p) * total + 1)
        gain = np.where(is_open, entropy - mean, 0.0)
    return np.asarray(np.maximum(gain, 0.0) / np.log(2), dtype=np.float64)


def choose(table: DataFrame, plan: SurveyPlan) -> IntArray:
    """Row positions (n_chosen,) of the chosen cells, first choice first; of two of one value over cost the first row.

    `table` has the columns ``information_bits cost_km2 p_any lon_deg lat_deg``, costs above 0. A cell that costs more
    than is left of the budget is passed over, and cheaper ones are still chosen; one that costs just as much is chosen.
    The next is that of the largest (information + ``find_value_bits`` · ``p_any``) / cost; after each choice the
    information of a cell at the great-circle distance d (on a sphere of 6,371 km) is multiplied by 1 − exp(−d /
    ``range_km``), and stays as it is where the range is 0.

    Examples
    --------
    Three cells at one cost, for a budget of two. The second tells what the first has told: the third takes its place.

    >>> table = pd.DataFrame({"information_bits": [0.9, 0.8, 0.7], "lon_deg": [0.0, 0.0, 90.0], "lat_deg": 70.0})
    >>> table = table.assign(cost_km2=1.0, p_any=0.5)
    >>> choose(table, SurveyPlan(2.0, 1.0, find_value_bits=0.0, range_km=100.0, outside_spread=2.0)).tolist()
    [0, 2]
    """
    information, cost = (table[name].to_numpy(np.float64).copy() for name in ("information_bits", "cost_km2"))
    finds = plan.find_value_bits * table["p_any"].to_numpy(np.float64)
    places = _unit_vectors(table)
    is_left, left_km2, chosen = np.ones(len(table), dtype=bool), plan.budget_km2, []
    while (is_left & (cost <= left_km2)).any():
        # Greedy by value over cost. Information from neighbours falls with every choice (submodular), for which greedy
        # choice is near the best; finds are worth the same whatever else is seen.
        best = int(np.argmax(np.where(is_left & (cost <= left_km2), (information + finds) / cost, -np.inf)))
        chosen.append(best)
        is_left[best] = False
        left_km2 -= cost[best]
        information *= _what_is_new(places, best, plan.range_km)
    return np.array(chosen, dtype=np.int64)


def _what_is_new(places: FloatArray, chosen: int, range_km: float) -> FloatArray:
    """Share (n,) of the information of each cell that a chosen one does not tell."""
    if range_km == 0:
        return np.ones(len(places))
    distance_km = EARTH_RADIUS_KM * np.arccos(np.clip(places @ places[chosen], -1.0, 1.0))
    return np.asarray(-np.expm1(-distance_km / range_km), dtype=np.float64)


def _unit_vectors(table: DataFrame) -> FloatArray:
    lon, lat = np.radians(table["lon_deg"].to_numpy(np.float64)), np.radians(table["lat_deg"].to_numpy(np.float64))
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
