"""Chips of three sensors: written and read, sensors missing, and every wrong file."""

from dataclasses import replace

import numpy as np
import pytest
import rasterio
from chips import BANDS, PRODUCT, SENSORS, chip, chip_image, chip_label, chip_place, rewritten, write_chips
from hypothesis import given, settings
from hypothesis import strategies as st

from entropice.errors import InputFileError, SchemaError
from entropice.imagery.bands import band_named
from entropice.imagery.samples import Image
from entropice.sources.imagery.products import PRODUCTS, SENTINEL_1_2_RELIEF
from entropice.sources.imagery.reading import read_image
from entropice.sources.imagery.sensor_writing import stored_numbers, write_chip
from entropice.sources.imagery.tiles import ImageTiles

NAMES = SENTINEL_1_2_RELIEF.file_bands


@pytest.fixture
def path(tmp_path):
    write_chip(tmp_path / "a", chip_image(), chip_place(), chip_label(), SENTINEL_1_2_RELIEF)
    return tmp_path / "a.tif"


def test_the_file_has_the_cards_bands_in_stored_units(path):
    image = chip_image()
    with rasterio.open(path) as file:
        stored = file.read()
        assert file.descriptions == ("B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8", "B8A", "B9", "B11", "B12",
                                     "VV", "VH", "DEM")  # fmt: skip
        assert set(file.dtypes) == {"float32"}
        assert np.isnan(file.nodata)
    assert np.isnan(stored[~image.valid]).all()
    known = image.valid[0]
    np.testing.assert_array_equal(stored[0][known], np.round(image.values[0][known].astype(float) * 10_000))
    np.testing.assert_array_equal(stored[12:][image.valid[12:]], image.values[12:][image.valid[12:]])


@pytest.mark.parametrize("without", [(), ("optical",), ("radar",), ("relief",), ("optical", "radar")])
def test_what_is_written_comes_back_and_a_missing_sensor_is_valid_nowhere(tmp_path, without):
    image = chip_image(without=without)
    write_chip(tmp_path / "a", image, chip_place(), chip_label(), SENTINEL_1_2_RELIEF)
    read, _ = read_image(tmp_path / "a.tif", SENTINEL_1_2_RELIEF)
    assert read.bands == BANDS
    np.testing.assert_array_equal(read.valid, image.valid)
    np.testing.assert_array_equal(read.values, image.values)
    for sensor in without:
        assert not read.valid[[BANDS.index(band) for band in SENSORS[sensor]]].any()


def test_bands_in_any_order_are_written_in_the_files(tmp_path):
    image, turned = chip_image(), slice(None, None, -1)
    other = Image(BANDS[::-1], image.values[turned], image.valid[turned])
    for name, each in (("a", image), ("b", other)):
        write_chip(tmp_path / name, each, chip_place(), chip_label(), SENTINEL_1_2_RELIEF)
    assert (tmp_path / "a.tif").read_bytes() == (tmp_path / "b.tif").read_bytes()


def within(low, high):
    return st.floats(low, high).map(np.float32)


@given(within(0.0, 1.6), within(-49.0, 20.0), within(-900.0, 8900.0))
@settings(max_examples=60, deadline=None)
def test_numbers_are_within_half_a_step_and_never_say_unknown(reflectance, backscatter_db, height_m):
    values = np.array([*[reflectance] * 12, backscatter_db, backscatter_db, height_m], dtype=np.float32)[:, None, None]
    stored = stored_numbers(values, np.ones(values.shape, dtype=bool), SENTINEL_1_2_RELIEF)
    assert (stored[:12] >= 1).all()
    assert (np.abs(stored[:12] * 1e-4 - values[:12]) <= np.where(stored[:12] > 1, 0.5001e-4, 1e-4)).all()
    np.testing.assert_array_equal(stored[12:], values[12:])


def test_the_products_of_sentinel_2_have_0_where_they_know_nothing(path):
    def emptied(numbers):
        numbers[:12, 20, 20] = numbers[12:, 20, 21] = 0
        return numbers

    read, _ = read_image(rewritten(path, emptied), SENTINEL_1_2_RELIEF)
    assert not read.valid[:12, 20, 20].any()
    assert read.valid[12:, 20, 21].all()


def test_glints_and_negative_reflectances_are_not_valid(path):
    def glinting(numbers):
        numbers[3, 20, 20], numbers[3, 20, 21] = 20_000, -30
        return numbers

    read, _ = read_image(rewritten(path, glinting), SENTINEL_1_2_RELIEF)
    assert not read.valid[3, 20, 20:22].any()
    assert read.valid[4, 20, 20:22].all()


def linear_power(numbers):
    numbers[12:14] = 10 ** (numbers[12:14] / 10)
    return numbers


def exchanged(first, second):
    def change(numbers):
        numbers[[first, second]] = numbers[[second, first]]
        return numbers

    return change


def with_value(band, value, where=(20, 20)):
    def change(numbers):
        numbers[(band, *where)] = value
        return numbers

    return change


def optical_times(factor):
    def change(numbers):
        numbers[:12] = numbers[:12] * factor
        return numbers

    return change


def named(*names):
    return {"names": (*names, *[""] * 20)}


ALL = slice(None)
WRONG = {
    "linear power": (linear_power, {}, "vv", "in the median"),
    "digital numbers of radar": (with_value(12, 300, (ALL, ALL)), {}, "vv", "constant"),
    "infinite radar": (with_value(13, -np.inf), {}, "values", "1 infinite"),
    "radar exchanged": (exchanged(12, 13), {}, "vv, vh", "VH is 7.* dB above VV"),
    "half of the radar": (with_value(13, np.nan, (ALL, ALL)), {}, "vh", "no known pixel"),
    "void -9999": (with_value(14, -9999), {}, "elevation", "-9999, which stands for unknown"),
    "void -32768": (with_value(14, -32768), {}, "elevation", "-32768, which stands for unknown"),
    "void -32767": (with_value(14, -32767), {}, "elevation", "-32767, which stands for unknown"),
    "heights in feet": (with_value(14, 16_400), {}, "elevation", "1 pixels from 16400 to 16400"),
    "relief missing as 0": (with_value(14, 0, (ALL, ALL)), {}, "elevation", "0 throughout"),
    "reflectance 0 to 1": (optical_times(1e-4), {}, "coastal, blue", "nothing above"),
    "reflectance 0 to 255": (optical_times(255 / 16_000), {}, "coastal, blue", "nothing above"),
    "reflectance of another quantum": (optical_times(6.5), {}, "coastal", "of pixels above 1.6"),
    "12 bands": (lambda n: n[:12], {}, "descriptions of bands", "12 bands without VV, VH, DEM"),
    "13 bands": (
        lambda n: n[:13], named(*NAMES[:10], "B10", *NAMES[10:12]), "descriptions of bands",
        "13 bands without VV, VH, DEM and with B10",
    ),
    "14 bands": (lambda n: n[:14], {}, "descriptions of bands", "14 bands without DEM"),
    "16 bands": (
        lambda n: np.concatenate([n, n[:1]]), named(*NAMES, "slope"), "descriptions of bands", "16 bands with slope"
    ),
    "red first": (None, named("B4", "B3", "B2", "B1", *NAMES[4:]), "descriptions of bands", "15 bands B4 B3 B2 B1"),
    "no names": (None, named(), "descriptions of bands", "15 bands without names"),
    "float64": (lambda n: n.astype(np.float64), {}, "type of numbers", "float64"),
    "int16": (lambda n: np.nan_to_num(n).astype(np.int16), {"nodata": None}, "type of numbers", "int16"),
    "nodata of another product": (None, {"nodata": -9999}, "nodata of band 1", "-9999"),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRONG)
def test_wrong_files_are_refused(path, kind):
    change, options, field, got = WRONG[kind]
    with pytest.raises(InputFileError, match=got) as caught:
        read_image(rewritten(path, change, **options), SENTINEL_1_2_RELIEF)
    assert caught.value.path == str(path)
    assert caught.value.field.startswith(field)
    assert caught.value.expected
    assert caught.value.fix


@pytest.mark.parametrize(("number", "unit", "expected"), [(15, "ft", "m"), (13, "linear", "dB"), (14, "m", "dB")])
def test_a_header_that_states_another_unit_is_refused(path, number, unit, expected):
    with rasterio.open(path, "r+") as file:
        file.set_band_unit(number, unit)
    with pytest.raises(InputFileError) as caught:
        read_image(path, SENTINEL_1_2_RELIEF)
    assert (caught.value.field, caught.value.got) == (f"unit of band {number}", unit)
    assert caught.value.expected == expected


def test_a_header_that_states_its_units_is_read(path):
    with rasterio.open(path, "r+") as file:
        for number, unit in ((1, "reflectance"), (13, "dB"), (15, "metre")):
            file.set_band_unit(number, unit)
    read_image(path, SENTINEL_1_2_RELIEF)


def test_nothing_of_any_sensor_is_refused(path):
    with pytest.raises(InputFileError, match="missing"):
        read_image(rewritten(path, lambda numbers: numbers * np.nan), SENTINEL_1_2_RELIEF)


def test_names_are_spelled_in_several_ways(path):
    names = [name.replace("B", "B0") if name[1:].isdigit() and len(name) == 2 else name.lower() for name in NAMES]
    assert names[:2] == ["B01", "B02"]
    read_image(rewritten(path, None, names), SENTINEL_1_2_RELIEF)


def test_a_slope_that_faces_the_radar_is_no_linear_power(path):
    def one_slope(numbers):
        known = np.zeros(numbers.shape[1:], dtype=bool)
        known[20, 5:15] = True
        numbers[12:14] = np.where(known, 3.0 + np.arange(24), np.nan)
        return numbers

    read, _ = read_image(rewritten(path, one_slope), SENTINEL_1_2_RELIEF)
    assert read.valid[12].sum() == 10


def test_a_chip_that_lacks_a_band_is_not_written(tmp_path):
    image = chip_image()
    with pytest.raises(SchemaError) as caught:
        write_chip(tmp_path / "a", Image(BANDS[:14], image.values[:14], image.valid[:14]), chip_place(), chip_label(),
                   SENTINEL_1_2_RELIEF)  # fmt: skip
    assert caught.value.expected == "elevation"


def test_chips_are_tiles_with_regions(tmp_path):
    tiles = ImageTiles(write_chips(tmp_path, chip(0), chip(1, region="alps", without=("radar",))), PRODUCT)
    assert tiles.table["region"].tolist() == ["pamir", "alps"]
    assert tiles.bands == BANDS
    sample = tiles.read("alps_1_2021")
    np.testing.assert_array_equal(sample.image.valid, chip_image(1, ("radar",)).valid)
    assert sample.target.sum() == 48


def test_regions_are_no_column_where_none_is_given(tmp_path):
    tiles = ImageTiles(write_chips(tmp_path, replace(chip(0), region=None)), PRODUCT)
    assert "region" not in tiles.table


def test_sensors_share_out_all_bands_in_order_and_by_unit():
    for product in PRODUCTS:
        assert tuple(band for part in product.parts for band in part.bands) == tuple(product.bands)
        for part in product.parts:
            assert len({band_named(band).unit for band in part.bands}) == 1
