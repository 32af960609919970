"""What the charts of validation show, of runs small enough to work out by hand."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pytest
import shapely

from entropice.report.charts import find_chart
from entropice.report.frames.confusion import confusion
from entropice.report.frames.declared_skill import DECLARED, declared_skill
from entropice.report.frames.finding import CELLS_WITH_SLUMPS, SLUMP_AREA, SLUMPS, gain_curves, precision_curves
from entropice.report.frames.fold_scores import fold_score_values
from entropice.report.frames.folds import (
    FALSE_ALARM,
    MISSED,
    OTHER_CLASS,
    RIGHT,
    fold_map,
    outcome_map,
    outcomes,
    role_map,
)
from entropice.report.frames.forecasts import forecasts_to_judge
from entropice.report.frames.regions import regional_bias
from entropice.report.frames.scores import score_values
from entropice.report.page_charts import draw_chart
from entropice.report.run_tables import RunFacts
from entropice.report.texts import ModelText, SchemeText, ScoreText, Text, Texts

SCORES = (ScoreText("skill", "skill"), ScoreText("ece", "ECE", bigger_is_better=False))
FACTS = RunFacts(
    title="A run",
    purpose="model",
    grid_name="healpix",
    class_names=("none", "few"),
    class_edges=(),
    year_names={2021: "2021"},
    map_model=Text("a", "model A"),
    texts=Texts((ModelText("a", "A"),), (SchemeText("far", "far folds"), SchemeText("near", "near folds")), SCORES),
    layers=(),
    table_titles={"out_of_fold": "Forecasts", "cells": "Cells", "scores": "Scores"},
)


@dataclass(frozen=True)
class Tables:
    """A run of tables given as they are."""

    tables: dict[str, pd.DataFrame]
    facts: RunFacts = FACTS

    @property
    def judged(self) -> pd.DataFrame:
        return forecasts_to_judge(self.tables["out_of_fold"], self.facts)

    def frame(self, table: str) -> pd.DataFrame:
        return self.tables[table]


def searched(p_few: list[float], is_few: list[bool], scheme: str = "far") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "scheme": scheme, "fold": 0, "model": "a", "cell_id": np.arange(len(p_few)), "year": 2021,
            "class_": np.where(is_few, "few", "none"), "p_none": 1 - np.array(p_few), "p_few": p_few,
        }
    )  # fmt: skip


@pytest.fixture
def run() -> Tables:
    """Land of 10, 20, 30 and 40 in falling order of probability; 1, 0, 3 and 0 slumps."""
    cells = pd.DataFrame(
        {"cell_id": range(4), "area_m2": [10.0, 40.0, 30.0, 40.0], "land_fraction": [1, 0.5, 1, 1],
         "rts_count_2021": [1, 0, 3, 0]}
    )  # fmt: skip
    forecasts = searched([0.9, 0.6, 0.4, 0.1], [True, False, True, False])
    of_near = searched([0.1, 0.1, 0.1, 0.9], [True, False, True, False], "near")
    return Tables({"out_of_fold": pd.concat([of_near, forecasts]), "cells": cells})


def test_gain_is_read_off_where_the_target_is_reached(run) -> None:
    curves = gain_curves(run).set_index("found")
    assert set(curves["model"]) == {"A"}
    targets = curves[curves["is_target"].astype(bool)]
    assert targets.loc[CELLS_WITH_SLUMPS, ["area", "share"]].tolist() == pytest.approx([0.6, 1.0])
    assert targets.loc[SLUMPS, ["area", "share"]].tolist() == pytest.approx([0.6, 1.0])
    lines = curves[~curves["is_target"].astype(bool)].set_index("area", append=True)["share"]
    at = [0.0, 0.05, 0.1, 0.3, 0.45, 1.0]
    assert lines[CELLS_WITH_SLUMPS][at].tolist() == pytest.approx([0, 0.25, 0.5, 0.5, 0.75, 1])
    assert lines[SLUMPS][at].tolist() == pytest.approx([0, 0.125, 0.25, 0.25, 0.625, 1])


def test_slump_area_counts_where_the_run_tells_it(run) -> None:
    assert SLUMP_AREA not in set(gain_curves(run)["found"])
    cells = run.tables["cells"].assign(
        rts_area_fraction_2021=[0.1, 0, 0.2, np.nan], observed_fraction_2021=[1, 1, 0.5, 1]
    )
    curve = gain_curves(Tables(run.tables | {"cells": cells})).set_index("found").loc[SLUMP_AREA]
    assert curve[curve["is_target"].astype(bool)][["area", "share"]].to_numpy().tolist() == [[1.0, 1.0]]
    assert np.interp(1 / 6, curve["area"][:-1], curve["share"][:-1]) == pytest.approx(0.25, abs=0.02)


def test_cells_of_equal_probability_come_in_one_step(run) -> None:
    same = Tables(run.tables | {"out_of_fold": searched([0.3] * 4, [True, False, True, False])})
    curve = gain_curves(same)
    assert curve["share"].tolist() == pytest.approx(curve["area"].tolist())
    assert curve[curve["is_target"].astype(bool)]["area"].tolist() == [1.0, 1.0]


def test_precision_by_recall(run) -> None:
    curve = precision_curves(run)
    assert curve["recall"].tolist() == [0.5, 1.0]
    assert curve["precision"].tolist() == pytest.approx([1.0, 2 / 3])
    assert curve["lift"].tolist() == pytest.approx([2.0, 4 / 3])
    assert (curve["prevalence"] == 0.5).all()


def test_confusion_counts_pairs_and_shares_of_rows(run) -> None:
    table = confusion(run).set_index(["observed", "forecast"])
    assert table["n"].to_dict() == {
        ("none", "none"): 1, ("none", "few"): 1, ("few", "none"): 1, ("few", "few"): 1,
    }  # fmt: skip
    assert (table["share"] == 0.5).all()
    never = confusion(Tables({"out_of_fold": searched([0.2], [False])})).set_index(["observed", "forecast"])["share"]
    assert never.fillna(-1).to_dict() == {
        ("none", "none"): 1, ("none", "few"): 0, ("few", "none"): -1, ("few", "few"): -1,
    }  # fmt: skip


@pytest.mark.parametrize("key", ["gain", "precision_recall"])
def test_where_nobody_has_found_slumps_the_chart_says_why(key: str, run) -> None:
    cells = run.tables["cells"].assign(rts_count_2021=0)
    none = Tables({"cells": cells, "out_of_fold": searched([0.9, 0.1], [False, False])})
    drawn = draw_chart(find_chart(key), none)
    assert drawn.columns is None
    assert drawn.missing == "Nothing can be found where no cell that was tested has slumps."


def test_scores_are_told_with_their_gap_to_the_first_scheme() -> None:
    rows = [("near", "ece", 0.1), ("near", "skill", 0.5), ("far", "skill", 0.2)]
    scores = pd.DataFrame(rows, columns=["scheme", "score", "value"]).assign(
        model="a", low_95=0.0, high_95=1.0, share_of_limit=np.nan, n_cell_years=9, n_positive=3
    )
    told = score_values(Tables({"scores": scores}))
    assert told["score"].tolist() == ["skill (more is better)"] * 2 + ["ECE (less is better)"]
    assert told["scheme"].tolist() == ["far folds", "near folds", "near folds"]
    assert told["gap"].tolist() == pytest.approx([0.0, 0.3, np.nan], nan_ok=True)


@pytest.fixture
def mapped(run) -> Tables:
    """Four squares of 1.26 km, the last of which nobody has tested."""
    corners_m = np.arange(4) * 1260.0
    cells = run.tables["cells"].assign(
        geometry=shapely.box(corners_m, 0, corners_m + 1260, 1260), cell_id=2**60 + np.arange(4)
    )
    far = searched([0.9, 0.2, 0.8], [True, True, False]).assign(fold=[0, 1, 1])
    near = searched([0.5], [False], "near").assign(fold=4)
    both = pd.concat([far, near])
    return Tables({"cells": cells, "out_of_fold": both.assign(cell_id=2**60 + both["cell_id"])})


def test_every_cell_is_shown_in_the_fold_that_tests_it(mapped) -> None:
    told = fold_map(mapped)
    assert told["cell"].tolist() == [str(2**60 + n) for n in range(4)]
    assert told["fold_0"].fillna("").tolist() == ["0", "1", "1", ""]
    assert told["fold_1"].fillna("").tolist() == ["4", "", "", ""]
    assert shapely.get_coordinates(told["geometry"].iloc[1]).max() == 2.5
    specification = find_chart("fold_map").draw(told, FACTS)
    assert specification["params"][0]["bind"]["labels"] == ["far folds", "near folds"]
    assert specification["encoding"]["color"]["scale"]["domain"] == ["0", "1", "4", "not tested"]


def test_every_cell_is_shown_in_its_role_over_all_years(mapped) -> None:
    """Cell 1 is tested in one year and left out in the other; cell 2 is learned from in one; cell 3 never observed."""
    roles = {"cell_id": 2**60 + np.arange(3), "far": ["TL", "LT", "BT"], "near_2021": ["TB", "BL", None],
             "near_2022": ["BB", None, "LT"]}  # fmt: skip
    told = role_map(Tables(mapped.tables | {"folds": pd.DataFrame(roles)}))
    assert told["cell"].tolist() == [str(2**60 + n) for n in range(4)]
    assert told["roles_0"].fillna("").tolist() == ["TL", "LT", "BT", ""]
    assert told["roles_1"].fillna("").tolist() == ["TB", "BL", "LT", ""]
    specification = find_chart("role_map").draw(told, FACTS)
    assert specification["params"][0]["bind"]["labels"] == [
        *("far folds: fold 0", "far folds: fold 1", "near folds: fold 0", "near folds: fold 1"),
    ]
    of_one = role_map(Tables(mapped.tables | {"folds": pd.DataFrame(roles)[["cell_id", "far"]]}))
    assert "roles_1" not in of_one
    assert find_chart("role_map").draw(of_one, FACTS)["params"][0]["bind"]["options"] == ["0 0", "0 1"]


@pytest.mark.parametrize("key", ["role_map", "fold_scores"])
def test_a_run_folder_of_an_earlier_version_is_asked_for_again(key: str, mapped) -> None:
    drawn = draw_chart(find_chart(key), Tables(mapped.tables | {"scores": pooled_scores(("far", "skill", 0.2))}))
    assert drawn.columns is None
    assert "make the run again." in drawn.missing


def test_every_cell_is_shown_with_what_became_of_its_forecast(mapped) -> None:
    told = outcome_map(mapped)
    assert told["outcome_2021"].fillna("").tolist() == [RIGHT, MISSED, FALSE_ALARM, ""]
    assert told["observed_2021"].fillna("").tolist() == ["few", "few", "none", ""]
    assert told["p_any_2021"].tolist() == pytest.approx([0.9, 0.2, 0.8, np.nan], nan_ok=True)
    among = pd.DataFrame({"p_none": [0.1], "p_few": [0.6], "p_many": [0.3], "class_": ["many"]})
    assert outcomes(among, ["none", "few", "many"]).tolist() == [OTHER_CLASS]


def test_more_cells_than_a_page_can_draw_are_not_drawn(mapped, monkeypatch) -> None:
    monkeypatch.setattr("entropice.report.frames.outlines.MOST_CELLS", 3)
    assert draw_chart(find_chart("fold_map"), mapped).missing.startswith("Maps are drawn of up to 20,000 cells")


def test_regions_stand_from_west_to_east_with_a_verdict() -> None:
    regions = pd.DataFrame(
        {
            "region": ["0 to 45", "-135 to -90", "-180 to -135", "45 to 90"],
            "low_95": [0.01, -0.2, -0.2, np.nan], "high_95": [0.2, -0.1, 0.1, np.nan],
        }
    )  # fmt: skip
    told = regional_bias(Tables({"regional_calibration": regions}))
    assert dict(zip(told["region"], told["verdict"], strict=True)) == {
        "-180 to -135": "0 inside the interval",
        "-135 to -90": "too few slumps promised",
        "0 to 45": "too many slumps promised",
        "45 to 90": "no interval",
    }
    assert told["region"].tolist()[0] == "-180 to -135"


def pooled_scores(*rows: tuple[str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["scheme", "score", "value"]).assign(
        model="a", low_95=0.0, high_95=1.0, share_of_limit=np.nan, n_cell_years=9, n_positive=3
    )


def test_scores_of_folds_stand_beside_those_of_all_and_say_where_there_is_none() -> None:
    scores = pooled_scores(("near", "skill", 0.5), ("far", "skill", 0.2))
    folds = pd.DataFrame(
        {"scheme": ["near", *["far"] * 3], "fold": [0, 2, 0, 1], "value": [0.6, np.nan, 0.1, np.nan],
         "n_positive": [1, 0, 2, 0], "undefined_because": [None, "no slumps", None, "no slumps"]}
    ).assign(model="a", score="skill", n_cell_years=4)  # fmt: skip
    run = Tables({"scores": scores, "fold_scores": folds})
    told = fold_score_values(run)
    far, near = (told[told["scheme"] == title] for title in ("far folds", "near folds"))
    assert far["fold"].fillna("all").tolist() == ["all", "0"]
    assert far["value"].tolist() == [0.2, 0.1]
    assert far["name"].unique().tolist() == ["A (no value in fold 1, 2: no slumps)"]
    assert near["name"].unique().tolist() == ["A"]
    assert near["gap"].tolist() == pytest.approx([0.3, np.nan], nan_ok=True)
    params = find_chart("fold_scores").draw(told, FACTS)["params"]
    assert params[0]["bind"]["options"] == ["far folds", "near folds"]


def test_declared_skill_stands_beside_the_true_one_where_that_is_known() -> None:
    scores = pooled_scores(("near", "skill", 0.5), ("far", "skill", 0.2))
    true = pd.DataFrame(
        {"extent": ["all land", "all land"], "score": ["skill", "ece"], "value": [0.3, 0.1], "n_cell_years": 20,
         "n_positive": 5}
    )  # fmt: skip
    facts = replace(FACTS, table_titles={**FACTS.table_titles, "true_map_skill": "True skill"})
    known = declared_skill(Tables({"scores": scores, "true_map_skill": true}, facts))
    assert known["drawn"].tolist() == [DECLARED, DECLARED, "true, all land"]
    assert known["name"].fillna("").tolist() == ["far folds", "near folds", ""]
    assert known[["value", "low_95"]].iloc[-1].tolist() == pytest.approx([0.3, np.nan], nan_ok=True)
    unknown = declared_skill(Tables({"scores": scores}))
    assert set(unknown["drawn"]) == {DECLARED}
    chart = find_chart("declared_skill")
    told, untold = (chart.draw(frame, FACTS)["title"]["text"]["expr"] for frame in (known, unknown))
    assert "not known" not in told
    assert "True skill: not known" in untold


def test_a_run_of_one_scheme_without_slumps_in_any_fold_still_has_its_pooled_scores() -> None:
    folds = pd.DataFrame({"scheme": ["far"], "fold": [0], "model": ["a"], "score": ["skill"], "value": [np.nan],
        "n_cell_years": [4], "n_positive": [0], "undefined_because": ["no slumps in the fold"]})  # fmt: skip
    told = fold_score_values(Tables({"scores": pooled_scores(("far", "skill", 0.2)), "fold_scores": folds}))
    assert told[["fold", "value"]].astype(object).fillna("").to_numpy().tolist() == [["", 0.2]]
    assert told["name"].tolist() == ["A (no value in fold 0: no slumps in the fold)"]


def test_a_run_of_one_model_and_one_scheme_has_scores_to_draw() -> None:
    texts = replace(FACTS.texts, schemes=FACTS.texts.schemes[:1])
    scores = pd.DataFrame(
        {"scheme": ["far"], "model": ["a"], "score": ["skill"], "value": [0.1], "low_95": [0.0], "high_95": [0.2],
         "share_of_limit": [np.nan], "n_cell_years": [9], "n_positive": [3]}
    )  # fmt: skip
    drawn = draw_chart(find_chart("scores"), Tables({"scores": scores}, replace(FACTS, texts=texts)))
    assert drawn.columns is not None
    assert drawn.columns["gap"] == [0.0]
