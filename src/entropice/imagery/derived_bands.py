"""Bands that are computed from others, one declaration each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.ndimage import uniform_filter

from entropice.errors import ConfigError, suggestion
from entropice.imagery.derived_band_rules import DerivedBandRules
from entropice.imagery.samples import Image
from entropice.types import FloatArray

Function = Callable[[Sequence[FloatArray], float, DerivedBandRules], FloatArray]


@dataclass(frozen=True)
class DerivedBand:
    """A band that others give.

    Attributes
    ----------
    name
        Of `entropice.imagery.bands`.
    inputs
        Bands it is computed from.
    function
        From the inputs, float64 of shape (…, row, column) and NaN where not known, the edge of a pixel in metres and
        the rules to values of that shape, NaN where they can't be known.
    """

    name: str
    inputs: tuple[str, ...]
    function: Function


def ndvi(inputs: Sequence[FloatArray], _: float, __: DerivedBandRules) -> FloatArray:
    """(NIR − red) / (NIR + red) of reflectances of one shape (Rouse et al. 1974); NaN where one is, or their sum is 0.

    Pixel size and rules are of no account.

    Examples
    --------
    >>> values = [np.array([0.5, 0.0, np.nan]), np.array([0.1, 0.0, 0.1])]
    >>> rules = DerivedBandRules(surroundings_radius_m=100.0, sun_azimuth_deg=315.0, sun_elevation_deg=45.0)
    >>> ndvi(values, 10.0, rules).round(6).tolist()
    [0.666667, nan, nan]
    """
    nir, red = inputs
    total = nir + red
    return np.divide(nir - red, total, out=np.full_like(total, np.nan), where=total != 0)


def relative_elevation(inputs: Sequence[FloatArray], pixel_m: float, rules: DerivedBandRules) -> FloatArray:
    """Elevation less the mean of what is known of it in a square around each pixel, as far as the tile goes.

    Metres, shape (…, row, column); NaN where the elevation is. The square is 2 · round(radius / pixel) + 1 pixels wide,
    the radius ``rules.surroundings_radius_m``.

    Parameters
    ----------
    inputs
        The elevation alone, m, float64 (…, row, column).
    pixel_m
        Edge of a pixel.

    Examples
    --------
    Means over the pixel and its neighbours are 0, 1 and 1.5 m:

    >>> rules = DerivedBandRules(surroundings_radius_m=10.0, sun_azimuth_deg=315.0, sun_elevation_deg=45.0)
    >>> relative_elevation([np.array([[0.0, 0.0, 3.0, np.nan]])], 10.0, rules).round(6).tolist()
    [[0.0, -1.0, 1.5, nan]]
    """
    # About the tile's mean: sums of heights above the ellipsoid would leave no digits for the differences.
    (elevation_m,) = inputs
    is_known = np.isfinite(elevation_m)
    from_mean_m = elevation_m - elevation_m.mean(where=is_known) if is_known.any() else elevation_m
    size = 2 * round(rules.surroundings_radius_m / pixel_m) + 1
    sums, counts = (
        uniform_filter(values, size, mode="constant", axes=(-2, -1))
        for values in (np.where(is_known, from_mean_m, 0.0), is_known.astype(np.float64))
    )
    relative_m: FloatArray = from_mean_m - np.divide(sums, counts, out=np.zeros_like(sums), where=is_known)
    return relative_m


def shaded_relief(inputs: Sequence[FloatArray], pixel_m: float, rules: DerivedBandRules) -> FloatArray:
    """Cosine of the angle between light and the ground's normal, shape (…, row, column), 0 where light is behind it.

    Slopes are differences of the pixels on both sides (Zevenbergen and Thorne 1987, doi:10.1002/esp.3290120107), of
    a pixel and its one neighbour at the tile's edge; unknown beside elevations that are not known.

    Parameters
    ----------
    inputs
        The elevation alone, m, float64 (…, row, column), two rows and columns or more.
    pixel_m
        Edge of a pixel.

    Notes
    -----
    With the azimuth a of the light, clockwise from up in the tile, its height h and the slopes s southward and e
    eastward,

        cos = (sin h + cos h (s cos a − e sin a)) / √(1 + s² + e²).

    Examples
    --------
    Light from above at 45°: on flat ground, and on a slope of 45° that faces it.

    >>> rules = DerivedBandRules(surroundings_radius_m=10.0, sun_azimuth_deg=0.0, sun_elevation_deg=45.0)
    >>> facing_m = np.array([[0.0, 0.0], [10.0, 10.0]])
    >>> [float(shaded_relief([each], 10.0, rules)[0, 0].round(4)) for each in (0 * facing_m, facing_m, -facing_m)]
    [0.7071, 1.0, 0.0]
    """
    (elevation_m,) = inputs
    southward, eastward = np.gradient(elevation_m, pixel_m, axis=(-2, -1))
    azimuth, height = np.radians([rules.sun_azimuth_deg, rules.sun_elevation_deg])
    along = southward * np.cos(azimuth) - eastward * np.sin(azimuth)
    cosine = (np.sin(height) + np.cos(height) * along) / np.sqrt(1 + southward**2 + eastward**2)
    return np.where(np.isfinite(elevation_m), np.maximum(cosine, 0.0), np.nan)


DERIVED_BANDS: Final[tuple[DerivedBand, ...]] = (
    DerivedBand("ndvi", ("nir", "red"), ndvi),
    DerivedBand("relative_elevation", ("elevation",), relative_elevation),
    DerivedBand("shaded_relief", ("elevation",), shaded_relief),
)


def derived_band_named(name: str) -> DerivedBand:
    """The declaration of a name: ``ndvi``, ``relative_elevation`` or ``shaded_relief``.

    Raises
    ------
    ConfigError
        There is none.

    Examples
    --------
    >>> derived_band_named("ndvi").inputs
    ('nir', 'red')
    """
    by_name = {band.name: band for band in DERIVED_BANDS}
    if name not in by_name:
        raise ConfigError(
            f"No band {name!r} can be derived{suggestion(name, by_name)}",
            field="bands",
            got=name,
            expected=", ".join(by_name),
            fix="name one of these, or declare it in entropice/imagery/derived_bands.py",
        )
    return by_name[name]


def with_derived(image: Image, names: Sequence[str], pixel_m: float, rules: DerivedBandRules) -> Image:
    """The image with derived bands after its own, valid where they can be known from what is valid.

    These can be derived, by the functions of their names: ``ndvi`` from ``nir`` and ``red``, ``relative_elevation``
    (m) and ``shaded_relief`` (0 to 1) from ``elevation``. Inputs are bands of the image, not other derived ones.

    Parameters
    ----------
    image
        (…, band, row, column), any leading dimensions; it stays as it is.
    names
        Bands to add, in this order; the very image where there are none.
    pixel_m
        Edge of a pixel in metres.
    rules
        Reach of the surroundings, and where the light of the relief comes from; ``ndvi`` has no use for them.

    Returns
    -------
    Image
        float32 (…, n_band + n_name, row, column); 0 and not valid where a derived band is not known.

    Raises
    ------
    ConfigError
        A name can't be derived, comes twice, is in the image already, or lacks an input there.

    Examples
    --------
    >>> valid = np.array([[[True, False]], [[True, True]]])
    >>> image = Image(("nir", "red"), np.array([[[0.75, 0.0]], [[0.25, 0.25]]], np.float32), valid)
    >>> rules = DerivedBandRules(surroundings_radius_m=10.0, sun_azimuth_deg=0.0, sun_elevation_deg=45.0)
    >>> more = with_derived(image, ["ndvi"], 10.0, rules)
    >>> more.bands, more.values[2].tolist(), more.valid[2].tolist()
    (('nir', 'red', 'ndvi'), [[0.5, 0.0]], [[True, False]])
    """
    declared = [derived_band_named(name) for name in names]
    _check(image, declared)
    known = np.where(image.valid, image.values, np.nan).astype(np.float64)
    inputs = {band: known[..., position, :, :] for position, band in enumerate(image.bands)}
    derived = [band.function([inputs[name] for name in band.inputs], pixel_m, rules) for band in declared]
    if not derived:
        return image
    new = np.stack(derived, axis=-3).astype(np.float32)
    valid = np.isfinite(new)
    return Image(
        (*image.bands, *names),
        np.concatenate([image.values, np.where(valid, new, np.float32(0.0))], axis=-3),
        np.concatenate([image.valid, valid], axis=-3),
    )


def _check(image: Image, declared: Sequence[DerivedBand]) -> None:
    names = [band.name for band in declared]
    there = [name for name in names if name in image.bands]
    twice = sorted({name for name in names if names.count(name) > 1})
    lacking = sorted({name for band in declared for name in band.inputs} - set(image.bands))
    if there or lacking:
        raise ConfigError(
            f"Bands can't be derived: {', '.join(there)} are there already." if there else "Bands can't be derived.",
            field="bands",
            got=", ".join(image.bands),
            expected=f"{', '.join(lacking)} among them" if lacking else "none of the derived bands among them",
            fix="read the bands that others are derived from, and name each band once",
        )
    if twice:
        raise ConfigError(
            f"Bands can't be derived twice: {', '.join(twice)}.",
            field="bands",
            got=", ".join(names),
            expected="each band once",
            fix="name each band once",
        )
