"""Frames of training data and drivers, against numbers worked out by hand."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from entropice.report.frames import drivers, features, labels
from entropice.report.frames.cell_years import cell_years, with_classes
from entropice.report.frames.forecasts import forecasts_to_judge
from entropice.report.run_tables import RunFacts
from entropice.report.texts import Text, Texts

FACTS = RunFacts(
    title="", purpose="", grid_name="h3", class_names=("none", "few", "many"), class_edges=(1e-5,),
    year_names={2021: "2021", 2022: "last"},
    map_model=Text("m", "M"), texts=Texts((), (), ()), layers=(),
    table_titles=dict.fromkeys(("cells", "features", "feature_histograms", "feature_values", "scores"), ""),
)  # fmt: skip
CELLS = pd.DataFrame(
    {
        "cell_id": [1, 2, 3], "lon_deg": [10.0, -100.0, 20.0],
        "state_2021": ["observed_with", "observed_without", "unobserved"],
        "state_2022": ["observed_with", "observed_with", "observed_with"],
        "rts_area_fraction_2021": [1e-5, 0.0, np.nan],
        "rts_area_fraction_2022": [2e-6, 1.1e-5, np.nan],
    }
)  # fmt: skip
FEATURES = pd.DataFrame(
    {
        "name": ["slope", "rain", "snow"], "unit": ["degree", "mm", "mm"], "group": ["terrain", "climate", "climate"],
        "source": "made", "years": "y", "long_name": ["slope", "wet", "wet"], "scale_factor": [0.5, 1.0, np.nan],
    }
)  # fmt: skip
HISTOGRAMS = pd.DataFrame(
    {
        "feature": ["slope", "slope", "rain", "rain"], "low": [0.0, 1.0, 0.0, 10.0], "high": [1.0, 2.0, 10.0, 20.0],
        "n": [3, 1, 1, 1],
    }
)  # fmt: skip
VALUES = pd.DataFrame(
    {"cell_id": [3, 1, 2], "rain_2021": [0.0, 5.0, 15.0], "rain_2022": [0.0, 25.0, np.nan], "slope": [9.0, 0.5, 1.5]}
)
SCORES = pd.DataFrame({"n_cell_years": [5, 4]})
DRIVERS = pd.DataFrame(
    {
        "level": ["group", "cluster", "cluster"], "feature": ["slope", "rain", "slope"],
        "feature_group": ["terrain", "climate", "terrain"], "long_name": ["slope", "wet", "slope"],
        "features": ["slope", "rain snow", "slope"], "n_features": [1, 2, 1], "weight": [0.3, 0.1, 0.2],
        "low_95": 0.0, "high_95": 0.4, "null_q95": 0.15, "q_value": [0.05, 0.5, 0.05], "is_discovery": [1, 0, 1],
        "rank": [1, 2, 1],
    }
)  # fmt: skip
RESPONSES = pd.DataFrame(
    {"feature": "rain", "value": [5.0, 15.0], "effect": [-0.02, 0.03], "low_90": -0.1, "high_90": 0.1, "n": 7}
)
BOXES = pd.DataFrame({"box": [0, 1], "p_any": [0.1, 0.42], "share_of_land": [0.6, 0.3]})
BOX_VALUES = pd.DataFrame(
    {
        "box": [0, 1, 1], "rank": [1, 2, 1], "feature": ["rain", "rain", "slope"], "value": [10.0, 30.0, 1.0],
        "low_80": [5.0, 20.0, np.nan], "high_80": [20.0, 35.0, np.nan], "mean": [10.0, 10.0, 3.0],
        "departure_sd": [0.0, 2.0, -1.0],
    }
)  # fmt: skip


@dataclass(frozen=True)
class Rows:
    """A run of the tables above."""

    tables: dict[str, pd.DataFrame]
    facts: RunFacts = FACTS

    @property
    def judged(self) -> pd.DataFrame:
        return forecasts_to_judge(self.tables["out_of_fold"], self.facts)

    def frame(self, table: str) -> pd.DataFrame:
        return self.tables[table]


RUN = Rows(
    {
        "cells": CELLS, "features": FEATURES, "feature_histograms": HISTOGRAMS, "feature_values": VALUES,
        "scores": SCORES, "drivers": DRIVERS, "responses": RESPONSES, "boxes": BOXES, "box_values": BOX_VALUES,
    }
)  # fmt: skip


def with_table(name: str, table: pd.DataFrame) -> Rows:
    return Rows(RUN.tables | {name: table})


def test_cells_are_counted_from_west_to_east_year_by_year() -> None:
    with_, without, unseen = "observed, with slumps", "observed, without slumps", "unobserved"
    assert labels.label_counts(RUN).to_numpy().tolist() == [
        ["-135 to -90", "2021", without, 1],
        ["-135 to -90", "last", with_, 1],
        ["0 to 45", "2021", with_, 1],
        ["0 to 45", "2021", unseen, 1],
        ["0 to 45", "last", with_, 2],
    ]


def test_densities_fall_into_fifths_of_a_decade() -> None:
    bins = labels.density_bins(RUN)
    assert bins["n"].tolist() == [1, 0, 0, 0, 2]  # 2, then 10 and 11 m² per km²
    assert bins["low"].iloc[0] == pytest.approx(10**0.2)
    assert bins["high"].iloc[-1] == pytest.approx(10**1.2)


@pytest.mark.parametrize("lost", ["the column", "the slumps", "every look"])
def test_without_slumps_of_known_area_there_are_no_densities(lost: str) -> None:
    states = {f"state_{year}": "unobserved" if lost == "every look" else "observed_without" for year in (2021, 2022)}
    poorer = {"the column": CELLS.drop(columns=CELLS.filter(like="fraction"))}.get(lost, CELLS.assign(**states))
    assert labels.density_bins(with_table("cells", poorer)).empty


def test_an_observed_density_on_an_edge_is_of_the_class_above() -> None:
    rows = cell_years(RUN)
    assert with_classes(rows, FACTS)["class_"].tolist() == ["many", "none", "few", "many"]
    two = replace(FACTS, class_names=("none", "any"), class_edges=())
    assert with_classes(rows, two)["class_"].tolist() == ["any", "none", "any", "any", "any"]


def test_forecasts_to_judge_are_of_the_first_scheme_in_reading_order_and_numbered_anew() -> None:
    rows = pd.DataFrame(
        {
            "scheme": ["random", "spatial", "spatial", "spatial", "spatial"], "model": ["a", "z", "b", "a", "b"],
            "p_none": [0.9, 0.8, 0.7, 0.6, 0.5], "class_": ["none", "few", "none", "none", "many"],
        }
    )  # fmt: skip
    models: Any = (Text("b", "Bee"), Text("a", "Ay"))
    schemes: Any = (Text("spatial", "Regions"), Text("random", "Chance"))
    facts = replace(FACTS, texts=Texts(models, schemes, ()))

    judged = forecasts_to_judge(rows, facts)

    assert judged.index.tolist() == [0, 1, 2, 3]
    assert judged["model"].tolist() == ["Bee", "Bee", "Ay", "z"]
    assert judged["p_any"].tolist() == pytest.approx([0.3, 0.5, 0.4, 0.2])
    assert judged["happened"].tolist() == [False, True, False, True]


def test_what_is_unknown_is_a_share_of_the_rows_that_were_tested() -> None:
    gaps = features.feature_gaps(RUN)
    assert gaps["feature"].tolist() == ["wet (mm), rain", "wet (mm), snow", "slope (degree)"]
    assert gaps["missing_percent"].tolist() == pytest.approx([60.0, 100.0, 20.0])


def test_distributions_by_class_are_of_values_in_their_years() -> None:
    rows = features.feature_distributions(RUN).set_index(["feature", "rows"])
    assert list(dict.fromkeys(rows.index.get_level_values(0))) == ["wet (mm), rain", "slope (degree)"]
    found = {key: rows.loc[key, "n"].tolist() for key in rows.index.unique()}
    assert found == {
        ("wet (mm), rain", features.ALL_ROWS): [1, 1],
        ("wet (mm), rain", "none"): [0, 1],  # 15 mm of cell 2 in 2021
        ("wet (mm), rain", "few"): [0, 1],  # 25 mm of cell 1 in 2022, beyond the last bin
        ("wet (mm), rain", "many"): [1, 0],  # 5 mm of cell 1 in 2021; cell 2 is unknown in 2022
        ("slope (degree)", features.ALL_ROWS): [3, 1],
        ("slope (degree)", "none"): [0, 1],
        ("slope (degree)", "few"): [1, 0],
        ("slope (degree)", "many"): [1, 1],
    }
    assert rows.loc[("slope (degree)", features.ALL_ROWS), "percent"].tolist() == [75.0, 25.0]


def test_a_run_that_keeps_no_values_has_no_classes_in_its_distributions() -> None:
    found = features.feature_distributions(with_table("features", FEATURES.drop(columns="scale_factor")))
    assert set(found["rows"]) == {features.ALL_ROWS}


def test_where_no_cell_is_left_only_the_whole_run_is_told() -> None:
    nowhere = with_table("cells", CELLS.head(0))
    assert labels.label_counts(nowhere).empty
    assert labels.density_bins(nowhere).empty
    assert set(features.feature_distributions(nowhere)["rows"]) == {features.ALL_ROWS}


def test_importances_are_shown_as_clusters_groups_and_clusters_of_a_group() -> None:
    found = drivers.importances(RUN)
    assert found[["sets", "name", "importance", "finding"]].to_numpy().tolist() == [
        [drivers.CLUSTERS, "slope", 0.2, drivers.DRIVER],
        [drivers.CLUSTERS, "wet (+1)", 0.1, drivers.NO_EVIDENCE],
        [drivers.GROUPS, "terrain", 0.3, drivers.DRIVER],
        ["clusters of climate", "wet (+1)", 0.1, drivers.NO_EVIDENCE],
        ["clusters of terrain", "slope", 0.2, drivers.DRIVER],
    ]


def test_members_of_clusters_stand_beside_each_other() -> None:
    assert drivers.cluster_members(RUN).to_numpy().tolist() == [
        ["slope", "terrain", 1, "slope (degree)"],
        ["wet (+1)", "climate", 1, "wet (mm), rain"],
        ["wet (+1)", "climate", 2, "wet (mm), snow"],
    ]


def test_responses_are_in_percentage_points_beside_where_training_rows_lie() -> None:
    rows = drivers.response_curves(RUN)
    assert set(rows["features"]) == {"wet (mm), rain and 1 like it"}
    assert set(rows["finding"]) == {drivers.NO_EVIDENCE}
    curve, rug = rows[rows["value"].notna()], rows[rows["percent"].notna()]
    assert len(curve) + len(rug) == len(rows) == 4
    assert curve[["effect_points", "low_90", "high_90"]].to_numpy().ravel().tolist() == [-2, -10, 10, 3, -10, 10]
    assert rug[["low", "high", "percent"]].to_numpy().tolist() == [[0, 10, 50], [10, 20, 50]]


def test_boxes_are_measured_in_standard_deviations() -> None:
    rows = drivers.box_profiles(RUN)
    assert rows["box"].unique().tolist() == [
        "box 1: P(any slump) 42.0%, 30% of the land",
        "box 0: P(any slump) 10.0%, 60% of the land",
    ]
    assert rows["feature"].tolist() == ["slope (degree)", "wet (mm), rain", "wet (mm), rain"]
    assert rows["low_80_sd"].tolist() == pytest.approx([np.nan, 1.0, np.nan], nan_ok=True)  # sd = (30 - 10) / 2
    assert rows["high_80_sd"].tolist() == pytest.approx([np.nan, 2.5, np.nan], nan_ok=True)
