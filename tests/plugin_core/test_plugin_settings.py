import pytest

from qgis_plugin.entropice.core.settings import SETTINGS, Setting


@pytest.mark.parametrize("setting", [each for each in SETTINGS if type(each.default) is int])
def test_a_number_begins_within_its_bounds(setting: Setting[int]) -> None:
    assert 0 <= setting.default <= setting.maximum


def test_each_is_stored_under_a_name_of_its_own() -> None:
    assert len({each.name for each in SETTINGS}) == len(SETTINGS)
