import numpy as np
import pytest

from entropice.sources.series.fields import read_series
from entropice.sources.series.human_modification import FRACTION, HUMAN_MODIFICATION, PER_10000
from entropice.sources.series.writing import write_series_file
from entropice.virtual_modification.files import modification_files


@pytest.mark.parametrize("unit", [FRACTION, PER_10000], ids=lambda unit: unit.name)
def test_files_are_read_back_as_what_is_mapped(tmp_path, modified, unit):
    for file in modification_files(modified, unit):
        write_series_file(tmp_path, file)
    fields = read_series(tmp_path, HUMAN_MODIFICATION, unit)

    names = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.tif"))
    assert names == [*(f"hm/HM_{year}.tif" for year in range(1990, 2021, 5)), "static/elevation.tif"]
    tolerance = 1e-3 if unit is FRACTION else 0.501
    np.testing.assert_allclose(fields["human_modification"].to_numpy(), modified.maps() * 1e4, rtol=0, atol=tolerance)
    np.testing.assert_array_equal(fields["elevation"].to_numpy(), modified.ground.elevation_m)
    assert fields["x"].to_numpy()[0] == modified.specification.left_m + 150


def test_equal_worlds_are_equal_bytes(tmp_path, modified):
    for folder in ("one", "two"):
        for file in modification_files(modified, PER_10000):
            write_series_file(tmp_path / folder, file)

    for path in (tmp_path / "one").rglob("*.tif"):
        assert path.read_bytes() == (tmp_path / "two" / path.relative_to(tmp_path / "one")).read_bytes()
