"""Steps of the kind that names classes, one by one: splits, the check, and what is shown, by hand."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pytest
from task_runs import SAMPLES, scattered

from entropice.errors import GridError, SchemaError
from entropice.imagery.bands import RGB
from entropice.imagery.places import places_table
from entropice.imagery.samples import Image, Place, Sample
from entropice.imagery.split_rules import SplitRules
from entropice.io.arrays import Arrays
from entropice.pipelines.kinds.image_class.nodes import (
    calibrate,
    check_classes,
    draw_panel,
    score,
    split_images,
    tell_facts,
)
from entropice.pipelines.kinds.image_class.parameters import ClassEvaluationParameters, ClassSampleParameters
from entropice.pipelines.samples.nodes import measure_bands

NAMED = [{"name": name, "title": name.title(), "colour": "#000000"} for name in ("dark", "bright")]
PARAMETERS = ClassSampleParameters.model_validate(SAMPLES | {"classes": NAMED})
RULES = PARAMETERS.splits
EVALUATION = ClassEvaluationParameters(
    batch_size=4, n_symmetries=1, n_bootstrap=20, false_alarm_rate=0.25, confident_from=0.8, n_shown=8
)
GRID = "h3_5"
N, N_PX = 24, 16


@dataclass
class Images:
    """Every other image is bright; of some, pixels are not known."""

    places: dict[str, Place] = field(default_factory=lambda: scattered(N, N_PX))
    n_unknown: dict[str, int] = field(default_factory=dict)
    labels: dict[str, int] = field(default_factory=dict)
    bands: tuple[str, ...] = RGB
    read_keys: list[str] = field(default_factory=list)

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(self.places)

    def read(self, key: str) -> Sample:
        self.read_keys.append(key)
        label = int(key[1:]) % 2
        values = np.random.default_rng([*key.encode()]).uniform(0.1, 0.4, (3, N_PX, N_PX)) + 0.4 * label
        valid = np.ones(values.shape, bool)
        valid.reshape(3, -1)[:, : self.n_unknown.get(key, 0)] = False
        image = Image(RGB, np.where(valid, values, 0).astype(np.float32), valid)
        return Sample(key, image, np.array(self.labels.get(key, label)), np.array(True), self.places[key])


def test_an_image_is_unseen_only_where_none_of_its_pixels_is_known() -> None:
    """Its block and its class stay, and so do the splits of all others."""
    whole, some = Images(), Images(n_unknown={"t003": N_PX**2, "t004": N_PX**2 - 1})
    tiles = places_table(whole.places)

    before, after = (split_images(tiles, images, GRID, RULES, 1) for images in (whole, some))

    assert list(after.columns) == ["key", "block", "split", "label"]
    assert after["split"].tolist() == before["split"].mask(before["key"] == "t003", "unseen").tolist()
    pd.testing.assert_frame_equal(after.drop(columns="split"), before.drop(columns="split"))


def test_rows_are_those_of_the_tiles_in_their_order_and_images_are_read_once() -> None:
    images = Images()
    tiles = places_table(images.places).iloc[::-1]

    splits = split_images(tiles, images, GRID, RULES, 1)

    assert splits["key"].tolist() == images.read_keys == tiles["key"].tolist()
    assert splits["label"].dtype == np.int64
    assert splits["label"].tolist() == [int(key[1:]) % 2 for key in tiles["key"]]


def test_blocks_that_the_grid_does_not_have_are_refused() -> None:
    images = Images()
    tiles = places_table(images.places)

    with pytest.raises(GridError):
        split_images(tiles, images, GRID, SplitRules(**RULES.model_dump() | {"block_level": 6}), 1)
    with pytest.raises(SchemaError):
        split_images(pd.concat([tiles, tiles.head(1)]), images, GRID, RULES, 1)


def dealt(images: Images) -> pd.DataFrame:
    """Half of the images to learn from, a quarter each for the rest, the last one left out."""
    names = ["train"] * (N // 2) + ["validation"] * (N // 4) + ["test"] * (N // 4 - 1) + ["buffer"]
    return pd.DataFrame({"key": images.keys, "split": names})


def checked(images: Images, splits: pd.DataFrame) -> dict:
    statistics = measure_bands(images, splits, list(RGB), PARAMETERS.derivation, PARAMETERS.statistics, 0)
    images.read_keys.clear()
    return check_classes(images, splits, statistics, list(RGB), PARAMETERS)


def test_clean_images_pass_and_rows_of_all_splits_are_counted() -> None:
    images = Images()

    assert checked(images, dealt(images)) == {"n_tiles": N, "findings": []}
    assert sorted(images.read_keys) == list(images.keys[:-1])


@pytest.mark.parametrize(
    ("labels", "kind"),
    [({"t000": 2}, "target"), ({f"t{number:03d}": 0 for number in range(N // 2, 3 * N // 4)}, "no such class")],
    ids=["no class", "a class that a split lacks"],
)
def test_labels_that_nothing_can_learn_from_stop_everything(labels: dict[str, int], kind: str) -> None:
    images = Images(labels=labels)

    with pytest.raises(SchemaError) as refused:
        checked(images, dealt(images))

    assert kind in str(refused.value.field)


@pytest.fixture
def held_out() -> Arrays:
    """Five test images: 0, 1, 0, 1, 0; logits of the true class lead by 2, -1, 0, -3 and 1."""
    labels, lead = np.array([0, 1, 0, 1, 0]), np.array([2.0, -1.0, 0.0, -3.0, 1.0])
    logits = lead[:, None] * np.eye(2)[labels]
    shared = {"prior": np.array([0.75, 0.25])}
    of_test = {
        "network_test": logits,
        "labels_test": labels,
        "blocks_test": np.arange(5, dtype=np.uint64),
        "strangeness_test": np.array([0.0, 0.0, 0.0, 9.0, 0.0]),
    }
    return Arrays(shared | of_test, {"models": ["network"]})


ALARM = Arrays(
    {"means": np.zeros((2, 1)), "precisions": np.ones((2, 1, 1))}, {"threshold": 5.0, "false_alarm_rate": 0.25}
)
AS_IT_IS = {"network": {"slope": 1.0, "intercepts": [0.0, 0.0]}}


def test_the_panel_has_the_most_wrong_images_in_whole_rows(held_out: Arrays) -> None:
    """The chance of the truth is least where its logit trails most; the fifth, most right, would fill no row."""
    images = Images()
    splits = pd.DataFrame({"key": list(images.keys[:6]), "split": ["test", "test", "train", "test", "test", "test"]})

    panel = draw_panel(held_out, ALARM, AS_IT_IS, images, splits, PARAMETERS, 5)

    (row,) = panel.rows
    assert [picture.title for picture in row.pictures] == [
        "Bright; said: None of these",
        f"Bright; said: Dark, {1 / (1 + np.exp(-1)):.0%}",
        "Dark; said: Dark, 50%",
        f"Dark; said: Dark, {1 / (1 + np.exp(-1)):.0%}",
    ]
    assert images.read_keys[:4] == ["t004", "t001", "t003", "t005"]


def test_a_calibration_turns_over_logits_that_are_all_too_sure() -> None:
    """Of images at a lead of 4, three in four are right: the slope is far below 1, without a bias to either class."""
    labels = np.array([0, 0, 0, 1, 1, 1, 1, 0] * 50)
    said = np.array([0, 0, 0, 0, 1, 1, 1, 1] * 50)
    held_out = Arrays(
        {"network_validation": 4.0 * np.eye(2)[said], "labels_validation": labels}, {"models": ["network"]}
    )

    (line,) = calibrate(held_out).values()

    assert 4 * line["slope"] == pytest.approx(np.log(3), rel=0.02)
    np.testing.assert_allclose(line["intercepts"], 0.0, atol=1e-6)


def test_scores_are_told_of_network_and_prevalence_over_all_images(held_out: Arrays) -> None:
    scores = score(held_out, ALARM, AS_IT_IS, PARAMETERS, EVALUATION, 0)

    own = scores[scores["compared_with"].isna() & scores["part"].isna()].set_index(["model", "score"])
    assert set(own.index.get_level_values("model")) == {"network", "prevalence"}
    assert own.loc[("network", "accuracy"), "value"] == pytest.approx(3 / 5)
    assert own.loc[("prevalence", "accuracy"), "value"] == pytest.approx(3 / 5)
    assert own.loc[("network", "alarm_rate"), "value"] == pytest.approx(1 / 5)
    assert own.loc[("network", "accuracy_of_answered"), "value"] == pytest.approx(3 / 4)
    assert (own["n_blocks"] == 5).all()


def test_facts_tell_images_by_class_and_blocks_of_ground() -> None:
    splits = pd.DataFrame(
        {
            "split": ["train", "train", "train", "test", "buffer"],
            "block": [1, 1, 2, 3, 4],
            "label": [0, 0, 1, 1, 0],
        }
    )
    tiles = places_table({"a": Place(0.0, 0.0, 250.0, N_PX, 2020)})
    columns = ["model", "compared_with", "score", "part", "horizon", "value", "low_95", "high_95"]

    facts = tell_facts(pd.DataFrame(columns=columns), ALARM, splits, tiles, list(RGB), PARAMETERS, EVALUATION)

    assert facts["inputs"] == "Images of 16 × 16 pixels of 250 m, bands red, green, blue."
    assert facts["learned_from"] == "3 images in 2 blocks of ground: 2 Dark, 1 Bright."
    assert facts["tested_on"] == "1 images in 1 blocks in which nothing was learned: 0 Dark, 1 Bright."
    assert "up to 25%" in facts["limits"][1]
    assert facts["expectations"] == []
