"""The study of doubts measures what it says, on a world small enough to check by hand."""

import numpy as np
import pandas as pd
import pytest
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks import doubts
from benchmarks.doubts import Study, biases, measures, study, summary
from benchmarks.light_arctic import YEAR, LightArctic, LightSpecification, make_world
from entropice.learning.folds.coordinates import is_near_any
from entropice.types import BoolArray

WORLD = LightSpecification(seed=3, n_side=48, imaged_share=0.4, block_m=200_000.0)


@pytest.fixture(scope="module")
def made() -> Study:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(doubts, "GRIDS", {"logistic": {"C": [0.03]}})
        patch.setattr(doubts, "N_MEMBERS", 3)
        patch.setattr(doubts, "BUFFER_M", 60_000.0)
        return study(WORLD, "logistic")


@pytest.fixture(scope="module")
def found(made: Study) -> dict[str, float]:
    return measures(made)


def test_every_land_cell_has_its_doubts(made: Study) -> None:
    assert len(made.predictions) == len(made.world.counts)
    assert made.predictions[["p_any_sd", "conformal_set", "dissimilarity"]].notna().all(axis=None)
    is_outside = ~made.predictions["is_applicable"]
    assert is_outside[made.world.features["embedding_00"].isna()].all()
    assert 0 < is_outside.mean() < 1


def test_the_measures_are_those_of_the_maps_cells(made: Study, found: dict[str, float]) -> None:
    unseen = ~made.world.is_imaged
    is_outside = ~made.predictions["is_applicable"].to_numpy()[unseen]
    assert found["share outside"] == pytest.approx(is_outside.mean())
    limit = made.world.chance_of_any(made.world.limit_of_full_features)[unseen]
    said = made.predictions["p_any"].to_numpy()[unseen]
    error = np.abs(np.log(said / (1 - said)) - np.log(limit / (1 - limit)))
    assert found["error outside minus inside"] == pytest.approx(error[is_outside].mean() - error[~is_outside].mean())
    bias = said.mean() - made.world.chance_of_any(made.world.oracle)[unseen].mean()
    assert found["|bias| never imaged"] == pytest.approx(abs(bias), abs=0.01)
    assert 0.7 < found["sets hold positives"] < 1


def test_declared_skill_is_compared_with_the_maps_own(found: dict[str, float]) -> None:
    assert 0.6 < found["true AUC"] < 0.9
    for scheme in doubts.SCHEMES:
        assert abs(found[f"{scheme}: error"]) < 0.2
        assert found[f"{scheme}: covered"] in (0.0, 1.0)


def test_the_summary_has_a_row_a_measure() -> None:
    text = summary(pd.DataFrame({"error": [1.0, 3.0], "often unknown": [np.nan, -1.0]}))
    assert "| error | 2.0000 ± 12.7062 | 2.2361 | 2 of 2 |" in text
    assert "| often unknown | -1.0000 ± nan | 1.0000 | 0 of 1 |" in text


def map_by_regression(world: LightArctic) -> pd.DataFrame:
    """A map without any tuning."""
    regression = make_pipeline(SimpleImputer(strategy="median"), StandardScaler(), LogisticRegression(C=0.02))
    regression.fit(world.training_samples.features, world.training_table["rts_count"].to_numpy() > 0)
    p_any = regression.predict_proba(world.map_samples.features)[:, 1]
    return world.cells[["cell_id"]].assign(year=YEAR, p_any=p_any)


def far_from_training(world: LightArctic) -> BoolArray:
    return ~is_near_any(world.coordinates_m, world.training_samples.coordinates_m, 300e3)


def test_an_audit_of_100_cells_more_than_halves_the_bias_beyond_the_imaged_regions() -> None:
    """Imaging followed an effect as wide as regions, which no feature shows: only looking elsewhere can tell."""
    laws = [LightSpecification(s, interest_cells=40, unseen_cells=25, imaging="unseen") for s in range(1, 6)]
    found = [biases(world, map_by_regression(world), far_from_training(world)) for world in map(make_world, laws)]
    before, after = np.abs(found).mean(axis=0)
    assert before > 0.04
    assert after < before / 2
