import shutil

import numpy as np
import pytest
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st
from series_maps import PLACE, YEARS, make_maps

from entropice.errors import ConfigError, InputFileError, SchemaError
from entropice.sources.series.fields import read_series
from entropice.sources.series.human_modification import FRACTION, HUMAN_MODIFICATION, PER_10000
from entropice.sources.series.registry import RASTER_PRODUCTS, series_product_named, stored_unit


@pytest.fixture
def maps(tmp_path):
    return make_maps(tmp_path, PER_10000)


def read(maps, unit=PER_10000):
    return read_series(maps.folder, HUMAN_MODIFICATION, unit)


@pytest.mark.parametrize("unit", [FRACTION, PER_10000], ids=lambda unit: unit.name)
def test_both_units_are_the_same_fields(tmp_path, unit):
    maps = make_maps(tmp_path, unit)
    fields = read(maps, unit)

    np.testing.assert_allclose(fields["human_modification"].to_numpy(), maps.values * 1e4, rtol=1e-6)
    assert fields["human_modification"].dims == ("time", "y", "x")
    assert fields["human_modification"].dtype == np.float32
    assert fields["elevation"].dims == ("y", "x")
    assert fields["human_modification"].attrs == {
        "units": "HM",
        "long_name": "Human modification of the land, in 1/10,000 (HM)",
    }
    assert fields.attrs == {
        "crs": "EPSG:3413",
        "step": "P5Y",
        "pixel_m": 300.0,
        "source": HUMAN_MODIFICATION.title,
        "licence": f"CC BY 4.0. {HUMAN_MODIFICATION.credit}",
    }
    assert fields["time"].to_numpy().astype("datetime64[Y]").astype(int).tolist() == [year - 1970 for year in YEARS]
    assert fields["time"].dtype == "datetime64[ns]"
    assert fields["x"].to_numpy()[:2].tolist() == [-299_850.0, -299_550.0]
    assert fields["y"].to_numpy()[:2].tolist() == [599_850.0, 599_550.0]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    maps = make_maps(tmp_path_factory.mktemp("maps"), PER_10000)
    return read(maps), read(maps).load()


def parts(size):
    """Indices and slices; no empty ones that go backwards, at which xarray itself stumbles."""
    slices = st.slices(size).filter(lambda part: (part.step or 1) > 0 or len(range(size)[part]) > 0)
    return st.one_of(slices, st.integers(-size, size - 1))


@settings(max_examples=40)
@given(data=st.data())
def test_a_part_is_the_same_part_of_the_whole(whole, data):
    lazy, loaded = (fields["human_modification"] for fields in whole)
    key = {dim: data.draw(parts(size), label=dim) for dim, size in lazy.sizes.items()}
    np.testing.assert_array_equal(lazy.isel(key).to_numpy(), loaded.isel(key).to_numpy())


def test_only_what_is_asked_for_is_read(maps):
    """A map that is damaged later is noticed by who reads it, and by nobody else."""
    fields = read(maps)
    maps.path(2000).unlink()

    assert np.isfinite(fields["human_modification"].isel(time=0, x=slice(0, 3), y=slice(0, 3)).to_numpy()).all()
    with pytest.raises(InputFileError) as raised:
        fields["human_modification"].isel(time=2).to_numpy()
    assert raised.value.path == str(maps.path(2000))


def two_series(maps):
    shutil.move(maps.path(2000), maps.folder / "hm" / "HM_2000s.tif")
    for year in YEARS[:2]:
        shutil.move(maps.path(year), maps.folder / "hm" / f"HM_{year}c.tif")


def rewritten(**changes):
    def change(maps):
        with rasterio.open(maps.path(1995)) as source:
            profile, numbers = source.profile, source.read()
        with rasterio.open(maps.path(1995), "w", **profile | changes) as target:
            target.write(np.repeat(numbers, target.count, axis=0))

    return change


def numbers_of_1995(numbers, nodata):
    return lambda maps: maps.write("hm/HM_1995.tif", np.resize(numbers, PLACE.shape), nodata)


def other_scale(maps):
    with rasterio.open(maps.path(1995), "r+") as target:
        target.scales = (0.01,)


BAD = {
    "another unit": (numbers_of_1995(np.float32([0.1, 0.5]), np.nan), "type of numbers", "float32"),
    "beyond the range": (numbers_of_1995(np.uint16([3, 10_001]), 65_535), "values", "300 pixels beyond"),
    "nodata not stated": (numbers_of_1995(np.int16([3, -1]), 32_767), "values", "300 pixels beyond"),
    "another scale": (other_scale, "scale, offset", "0.01, 0"),
    "two series": (two_series, "series", "s, beside c (HM_1990c.tif)"),
    "another series after a gap": (
        lambda maps: shutil.move(maps.path(2000), maps.folder / "hm" / "HM_2022.tif"),
        "time",
        "2022-01-01 after 1995-01-01 (HM_1995.tif)",
    ),
    "a gap": (lambda maps: maps.path(1995).unlink(), "time", "2000-01-01 after 1990-01-01 (HM_1990.tif)"),
    "a doubled step": (
        lambda maps: shutil.copy(maps.path(1995), maps.folder / "hm" / "HM_1995_300.tif"),
        "time",
        "1995-01-01 after 1995-01-01 (HM_1995.tif)",
    ),
    "mixed steps": (
        lambda maps: shutil.move(maps.path(2000), maps.folder / "hm" / "HM_1996.tif"),
        "time",
        "1996-01-01 after 1995-01-01 (HM_1995.tif)",
    ),
    "no date": (lambda maps: shutil.copy(maps.path(1995), maps.folder / "hm" / "other.tif"), "name", "other.tif"),
    "no maps": (lambda maps: shutil.rmtree(maps.folder / "hm"), "files", "none"),
    "no CRS": (rewritten(crs=None), "CRS", "none"),
    "another CRS": (rewritten(crs="EPSG:32633"), "CRS", "EPSG:32633"),
    "degrees": (rewritten(crs="EPSG:4326"), "CRS", "EPSG:4326"),
    "an alpha band": (rewritten(count=2, alpha="yes"), "bands", "an alpha band (2)"),
    "several bands": (rewritten(count=3), "bands", "3"),
    "another grid": (
        rewritten(transform=rasterio.transform.from_origin(-300_300.0, 600_000.0, 300.0, 300.0)),
        "grid",
        "20 × 30 pixels of 300 m from -300300, 600000 in EPSG:3413",
    ),
    "a truncated file": (
        lambda maps: maps.path(1995).write_bytes(maps.path(1995).read_bytes()[:500]),
        "file",
        "HM_1995.tif, band 1: IReadBlock failed at X offset 0, Y offset 0: TIFFReadEncodedStrip() failed.",
    ),
}


@pytest.mark.parametrize(("spoil", "field", "got"), BAD.values(), ids=BAD)
def test_what_is_refused_before_any_part_is_read(maps, spoil, field, got):
    spoil(maps)
    with pytest.raises(InputFileError) as raised:
        read(maps)

    assert raised.value.field == field
    assert str(raised.value.got) == got
    assert str(maps.folder / "hm") in str(raised.value.path)
    assert raised.value.expected
    assert raised.value.fix


def test_numbers_are_not_taken_for_the_other_unit(tmp_path):
    scaled, native = make_maps(tmp_path / "scaled", PER_10000), make_maps(tmp_path / "native", FRACTION)
    for maps, unit in ((scaled, FRACTION), (native, PER_10000)):
        with pytest.raises(InputFileError, match="no map of the product"):
            read(maps, unit)
    scaled.write("hm/HM_1990.tif", np.full(PLACE.shape, 4000, np.float32))
    with pytest.raises(InputFileError) as raised:
        read(scaled, FRACTION)
    assert (raised.value.field, raised.value.sample) == ("values", ["4000"])


ELEVATIONS = {
    "missing": (lambda maps: (maps.folder / "static" / "elevation.tif").unlink(), None),
    "another grid": (
        lambda maps: maps.write(
            "static/elevation.tif",
            np.ones((10, 10), np.float32),
            place=type(PLACE)("EPSG:3413", -300_000.0, 600_000.0, 300.0, 10, 10),
        ),
        "grid",
    ),
}


@pytest.mark.parametrize(("spoil", "field"), ELEVATIONS.values(), ids=ELEVATIONS)
def test_elevation_lies_on_the_same_grid(maps, spoil, field):
    spoil(maps)
    with pytest.raises(InputFileError) as raised:
        read(maps)
    assert raised.value.field == field
    assert raised.value.path == str(maps.folder / "static" / "elevation.tif")


def test_heights_that_no_land_has_are_refused_when_they_are_read(maps):
    maps.write("static/elevation.tif", np.full(PLACE.shape, 12_000, np.float32))
    with pytest.raises(InputFileError, match="heights that no land has"):
        read(maps).load()
    maps.write("static/elevation.tif", np.full(PLACE.shape, -9999, np.float32))
    with pytest.raises(SchemaError, match="stands for unknown"):
        read(maps).load()


def test_a_stated_scale_that_is_the_units_own_is_applied_once(maps):
    with rasterio.open(maps.path(1995), "r+") as target:
        target.scales = (1e-4,)

    np.testing.assert_allclose(read(maps)["human_modification"].to_numpy(), maps.values * 1e4, rtol=1e-6)


def test_declared_names():
    assert series_product_named("human_modification", RASTER_PRODUCTS) is HUMAN_MODIFICATION
    assert stored_unit(HUMAN_MODIFICATION, "per_10000") is PER_10000
    with pytest.raises(ConfigError, match="did you mean human_modification"):
        series_product_named("human_modificaton", RASTER_PRODUCTS)
    with pytest.raises(ConfigError, match="no unit 'percent'"):
        stored_unit(HUMAN_MODIFICATION, "percent")
