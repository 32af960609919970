"""What a header says of a band, and values read as it says."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from rasterio.enums import ColorInterp
from rasterio.transform import from_origin
from rasterio.windows import Window

from entropice.errors import SchemaError
from entropice.raster.band_header import BandHeader, band_header, band_headers, opened, read_values, require_values

PLAIN = BandHeader("float32", 1.0, 0.0, "", None, False, None, "gray", "")


def raster(path: Path, *bands: Any, nodata: float | None = None, mask: Any = None, **said: Any) -> Path:
    """A raster of bands (row, column), with what its header shall say."""
    values = np.array(bands)
    rows, columns = values.shape[1:]
    place = {"crs": "EPSG:3413", "transform": from_origin(0.0, 0.0, 10.0, 10.0)}
    with (
        rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True),
        rasterio.open(
            path, "w", driver="GTiff", height=rows, width=columns, count=len(values), dtype=values.dtype,
            nodata=nodata, **place,
        ) as file,
    ):  # fmt: skip
        for name, value in said.items():
            setattr(file, name, value)
        file.write(values)
        if mask is not None:
            file.write_mask(np.array(mask, dtype=bool))
    return path


def values_of(path: Path, band: int = 1) -> np.ndarray:
    with opened(path) as source:
        return read_values(source, band, Window(0, 0, source.width, source.height))


def test_a_header_says_scale_offset_unit_name_and_nodata_of_each_band(tmp_path: Path) -> None:
    band = np.zeros((1, 2), dtype=np.int16)
    path = raster(
        tmp_path / "a.tif", band, band,
        nodata=-1, scales=(0.1, 1.0), offsets=(5.0, 0.0), units=("m ", ""), descriptions=(" height", None),
    )  # fmt: skip

    with opened(path) as source:
        first, second = band_headers(source)
        assert band_header(source, 2) == second

    assert (first.dtype, first.scale, first.offset, first.unit, first.nodata) == ("int16", 0.1, 5.0, "m", -1)
    assert (first.description, second.description, second.unit) == ("height", "", "")
    assert first.is_scaled
    assert not second.is_scaled
    assert not first.has_mask


def test_values_are_numbers_times_scale_plus_offset_and_nan_where_nothing_is_known(tmp_path: Path) -> None:
    stored = np.array([[0, 10, -1]], dtype=np.int16)

    found = values_of(raster(tmp_path / "a.tif", stored, nodata=-1, scales=(0.5,), offsets=(5.0,)))

    np.testing.assert_array_equal(found, [[5.0, 10.0, np.nan]])
    assert found.dtype == np.float64


@pytest.mark.parametrize(
    ("dtype", "expected"), [("uint8", "float32"), ("int16", "float32"), ("int32", "float64"), ("float64", "float64")]
)
def test_values_are_in_single_precision_where_it_holds_every_number(tmp_path: Path, dtype: str, expected: str) -> None:
    largest = 2**31 - 1 if dtype == "int32" else 100

    found = values_of(raster(tmp_path / "a.tif", np.array([[largest, 1]], dtype=dtype)))

    assert found.dtype == expected
    assert found.tolist() == [[largest, 1]]


def test_a_mask_an_alpha_band_and_no_finite_number_each_hide_a_pixel(tmp_path: Path) -> None:
    numbers, alpha = np.array([[1.0, 2.0, np.inf]], np.float32), np.array([[255, 0, 255]], np.float32)
    masked = raster(tmp_path / "mask.tif", numbers, mask=[[False, True, True]])
    with_alpha = raster(tmp_path / "alpha.tif", numbers, alpha, colorinterp=(ColorInterp.gray, ColorInterp.alpha))

    np.testing.assert_array_equal(values_of(masked), [[np.nan, 2.0, np.nan]])
    np.testing.assert_array_equal(values_of(with_alpha), [[1.0, np.nan, np.nan]])
    with opened(masked) as source:
        assert band_header(source, 1).has_mask
    with opened(with_alpha) as source:
        header = band_header(source, 1)
    assert (header.has_mask, header.alpha) == (False, 2)


@pytest.mark.parametrize(("nodata", "got"), [(None, "none"), (-1.0, "-1")])
@pytest.mark.parametrize("suspect", [-9999.0, -32768.0, 1e20, -3.4e38])
def test_a_number_that_stands_for_unknown_must_be_stated(
    tmp_path: Path, suspect: float, nodata: float | None, got: str
) -> None:
    path = raster(tmp_path / "a.tif", np.array([[0.0, suspect, suspect]], np.float32), nodata=nodata)

    with pytest.raises(SchemaError, match="stands for unknown") as refused:
        values_of(path)

    assert (refused.value.field, refused.value.got) == ("nodata of band 1", got)
    assert refused.value.expected.endswith("which 2 pixels hold")
    np.testing.assert_array_equal(
        values_of(raster(tmp_path / "b.tif", np.array([[0.0, suspect]], np.float32), nodata=suspect)), [[0.0, np.nan]]
    )


def test_such_a_number_in_the_middle_of_a_band_is_a_value(tmp_path: Path) -> None:
    path = raster(tmp_path / "a.tif", np.array([[-10_000.0, -9999.0]], np.float32))

    assert values_of(path).tolist() == [[-10_000.0, -9999.0]]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"dtype": "complex64"}, "type of band 1"),
        ({"scale": 0.0}, "scale, offset of band 1"),
        ({"scale": np.nan}, "scale, offset of band 1"),
        ({"offset": np.inf}, "scale, offset of band 1"),
        ({"alpha": 1, "colour": "alpha"}, "colour interpretation of band 1"),
    ],
)
def test_numbers_that_cannot_be_values_are_refused(tmp_path: Path, said: dict[str, Any], field: str) -> None:
    require_values(tmp_path, 1, PLAIN)
    with pytest.raises(SchemaError, match="cannot be read as values") as refused:
        require_values(tmp_path, 1, BandHeader(**{**vars(PLAIN), **said}))

    assert refused.value.field == field


def test_a_raster_without_a_place_is_opened_without_a_warning(tmp_path: Path) -> None:
    path = raster(tmp_path / "a.tif", np.zeros((1, 1), np.uint8))
    with rasterio.open(path) as source:
        profile = {**source.profile, "crs": None, "transform": from_origin(0, 0, 10, 10)}
    profile.pop("transform")
    with pytest.warns(rasterio.errors.NotGeoreferencedWarning), rasterio.open(tmp_path / "b.tif", "w", **profile) as b:
        b.write(np.zeros((1, 1, 1), np.uint8))

    with opened(tmp_path / "b.tif") as source:
        assert source.crs is None
