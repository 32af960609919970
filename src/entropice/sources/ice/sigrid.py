"""Code tables of SIGRID-3, the WMO's format of ice charts (JCOMM Technical Report 23, version 3.0, 2014)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import nan
from typing import Final


class Surface(StrEnum):
    """What a polygon of a chart is (``POLY_TYPE``)."""

    ICE = "I"
    WATER = "W"
    LAND = "L"
    SHELF = "S"
    NO_DATA = "N"


SURFACES: Final[Mapping[str, Surface]] = {surface.value: surface for surface in Surface}


@dataclass(frozen=True)
class Concentration:
    """The range that a share of ice lies in; both ends belong to it, and are NaN where nothing is known."""

    lowest: float
    highest: float


WATER: Final = Concentration(0, 0)
UNKNOWN: Final = Concentration(nan, nan)
UNKNOWN_STAGE: Final = "unknown"
_NOT_SAID: Final = ("", "99", "-9")

CONCENTRATIONS: Final[Mapping[str, Concentration]] = (
    {"00": WATER, "55": WATER, "01": Concentration(0, 0.1), "02": Concentration(0, 0.1), "92": Concentration(1, 1)}
    | {f"{tenths}0": Concentration(tenths / 10, tenths / 10) for tenths in range(1, 10)}
    | {f"{low}{high}": Concentration(low / 10, high / 10) for low in range(1, 9) for high in range(low + 1, 10)}
    | {f"{low}1": Concentration(low / 10, 1) for low in range(2, 10)}
    | dict.fromkeys(_NOT_SAID, UNKNOWN)
)
"""Codes of ``CT``, ``CA``, ``CB``, ``CC``: ice free, open and bergy water, all ice; tenths; from one tenth to another;
from one tenth to all."""

STAGES: Final[Mapping[str, str]] = {
    "00": "ice free",
    "80": "no stage of development",
    "81": "new ice",
    "82": "nilas, ice rind",
    "83": "young ice",
    "84": "grey ice",
    "85": "grey-white ice",
    "86": "first-year ice",
    "87": "thin first-year ice",
    "88": "thin first-year ice, first stage",
    "89": "thin first-year ice, second stage",
    "91": "medium first-year ice",
    "93": "thick first-year ice",
    "94": "residual ice",
    "95": "old ice",
    "96": "second-year ice",
    "97": "multi-year ice",
    "98": "glacier ice",
} | dict.fromkeys(_NOT_SAID, UNKNOWN_STAGE)
"""Codes of ``SA``, ``SB``, ``SC``."""
