"""Who took an image, in which light: states of strips, which are squares of an absolute lattice."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from entropice.errors import ConfigError
from entropice.types import Float32Array
from entropice.virtual_scenes.covers import OPTICAL
from entropice.virtual_scenes.hashing import bell, stream, uniform
from entropice.virtual_scenes.pixel_grid import PixelGrid
from entropice.virtual_scenes.specification import Clouds, Sensors


@dataclass(frozen=True)
class Sensor:
    """A kind of camera.

    Attributes
    ----------
    first_year, last_year
        Between them it takes images.
    gains
        Its response to each of `OPTICAL` over that of a camera that is right.
    noise
        Its noise over the common one.
    """

    name: str
    first_year: int
    last_year: int
    gains: tuple[float, float, float, float, float]
    noise: float


SENSORS: Final = (
    Sensor("Dove Classic", 2014, 2022, (1.06, 1.03, 0.97, 1.0, 0.90), 1.5),
    Sensor("SuperDove", 2020, 9999, (1.0, 1.0, 1.0, 1.0, 1.0), 1.0),
    Sensor("SuperDove, second series", 2021, 9999, (0.97, 1.02, 1.02, 1.04, 1.05), 0.8),
)


@dataclass(frozen=True)
class Strip:
    """State of one strip in one year.

    Attributes
    ----------
    gains, offsets, noise
        Of its sensor; shapes (5, 1, 1) and a reflectance.
    sun
        Unit vector towards the sun: x, y and up.
    cloud_share
        Share of it that clouds hide.
    """

    gains: Float32Array
    offsets: Float32Array
    noise: float
    sun: tuple[float, float, float]
    cloud_share: float


def sensors_of(year: int) -> tuple[Sensor, ...]:
    """Those that take images in a year.

    In the order of `SENSORS`; first and last year belong to it.

    Raises
    ------
    ConfigError
        None does.

    Examples
    --------
    >>> [sensor.name for sensor in sensors_of(2020)]
    ['Dove Classic', 'SuperDove']
    """
    known = tuple(sensor for sensor in SENSORS if sensor.first_year <= year <= sensor.last_year)
    if not known:
        raise ConfigError(
            "No sensor takes images in this year.",
            field="label_years",
            got=year,
            expected=", ".join(f"{sensor.first_year}–{sensor.last_year} ({sensor.name})" for sensor in SENSORS),
            fix="name later label years, or declare a sensor in entropice/virtual_scenes/sensors.py",
        )
    return known


def strips(
    grid: PixelGrid, year: int, seed: int, sensors: Sensors, clouds: Clouds
) -> Iterator[tuple[slice, slice, Strip]]:
    """Rows, columns and state of each strip that holds pixels.

    Strips are squares of `Sensors.strip_m`, aligned with the origin of EPSG:3413; slices are of the grid, and each
    pixel is in one strip. A strip's sensor, sun (30° to 42° high, within 35° of south), gains, haze and clouds are
    drawn by seed, year and strip. The sensor is one of `sensors_of`, each as likely as the other; its gains are
    multiplied by 1 + `gain_spread` z of each band, haze is `offset_spread` · (1, 0.7, 0.5, 0.35, 0.25) times the size
    of z', z and z' about standard normal (`bell`), noise is that of `Sensors` times the sensor's, and clouds, with a
    chance of `cloudy_share`, hide a share uniform up to `largest_share`.

    Raises
    ------
    ConfigError
        No sensor takes images in this year.
    """
    row, column = (np.floor(axis_m / sensors.strip_m).astype(np.int64) for axis_m in (grid.y_m, grid.x_m))
    for of_row in np.unique(row).tolist():
        for of_column in np.unique(column).tolist():
            rows, columns = np.flatnonzero(row == of_row), np.flatnonzero(column == of_column)
            window = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
            yield *window, _state(of_row, of_column, year, seed, sensors, clouds)


def measured(reflectance: Float32Array, grid: PixelGrid, strip: Strip, key: np.uint64) -> Float32Array:
    """What the strip's sensor makes of reflectances (5, row, column): gain, haze and noise of each pixel.

    g ρ + haze + noise, cut to 0.001–1.6, float32; noise has a mean of 0 and the standard deviation `Strip.noise`, and
    is a function of key, band and the pixel's place on the lattice of its size: `bell` of the key XOR the number of the
    band at the whole part of centre / pixel.
    """
    row, column = (np.floor(axis_m / grid.pixel_m).astype(np.int64) for axis_m in (grid.y_m, grid.x_m))
    noises = [bell(key ^ np.uint64(band), row[:, None], column[None, :]) for band in range(len(OPTICAL))]
    seen = reflectance * strip.gains + strip.offsets + np.float32(strip.noise) * np.stack(noises)
    return np.clip(seen, np.float32(0.001), np.float32(1.6))


def _state(row: int, column: int, year: int, seed: int, sensors: Sensors, clouds: Clouds) -> Strip:
    key = stream(seed, "strips", year)
    numbers = np.arange(4) + 16 * column, np.arange(len(OPTICAL)) + 16 * column
    rows = np.array([row])
    of_sensor, of_sun, is_cloudy, of_clouds = uniform(key, rows, numbers[0])
    known = sensors_of(year)
    sensor = known[int(of_sensor * len(known))]
    spread = bell(stream(seed, "gains", year), rows, numbers[1]), bell(stream(seed, "haze", year), rows, numbers[1])
    gains = np.array(sensor.gains) * (1 + sensors.gain_spread * spread[0])
    # One number a strip: haze is blue, and of one colour.
    offsets = sensors.offset_spread * np.abs(spread[1][0]) * np.array([1.0, 0.7, 0.5, 0.35, 0.25])
    return Strip(
        gains=gains.astype(np.float32)[:, None, None],
        offsets=offsets.astype(np.float32)[:, None, None],
        noise=sensors.noise * sensor.noise,
        sun=_sun((column + 0.5) * sensors.strip_m, (row + 0.5) * sensors.strip_m, of_sun),
        cloud_share=clouds.largest_share * of_clouds if is_cloudy < clouds.cloudy_share else 0.0,
    )


def _sun(x_m: float, y_m: float, chance: float) -> tuple[float, float, float]:
    """Within 35° of south, which lies outwards from the pole; 30° to 42° high, in no order with it."""
    turn, height = np.radians(70 * chance - 35), np.radians(30 + 12 * ((7 * chance) % 1))
    azimuth = np.arctan2(y_m, x_m) + turn
    flat = np.cos(height)
    return float(flat * np.cos(azimuth)), float(flat * np.sin(azimuth)), float(np.sin(height))
