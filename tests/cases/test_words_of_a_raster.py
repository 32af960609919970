"""What a raster's header says of its values is honoured, by elevation and by rasters of one's own alike."""

import numpy as np
import pytest
import rasterio
from rasterio.enums import ColorInterp
from rasterio.transform import from_origin
from rasterio.windows import Window

from entropice.errors import SchemaError
from entropice.raster.value_units import metres_of, standard_unit
from entropice.sources.arcticdem.tiles import read_tile_index, read_window
from entropice.zonal.raster_files import read_windows

NAME = "36_24_32m_v4.1_dem.tif"


def write(path, values, **changes):
    profile = {
        "driver": "GTiff",
        "count": 1,
        "height": values.shape[0],
        "width": values.shape[1],
        "dtype": values.dtype,
        "crs": "EPSG:3413",
        "nodata": -9999.0,
        "transform": from_origin(0.0, 0.0, 32.0, 32.0),
    } | changes
    with rasterio.open(path, "w", **profile) as target:
        target.write(values, 1)
    return path


def edit(path, **attributes):
    with rasterio.open(path, "r+") as target:
        for name, value in attributes.items():
            setattr(target, name, value)


def heights(folder):
    index = read_tile_index(folder)
    return read_window(index, index.bounds)


def values_of(path, band=1):
    with rasterio.open(path) as source:
        whole = Window(0, 0, source.width, source.height)
    (values,) = read_windows(path, band, [whole])
    return values


@pytest.mark.parametrize(
    ("stored", "dtype", "scale", "offset"),
    [([[1650, -9999]], "int16", 0.1, 0.0), ([[26500, -9999]], "int32", 0.01, -100.0),
     ([[-30, -9999]], "int16", 0.5, 180.0), ([[330, -9999]], "float32", 0.5, 0.0)],
    ids=["a tenth", "a hundredth and an offset", "half and an offset", "scaled floats"],
)  # fmt: skip
def test_scale_and_offset_make_values_but_not_of_what_is_unknown(tmp_path, stored, dtype, scale, offset):
    path = write(tmp_path / NAME, np.array(stored, dtype=dtype))
    edit(path, scales=(scale,), offsets=(offset,))

    np.testing.assert_allclose(heights(tmp_path), [[165.0, np.nan]], rtol=1e-6)
    np.testing.assert_allclose(values_of(path), [[165.0, np.nan]], rtol=1e-12)


@pytest.mark.parametrize(
    ("unit", "stored", "height_m"),
    [("ft", 1000.0, 304.8), ("US survey foot", 3937.0, 1200.0), ("cm", 16_500.0, 165.0), ("metre", 165.0, 165.0),
     ("km", 1.5, 1500.0)],
)  # fmt: skip
def test_heights_are_metres_whatever_unit_of_length_the_header_states(tmp_path, unit, stored, height_m):
    edit(write(tmp_path / NAME, np.array([[stored, -9999]], dtype=np.float32)), units=(unit,))

    np.testing.assert_allclose(heights(tmp_path), [[height_m, np.nan]], rtol=1e-6)


def test_scale_and_unit_act_together(tmp_path):
    edit(write(tmp_path / NAME, np.array([[10_000]], dtype=np.int16)), scales=(0.1,), units=("feet",))

    np.testing.assert_allclose(heights(tmp_path), [[304.8]], rtol=1e-6)


@pytest.mark.parametrize(
    ("spelled", "unit"),
    [("Metres", "m"), ("degrees Celsius", "degC"), ("percent", "%"), ("Kelvin", "K"), ("kg m-2", "kg m-2")],
)
def test_units_have_one_spelling(spelled, unit):
    assert standard_unit(spelled) == unit


@pytest.mark.parametrize("unit", ["degree", "hPa", "m s-1", "1"])
def test_what_is_no_length_has_no_metres(unit):
    assert metres_of(unit) is None


@pytest.mark.parametrize("is_inside", [True, False], ids=["inside the file", "beside it"])
def test_a_mask_counts_beside_the_nodata_value(tmp_path, is_inside):
    path = write(tmp_path / NAME, np.array([[10, 0, 30, -9999]], dtype=np.float32))
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=is_inside), rasterio.open(path, "r+") as target:
        target.write_mask(np.array([[True, False, True, True]]))

    for values in (heights(tmp_path), values_of(path)):
        np.testing.assert_array_equal(values, [[10, np.nan, 30, np.nan]])


def test_an_alpha_band_counts_beside_the_nodata_value(tmp_path):
    values, alpha = np.array([[10, 0, 30, 99]], dtype=np.int16), np.array([[255, 0, 255, 255]], dtype=np.int16)
    path = tmp_path / "a.tif"
    write(path, values, count=2, nodata=99)
    with rasterio.open(path, "r+") as target:
        target.write(alpha, 2)
        target.colorinterp = ColorInterp.gray, ColorInterp.alpha

    np.testing.assert_array_equal(values_of(path), [[10, np.nan, 30, np.nan]])


def test_a_pixel_of_the_nodata_values_of_all_bands_is_unknown(tmp_path):
    path = tmp_path / "a.tif"
    write(path, np.array([[1, 1, 5]], dtype=np.int16), count=2, nodata=None)
    with rasterio.open(path, "r+") as target:
        target.write(np.array([[2, 9, 2]], dtype=np.int16), 2)
        target.update_tags(NODATA_VALUES="1 2")

    np.testing.assert_array_equal(values_of(path, 1), [[np.nan, 1, 5]])
    np.testing.assert_array_equal(values_of(path, 2), [[np.nan, 9, 2]])


def test_an_aux_xml_beside_the_file_is_part_of_its_header(tmp_path):
    path = write(tmp_path / NAME, np.array([[1650, -9999]], dtype=np.int16))
    path.with_name(f"{NAME}.aux.xml").write_text(
        "<PAMDataset><PAMRasterBand band='1'><UnitType>ft</UnitType><Offset>50</Offset><Scale>0.1</Scale>"
        "</PAMRasterBand></PAMDataset>"
    )

    np.testing.assert_allclose(values_of(path), [[215.0, np.nan]], rtol=1e-12)
    np.testing.assert_allclose(heights(tmp_path), [[215 * 0.3048, np.nan]], rtol=1e-6)


def test_the_nodata_value_may_stand_beside_the_file(tmp_path):
    path = write(tmp_path / "a.tif", np.array([[7, 255]], dtype=np.uint8), nodata=None)
    path.with_name("a.tif.aux.xml").write_text(
        "<PAMDataset><PAMRasterBand band='1'><NoDataValue>255</NoDataValue></PAMRasterBand></PAMDataset>"
    )

    np.testing.assert_array_equal(values_of(path), [[7, np.nan]])


@pytest.mark.parametrize("scale", [1.0, 0.1])
def test_what_stands_for_unknown_is_no_value_whatever_the_scale(tmp_path, scale):
    path = write(tmp_path / "a.tif", np.array([[7, -9999]], dtype=np.int16), nodata=-1)
    edit(path, scales=(scale,))

    with pytest.raises(SchemaError, match="stands for unknown"):
        values_of(path)
