"""Whether the values of a file can be what its product says: reflectances, backscatter in dB, heights in metres."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, NoReturn

import numpy as np

from entropice.errors import InputFileError
from entropice.imagery.bands import band_named
from entropice.raster.band_header import UNKNOWN_NUMBERS
from entropice.sources.imagery.products import Product
from entropice.types import BoolArray, Float32Array

DARKEST: Final = 0.026
"""Some pixel of some band reaches this in every image, and none where display values of 0 to 255 are × 10,000."""

MAX_SHARE_BEYOND: Final = 0.01
"""Glints on water and roofs exceed what a reflectance can be; more of them is another scale."""

HIGHEST_MEDIAN_DB: Final = 0.0
"""Ground of a whole chip sends back less than this; as linear power, which is never negative, none does."""

MIN_EXCHANGED_DB: Final = 1.0
"""VH lies 5 to 10 dB below VV on land and at the noise on calm water; by so much above it the two are exchanged."""

MIN_JUDGED_PIXELS: Final = 64
"""Fewer say nothing of a chip: they may be one slope that faces the radar, or one pixel of a band of 60 m."""

LEFT_OUT: Final = "store NaN in all bands of a sensor that saw nothing"

Judge = Callable[[Float32Array, BoolArray, tuple[str, ...], Path], None]
"""Values (band, row, column), where they are known, names of the bands, and the file."""


def require_parts(values: Float32Array, valid: BoolArray, product: Product, path: Path, is_masked: bool) -> None:
    """Refuse values (band, row, column) that no sensor of a product gives.

    A sensor that saw nothing is missing and no fault where another saw something, or where a mask hides everything.

    Each sensor is judged alone, by the judge of its unit (`JUDGES`): reflectances, backscatter in dB, or heights in
    metres. `values` and `valid` have one shape; `is_masked` says whether a mask hides pixels.

    Raises
    ------
    InputFileError
        Nothing is known of any sensor, a band is empty or constant, or values are at another scale, in another unit or
        beyond what is possible.
    """
    rows = {part.bands: product.rows(part) for part in product.parts}
    known = [bands for bands in rows if valid[rows[bands]].any()]
    for bands in known or ([] if is_masked else rows):
        JUDGES[band_named(bands[0]).unit](values[rows[bands]], valid[rows[bands]], bands, path)


def require_reflectances(values: Float32Array, valid: BoolArray, bands: tuple[str, ...], path: Path) -> None:
    """Refuse reflectances (band, row, column) that are none.

    Of known pixels (`valid`, same shape) alone: more than one in a hundred above the band's `high`, which is 1.6, or
    none of any band that reaches 0.026. At least 64 are needed to call a band constant. `bands` are one or more.

    Raises
    ------
    InputFileError
        A band without values, or with one value throughout; a scale on which land is black or beyond white.

    Examples
    --------
    Display values of 0 to 255, divided by 10,000:

    >>> values = np.linspace(0.0, 0.0255, 100, dtype=np.float32).reshape(1, 10, 10)
    >>> try:
    ...     require_reflectances(values, values >= 0, ("red",), Path("tile.tif"))
    ... except InputFileError as error:
    ...     error.what, error.got
    ('Reflectances are at another scale.', 'nothing above 0.0255')
    """
    for band, of_band, is_known in zip(bands, values, valid, strict=True):
        known = of_band[is_known]
        _require_varied(known, band, path)
        beyond = float((known > band_named(band).high).mean())
        if beyond > MAX_SHARE_BEYOND:
            _refuse_scale(path, band, f"{beyond:.0%} of pixels above {band_named(band).high:g}")
    brightest = float(values[valid].max())
    if brightest < DARKEST:
        _refuse_scale(path, ", ".join(bands), f"nothing above {brightest:.4g}")


def require_backscatter(values: Float32Array, valid: BoolArray, bands: tuple[str, ...], path: Path) -> None:
    """Refuse backscatter (VV and VH, row, column) that is not in dB, or whose bands are exchanged.

    Of known pixels (`valid`, same shape) alone: more than one in a hundred beyond the band's range (VV −50 to 30 dB, VH
    −60 to 20 dB); a median of 0 dB or above; or a median of VH − VV above 1 dB where both are known. Medians, and
    calling a band constant, need 64 pixels. `bands` are ``vv`` and ``vh``, in the order of `values`.

    Raises
    ------
    InputFileError
        A band without values, or with one value throughout; linear power or digital numbers; VH far above VV.
    ValueError
        ``vv`` or ``vh`` is not among the bands.
    """
    for band, of_band, is_known in zip(bands, values, valid, strict=True):
        known = of_band[is_known]
        _require_varied(known, band, path, LEFT_OUT)
        _require_decibels(known, band, path)
    vv, vh = (bands.index(name) for name in ("vv", "vh"))
    # In the median: in single pixels VH may exceed VV, as at the noise of calm water.
    both = valid.all(axis=0)
    above_db = np.median(values[vh][both] - values[vv][both]) if both.sum() >= MIN_JUDGED_PIXELS else -np.inf
    if above_db > MIN_EXCHANGED_DB:
        _refuse(
            "VV and VH are exchanged.",
            path,
            "vv, vh",
            f"VH is {above_db:.1f} dB above VV in the median",
            "VH below VV, by 5 to 10 dB on land",
            "exchange the two bands, or their names",
        )


def require_heights(values: Float32Array, valid: BoolArray, bands: tuple[str, ...], path: Path) -> None:
    """Refuse heights (1, row, column) in metres that are none.

    A single known pixel beyond −1000 to 9000 m is refused; at least 64 are needed to call heights constant.

    `valid` has the shape of `values`; `bands` is the name of the one band.

    Raises
    ------
    InputFileError
        No known pixel; one value throughout; numbers that stand for unknown (−32768, −9999, −32767) or lie beyond the
        band's range.
    """
    known, band = values[valid], band_named(bands[0])
    beyond = known[(known < band.low) | (known > band.high)]
    if beyond.size:
        marks = sorted(set(beyond.tolist()) & set(UNKNOWN_NUMBERS))
        void = f", among them {', '.join(f'{mark:g}' for mark in marks)}, which stands for unknown" if marks else ""
        _refuse(
            "The elevation holds heights that are none.",
            path,
            band.name,
            f"{beyond.size} pixels from {beyond.min():g} to {beyond.max():g}{void}",
            f"{band.low:g} to {band.high:g} m, and NaN where nothing is known",
            "gdalwarp -srcnodata … -dstnodata nan for voids; convert other units to metres",
        )
    _require_varied(known, band.name, path, LEFT_OUT)


JUDGES: Final[Mapping[str, Judge]] = {"1": require_reflectances, "dB": require_backscatter, "m": require_heights}
"""By unit of a sensor's bands."""


def _require_varied(known: Float32Array, band: str, path: Path, fix: str = "leave it out") -> None:
    """Of known values (n,)."""
    if known.size == 0:
        _refuse("A band is missing.", path, band, "no known pixel", "values", f"fetch the file again, or {fix}")
    if known.size >= MIN_JUDGED_PIXELS and known.min() == known.max():
        _refuse("A band is constant.", path, band, f"{known[0]:g} throughout", "values that differ", fix)


def _require_decibels(known: Float32Array, band: str, path: Path) -> None:
    low, high = band_named(band).low, band_named(band).high
    beyond = float(((known < low) | (known > high)).mean())
    median = float(np.median(known)) if known.size >= MIN_JUDGED_PIXELS else -np.inf
    expected = f"{low:g} to {high:g} dB, below {HIGHEST_MEDIAN_DB:g} dB in the median, and NaN where nothing is known"
    if beyond > MAX_SHARE_BEYOND:
        got = f"{beyond:.0%} of pixels beyond {low:g} to {high:g}, from {known.min():g} to {known.max():g}"
        fix = "calibrate digital numbers to sigma nought or gamma nought in dB; store NaN where nothing is known"
        _refuse("Backscatter is not in dB.", path, band, got, expected, fix)
    if median >= HIGHEST_MEDIAN_DB:
        got = f"{median:.3g} in the median, {known.min():.3g} at least"
        _refuse(
            "Backscatter is not in dB.",
            path,
            band,
            got,
            expected,
            "this looks like linear power: store 10 · log10 of it, and NaN where it is 0",
        )


def _refuse_scale(path: Path, field: str, got: str) -> NoReturn:
    fix = "name the product whose scale the file has, or multiply; display values (0 to 255) hold no reflectance"
    _refuse("Reflectances are at another scale.", path, field, got, "reflectances of land, about 0.02 to 0.6", fix)


def _refuse(what: str, path: Path, field: str, got: object, expected: object, fix: str) -> NoReturn:
    raise InputFileError(what, path=path, field=field, got=got, expected=expected, fix=fix)
