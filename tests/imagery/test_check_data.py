"""Each fault alone is found, under its own name, and clean data have none."""

# ruff: noqa: PD011 - these are the values of images

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd
import pytest
from band_images import PLACE, Held, image_of, random_sample
from pydantic import ValidationError
from scipy.ndimage import gaussian_filter

from entropice.errors import InputFileError, SchemaError
from entropice.imagery.check_data import ExpectedData, check_data
from entropice.imagery.data_rules import DataRules
from entropice.imagery.findings import findings_table, require_clean
from entropice.imagery.sample_record import ExpectedTarget
from entropice.imagery.samples import Place, Sample
from entropice.imagery.statistics import image_statistics, merged
from entropice.imagery.statistics_document import to_document

N = 12
SAMPLES = [
    replace(random_sample(seed, key=f"tile_{seed}"), place=replace(PLACE, left_m=48.0 * seed)) for seed in range(N)
]
"""Side by side: each touches the next one, and overlaps none."""
SPLIT_OF = ["train"] * 6 + ["validation"] * 2 + ["test"] * 2 + ["buffer"] * 2
SPLITS = pd.DataFrame({"key": [sample.key for sample in SAMPLES], "split": SPLIT_OF})
STATISTICS = to_document(
    reduce(merged, [image_statistics(sample.image) for sample in SAMPLES]), "version 1", date(2025, 1, 1)
)
EXPECTED = ExpectedData(
    "version 1",
    ExpectedTarget((16, 16), "uint8", 0, 1),
    DataRules(min_prevalence=0.01, max_prevalence=0.5, max_hidden_share=0.2),
)


def _kinds(samples: list[Sample], splits: pd.DataFrame = SPLITS, **changes: Any) -> list[str]:
    expected = replace(EXPECTED, **changes)
    return [finding.kind for finding in check_data(Held(samples), splits, expected, STATISTICS)]


def _with(number: int, **changes: Any) -> list[Sample]:
    return [*SAMPLES[:number], replace(SAMPLES[number], **changes), *SAMPLES[number + 1 :]]


def _with_values(number: int, change: Callable[[Any, Any], Any]) -> list[Sample]:
    """A sample whose values or validity a function changes in place."""
    image = SAMPLES[number].image
    values, valid = image.values.copy(), image.valid.copy()
    change(values, valid)
    return _with(number, image=replace(image, values=values, valid=valid))


def _set(band: int, value: float) -> Callable[[Any, Any], None]:
    def change(values: Any, valid: Any) -> None:
        values[band][valid[band]] = value

    return change


def _spoil(band: int, value: float) -> Callable[[Any, Any], None]:
    def change(values: Any, valid: Any) -> None:
        values[band].flat[np.flatnonzero(valid[band])[0]] = value

    return change


def _forget(bands: slice) -> Callable[[Any, Any], None]:
    def change(values: Any, valid: Any) -> None:
        values[bands], valid[bands] = 0.0, False

    return change


def test_clean_data_have_no_findings() -> None:
    assert _kinds(SAMPLES) == []
    require_clean([])


@pytest.mark.parametrize(
    ("samples", "kind"),
    [
        (_with_values(3, _forget(slice(1, 2))), "missing band"),
        (_with_values(3, _set(3, 0.4)), "constant band"),
        (_with_values(3, _forget(slice(None))), "nothing valid"),
        (_with_values(3, _spoil(2, 1.7)), "beyond range"),
        (_with_values(3, _spoil(2, -0.1)), "beyond range"),
        (_with_values(3, _spoil(2, np.nan)), "not finite"),
        (_with(3, target=SAMPLES[3].target.astype(np.int64)), "target shape"),
        (_with(3, target=np.zeros((16, 1), np.uint8), scored=np.ones((16, 1), bool)), "target shape"),
        (_with(3, target=SAMPLES[3].target + np.uint8(1)), "target values"),
        (_with(3, scored=SAMPLES[3].scored[:-1]), "scored shape"),
        (_with(3, image=random_sample(3, bands=("red", "green", "blue", "nir", "elevation")).image), "bands"),
        (_with(3, image=replace(SAMPLES[3].image, values=SAMPLES[3].image.values[..., 1:])), "image shape"),
        (_with(3, image=replace(SAMPLES[3].image, values=SAMPLES[3].image.values.astype(float))), "image type"),
        (_with(3, image=random_sample(3, n_pixels=20).image), "image size"),
        (_with(3, image=random_sample(3, n_pixels=20).image, place=replace(PLACE, n_pixels=20)), "image size"),
        (_with(3, place=replace(SAMPLES[3].place, n_pixels=20)), "image size"),
        (_with(3, place=replace(SAMPLES[8].place, year=2024)), "same ground"),
        (_with(3, place=replace(SAMPLES[6].place, left_m=SAMPLES[6].place.left_m - 47)), "same ground"),
        (_with(4, image=SAMPLES[3].image), "same content in a split"),
        (_with(8, image=SAMPLES[3].image), "same content"),
    ],
)
def test_each_fault_of_a_tile_is_found_alone_with_its_key(samples: list[Sample], kind: str) -> None:
    (finding,) = check_data(Held(samples), SPLITS, EXPECTED, STATISTICS)

    assert finding.kind == kind
    assert any("tile_3" in evidence for evidence in finding.evidence)


def test_faults_of_tiles_in_the_buffer_do_not_matter() -> None:
    assert _kinds(_with_values(N - 1, _forget(slice(None)))) == []


def test_tiles_of_one_split_may_overlap() -> None:
    assert _kinds(_with(3, place=replace(SAMPLES[4].place, top_m=3.0))) == []


def test_tiles_that_show_nothing_are_not_told_as_equal() -> None:
    def forget(sample: Sample) -> Sample:
        return replace(sample, image=image_of(sample.image.values, sample.image.bands, sample.image.valid & False))

    samples = [forget(sample) if number in (1, 2, 8) else sample for number, sample in enumerate(SAMPLES)]

    assert _kinds(samples) == ["nothing valid"]


def test_a_key_twice_in_one_split_is_found() -> None:
    (finding,) = check_data(Held(SAMPLES), pd.concat([SPLITS, SPLITS.iloc[:1]]), EXPECTED, STATISTICS)

    assert (finding.kind, finding.evidence) == ("twice in a split", ("tile_0",))


def test_what_is_not_scored_may_be_anything() -> None:
    targets = [np.where(one.scored, one.target * (n > 2), 255).astype(np.uint8) for n, one in enumerate(SAMPLES)]

    assert _kinds([replace(one, target=target) for one, target in zip(SAMPLES, targets, strict=True)]) == []


def test_keys_in_two_splits_and_keys_without_a_tile_are_found() -> None:
    more = pd.DataFrame({"key": ["tile_0", "nowhere"], "split": ["test", "train"]})

    findings = check_data(Held(SAMPLES), pd.concat([SPLITS, more]), EXPECTED, STATISTICS)

    assert [(finding.kind, finding.evidence) for finding in findings] == [
        ("in two splits", ("tile_0",)),
        ("no such tile", ("nowhere",)),
    ]


def test_an_empty_split_is_found() -> None:
    assert _kinds(SAMPLES, SPLITS[SPLITS["split"] != "test"]) == ["empty split"]


def test_a_split_without_positives_or_with_all_of_them_hidden_is_found() -> None:
    without = [replace(one, target=np.zeros_like(one.target)) if n in (8, 9) else one for n, one in enumerate(SAMPLES)]
    hidden = [replace(one, scored=one.target == 0) if n in (6, 7) else one for n, one in enumerate(SAMPLES)]

    assert _kinds(without) == ["no positives"]
    assert _kinds(hidden) == ["positives not scored", "prevalence"]


@pytest.mark.parametrize(("n_hidden", "kinds"), [(1, []), (2, ["positives not scored"])])
def test_a_share_of_the_tiles_may_have_their_positives_hidden(n_hidden: int, kinds: list[str]) -> None:
    hidden = [replace(one, scored=one.target == 0) if n < n_hidden else one for n, one in enumerate(SAMPLES)]

    assert _kinds(hidden) == kinds


@pytest.mark.parametrize(("lowest", "highest"), [(0.3, 0.9), (0.0, 0.1)])
def test_a_prevalence_outside_its_range_is_found_in_every_split(lowest: float, highest: float) -> None:
    rules = DataRules(min_prevalence=lowest, max_prevalence=highest, max_hidden_share=0.2)

    assert _kinds(SAMPLES, rules=rules) == ["prevalence"] * 3


def test_statistics_of_other_data_are_found() -> None:
    (other,) = check_data(Held(SAMPLES), SPLITS, replace(EXPECTED, dataset_version="version 2"), STATISTICS)

    assert other.kind == "statistics"
    assert other.evidence == ("dataset_version: got version 1, expected version 2",)


def test_damaged_statistics_are_told_part_by_part() -> None:
    without = {name: value for name, value in STATISTICS.items() if name != "n_pixels_used"}

    (damaged,) = check_data(Held(SAMPLES), SPLITS, EXPECTED, without)

    assert (damaged.kind, damaged.evidence) == ("statistics", ("n_pixels_used: Field required",))


def test_a_tile_that_cannot_be_read_is_found() -> None:
    class Damaged(Held):
        def read(self, key: str) -> Sample:
            if key == "tile_2":
                raise InputFileError("The tile is cut short.")
            return super().read(key)

    (finding,) = check_data(Damaged(SAMPLES), SPLITS, EXPECTED, STATISTICS)

    assert (finding.kind, finding.evidence) == ("not readable", ("tile_2: The tile is cut short.",))


def test_targets_that_are_no_classes_have_neither_positives_nor_prevalence() -> None:
    frames = [
        replace(one, target=np.full((3, 1, 16, 16), 900.0, np.float32), scored=np.ones((3, 1, 16, 16), bool))
        for one in SAMPLES
    ]

    assert _kinds(frames, target=ExpectedTarget((3, 1, 16, 16), "float32", 0, 10_000)) == []
    assert _kinds(frames, target=ExpectedTarget((3, 1, 16, 16), "float32", 0, 100)) == ["target values"]


def test_all_findings_are_told_at_once() -> None:
    samples = _with_values(3, _forget(slice(1, 2)))
    findings = check_data(Held(samples), SPLITS[SPLITS["split"] != "test"], EXPECTED, STATISTICS)

    with pytest.raises(SchemaError, match=r"2 findings(.|\n)*tile_3: green(.|\n)*No tile is in test"):
        require_clean(findings)
    assert findings_table(findings)["kind"].tolist() == ["missing band", "empty split"]


def test_a_range_the_wrong_way_round_is_refused() -> None:
    with pytest.raises(ValidationError, match="must not exceed"):
        DataRules(min_prevalence=0.2, max_prevalence=0.1, max_hidden_share=0.0)


def test_an_image_that_varies_in_its_frames_only_is_not_constant() -> None:
    frames = np.stack([np.full((1, 16, 16), value) for value in (0.1, 0.2)])
    samples = [replace(one, image=image_of(frames + n / 100, ("red",))) for n, one in enumerate(SAMPLES)]
    document = to_document(image_statistics(samples[0].image), "version 1", date(2025, 1, 1))

    assert check_data(Held(samples), SPLITS, EXPECTED, document) == []


@pytest.mark.parametrize(("down_px", "kinds"), [(0, []), (3, ["labels are moved"])])
def test_labels_beside_what_they_outline_are_found(down_px: int, kinds: list[str]) -> None:
    def outlined(number: int) -> Sample:
        random, place = np.random.default_rng(number), Place(144.0 * number, 0.0, 3.0, 48, 2021)
        patch = gaussian_filter(random.normal(size=(48, 48)), 5) > 0.03
        image = image_of((0.3 + 0.2 * patch + random.normal(0, 0.01, size=(48, 48)))[None], ("red",))
        target = np.roll(patch, down_px, axis=0).astype(np.uint8)
        return Sample(f"tile_{number}", image, target, np.ones((48, 48), dtype=bool), place)

    samples = [outlined(number) for number in range(30)]
    splits = pd.DataFrame({"key": Held(samples).keys, "split": ["train", "validation", "test"] * 10})
    document = to_document(image_statistics(samples[0].image), "version 1", date(2025, 1, 1))
    expected = replace(EXPECTED, target=ExpectedTarget((48, 48), "uint8", 0, 1))

    findings = check_data(Held(samples), splits, expected, document)

    assert [finding.kind for finding in findings] == kinds


def _classified(number: int, label: int) -> Sample:
    return replace(SAMPLES[number], target=np.array(label, np.int64), scored=np.array(True))


CLASSES = ExpectedTarget((), "int64", 0, 1)


def test_images_with_one_class_each_are_clean_where_each_split_shows_all() -> None:
    samples = [_classified(number, number % 2) for number in range(N)]

    assert _kinds(samples, target=CLASSES) == []


def test_a_class_that_a_split_does_not_show_is_found() -> None:
    samples = [_classified(number, int(number < 6 and number % 2)) for number in range(N)]

    rules = DataRules(min_prevalence=0.01, max_prevalence=1.0, max_hidden_share=0.0)

    found = check_data(Held(samples), SPLITS, replace(EXPECTED, target=CLASSES, rules=rules), STATISTICS)

    assert [(each.kind, each.statement) for each in found] == [
        ("no such class", f"1 classes are nowhere in {split}.") for split in ("validation", "test")
    ]


def test_a_class_that_is_too_rare_is_found() -> None:
    samples = [_classified(number, int(number in {0, 6, 8, 10})) for number in range(N)]
    rules = DataRules(min_prevalence=0.2, max_prevalence=0.85, max_hidden_share=0.0)

    found = check_data(Held(samples), SPLITS, replace(EXPECTED, target=CLASSES, rules=rules), STATISTICS)

    assert [(each.kind, each.evidence) for each in found] == [("prevalence", ("class 1: 0.167 of 6 images",))]


def test_a_class_that_is_not_declared_is_found() -> None:
    samples = [_classified(number, 2 if number == 3 else number % 2) for number in range(N)]

    assert _kinds(samples, target=CLASSES) == ["target values"]


def test_pairs_are_looked_at_as_a_whole() -> None:
    samples = [
        replace(sample, image=replace(sample.image, values=np.stack([sample.image.values] * 2), valid=valid))
        for sample in SAMPLES
        for valid in [np.stack([sample.image.valid, sample.image.valid])]
    ]

    assert _kinds(samples) == []
