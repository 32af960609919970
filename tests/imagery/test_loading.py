from dataclasses import dataclass, replace

import numpy as np
import pytest

from entropice.errors import ConfigError
from entropice.imagery.augmentation import augmented
from entropice.imagery.augmentation_rules import AugmentationRules
from entropice.imagery.derived_band_rules import DerivedBandRules
from entropice.imagery.held_out import counts_by_block
from entropice.imagery.loading import BandView, SampleView, TrainingView, counted, of_bands
from entropice.imagery.normalisation import standardised
from entropice.imagery.samples import Image, Place, Sample
from entropice.imagery.score_histograms import score_counts
from entropice.imagery.sensor_rules import Sensors
from entropice.imagery.statistics import BandStatistics, band_statistics

RULES = DerivedBandRules(surroundings_radius_m=12.0, sun_azimuth_deg=315.0, sun_elevation_deg=45.0)
BANDS = ("nir", "red", "green", "blue")
SEEN = ("red", "green", "blue", "ndvi")
VARIED = AugmentationRules(
    symmetry_probability=0.5,
    affine_probability=0.5,
    max_shift=0.1,
    max_scale=0.2,
    max_rotation_deg=45,
    elastic_probability=0.3,
    elastic_alpha_px=20,
    elastic_sigma_px=4,
    shear_probability=0.3,
    max_shear_deg=10,
    colour_probability=0.5,
    max_brightness=0.2,
    max_contrast=0.2,
    max_saturation=0.2,
)


@dataclass(frozen=True)
class Drawn:
    """Samples that follow from their keys."""

    keys: tuple[str, ...] = ("a", "b", "c", "d")
    bands: tuple[str, ...] = BANDS

    def read(self, key: str) -> Sample:
        random = np.random.default_rng([*key.encode()])
        values = random.uniform(0.05, 0.4, size=(4, 16, 16)).astype(np.float32)
        valid = np.broadcast_to(random.uniform(size=(16, 16)) > 0.1, values.shape).copy()
        target = np.zeros((16, 16), np.uint8)
        target[4:12, 4:12] = 1
        image = Image(BANDS, np.where(valid, values, np.float32(0)), valid)
        return Sample(key, image, target, np.ones((16, 16), bool), Place(0.0, 0.0, 3.0, 16, 2021))


def _seen(samples: Drawn) -> BandView:
    return BandView(samples, SEEN, RULES)


def _statistics() -> BandStatistics:
    return band_statistics(_seen(Drawn()), Drawn().keys, share=1.0, seed=0)


@pytest.fixture
def view() -> SampleView:
    return SampleView(_seen(Drawn()), _statistics(), ignored_edge_px=2)


def test_bands_come_in_the_order_asked_for_and_others_are_derived() -> None:
    image = Drawn().read("a").image

    seen = of_bands(image, SEEN, 3.0, RULES)

    assert seen.bands == SEEN
    assert np.array_equal(seen.values[0], image.values[1])
    known = image.valid[0]
    nir, red = image.values[0][known], image.values[1][known]
    assert seen.values[3][known] == pytest.approx((nir - red) / (nir + red), abs=1e-6)


def test_a_band_that_cannot_be_derived_is_refused() -> None:
    with pytest.raises(ConfigError, match="elevation"):
        of_bands(Drawn().read("a").image, ("elevation",), 3.0, RULES)


def test_edges_of_labels_and_pixels_that_are_not_valid_do_not_count(view: SampleView) -> None:
    _, target, scored = view.seen(["a"])

    assert not scored[0, 2:6, 8].any()
    assert scored[0, 7, 7] == Drawn().read("a").image.valid[0, 7, 7]
    assert not scored[0][~Drawn().read("a").image.valid[0]].any()
    assert target[0, 7, 7] == 1


def test_what_is_learned_from_is_the_varied_sample_standardised(view: SampleView) -> None:
    inputs, target, scored = TrainingView(view, VARIED, seed=3).load(["b", "a"], epoch=4)
    varied = augmented(view.sample("a"), VARIED, seed=3, epoch=4)

    assert np.array_equal(inputs[1], standardised(varied.image, view.statistics), equal_nan=True)
    assert np.array_equal(target[1], varied.target)
    assert np.array_equal(scored[1], varied.scored)


def test_another_epoch_is_varied_otherwise_and_the_same_one_is_not(view: SampleView) -> None:
    training = TrainingView(view, VARIED, seed=3)

    assert np.array_equal(training.load(["a"], 4)[0], training.load(["a"], 4)[0], equal_nan=True)
    assert not np.array_equal(training.load(["a"], 4)[0], training.load(["a"], 5)[0])


@pytest.mark.parametrize("batch_size", [1, 3, 8])
def test_counts_of_a_block_are_those_of_its_tiles_whatever_the_batches(view: SampleView, batch_size: int) -> None:
    keys, blocks = ["a", "b", "c", "d"], np.array([7, 3, 7, 7], dtype=np.uint64)

    models = {"first": lambda inputs: inputs[:, 0], "second": lambda inputs: inputs[:, 1]}
    names, counts = counts_by_block(view, keys, blocks, models, batch_size)

    inputs, target, scored = view.seen(["a", "c", "d"])
    assert names.tolist() == [3, 7]
    assert np.array_equal(counts["first"][1], score_counts(inputs[:, 0], target > 0, scored))
    assert np.array_equal(counts["second"][1], score_counts(inputs[:, 1], target > 0, scored))


def test_a_band_that_a_tile_lost_when_it_was_varied_is_not_known_and_does_not_count(view: SampleView) -> None:
    @dataclass(frozen=True)
    class Holed(Drawn):
        def read(self, key: str) -> Sample:
            sample = super().read(key)
            valid = sample.image.valid.copy()
            valid[2] = False
            return replace(sample, image=replace(sample.image, valid=valid))

    inputs, _, scored = replace(view, samples=_seen(Holed())).seen(["a"])

    assert np.isnan(inputs[0, 1]).all()
    assert not scored.any()


def _sample(shape: tuple[int, ...], target: np.ndarray, n_unknown: int) -> Sample:
    """Of the shape of an image; the first values of its first row are unknown in the last band of the last image."""
    valid = np.ones(shape, bool)
    valid.reshape(-1, *shape[-2:])[-1, 0, :n_unknown] = False
    image = Image(BANDS, np.ones(shape, np.float32), valid)
    return Sample("a", image, target, np.ones(target.shape, bool), Place(0.0, 0.0, 3.0, 16, 2021))


def test_a_change_counts_where_both_images_are_known() -> None:
    scored = counted(_sample((2, 4, 16, 16), np.zeros((16, 16), np.uint8), n_unknown=3), ignored_edge_px=0)

    assert scored.shape == (16, 16)
    assert np.flatnonzero(~scored).tolist() == [0, 1, 2]


@pytest.mark.parametrize(("n_rows_known", "counts"), [(16, True), (1, True), (0, False)])
def test_a_class_counts_where_something_is_seen(n_rows_known: int, counts: bool) -> None:
    sample = _sample((4, 16, 16), np.array(2, np.int64), n_unknown=3)
    sample.image.valid[:, n_rows_known:] = False

    scored = counted(sample, ignored_edge_px=2)

    assert (scored.shape, scored.dtype, bool(scored)) == ((), np.bool_, counts)


def test_frames_count_where_their_own_truth_does() -> None:
    sample = _sample((5, 4, 16, 16), np.zeros((2, 1, 16, 16), np.float32), n_unknown=3)
    sample.scored[1, 0, 4] = False

    assert np.array_equal(counted(sample, ignored_edge_px=0), sample.scored)


@dataclass(frozen=True)
class Pairs(Drawn):
    """Each sample twice, with one class or a mask."""

    is_class: bool = False

    def read(self, key: str) -> Sample:
        sample = super().read(key)
        values, valid = (np.stack([array, array]) for array in (sample.image.values, sample.image.valid))
        target = np.array(1, np.int64) if self.is_class else sample.target
        return Sample(key, Image(BANDS, values, valid), target, np.ones(target.shape, bool), sample.place)


@pytest.mark.parametrize(("is_class", "shape"), [(False, (3, 16, 16)), (True, (3,))])
def test_classes_and_pairs_are_learned_from_through_the_same_door(is_class: bool, shape: tuple[int, ...]) -> None:
    samples = BandView(Pairs(is_class=is_class), SEEN, RULES)
    view = TrainingView(SampleView(samples, _statistics(), 1), VARIED, seed=4)

    inputs, target, scored = view.load(["a", "b", "c"], 5)

    assert (inputs.shape, inputs.dtype) == ((3, 2, 4, 16, 16), np.float32)
    assert target.shape == scored.shape == shape
    assert scored.dtype == np.bool_


def test_sensors_are_hidden_from_what_is_learned_from_and_from_nothing_else(view: SampleView) -> None:
    sensors = Sensors({"visible": SEEN[:3], "index": SEEN[3:]})
    view = replace(view, sensors=sensors)
    hiding = VARIED.model_copy(update={"hidden_sensor_probability": 1.0})

    inputs, _, scored = TrainingView(view, hiding, seed=3).load(["a", "b", "c"], epoch=4)

    is_known = np.isfinite(inputs).any(axis=(2, 3))
    assert np.array_equal(is_known[:, 0], ~is_known[:, 3])
    assert scored.any(axis=(1, 2)).all()
    assert np.isfinite(view.seen(["a"])[0]).any(axis=(2, 3)).all()
