"""Steps of the kind that marks changes, on pairs in other light of which a square has become brighter."""

import json

import numpy as np
import pytest
from pydantic import ValidationError
from task_runs import SAMPLES, TRAINING, run_kind, scattered

from entropice.imagery.bands import RGB
from entropice.imagery.samples import Image
from entropice.io import TilePairsDataset
from entropice.pipelines.kinds.change.declaration import CHANGE
from entropice.pipelines.kinds.change.judging import SCORE_COLUMNS
from entropice.pipelines.kinds.change.parameters import ChangeParameters
from entropice.sources.imagery.tile_pairs import TilePair

N, N_PX = 40, 16
PARAMETERS = {
    "bands": ["red", "green", "blue"],
    "network": {"architecture": "siamese", "options": {"widths": [8, 8]}},
    "training": TRAINING | {"losses": [{"name": "cross_entropy"}], "metric": "val_iou", "n_epochs": 4, "rate": 1e-2},
    "samples": SAMPLES | {"ignored_edge_px": 0},
    "evaluation": {
        "threshold": "iou",
        "batch_size": 8,
        "n_bootstrap": 50,
        "n_rival_tiles": 8,
        "n_rival_pixels": 40,
        "n_shown": 2,
        "expectations": [{"what": "change", "published": "85 to 90 %", "score": "accuracy"}],
    },
}


def _pair(key, place):
    random = np.random.default_rng([*key.encode()])
    row, column = random.integers(0, N_PX - 6, size=2)
    label = np.zeros((N_PX, N_PX), np.uint8)
    label[row : row + 6, column : column + 6] = 1
    before = random.uniform(0.3, 0.5, size=(3, N_PX, N_PX))
    after = before * random.uniform(0.9, 1.1) + 0.2 * label + 0.05 * random.normal(size=before.shape)
    images = (Image(RGB, np.clip(each, 0, 1).astype(np.float32), np.ones(each.shape, bool)) for each in (before, after))
    return TilePair(key, place, *images, label)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("change_kind")
    places = scattered(N, N_PX)
    dataset = TilePairsDataset(filepath=str(folder / "images"))
    dataset.save(_pair(key, place) for key, place in places.items())
    return run_kind(CHANGE, ChangeParameters.model_validate(PARAMETERS), dataset.load(), places, folder)


def test_every_pair_is_in_one_split_with_what_has_changed(run):
    splits = run["splits"]
    assert splits["key"].is_unique
    assert (splits["n_positive"] == 36).all()
    assert (splits.groupby("block")["split"].nunique() == 1).all()


def test_scores_are_of_the_contract(run):
    scores = run["task_scores"]
    assert tuple(scores.columns) == SCORE_COLUMNS
    assert scores[["part", "horizon"]].isna().all(axis=None)
    assert set(scores["model"]) == {text.name for text in CHANGE.texts().models}
    assert set(scores["score"]) == {text.name for text in CHANGE.texts().scores}
    own = scores[scores["compared_with"].isna()].set_index(["model", "score"])["value"]
    assert own["difference", "pr_auc"] > 0.7
    assert own["network", "pr_auc"] > 0.3
    n_test = (run["splits"]["split"] == "test").sum()
    assert set(scores["n"]) == {n_test * N_PX**2}


def test_scores_are_taken_at_the_share_of_change_that_is_met(run):
    ratio = run["calibration"]["network"]["calibration"]["ratio"]
    assert ratio == pytest.approx((N_PX**2 - 36) / 36)


def test_chances_lie_where_the_test_pairs_are(run):
    (layer,) = run["map_layers"]
    known = layer.values[np.isfinite(layer.values)]
    assert layer.values.size <= 4_000_000
    assert known.size
    assert ((known >= 0) & (known <= 1)).all()


def test_the_panel_shows_before_after_true_and_said(run):
    panel = run["panel"]
    assert len(panel.rows) == 2
    before, after, true, said = panel.rows[0].pictures
    assert before.values.shape == after.values.shape == (N_PX, N_PX, 3)
    assert set(np.unique(true.values)) == {0.0, 1.0}
    assert said.values.shape == (N_PX, N_PX)


def test_the_card_tells_what_was_published_beside_what_is_measured(run):
    facts = run["card_facts"]
    json.dumps(facts)
    assert "95 %" in facts["expectations"][0]["ours"]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"network": {"architecture": "unet", "encoder": "resnet18"}}, ("network", "architecture")),
        ({"training": PARAMETERS["training"] | {"metric": "val_accuracy_"}}, ("training", "metric")),
        (
            {"training": PARAMETERS["training"] | {"losses": [{"name": "class_cross_entropy"}]}},
            ("training", "losses", "0", "name"),
        ),
    ],
)
def test_what_does_not_go_together_is_told_before_anything_runs(change, where):
    with pytest.raises(ValidationError) as refused:
        ChangeParameters.model_validate(PARAMETERS | change)
    assert refused.value.errors()[0]["ctx"]["location"] == where
