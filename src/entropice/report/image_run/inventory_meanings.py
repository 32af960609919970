"""What the columns of an inventory's tables hold."""

from collections.abc import Mapping
from typing import Final

from entropice.report.table import Meaning

BEGINS: Final = "begins"
ENDS: Final = "ends"
_AREAS: Final[Mapping[str, Meaning]] = {
    "area_m2": ("m2", "its area on the ground"),
    "area_low_90_m2": ("m2", "lower end of the 90 % interval"),
    "area_high_90_m2": ("m2", "upper end of the 90 % interval"),
    "area_sd_m2": ("m2", "standard deviation of the area"),
}
_FLAGS: Final[Mapping[str, Meaning]] = {
    "is_below_min": ("1", "whether it is smaller than what is counted"),
    "is_cut": ("1", "whether it may go on where nobody has looked"),
}
FLAGS: Final = tuple(_FLAGS)
"""Columns that are 0 or 1."""

OF_OBJECTS: Final[Mapping[str, Meaning]] = {
    "object_id": ("1", "one number for what is the same object in several years"),
    "region": (None, "where it lies"),
    "year": ("1", "in which it was seen"),
    "split": (None, "whose ground it lies on; on that of training areas are not honest"),
    "p": ("1", "chance that it is what was looked for"),
    **_AREAS,
    "n_pixels": ("1", "pixels inside the outline"),
    "chance_mean": ("1", "mean chance of these pixels"),
    **_FLAGS,
    BEGINS: (None, "first day of the year"),
    ENDS: (None, "first day of the next year"),
}
OF_GROWTH: Final[Mapping[str, Meaning]] = {
    **{name: OF_OBJECTS[name] for name in ("object_id", "region", "split")},
    "first_year": ("1", "first in which it was seen"),
    "last_year": ("1", "last in which it was seen"),
    "change_m2": ("m2", "area in the last year less that in the first"),
    "change_low_90_m2": ("m2", "lower end of the 90 % interval"),
    "change_high_90_m2": ("m2", "upper end of the 90 % interval"),
    "change_m2_a": ("m2 a-1", "the change by the years between"),
    "change_low_90_m2_a": ("m2 a-1", "lower end of the 90 % interval"),
    "change_high_90_m2_a": ("m2 a-1", "upper end of the 90 % interval"),
    "p_grew": ("1", "chance that it has grown"),
    **_FLAGS,
}
OF_REGIONS: Final[Mapping[str, Meaning]] = {
    "region": (None, "what the sums are of"),
    "year": ("1", "in which it was looked at"),
    "split": (None, "whose ground; all for that of every split"),
    "n_objects": ("1", "outlines on it"),
    "n_expected": ("1", "sum of their chances"),
    **_AREAS,
}
