import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entropice.errors import InputFileError, SchemaError
from entropice.imagery.normalisation import normalised
from entropice.imagery.samples import Image
from entropice.imagery.statistics import from_document, measured, to_document

BANDS = ("nir", "red", "green", "blue")


def _images(n: int, seed: int = 0) -> list[Image]:
    random = np.random.default_rng(seed)
    values = random.normal([[[2.0]], [[0.1]], [[0.2]], [[0.3]]], 0.05, size=(n, 4, 6, 5)).astype(np.float32)
    valid = random.uniform(size=values.shape) > 0.2
    return [Image(BANDS, np.where(one, value, np.float32(0)), one) for value, one in zip(values, valid, strict=True)]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 1000), n=st.integers(1, 12))
def test_one_pass_gives_what_two_passes_give_in_any_order(seed: int, n: int) -> None:
    images = _images(n, seed)
    known = [np.concatenate([i.values[band][i.valid[band]] for i in images]).astype(np.float64) for band in range(4)]

    forward, backward = measured(images), measured(images[::-1])

    assert forward.mean == pytest.approx([values.mean() for values in known], rel=1e-9)
    assert forward.std == pytest.approx([values.std() for values in known], rel=1e-6)
    assert forward.mean == pytest.approx(backward.mean, rel=1e-12)
    assert forward.std == pytest.approx(backward.std, rel=1e-12)
    assert forward.n_pixels.tolist() == [len(values) for values in known]


def test_the_document_has_the_published_fields_and_comes_back() -> None:
    statistics = measured(_images(5))

    document = to_document(statistics, "virtual-1", "2026-11-29")
    again = from_document(document, "stats.json", "virtual-1", BANDS)

    assert document["n_tiles_used"] == 5
    assert document["rgb"]["mean"] == pytest.approx(statistics.mean[[1, 2, 3]])
    assert document["extra"]["std"] == pytest.approx(statistics.std[:1])
    assert again.mean == pytest.approx(statistics.mean)
    assert again.std == pytest.approx(statistics.std)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"dataset_version": "other"}, "dataset_version"),
        ({"layout_version": 2}, "layout_version"),
        ({"bands": ["red", "green", "blue", "nir"]}, "bands"),
        ({"rgb": {"mean": [0.1], "std": [0.1]}}, "mean, std"),
        ({"extra": {"mean": [float("nan")], "std": [0.1]}}, "std"),
        ({"extra": {"mean": [0.1], "std": [0.0]}}, "std"),
    ],
)
def test_statistics_of_other_data_are_refused(change: dict, field: str) -> None:
    document = to_document(measured(_images(3)), "virtual-1", "2026-11-29") | change

    with pytest.raises(InputFileError) as refused:
        from_document(document, "stats.json", "virtual-1", BANDS)

    assert refused.value.field == field


@pytest.mark.parametrize(("what", "value"), [("constant", 0.5), ("missing", None)])
def test_a_band_without_anything_to_learn_is_refused(what: str, value: float | None) -> None:
    images = _images(3)
    for image in images:
        image.values[0], image.valid[0] = value or 0.0, value is not None

    with pytest.raises(SchemaError, match=f"nir is {what}"):
        to_document(measured(images), "virtual-1", "2026-11-29")


def test_no_image_is_refused() -> None:
    with pytest.raises(SchemaError, match="no image"):
        measured([])


def test_what_is_known_is_standardised_and_what_is_not_is_the_mean() -> None:
    images = _images(40)
    statistics = measured(images)

    standardised = np.stack([normalised(image, statistics) for image in images])
    valid = np.stack([image.valid for image in images])

    assert standardised.dtype == np.float32
    assert (standardised[~valid] == 0).all()
    assert [standardised[:, band][valid[:, band]].mean() for band in range(4)] == pytest.approx([0] * 4, abs=1e-4)
    assert [standardised[:, band][valid[:, band]].std() for band in range(4)] == pytest.approx([1] * 4, abs=1e-4)


def test_a_missing_band_and_other_bands_are_refused() -> None:
    image, statistics = _images(1)[0], measured(_images(3))
    image.valid[1] = False

    with pytest.raises(SchemaError, match="red is missing"):
        normalised(image, statistics)
    with pytest.raises(SchemaError, match="other bands"):
        normalised(Image(BANDS[::-1], image.values, image.valid), statistics)
