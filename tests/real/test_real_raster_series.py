"""A real file with flags beside its values: monthly concentration of sea ice around Antarctica."""

import shutil

import numpy as np
import pytest
import rasterio

from entropice.errors import InputFileError
from entropice.sources.series.declaration import RasterProduct, StoredUnit
from entropice.sources.series.fields import read_series

NAME = "S_201905_concentration_v3.0.tif"
TENTHS = StoredUnit("per_1000", 1e-3, ("uint16", "int16"), 0.0, 1000.0)
FLAGS = {2510: "pole hole", 2530: "coast", 2540: "land", 2550: "missing"}
MEAN_OF_NUMBERS = 637.8
"""What a mean over all stored numbers is, which is no concentration."""


def product(**changes) -> RasterProduct:
    told = {
        "name": "sea_ice_index_south",
        "title": "NSIDC Sea Ice Index, months, south",
        "band": "ice_concentration",
        "folder": "",
        "pattern": r"S_(?P<year>\d{4})(?P<month>\d{2})_concentration_v[\d.]+",
        "example": NAME,
        "step": "P1M",
        "crs": ("EPSG:3412",),
        "units": (TENTHS,),
        "flags": FLAGS,
        "terms": "free, citation asked for",
        "credit": "Fetterer et al. 2017",
        "reference": "doi.org/10.7265/N5K072F8",
    }
    return RasterProduct(**told | changes)


@pytest.fixture
def folder(shared_data, tmp_path):
    shutil.copy(shared_data / "imagery" / "seaice" / NAME, tmp_path)
    return tmp_path


def test_flags_are_unknown_and_never_ice(folder):
    with rasterio.open(folder / NAME) as source:
        stored = source.read(1)
    fields = read_series(folder, product(), TENTHS)
    values = fields["ice_concentration"].to_numpy()[0]

    assert stored.mean() == pytest.approx(MEAN_OF_NUMBERS, abs=0.05)
    assert (np.isnan(values) == np.isin(stored, list(FLAGS))).all()
    assert np.nanmean(values) == pytest.approx(stored[stored <= 1000].mean() / 1000, rel=1e-6)
    assert 0 <= np.nanmin(values) < np.nanmax(values) <= 1


def test_the_grid_of_the_file_is_kept(folder):
    fields = read_series(folder, product(), TENTHS)

    assert (fields.attrs["crs"], fields.attrs["step"], fields.attrs["pixel_m"]) == ("EPSG:3412", "P1M", 25_000.0)
    assert dict(fields.sizes) == {"time": 1, "y": 332, "x": 316}
    assert fields["time"].to_numpy() == np.datetime64("2019-05-01")


def test_flags_that_are_not_declared_are_refused(folder):
    with pytest.raises(InputFileError) as raised:
        read_series(folder, product(flags={2540: "land"}), TENTHS)
    assert raised.value.sample == ["2530"]


def test_a_grid_of_the_other_pole_is_refused(folder):
    with pytest.raises(InputFileError) as raised:
        read_series(folder, product(crs=("EPSG:3411",)), TENTHS)
    assert (raised.value.field, raised.value.got, raised.value.expected) == ("CRS", "EPSG:3412", "EPSG:3411")
    assert "gdalwarp -t_srs EPSG:3411" in raised.value.fix
