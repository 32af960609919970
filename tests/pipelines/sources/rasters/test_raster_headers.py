"""What a header says is honoured, or refused before a pixel is read."""

import numpy as np
import pytest
import rasterio
import rasterio.shutil
import shapely
from cell_frames import cell_frame
from raster_files import write_raster
from rasterio.control import GroundControlPoint
from rasterio.enums import ColorInterp
from rasterio.transform import Affine, from_origin

from entropice.errors import EntropiceError, FeatureError, InputFileError, SchemaError

PIXELS = from_origin(0.0, 40.0, 10.0, 10.0)
VALUES = np.arange(16, dtype=np.float32).reshape(4, 4)
CELL = cell_frame([1], [shapely.box(0, 0, 40, 40)])
ICE = {"file": "a.tif", "name": "ice", "unit": "m", "statistic": "mean"}


def mean(features, **change):
    return features(CELL, ICE | change)["ice_mean_m"].item()


@pytest.mark.parametrize("dtype", ["uint8", "int16", "uint16", "int32", "float32", "float64"])
def test_the_nodata_value_of_the_header_has_no_weight(folder, features, dtype):
    values = VALUES.astype(dtype)
    values[:2] = 99
    write_raster(folder / "a.tif", values, PIXELS, nodata=99)

    assert mean(features) == pytest.approx(11.5)


def test_every_band_has_its_own_nodata_value(folder, features):
    path = folder / "a.vrt"
    write_raster(folder / "bands.tif", np.stack([VALUES, VALUES]), PIXELS)
    source = (
        "<SimpleSource><SourceFilename relativeToVRT='1'>bands.tif</SourceFilename>"
        "<SourceBand>{0}</SourceBand></SimpleSource>"
    )
    bands = "".join(
        f"<VRTRasterBand dataType='Float32' band='{band}'><NoDataValue>{nodata}</NoDataValue>"
        f"{source.format(band)}</VRTRasterBand>"
        for band, nodata in [(1, 0), (2, 15)]
    )
    path.write_text(
        "<VRTDataset rasterXSize='4' rasterYSize='4'><SRS>EPSG:3413</SRS><GeoTransform>0,10,0,40,0,-10</GeoTransform>"
        f"{bands}</VRTDataset>"
    )

    assert mean(features, file="a.vrt", band=1) == pytest.approx(8.0)
    assert mean(features, file="a.vrt", band=2) == pytest.approx(7.0)


@pytest.mark.parametrize("unknown", [np.nan, np.inf, -np.inf])
def test_what_is_no_finite_number_has_no_weight(folder, features, unknown):
    values = VALUES.copy()
    values[:2] = unknown
    write_raster(folder / "a.tif", values, PIXELS)

    assert mean(features) == pytest.approx(11.5)


def test_a_mask_inside_the_file_is_honoured(folder, features):
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True):
        path = write_raster(folder / "a.tif", VALUES, PIXELS)
        with rasterio.open(path, "r+") as file:
            file.write_mask(VALUES >= 8)

    assert not path.with_name("a.tif.msk").exists()
    assert mean(features) == pytest.approx(11.5)


def test_a_mask_beside_the_file_is_honoured_together_with_the_nodata_value(folder, features):
    path = write_raster(folder / "a.tif", VALUES, PIXELS, nodata=15)
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=False), rasterio.open(path, "r+") as file:
        file.write_mask(VALUES >= 4)

    assert path.with_name("a.tif.msk").exists()
    assert mean(features) == pytest.approx(np.arange(4, 15).mean())


def test_an_alpha_band_is_honoured(folder, features):
    alpha = np.where(VALUES >= 8, 255, 0)
    path = write_raster(folder / "a.tif", np.stack([VALUES, alpha]).astype(np.uint8), PIXELS)
    with rasterio.open(path, "r+") as file:
        file.colorinterp = ColorInterp.gray, ColorInterp.alpha

    assert mean(features) == pytest.approx(11.5)


@pytest.mark.parametrize("scale", [0.5, -0.5])
def test_scale_and_offset_of_the_header_are_applied(folder, features, scale):
    path = write_raster(folder / "a.tif", VALUES.astype(np.int16), PIXELS, nodata=0)
    with rasterio.open(path, "r+") as file:
        file.scales, file.offsets = (scale,), (100.0,)

    cube = features(CELL, ICE | {"statistic": ["mean", "min", "max", "sd"]})

    scaled = np.arange(1, 16) * scale + 100.0
    found = [cube[f"ice_{name}_m"].item() for name in ("mean", "min", "max", "sd")]
    assert found == pytest.approx([scaled.mean(), scaled.min(), scaled.max(), scaled.std()])


@pytest.mark.parametrize("driver", ["GTiff", "AAIGrid", "HFA", "ENVI", "netCDF", "SAGA", "COG"])
def test_any_format_that_gdal_reads_will_do(folder, features, driver):
    path = folder / "a.tif"
    write_raster(path, VALUES, PIXELS)
    other = folder / f"other.{'asc' if driver == 'AAIGrid' else 'sdat' if driver == 'SAGA' else 'dat'}"
    rasterio.shutil.copy(path, other, driver=driver)

    assert mean(features, file=other.name) == pytest.approx(7.5)


def test_another_band_is_read(folder, features):
    write_raster(folder / "a.tif", np.stack([VALUES, VALUES + 100]), PIXELS)

    assert mean(features, band=2) == pytest.approx(107.5)


@pytest.mark.parametrize("spelled", ["m", "metre", "Metres", " meters "])
def test_a_unit_may_be_spelled_otherwise(folder, features, spelled):
    path = write_raster(folder / "a.tif", VALUES, PIXELS)
    with rasterio.open(path, "r+") as file:
        file.units = (spelled,)

    assert mean(features) == pytest.approx(7.5)


def write(folder, **profile):
    write_raster(folder / "a.tif", VALUES.astype(profile.pop("dtype", "float32")), **{"transform": PIXELS} | profile)


def write_gcps(folder):
    with rasterio.open(folder / "a.tif", "w", driver="GTiff", count=1, height=4, width=4, dtype="float32") as file:
        file.write(VALUES, 1)
        points = [GroundControlPoint(row, column, column, row) for row, column in [(0, 0), (0, 4), (4, 0)]]
        file.gcps = points, rasterio.CRS.from_epsg(3413)


def write_subdatasets(folder):
    import xarray as xr

    xr.Dataset(dict.fromkeys(("ice", "soil"), (("y", "x"), VALUES))).to_netcdf(folder / "a.tif", engine="netcdf4")


def write_vrt(folder):
    outside = write_raster(folder.parent / "outside.tif", VALUES, PIXELS)
    rasterio.shutil.copy(outside, folder / "a.tif", driver="VRT")


def truncate(folder):
    path = write_raster(folder / "a.tif", np.random.default_rng(0).normal(size=(4, 4)).astype(np.float32), PIXELS)
    path.write_bytes(path.read_bytes()[:100])


ENGINEERING = 'LOCAL_CS["arbitrary",UNIT["metre",1],AXIS["x",EAST],AXIS["y",NORTH]]'
ROTATED_POLE = "+proj=ob_tran +o_proj=longlat +o_lon_p=0 +o_lat_p=30 +lon_0=10 +datum=WGS84"


@pytest.mark.parametrize(
    ("make", "error", "field"),
    [
        pytest.param(lambda folder: write(folder, crs=None), SchemaError, "CRS", id="no CRS"),
        pytest.param(lambda folder: write(folder, crs=ENGINEERING), SchemaError, "CRS", id="a CRS without a place"),
        pytest.param(lambda folder: write(folder, crs="EPSG:4807"), SchemaError, "CRS", id="grads"),
        pytest.param(lambda folder: write(folder, crs=ROTATED_POLE), SchemaError, "CRS", id="a rotated pole"),
        pytest.param(
            lambda folder: write(folder, crs="EPSG:4326", transform=Affine(0.1, 0.01, 0, 0.01, -0.1, 80)),
            SchemaError, "transform", id="rotated longitudes",
        ),
        pytest.param(
            lambda folder: write(folder, crs="EPSG:4326", transform=Affine(-0.1, 0, 0, 0, -0.1, 80)),
            SchemaError, "transform", id="mirrored longitudes",
        ),
        pytest.param(lambda folder: write(folder, transform=None), SchemaError, "transform", id="no place"),
        pytest.param(write_gcps, SchemaError, "CRS", id="ground control points"),
        pytest.param(lambda folder: write(folder, dtype="complex64"), SchemaError, "type of band 1", id="complex"),
        pytest.param(lambda folder: write(folder, dtype="int64"), SchemaError, "type of band 1", id="int64"),
        pytest.param(write_subdatasets, SchemaError, "features.rasters.files.file", id="several rasters"),
        pytest.param(
            lambda folder: (folder / "a.tif").write_text("no raster"), InputFileError, "format", id="no raster"
        ),
        pytest.param(lambda folder: (folder / "a.tif").write_bytes(b""), InputFileError, "format", id="empty"),
        pytest.param(truncate, InputFileError, "format", id="truncated"),
        pytest.param(write_vrt, InputFileError, "files it is made of", id="made of files elsewhere"),
        pytest.param(
            lambda folder: write(folder, transform=from_origin(5e6, 5e6, 10, 10)), FeatureError, "CRS, transform",
            id="far from every cell",
        ),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_what_cannot_be_honoured_is_refused_with_its_file(folder, features, make, error, field):
    folder.mkdir()
    make(folder)

    with pytest.raises(error) as caught:
        features(CELL, ICE)

    assert "a.tif" in str(caught.value)
    assert caught.value.field == field
    assert caught.value.fix
    assert not folder.with_name("raster_statistics").exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"band": 2}, "no such band"),
        ({"file": "b.tif"}, "There is no such raster"),
        ({"file": "../a.tif"}, "inside the folder"),
        ({"file": "/a.tif"}, "inside the folder"),
        ({"year": 2023}, "No label year may see this raster"),
    ],
)
def test_an_entry_that_does_not_fit_its_file_is_refused(folder, features, change, message):
    write_raster(folder / "a.tif", VALUES + 0.5, PIXELS)

    with pytest.raises(EntropiceError, match=message):
        features(CELL, ICE | change)


@pytest.mark.parametrize("values", [VALUES + 0.5, np.arange(256, dtype=np.float32).reshape(16, 16)])
def test_what_has_no_categories_is_refused(folder, features, values):
    write_raster(folder / "a.tif", values, from_origin(0.0, 40.0, 40 / len(values), 40 / len(values)))

    with pytest.raises(Exception, match="no categories") as caught:
        features(CELL, {"file": "a.tif", "name": "soil", "categorical": {1: "peat"}})

    assert isinstance(caught.value.__cause__, SchemaError)


def test_a_missing_folder_is_refused(features):
    with pytest.raises(Exception, match="no folder of rasters"):
        features(CELL, ICE)


def test_cells_at_the_pole_on_a_map_without_one_are_refused(folder, features):
    from raster_files import cells_around, field

    transform, shape = from_origin(-17_400_000, 7_400_000, 20_000, 20_000), (60, 1740)
    write_raster(folder / "a.tif", field("EPSG:6933", transform, shape), transform, "EPSG:6933")

    with pytest.raises(SchemaError, match="cut in the midst of cells") as caught:
        features(cells_around(0.0, 90.0), ICE)

    assert "gdalwarp" in caught.value.fix
