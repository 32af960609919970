"""Unit conversions used across rooms."""

from typing import Final

M2_PER_KM2: Final = 1e6
M2_PER_HECTARE: Final = 1e4
M_PER_KM: Final = 1e3
MM_PER_M: Final = 1e3
BYTES_PER_GIB: Final = 2**30
HOURS_PER_DAY: Final = 24
ZERO_CELSIUS_K: Final = 273.15
STANDARD_GRAVITY_M_S2: Final = 9.80665
