import pytest

from entropice.errors import SchemaError
from entropice.sources.era5.variables import REQUIRED, VARIABLES, factor_to_canonical, recognise


def test_every_variable_is_known_by_each_of_its_names_and_codes():
    for variable in VARIABLES.values():
        assert {recognise(name, {}).name for name in variable.names} == {variable.name}
        for grib_id in variable.grib_ids:
            assert recognise("unknown", {"GRIB_paramId": grib_id}) is variable


def test_layers_of_soil_have_the_stores_codes_from_the_surface_down():
    assert [VARIABLES[f"stl{level}"].grib_ids for level in (1, 2, 3, 4)] == [{139}, {170}, {183}, {236}]
    assert [VARIABLES[f"swvl{level}"].grib_ids for level in (1, 2, 3, 4)] == [{39}, {40}, {41}, {42}]


def test_no_name_or_code_means_two_variables():
    names = [name for variable in VARIABLES.values() for name in variable.names]
    codes = [code for variable in VARIABLES.values() for code in variable.grib_ids]

    assert len(set(names)) == len(names)
    assert len(set(codes)) == len(codes)


def test_a_unit_gives_a_factor_and_the_range_is_one():
    for variable in VARIABLES.values():
        assert variable.minimum < variable.maximum
        assert all(factor_to_canonical(variable, units) > 0 for units in variable.factors)


def test_what_the_climate_indices_need_is_required():
    assert REQUIRED == ("t2m", "tp", "sf", "sd")


def test_metres_and_kilograms_of_water_are_the_same_water():
    assert factor_to_canonical(VARIABLES["tp"], "m") == 1000 * factor_to_canonical(VARIABLES["tp"], "kg m**-2")


def test_a_hundred_percent_of_snow_cover_is_all_of_the_ground():
    assert (
        100 * factor_to_canonical(VARIABLES["snowc"], "%") == 1.0 == factor_to_canonical(VARIABLES["snowc"], "(0 - 1)")
    )


def test_what_is_not_in_the_table_is_left_alone():
    assert recognise("u10", {"GRIB_paramId": 165}) is None


def test_a_name_and_a_code_of_two_variables_are_refused():
    with pytest.raises(SchemaError, match="contradict") as caught:
        recognise("t2m", {"GRIB_paramId": 228})

    assert caught.value.field == "t2m"


@pytest.mark.parametrize("units", ["degC", None, "mm"])
def test_a_unit_that_is_not_the_stores_is_refused(units):
    with pytest.raises(SchemaError, match="another unit"):
        factor_to_canonical(VARIABLES["tp"], units)
