"""Values that no sensor gives are refused, each by the rule that it breaks; bounds are worked from the rules."""

from pathlib import Path

import numpy as np
import pytest

from entropice.errors import InputFileError
from entropice.sources.imagery.judging_values import (
    MIN_JUDGED_PIXELS,
    require_backscatter,
    require_heights,
    require_reflectances,
)

FILE = Path("chip.tif")
SIDE = 10


def spread(low: float, high: float) -> np.ndarray:
    """A band (row, column) of as many values as pixels, from `low` to `high`."""
    return np.linspace(low, high, SIDE * SIDE, dtype=np.float32).reshape(SIDE, SIDE)


def known(*bands: np.ndarray) -> np.ndarray:
    return np.ones((len(bands), SIDE, SIDE), dtype=bool)


def judge(require, names: tuple[str, ...], *bands: np.ndarray, valid: np.ndarray | None = None) -> None:
    require(np.stack(bands), known(*bands) if valid is None else valid, names, FILE)


def refusal(require, names: tuple[str, ...], *bands: np.ndarray, valid: np.ndarray | None = None) -> InputFileError:
    with pytest.raises(InputFileError) as refused:
        judge(require, names, *bands, valid=valid)
    assert refused.value.path == str(FILE)
    return refused.value


def test_what_sensors_give_is_taken() -> None:
    judge(require_reflectances, ("red", "nir"), spread(0.02, 0.3), spread(0.1, 0.6))
    judge(require_backscatter, ("vv", "vh"), spread(-20, -5), spread(-27, -12))
    judge(require_heights, ("elevation",), spread(-10, 5000))


@pytest.mark.parametrize("scale", [1e4, 255])
def test_reflectances_at_another_scale_are_refused(scale: float) -> None:
    error = refusal(require_reflectances, ("red",), scale * spread(0.02, 0.3))

    assert error.field == "red"
    assert "another scale" in str(error)


def test_one_glint_in_a_hundred_pixels_is_no_other_scale_and_two_are() -> None:
    band = spread(0.02, 0.3)
    band[0, 0] = 50.0
    judge(require_reflectances, ("red",), band)

    band[0, 1] = 50.0

    assert refusal(require_reflectances, ("red",), band).got.startswith("2% of pixels")


def test_land_is_nowhere_as_dark_as_display_values_times_a_ten_thousandth() -> None:
    judge(require_reflectances, ("red",), spread(0.0, 0.026))

    error = refusal(require_reflectances, ("red", "nir"), spread(0.0, 0.0255), spread(0.0, 0.0255))

    assert (error.field, error.got) == ("red, nir", "nothing above 0.0255")


@pytest.mark.parametrize(
    ("require", "names", "other"),
    [
        (require_reflectances, ("red", "nir"), spread(0.1, 0.6)),
        (require_backscatter, ("vv", "vh"), spread(-27, -12)),
    ],
)
def test_a_band_that_is_constant_or_missing_is_named(require, names: tuple[str, ...], other: np.ndarray) -> None:
    constant = np.full((SIDE, SIDE), other[0, 0], dtype=np.float32)
    error = refusal(require, names, constant, other)
    assert (error.field, str(error).startswith("A band is constant")) == (names[0], True)

    nothing = known(constant, other)
    nothing[0] = False
    assert refusal(require, names, constant, other, valid=nothing).got == "no known pixel"


def test_few_pixels_may_be_one_value() -> None:
    few = known(spread(0, 1))
    few.reshape(-1)[MIN_JUDGED_PIXELS - 1 :] = False
    enough = known(spread(0, 1))
    enough.reshape(-1)[MIN_JUDGED_PIXELS:] = False
    flat = np.full((SIDE, SIDE), 12.0, dtype=np.float32)

    judge(require_heights, ("elevation",), flat, valid=few)
    assert refusal(require_heights, ("elevation",), flat, valid=enough).got == "12 throughout"


def test_linear_power_is_no_backscatter_in_decibels() -> None:
    power = 10 ** (spread(-20, -5) / 10)

    assert "linear power" in refusal(require_backscatter, ("vv", "vh"), power, power / 5).fix


def test_digital_numbers_are_none_either() -> None:
    assert "digital numbers" in refusal(require_backscatter, ("vv", "vh"), spread(50, 400), spread(-27, -12)).fix


@pytest.mark.parametrize("names", [("vv", "vh"), ("vh", "vv")])
def test_exchanged_bands_are_told_by_their_median_difference(names: tuple[str, ...]) -> None:
    """1 dB of VH above VV may be noise, more is not."""
    by_name = {"vv": spread(-20, -5), "vh": spread(-20, -5) + np.float32(0.99)}
    judge(require_backscatter, names, *(by_name[name] for name in names))

    by_name["vh"] = by_name["vv"] + np.float32(1.5)

    error = refusal(require_backscatter, names, *(by_name[name] for name in names))
    assert error.got == "VH is 1.5 dB above VV in the median"


def test_marks_of_unknown_heights_are_named() -> None:
    heights = spread(0, 100)
    heights[0, :2] = -32768.0, -9999.0

    error = refusal(require_heights, ("elevation",), heights)

    assert "2 pixels from -32768 to -9999, among them -32768, -9999, which stands for unknown" in error.got
