"""Spellings of units."""

import pytest

from entropice.raster.value_units import METRES, metres_of, standard_unit


@pytest.mark.parametrize(
    ("spelt", "expected"),
    [("metres", "m"), (" Metre ", "m"), ("°C", "degC"), ("US-ft", "US survey foot"), ("", ""), (" W m-2 ", "W m-2")],
)
def test_known_units_have_one_spelling_and_others_stay(spelt: str, expected: str) -> None:
    assert standard_unit(spelt) == expected
    assert standard_unit(expected) == expected


def test_lengths_in_metres_however_they_are_spelt() -> None:
    """The international foot is 0.3048 m, that of the US survey 1200/3937 m; ten thousand differ by 6 mm."""
    assert (metres_of("Kilometers"), metres_of("feet"), metres_of("mm")) == (1000.0, 0.3048, 0.001)
    assert 10_000 * (metres_of("us-ft") - metres_of("ft")) == pytest.approx(0.0061, abs=1e-4)
    assert metres_of("K") is None
    assert metres_of("") is None
    assert all(metres_of(unit) == metres for unit, metres in METRES.items())
