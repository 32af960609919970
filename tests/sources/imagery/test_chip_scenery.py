"""Places as chips show them, beside what each pixel's own chip says."""

from dataclasses import replace
from multiprocessing.reduction import ForkingPickler

import numpy as np
import pandas as pd
import pytest
from chips import BANDS, N_PIXELS, PRODUCT, chip, chip_place, write_chips
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entropice.errors import ConfigError, InputFileError
from entropice.imagery.samples import Place
from entropice.sources.imagery.audits import AuditedMask, AuditedMasks, write_audited_masks
from entropice.sources.imagery.chip_scenery import ChipScenery
from entropice.sources.imagery.tile_index import INDEX
from entropice.sources.imagery.tiles import ImageTiles

FIRST = chip_place()
AUDITED = ("b", "d")


def moved(key, number, right_px, down_px, year=2021, without=()):
    place = replace(FIRST, left_m=FIRST.left_m + 10 * right_px, top_m=FIRST.top_m - 10 * down_px, year=year)
    return replace(chip(number, without=without), key=key, place=place)


CHIPS = (
    moved("d", 4, -5, 9),
    moved("a", 1, 0, 0, without=("radar",)),
    moved("b", 2, 10, 4),
    moved("c", 3, 0, 0, year=2019),
    moved("e", 5, N_PIXELS + 10, 4),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    write_chips(folder / "chips", *CHIPS)
    redrawn = (AuditedMask(each.key, each.place, np.roll(each.label, 2, axis=0)) for each in CHIPS)
    write_audited_masks((mask for mask in redrawn if mask.key in AUDITED), folder / "audits")
    return folder


@pytest.fixture(scope="module")
def scenery(folder):
    return ChipScenery(ImageTiles(folder / "chips", PRODUCT), AuditedMasks(folder / "audits"))


def of_place(right_px, down_px, n_pixels, year=2021):
    return Place(FIRST.left_m + 10 * right_px, FIRST.top_m - 10 * down_px, 10.0, n_pixels, year)


def offsets(place, chip_of):
    """Row and column of a place's first pixel in a chip."""
    return (
        round((chip_of.place.top_m - place.top_m) / 10),
        round((place.left_m - chip_of.place.left_m) / 10),
    )


def shown(scenery, key):
    sample = scenery.chips.read(key)
    return np.asarray(sample.image.values), sample.image.valid


def pixel_by_pixel(scenery, place):
    """The same by looking up every pixel of every band alone."""
    shape = (len(BANDS), place.n_pixels, place.n_pixels)
    values, valid = np.zeros(shape, np.float32), np.zeros(shape, bool)
    target, scored = np.zeros(shape[1:], np.uint8), np.zeros(shape[1:], bool)
    here = sorted((each for each in CHIPS if each.place.year == place.year), key=lambda each: each.key)
    read = [(each, *shown(scenery, each.key), *offsets(place, each)) for each in here]
    for row, column in np.ndindex(shape[1:]):
        for each, numbers, known, first_row, first_column in read:
            at = first_row + row, first_column + column
            if not all(0 <= px < N_PIXELS for px in at):
                continue
            for band in np.flatnonzero(known[:, *at] & ~valid[:, row, column]):
                values[band, row, column], valid[band, row, column] = numbers[band, *at], True
            label = np.roll(each.label, 2, axis=0)[at]
            if each.key in AUDITED and label != 255 and not scored[row, column]:
                target[row, column], scored[row, column] = label, True
    return values, valid, target, scored


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.integers(-20, 40), st.integers(-20, 40), st.integers(1, 30), st.sampled_from([2019, 2021]))
def test_places_are_mosaics_of_what_the_first_chip_knows(scenery, right_px, down_px, n_pixels, year):
    place = of_place(right_px, down_px, n_pixels, year)
    sample = scenery.at(place)
    values, valid, target, scored = pixel_by_pixel(scenery, place)
    np.testing.assert_array_equal(sample.image.values, values)
    np.testing.assert_array_equal(sample.image.valid, valid)
    np.testing.assert_array_equal(sample.target, target)
    np.testing.assert_array_equal(sample.scored, scored)
    assert (sample.place, sample.image.bands) == (place, BANDS)


def test_a_chip_shows_what_another_one_did_not_see(scenery):
    seen, radar = scenery.at(of_place(10, 4, 14)).image, BANDS.index("vv")
    (_, in_first), (in_second, _) = shown(scenery, "a"), shown(scenery, "b")
    assert not in_first[radar].any()
    np.testing.assert_array_equal(np.take(seen.values, radar, axis=0), in_second[radar, :14, :14])


@pytest.mark.parametrize(("right_px", "year"), [(2000, 2021), (0, 2018)])
def test_nothing_is_known_where_or_when_no_chip_lies(scenery, right_px, year):
    sample = scenery.at(of_place(right_px, 0, 8, year))
    assert not sample.image.valid.any()
    assert np.count_nonzero(sample.image.values) == 0
    assert not sample.scored.any()


def test_labels_are_no_truth(scenery):
    sample = scenery.at(of_place(0, 0, N_PIXELS, 2019))
    assert sample.image.valid.any()
    assert not sample.scored.any()
    assert not sample.target.any()


def test_chips_that_only_touch_a_place_are_not_read(scenery, monkeypatch):
    read = []
    reading = ImageTiles.read
    monkeypatch.setattr(ImageTiles, "read", lambda chips, key: (read.append(key), reading(chips, key))[1])
    scenery.at(of_place(N_PIXELS + 10, -N_PIXELS + 4, N_PIXELS))
    scenery.at(of_place(N_PIXELS + 10 + N_PIXELS, 4, N_PIXELS))
    assert read == []
    scenery.at(of_place(N_PIXELS + 10, 4, N_PIXELS))
    assert read == ["e"]


def test_another_process_sees_the_same(scenery):
    place = of_place(3, 5, 12)
    before = scenery.at(place)
    sent = ForkingPickler.loads(ForkingPickler.dumps(scenery)).at(place)
    np.testing.assert_array_equal(sent.image.values, before.image.values)
    np.testing.assert_array_equal(sent.scored, before.scored)


@pytest.mark.parametrize("place", [of_place(0.5, 0, 8), of_place(0, 0.25, 8), replace(of_place(0, 0, 8), pixel_m=20.0)])
def test_other_pixels_are_refused(scenery, place):
    with pytest.raises(ConfigError) as caught:
        scenery.at(place)
    assert caught.value.expected == "whole multiples of their pixel, 10 m"


def test_chips_on_several_frames_are_refused_before_any_is_read(tmp_path):
    write_chips(tmp_path, chip(0), chip(1))
    table = pd.read_parquet(tmp_path / INDEX)
    table.assign(left_m=table["left_m"] + [0.0, 5.0]).to_parquet(tmp_path / INDEX, index=False)
    with pytest.raises(InputFileError) as caught:
        ChipScenery(ImageTiles(tmp_path, PRODUCT), AuditedMasks(tmp_path / "audits"))
    assert (caught.value.field, caught.value.path) == ("left_m", str(tmp_path / INDEX))
    assert caught.value.got == "1 chips beside it, the first at 2000245 m"
