"""The coordinate reference systems of the house, by purpose."""

from typing import Final

LON_LAT_CRS: Final = "EPSG:4326"
"""Geographic WGS 84; x is longitude, y is latitude wherever this package passes pairs."""

POLAR_CRS: Final = "EPSG:3413"
"""Polar stereographic (m): the CRS of every stored geometry. Its areas are wrong by up to ±14 %."""

EQUAL_AREA_CRS: Final = "EPSG:6931"
"""North polar Lambert azimuthal equal area (m): the CRS in which areas are measured."""
