"""Steps of the kind that names classes, on images of three levels of grey, one of them rough."""

import json

import numpy as np
import pytest
from pydantic import ValidationError
from task_runs import SAMPLES, TRAINING, run_kind, scattered

from entropice.imagery.bands import RGB
from entropice.imagery.samples import Image
from entropice.io import ClassTilesDataset
from entropice.pipelines.kinds.image_class.declaration import IMAGE_CLASS
from entropice.pipelines.kinds.image_class.judging import SCORE_COLUMNS, alarm_of
from entropice.pipelines.kinds.image_class.parameters import ImageClassParameters
from entropice.sources.imagery.class_tiles import ClassTile

N, N_PX = 48, 32
CLASSES = [
    {"name": "water", "title": "Water", "colour": "#08306b"},
    {"name": "thin", "title": "Thin ice", "colour": "#6baed6"},
    {"name": "thick", "title": "Thick ice", "colour": "#f7fbff"},
]
PARAMETERS = {
    "bands": ["red", "green", "blue"],
    "network": {
        "architecture": "classifier",
        "encoder": "tu-test_resnet",
        "options": {"n_classes": 3, "widths": [16], "dropout": 0.1},
    },
    "training": TRAINING | {"losses": [{"name": "class_cross_entropy"}], "metric": "val_log_score", "n_epochs": 6},
    "samples": SAMPLES | {"classes": CLASSES},
    "evaluation": {
        "batch_size": 8,
        "n_bootstrap": 50,
        "n_symmetries": 2,
        "false_alarm_rate": 0.1,
        "confident_from": 0.8,
        "n_shown": 8,
        "expectations": [
            {"what": "accuracy", "published": "80 to 85 %", "score": "accuracy"},
            {"what": "day 7", "published": "70 %", "score": "accuracy", "horizon": 7.0},
        ],
    },
}


def _image(key: str, label: int) -> Image:
    random = np.random.default_rng([*key.encode()])
    level, roughness = (0.1, 0.5, 0.8)[label], (0.02, 0.05, 0.1)[label]
    tint = np.array([0.0, 0.03, 0.06])[:, None, None]
    values = level + tint + roughness * random.normal(size=(3, N_PX, N_PX))
    return Image(RGB, np.clip(values, 0, 1).astype(np.float32), np.ones(values.shape, bool))


@pytest.fixture(scope="module")
def rules() -> ImageClassParameters:
    return ImageClassParameters.model_validate(PARAMETERS)


@pytest.fixture(scope="module")
def run(rules, tmp_path_factory):
    folder = tmp_path_factory.mktemp("class_kind")
    places = scattered(N, N_PX)
    dataset = ClassTilesDataset(filepath=str(folder / "images"))
    dataset.save(
        ClassTile(key, place, _image(key, number % 3), number % 3) for number, (key, place) in enumerate(places.items())
    )
    return run_kind(IMAGE_CLASS, rules, dataset.load(), places, folder)


def test_every_image_is_in_one_split_with_its_class(run):
    splits = run["splits"]
    assert splits["key"].is_unique
    assert splits["label"].tolist() == [number % 3 for number in range(N)]
    assert (splits.groupby("block")["split"].nunique() == 1).all()


def test_the_log_tells_every_measure(run):
    rows = run["network"].rows
    assert {"train_accuracy", "val_accuracy", "val_log_score", "val_log_skill", "val_f_1"} <= set(rows[0])
    scores = [row["val_log_score"] for row in rows]
    assert run["network"].record["best_epoch"] == 1 + int(np.argmin(scores))


def test_scores_are_of_the_contract_and_the_network_beats_the_prevalence(run):
    scores = run["task_scores"]
    assert tuple(scores.columns) == SCORE_COLUMNS
    assert set(scores["model"]) == {"network", "colour_logistic", "colour_boosting", "prevalence"}
    assert set(scores["part"].dropna()) == {"water", "thin", "thick"}
    assert scores["horizon"].isna().all()
    own = scores[scores["compared_with"].isna() & scores["part"].isna()].set_index(["model", "score"])["value"]
    assert own["prevalence", "log_skill"] == pytest.approx(0, abs=1e-9)
    assert own["network", "accuracy"] > 0.6
    assert own["colour_logistic", "accuracy"] > 0.9
    lead = scores[(scores["compared_with"] == "prevalence") & (scores["score"] == "log_skill")]["value"]
    assert lead.item() == pytest.approx(own["network", "log_skill"])
    names = {text.name for text in IMAGE_CLASS.texts().scores}
    assert set(scores["score"]) == names
    assert set(scores["model"]) == {text.name for text in IMAGE_CLASS.texts().models}


def test_the_alarm_is_kept_whole(run):
    familiar, alarm = alarm_of(run["alarm"])
    assert np.isfinite(familiar.strangeness(np.ones((2, familiar.means.shape[1])))).all()
    n = (run["splits"]["split"] == "validation").sum()
    assert alarm.false_alarm_rate == pytest.approx(max(np.floor(0.1 * (n + 1)), 1) / (n + 1))


def test_layers_show_what_is_said_where_the_test_images_are(run, rules):
    answer, chance = run["map_layers"]
    n_test = (run["splits"]["split"] == "test").sum()
    values = answer.values[np.isfinite(answer.values)]
    assert set(values.tolist()) <= {0.0, 1.0, 2.0, 3.0}
    assert answer.values.size <= 4_000_000
    assert [each.title for each in answer.style] == ["Water", "Thin ice", "Thick ice", "None of these"]
    assert np.isfinite(answer.values).sum() >= n_test
    assert (np.isnan(chance.values) | (answer.values < 3)).all()
    assert np.nanmin(chance.values) >= 1 / 3 - 1e-6


def test_the_panel_begins_with_what_is_most_wrong(run):
    panel = run["panel"]
    widths = {len(row.pictures) for row in panel.rows}
    assert len(widths) == 1
    first = panel.rows[0].pictures[0]
    assert first.values.shape == (N_PX, N_PX, 3)
    assert "; said: " in first.title


def test_the_card_tells_what_was_published_beside_what_is_measured(run):
    facts = run["card_facts"]
    json.dumps(facts)
    assert set(facts) == {"inputs", "outputs", "learned_from", "tested_on", "limits", "expectations"}
    measured, missing = facts["expectations"]
    assert (measured["what"], measured["published"]) == ("accuracy", "80 to 85 %")
    assert "95 %" in measured["ours"]
    assert missing["ours"] == "not measured"


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"network": {"architecture": "siamese"}}, ("network", "architecture")),
        ({"training": PARAMETERS["training"] | {"metric": "val_acuracy"}}, ("training", "metric")),
        ({"training": PARAMETERS["training"] | {"losses": [{"name": "dice"}]}}, ("training", "losses", "0", "name")),
        ({"samples": SAMPLES | {"classes": CLASSES[:2]}}, ("network", "options")),
        ({"samples": SAMPLES | {"classes": [*CLASSES, CLASSES[0]]}}, ("classes",)),
    ],
)
def test_what_does_not_go_together_is_told_before_anything_runs(change, where):
    with pytest.raises(ValidationError) as refused:
        ImageClassParameters.model_validate(PARAMETERS | change)
    assert refused.value.errors()[0]["ctx"]["location"] == where
