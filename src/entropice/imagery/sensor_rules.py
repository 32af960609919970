"""Which bands come together, and which of them can tell what a pixel shows, as parameters say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from entropice.errors import ConfigError, suggestion

SensorBands = Mapping[str, Sequence[str]]
"""Bands by sensor; empty where all bands are of one."""


@dataclass(frozen=True)
class Sensors:
    """Bands that come together, and what is asked of them before a pixel counts.

    Attributes
    ----------
    bands
        By sensor; empty where all bands are of one.
    known_by
        Sensors any of which makes a pixel known; None where each of them does. What is valid nearly everywhere and
        says little of the answer, such as a relief, should not be among them: it would let a pixel below a cloud count.
    """

    bands: SensorBands = field(default_factory=dict)
    known_by: Sequence[str] | None = None

    @property
    def knowing(self) -> SensorBands:
        """Those that make a pixel known: bands by sensor, all of them where none is named."""
        return self.bands if self.known_by is None else {name: self.bands[name] for name in self.known_by}


def require_sensors(sensors: Sensors, bands: Sequence[str]) -> None:
    """Pass only sensors that share out bands, each of one sensor, and of which named ones make pixels known.

    Parameters
    ----------
    bands
        All that are seen. Without sensors any bands pass.

    Raises
    ------
    ConfigError
        A sensor has none, or one that is not there, or a band is of no sensor or of several; or a pixel should be known
        by a sensor that is not there, or by none.

    Examples
    --------
    >>> require_sensors(Sensors({"optical": ("red",), "radar": ("vv",)}, ["radar"]), ("red", "vv"))
    >>> try:
    ...     require_sensors(Sensors({"optical": ("red",)}), ("red", "vv"))
    ... except ConfigError as error:
    ...     print(error.what, error.got)
    Sensors share out all bands. no sensor of vv
    """
    if sensors.bands:
        _require_shared_out(sensors.bands, bands)
    if sensors.known_by is not None:
        _require_there(sensors.known_by, sensors.bands)


def _require_shared_out(sensors: SensorBands, bands: Sequence[str]) -> None:
    expected = f"each of {', '.join(bands)} in one sensor"
    named = [band for of in sensors.values() for band in of]
    for band in named:
        if band not in bands or named.count(band) > 1:
            raise ConfigError(
                f"A sensor has a band that {'is not seen' if band not in bands else 'another one has, too'}"
                f"{suggestion(band, bands) if band not in bands else ''}",
                field="samples.sensors",
                got=band,
                expected=expected,
            )
    lacking = [band for band in bands if band not in named]
    if lacking or not all(sensors.values()):
        raise ConfigError(
            "Sensors share out all bands.",
            field="samples.sensors",
            got=f"no sensor of {', '.join(lacking)}" if lacking else "a sensor without bands",
            expected=expected,
        )


def _require_there(names: Sequence[str], sensors: SensorBands) -> None:
    unknown = [name for name in names if name not in sensors]
    if unknown or not names:
        raise ConfigError(
            f"Pixels are known by sensors that are there{suggestion(unknown[0], sensors) if unknown else ''}",
            field="samples.known_by",
            got=", ".join(unknown) or "none",
            expected=f"some of {', '.join(sensors) or 'samples.sensors, which has none'}, or null for any",
        )
