import pytest
from pydantic import ValidationError

from entropice.pipelines.sources.rasters.names import feature_name, unit_suffix
from entropice.pipelines.sources.rasters.parameters import RasterFile, RasterParameters

ICE = {"file": "ice.tif", "name": "ground_ice", "unit": "%", "statistic": "mean"}
SOIL = {"file": "soil.tif", "name": "soil", "categorical": {1: "peat", 2: "sand"}}


@pytest.mark.parametrize(
    ("unit", "suffix"),
    [
        ("m", "m"), ("1", ""), ("%", "percent"), ("degree", "deg"), ("degC", "c"), ("m-1", "per_m"), ("m2", "m2"),
        ("kg m-2", "kg_per_m2"), ("degC d", "c_d"), ("mm per decade", "mm_per_decade"), ("W m-2", "w_per_m2"),
    ],
)  # fmt: skip
def test_a_unit_ends_a_name_as_in_the_rest_of_the_dictionary(unit, suffix):
    assert unit_suffix(unit) == suffix
    assert feature_name("ice", "mean", unit) == "_".join(filter(None, ["ice", "mean", suffix]))


@pytest.mark.parametrize("unit", ["", "g/kg", "°C", "m^2", "m  s", "kg m-2 "])
def test_what_is_no_cf_unit_is_refused(unit):
    with pytest.raises(ValidationError, match="CF unit"):
        RasterFile(**ICE | {"unit": unit})


def test_a_single_statistic_needs_no_list():
    assert RasterFile(**ICE).statistic == ("mean",)
    assert RasterFile(**ICE | {"statistic": ["mean", "q90"]}).statistic == ("mean", "q90")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"statistic": "average"}, "pattern"),
        ({"statistic": "q00"}, "pattern"),
        ({"statistic": "q100"}, "pattern"),
        ({"statistic": []}, "at least 1"),
        ({"statistic": "fraction"}, "of categories"),
        ({"unit": None}, "unit is missing"),
        ({"name": "Ground-ice"}, "pattern"),
        ({"name": "ice_"}, "pattern"),
        ({"band": 0}, "greater than or equal to 1"),
        ({"year": 20.5}, "valid integer"),
        ({"year": 20}, "greater than or equal to 1800"),
        ({"file": ""}, "at least 1"),
        ({"units": "m"}, "Extra inputs"),
        ({"categorical": True}, "categories have no unit"),
    ],
)
def test_a_wrong_entry_is_refused(change, message):
    with pytest.raises(ValidationError, match=message):
        RasterFile(**ICE | change)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"categorical": {}}, "one code or more"),
        ({"categorical": {1: "peat", 2: "peat"}}, "each name stands once"),
        ({"categorical": {1: "other"}}, "each name stands once"),
        ({"categorical": {1: "Peat"}}, "pattern"),
        ({"categorical": {"one": "peat"}}, "valid integer"),
        ({"categorical": {1.5: "peat"}}, "valid integer"),
        ({"unit": "m"}, "no unit"),
        ({"statistic": "mean"}, "no statistic but"),
    ],
)
def test_wrong_categories_are_refused(change, message):
    with pytest.raises(ValidationError, match=message):
        RasterFile(**SOIL | change)


def test_one_name_is_one_quantity_of_several_years():
    series = [ICE | {"year": 2010}, ICE | {"year": 2020, "file": "later.tif"}]

    assert len(RasterParameters(files=series).files) == 2


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ([ICE, ICE], "years that differ"),
        ([ICE, ICE | {"year": 2020}], "years that differ"),
        ([ICE | {"year": 2020}, ICE | {"year": 2020}], "years that differ"),
        ([ICE | {"year": 2010}, ICE | {"year": 2020, "unit": "1"}], "same unit"),
        ([ICE | {"year": 2010}, ICE | {"year": 2020, "statistic": "sd"}], "same unit"),
        ([], "at least 1"),
    ],
)
def test_wrong_series_are_refused(files, message):
    with pytest.raises(ValidationError, match=message):
        RasterParameters(files=files)


@pytest.mark.parametrize("change", [{"min_known_fraction": 0.5}, {"block_px": 10}])
def test_wrong_settings_are_refused(change):
    with pytest.raises(ValidationError):
        RasterParameters(files=[ICE], **change)
