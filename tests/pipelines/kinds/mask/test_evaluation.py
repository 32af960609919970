"""Held-out tiles judged, calibrated and scored, with a network that says what its first band holds."""

import json
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from small_networks import small_network

from entropice.errors import ConfigError, LabelError
from entropice.imagery.drift_rules import DriftRules
from entropice.imagery.held_out import counts_by_tile
from entropice.imagery.inference_augmentation import averaged_inputs
from entropice.imagery.inference_augmentation_rules import InferenceAugmentationRules
from entropice.imagery.loading import SampleView
from entropice.imagery.normalisation import filled
from entropice.imagery.object_calibration import ObjectCalibration
from entropice.imagery.object_rules import ObjectRules
from entropice.imagery.samples import Image, Place, Sample
from entropice.imagery.statistics import BandStatistics, band_statistics
from entropice.imagery.symmetries import symmetries
from entropice.imagery.tile_counts import from_arrays, to_arrays
from entropice.io.arrays import Arrays
from entropice.networks.inference import predictor
from entropice.networks.machine import Machine
from entropice.pipelines.composition import Composition
from entropice.pipelines.evaluation.pipeline import EVALUATION
from entropice.pipelines.kinds.mask.declaration import MASK
from entropice.pipelines.kinds.mask.evaluation import chips as chips_module
from entropice.pipelines.kinds.mask.evaluation import drift, judging, nodes, pixels
from entropice.pipelines.kinds.mask.evaluation.parameters import NETWORK, EvaluationParameters
from entropice.pipelines.kinds.pixels import masks_of
from entropice.pipelines.objects.pipeline import OBJECTS
from entropice.pipelines.tasks.task import Task

EDGE = 24
BANDS = ("red",)
RATIOS = (10.0, 50.0)
EVALUATED = EvaluationParameters(
    ratios=RATIOS,
    calibrated_at=10.0,
    threshold="f_half",
    batch_size=4,
    n_bootstrap=20,
    n_rival_tiles=4,
    n_rival_pixels=10,
    test_time=InferenceAugmentationRules(n_symmetries=1, resolutions=(1,), averaged="logits"),
    objects=ObjectRules(
        threshold="recall",
        min_px=2,
        min_ious=(0.5, 0.3),
        true_at=0.3,
        size_edges_m=(50.0, 200.0),
        area_edges_m2=(5000.0,),
        max_recall_gap=0.1,
    ),
    drift=DriftRules(max_shift_sd=0.5, max_sd_ratio=1.5, max_psi=0.25),
)

EDGES_M2 = EVALUATED.objects.area_edges_m2


@dataclass(frozen=True)
class Drawn:
    """Tiles with one object each, of which the first band is a blurred likeness with some lookalikes."""

    keys: tuple[str, ...] = tuple(f"tile_{number:02d}" for number in range(40))
    bands: tuple[str, ...] = BANDS
    brighter_when_tested: float = 0.0

    def read(self, key):
        random = np.random.default_rng([*key.encode()])
        target = np.zeros((EDGE, EDGE), dtype=np.uint8)
        row, column = random.integers(2, EDGE - 10, 2)
        target[row : row + 7, column : column + 5] = 1
        values = random.normal(-2.0, 0.7, size=(EDGE, EDGE)) + target * random.uniform(1.0, 4.0)
        values[:3, :3] += random.uniform(1.0, 3.0)
        values += self.brighter_when_tested * (key in TESTED)
        image = Image(BANDS, values[None].astype(np.float32), np.ones((1, EDGE, EDGE), dtype=bool))
        return Sample(key, image, target, np.ones((EDGE, EDGE), dtype=bool), Place(0.0, 0.0, 10.0, EDGE, 2022))


SPLITS = pd.DataFrame(
    {
        "key": Drawn().keys,
        "block": np.repeat(np.arange(10, dtype=np.uint64), 4),
        "split": ["validation"] * 20 + ["test"] * 16 + ["train"] * 4,
    }
)
TILES = pd.DataFrame(
    {
        "key": Drawn().keys,
        "left_m": np.where(SPLITS["block"] % 2, -1e6, 1e6),
        "top_m": 0.0,
        "pixel_m": 10.0,
        "n_pixels": EDGE,
        "year": 2022,
    }
)
TESTED = set(SPLITS.loc[SPLITS["split"] == "test", "key"])
VIEW = SampleView(Drawn(), BandStatistics(BANDS, 1, np.array([1]), np.zeros(1), np.ones(1)), 1)


def says_the_first_band(inputs):
    return inputs[:, 0]


@pytest.fixture(scope="module")
def held_out():
    arrays = {}
    for split in judging.HELD_OUT:
        tiles = SPLITS[SPLITS["split"] == split]
        keys, blocks = list(tiles["key"]), tiles["block"].to_numpy()
        arrays |= {f"keys_{split}": np.array(keys), f"blocks_{split}": blocks}
        counts = counts_by_tile(VIEW, keys, blocks, {NETWORK: says_the_first_band}, 4, EDGES_M2)[NETWORK]
        arrays |= to_arrays(NETWORK, split, counts.counts)
    return Arrays(arrays, {"models": [NETWORK]})


@pytest.fixture(scope="module")
def calibration(held_out):
    return nodes.calibrate(held_out, SPLITS, TILES, EVALUATED)


@pytest.fixture
def judged(calibration, monkeypatch):
    monkeypatch.setattr(judging, "judged_view", lambda *_: VIEW)
    monkeypatch.setattr(judging, "network_predict", lambda *_: says_the_first_band)
    return nodes.judge_objects(None, None, SPLITS, {}, calibration, None, None, EVALUATED)


def test_objects_of_held_out_tiles_know_their_split_and_block(judged):
    objects, ground = judged
    assert len(ground) == 36
    assert set(objects["split"]) == {"validation", "test"}
    assert (objects.loc[objects["kind"] == "true"].groupby("tile").size() == 1).all()
    expected = SPLITS.set_index("key").loc[objects["tile"], ["split", "block"]].reset_index(drop=True)
    pd.testing.assert_frame_equal(objects[["split", "block"]], expected)
    assert (ground["n_positive"] == 35).all()


def test_object_calibration_is_of_validation_alone_and_says_how_objects_are_made(judged, calibration):
    objects, ground = judged
    document = nodes.calibrate_objects(objects, ground, calibration, EVALUATED)
    alone = (table[table["split"] == "validation"] for table in judged)

    assert nodes.calibrate_objects(*alone, calibration, EVALUATED) == document
    assert document["threshold_logit"] == calibration[NETWORK]["thresholds"]["recall"]["logit"]
    assert (document["min_px"], document["true_at"]) == (2, 0.3)
    fitted = ObjectCalibration.from_json(document)
    validation = objects.query("split == 'validation' and kind == 'found' and (is_judged or `matched_at_0.3`)")
    assert fitted.n_true + fitted.n_wrong == len(validation)
    assert fitted.line.slope > 0
    rates = [each["base_rate"] for each in document["base_rates"]]
    assert [each["ratio"] for each in document["base_rates"]] == list(RATIOS)
    assert 0 < rates[1] < rates[0] < 1


def test_object_scores_are_of_test_alone(judged):
    objects, ground = judged
    table = nodes.score_objects(objects, ground, EVALUATED, 42)
    n_true = len(objects.query("split == 'test' and kind == 'true'"))
    of_ratio = table[table["ratio"].notna()]

    assert (of_ratio["n_true"] == n_true).all()
    assert (of_ratio["n_blocks"] == 4).all()
    assert ((of_ratio["low_95"] <= of_ratio["value"]) & (of_ratio["value"] <= of_ratio["high_95"])).all()
    recall = table[(table["score"] == "recall") & (table["min_iou"] == 0.3)]["value"]
    assert len(set(recall)) == 1
    assert recall.iloc[0] > 0.3


def test_curves_are_of_test_tiles(held_out, calibration):
    table = nodes.draw_curves(held_out, calibration, EVALUATED)
    assert set(table["ratio"]) == set(RATIOS)
    n_positive = from_arrays(held_out.arrays, NETWORK, "test").by_block()[1][:, 1].sum()
    reliability = table.query("curve == 'reliability' and ratio == 10")
    assert reliability["n"].sum() == pytest.approx(11 * n_positive)


def test_chips_are_scored_at_the_threshold_in_use_and_at_a_half(held_out, calibration):
    chips, sweep = nodes.score_chips(held_out, calibration, TILES, EVALUATED)
    images = nodes.score_images(held_out, calibration, EVALUATED, 42)
    told = nodes.tell_scores(images, chips, held_out, calibration, EVALUATED, 42)

    assert chips.groupby(["split", "cut"]).size().to_dict() == {
        (split, cut): n for split, n in (("validation", 20), ("test", 16)) for cut in ("chosen", "half")
    }
    assert set(chips["region"]) == {"180W-90W", "0-90E"}
    tested = chips[(chips["split"] == "test") & (chips["cut"] == "chosen")][["n_true", "n_said", "n_both"]].sum()
    iou = tested["n_both"] / (tested["n_true"] + tested["n_said"] - tested["n_both"])
    (row,) = told[told["score"] == "global_iou"].to_dict("records")
    assert row["value"] == pytest.approx(iou)
    assert row["part"] is None
    assert row["low_95"] <= row["value"] <= row["high_95"]
    (in_sweep,) = sweep[(sweep["split"] == "test") & sweep["is_chosen"]].to_dict("records")
    assert in_sweep["iou"] == pytest.approx(iou)
    # objects of 35 pixels at the pole, where a pixel of 10 m is 106 m² of ground
    (by_area,) = told[told["score"] == "recall_by_area"].to_dict("records")
    assert (by_area["part"], by_area["n"]) == ("below 0.5 ha", tested["n_true"])
    assert by_area["value"] == pytest.approx(tested["n_both"] / tested["n_true"])
    titles = {score.name for score in MASK.texts().scores}
    assert set(told["score"]) <= titles


def test_regions_are_told_where_they_have_enough_positives(held_out, calibration, monkeypatch):
    monkeypatch.setattr(chips_module, "MIN_REGIONAL_POSITIVE", 150)
    tiles = TILES.assign(region=np.where(SPLITS["block"] == 9, "Baffin", "Pamir"))
    chips, _ = nodes.score_chips(held_out, calibration, tiles, EVALUATED)
    told = chips_module.chip_scores_of_test(chips, EVALUATED, 42)

    assert set(told["part"].dropna()) == {"Pamir"}
    assert told.loc[told["part"].notna(), "n_blocks"].eq(4).all()


def test_thresholds_by_sector_are_told_where_every_sector_has_enough(calibration, held_out, monkeypatch):
    poor = calibration[NETWORK]["regional"]
    assert poor["thresholds"] is None
    assert poor["why"] == "fewer than 1,000 positive pixels of validation tiles in 180W-90W (120), 0-90E (180)"

    monkeypatch.setattr(pixels, "MIN_REGIONAL_POSITIVE", 100)
    rich = nodes.calibrate(held_out, SPLITS, TILES, EVALUATED)[NETWORK]["regional"]
    assert {name: threshold["chosen_on"] for name, threshold in rich["thresholds"].items()} == {
        "180W-90W": "180W-90W",
        "0-90E": "0-90E",
    }
    assert rich["why"] is None


@pytest.mark.parametrize(
    ("images", "drifted"), [(Drawn(), []), (Drawn(brighter_when_tested=2.0), ["red"])], ids=["same", "brighter"]
)
def test_bands_of_test_tiles_that_have_drifted_are_named(images, drifted, monkeypatch):
    trained = band_statistics(images, SPLITS.loc[SPLITS["split"] == "train", "key"], 1.0, 0)
    monkeypatch.setattr(drift, "sample_view", lambda *_: SampleView(images, trained, 1))
    document = nodes.measure_drift(images, SPLITS, {}, list(BANDS), None, EVALUATED.drift, 0)

    assert document["drifted"] == drifted
    (band,) = json.loads(json.dumps(document))["bands"]
    assert (abs(band["shift_sd"]) > 0.5) == bool(drifted)


def test_a_rule_that_is_not_reached_is_told_before_tiles_are_read(calibration, monkeypatch):
    monkeypatch.setattr(judging, "judged_view", lambda *_: pytest.fail("tiles were read"))
    thresholds = {**calibration[NETWORK]["thresholds"], "recall": {"logit": None}}
    unreached = {NETWORK: {**calibration[NETWORK], "thresholds": thresholds}}
    with pytest.raises(LabelError, match=r"evaluation\.objects\.threshold"):
        nodes.judge_objects(None, None, SPLITS, {}, unreached, None, None, EVALUATED)


def test_names_that_are_not_declared_are_told_before_tiles_are_read(monkeypatch):
    monkeypatch.setattr(judging, "judged_view", lambda *_: pytest.fail("tiles were read"))
    misspelt = EVALUATED.model_copy(update={"threshold": "f_halve"})
    with pytest.raises(ConfigError, match="f_half"):
        nodes.judge_held_out(None, None, SPLITS, {}, None, None, misspelt)


def test_bounds_and_sizes_that_do_not_fit_are_refused():
    objects = EVALUATED.objects.model_dump()
    with pytest.raises(ValueError, match=r"true_at is 0\.4"):
        ObjectRules(**{**objects, "true_at": 0.4})
    with pytest.raises(ValueError, match="rising"):
        ObjectRules(**{**objects, "size_edges_m": (200.0, 50.0)})


@pytest.mark.parametrize("averaged", ["logits", "probabilities"])
def test_a_network_of_tensors_turns_with_the_image(averaged):
    network = small_network()
    rules = InferenceAugmentationRules(n_symmetries=8, resolutions=(1, 2), averaged=averaged)
    says = masks_of(predictor(network, network.state_dict(), Machine()))
    predict = averaged_inputs(lambda inputs: says(filled(inputs)), rules, 8)
    inputs = np.random.default_rng(0).standard_normal((3, 2, 8, 8)).astype(np.float32)
    for symmetry in symmetries(8):
        turned = symmetry.undo(predict(symmetry.apply(inputs)))
        np.testing.assert_allclose(turned, predict(inputs), rtol=1e-4, atol=1e-5)


def test_every_step_is_of_the_task():
    ponds = Task(kind="mask", source="virtual_slumps")
    composition = Composition(
        world=None, labels=None, features=(), pipelines=("evaluation", "objects"), tasks={"ponds": ponds}
    )
    pipeline = EVALUATION.create(composition) + OBJECTS.create(composition)
    assert {node.namespace for node in pipeline.nodes} == {"ponds"}
    assert {"ponds.object_calibration", "ponds.object_scores", "ponds.image_curves"} <= pipeline.all_outputs()
