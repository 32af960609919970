"""What sets of features are worth, which belong together, and how the map answers to them."""

from typing import Final

import pandas as pd

from entropice.report.frames.features import feature_titles
from entropice.report.run_tables import RunTables
from entropice.types import DataFrame, Series

CLUSTERS: Final = "all clusters of features"
GROUPS: Final = "whole groups"
DRIVER: Final = "a driver"
NO_EVIDENCE: Final = "no evidence of a driver"
IMPORTANCES: Final = [
    *("sets", "name", "group", "n_features", "importance", "low_95", "high_95", "null_q95", "q_value", "finding"),
]
RESPONSES: Final = [
    *("features", "value", "effect_points", "low_90", "high_90", "n", "finding", "low", "high", "percent"),
]


def importances(run: RunTables) -> DataFrame:
    """Importance of clusters and groups of features, strongest first.

    From the table ``drivers`` (``level feature_group long_name n_features weight low_95 high_95 null_q95 q_value
    is_discovery rank``, a row for each set, ``level`` being cluster or group). All clusters come first, then the
    groups, then the clusters group by group, by name. Strongest is who has the lowest ``rank``, which the run gives by
    falling importance within a level; importances themselves are not compared.

    Returns
    -------
    DataFrame
        ``sets name group n_features importance low_95 high_95 null_q95 q_value finding``: ``sets`` is all clusters,
        whole groups, or the clusters of one group, so that a cluster is in two of them. In nats. ``finding`` is ``a
        driver`` where the set is a discovery, else ``no evidence of a driver``; ``name`` is the most typical feature
        and how many others there are, of a group its own. ``importance`` is ``weight``. No rows where the table has
        none.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> drivers = pd.DataFrame({"level": ["group", "cluster"], "feature_group": "terrain", "long_name": "Slope"})
    >>> drivers = drivers.assign(n_features=[5, 2], rank=1, weight=0.25, low_95=0.125, high_95=0.5)
    >>> drivers = drivers.assign(null_q95=0.0, q_value=0.5, is_discovery=[0, 1])
    >>> told = importances(SimpleNamespace(frame=lambda _: drivers))
    >>> told[["sets", "name", "finding"]].to_numpy().tolist()[:2]
    [['all clusters of features', 'Slope (+1)', 'a driver'], ['whole groups', 'terrain', 'no evidence of a driver']]
    """
    drivers = run.frame("drivers")
    shown = drivers.assign(
        importance=drivers["weight"],
        group=drivers["feature_group"],
        finding=_findings(drivers),
        name=set_names(drivers),
    ).sort_values("rank", kind="stable")
    clusters, groups = shown[shown["level"] == "cluster"], shown[shown["level"] == "group"]
    by_group = [members.assign(sets=f"clusters of {group}") for group, members in clusters.groupby("group", sort=True)]
    parts = [clusters.assign(sets=CLUSTERS), groups.assign(sets=GROUPS, name=groups["group"]), *by_group]
    return pd.concat(parts, ignore_index=True)[IMPORTANCES]


def set_names(drivers: DataFrame) -> Series:
    """Most typical feature of each set, and the number of the others, from the columns ``long_name n_features``.

    Examples
    --------
    >>> set_names(pd.DataFrame({"long_name": ["Slope", "Snow"], "n_features": [3, 1]})).tolist()
    ['Slope (+2)', 'Snow']
    """
    others = " (+" + (drivers["n_features"] - 1).astype(str) + ")"
    return drivers["long_name"] + others.where(drivers["n_features"] > 1, "")


def _findings(drivers: DataFrame) -> Series:
    return (drivers["is_discovery"] == 1).map({True: DRIVER, False: NO_EVIDENCE})


def cluster_members(run: RunTables) -> DataFrame:
    """The features that say much the same, cluster by cluster, the most important first.

    From the tables ``drivers`` (``level feature_group long_name n_features features rank``, ``features`` separated by
    spaces; rows of level ``cluster``, the lowest rank first) and ``features`` (``name long_name unit``).

    Returns
    -------
    DataFrame
        ``cluster group place feature``: ``cluster`` is its most typical feature and how many others there are,
        ``feature`` with its unit, NaN where ``features`` lacks it; ``place`` counts from 1 within the cluster.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> drivers = pd.DataFrame({"level": ["cluster"], "feature_group": "terrain", "long_name": "Slope", "n_features": 2,
    ...                         "features": "slope rough", "rank": 1})
    >>> features = pd.DataFrame({"name": ["slope", "rough"], "long_name": ["Slope", "Roughness"], "unit": ["°", "m"]})
    >>> run = SimpleNamespace(frame={"drivers": drivers, "features": features}.get)
    >>> cluster_members(run)[["cluster", "place", "feature"]].to_numpy().tolist()
    [['Slope (+1)', 1, 'Slope (°)'], ['Slope (+1)', 2, 'Roughness (m)']]
    """
    drivers, titles = run.frame("drivers"), feature_titles(run.frame("features"))
    clusters = drivers[drivers["level"] == "cluster"].sort_values("rank", kind="stable")
    members = pd.DataFrame(
        {
            "cluster": set_names(clusters),
            "group": clusters["feature_group"],
            "feature": clusters["features"].str.split(),
        }
    ).explode("feature")
    place = members.groupby(level=0, sort=False).cumcount() + 1
    named = members.assign(place=place, feature=members["feature"].map(titles))
    return named[["cluster", "group", "place", "feature"]].reset_index(drop=True)


def response_curves(run: RunTables) -> DataFrame:
    """How P(any slump) answers to clusters of features, and where training rows lie.

    From the tables ``drivers`` (``level feature n_features is_discovery``), ``responses`` (``feature value effect
    low_90 high_90 n``, effects as probabilities), ``features`` (``name long_name unit``) and ``feature_histograms``
    (``feature low high n``). Points of all curves come first, in the order of ``responses``, then the bins of the same
    features.

    Returns
    -------
    DataFrame
        A row for each point of a curve, in percentage points beside the mean: ``features value effect_points low_90
        high_90 n finding``; and one for each bin of training rows: ``features low high percent finding``. What a row is
        not about is NaN. ``value low high`` are in the unit of the feature, ``percent`` is the bin's part of the
        feature's counts. ``features`` is the title of `feature_titles`, of a cluster of several with ``and <n> like
        it`` behind, n being the others; ``finding`` is ``a driver`` where the cluster is a discovery, else ``no
        evidence of a driver``. No rows where ``responses`` has none.

    Raises
    ------
    KeyError
        A curve is of a feature that names no cluster.
    """
    drivers, points = run.frame("drivers"), run.frame("responses")
    clusters = drivers[drivers["level"] == "cluster"].set_index("feature").loc[points["feature"].unique()]
    others = " and " + (clusters["n_features"] - 1).astype(str) + " like it"
    titles = feature_titles(run.frame("features"))[clusters.index] + others.where(clusters["n_features"] > 1, "")
    findings = _findings(clusters)
    curves = points.assign(effect_points=100 * points["effect"], **(100 * points[["low_90", "high_90"]]))
    rows = pd.concat([curves, _training_rows(run, titles)], ignore_index=True)
    shown = rows.assign(features=rows["feature"].map(titles), finding=rows["feature"].map(findings))
    return shown[RESPONSES]


def _training_rows(run: RunTables, titles: Series) -> DataFrame:
    """``feature low high percent``."""
    bins = run.frame("feature_histograms")
    shown = bins[bins["feature"].isin(titles.index)]
    total = shown.groupby("feature")["n"].transform("sum")
    return shown.assign(percent=100 * shown["n"] / total)[["feature", "low", "high", "percent"]]


def box_profiles(run: RunTables) -> DataFrame:
    """In what the boxes of the map's model differ from the mean training row; the box with most slumps first.

    From the tables ``boxes`` (``box p_any share_of_land``), ``box_values`` (``box rank feature value low_80 high_80
    mean departure_sd``; ``departure_sd`` is (value − mean) / sd) and ``features`` (``name long_name unit``). Boxes are
    by falling ``p_any``, equal ones as in the table; within a box rows are by rank.

    Returns
    -------
    DataFrame
        A row for each of ``box_values``; ``box`` is a title with number, P(any slump) and share of the land.
        ``box feature departure_sd low_80_sd high_80_sd value low_80 high_80 mean``: lengths in standard deviations of
        the training rows, then in the unit of the feature; NaN where unknown, or where a centre is the mean itself.

    Examples
    --------
    A centre of 3 lies 2 sd above a mean of 1, so that a standard deviation is 1:

    >>> from types import SimpleNamespace
    >>> boxes = pd.DataFrame({"box": [0], "p_any": 0.5, "share_of_land": 0.25})
    >>> values = pd.DataFrame({"box": [0], "rank": 1, "feature": "snow", "value": 3.0, "low_80": 2.0, "high_80": None,
    ...                        "mean": 1.0, "departure_sd": 2.0}).astype({"high_80": float})
    >>> features = pd.DataFrame({"name": ["snow"], "long_name": "Snow", "unit": "mm"})
    >>> run = SimpleNamespace(frame={"boxes": boxes, "box_values": values, "features": features}.get)
    >>> box_profiles(run).iloc[:, :5].to_numpy().tolist()
    [['box 0: P(any slump) 50.0%, 25% of the land', 'Snow (mm)', 2.0, 1.0, nan]]
    """
    boxes = run.frame("boxes").sort_values("p_any", ascending=False, kind="stable")
    told = zip(boxes["box"], boxes["p_any"], boxes["share_of_land"], strict=True)
    titles = {box: f"box {box}: P(any slump) {p_any:.1%}, {share:.0%} of the land" for box, p_any, share in told}
    values = run.frame("box_values")
    # The table has no standard deviation of its own; it follows from a departure told in both units.
    sd = ((values["value"] - values["mean"]) / values["departure_sd"]).where(values["departure_sd"] != 0)
    shown = values.assign(
        place=values["box"].map(list(titles).index),
        feature=values["feature"].map(feature_titles(run.frame("features"))),
        low_80_sd=(values["low_80"] - values["mean"]) / sd,
        high_80_sd=(values["high_80"] - values["mean"]) / sd,
    ).sort_values(["place", "rank"], kind="stable")
    columns = ["box", "feature", "departure_sd", "low_80_sd", "high_80_sd", "value", "low_80", "high_80", "mean"]
    return shown.assign(box=shown["box"].map(titles))[columns].reset_index(drop=True)
