"""Which bands come together, as parameters say."""

from collections.abc import Mapping, Sequence

from entropice.errors import ConfigError, suggestion

Sensors = Mapping[str, Sequence[str]]
"""Bands by sensor; empty where all bands are of one."""


def require_sensors(sensors: Sensors, bands: Sequence[str]) -> None:
    """Pass only sensors that share out bands: each is of one sensor.

    Raises
    ------
    ConfigError
        A sensor has none, or one that is not there, or a band is of no sensor or of several.
    """
    if not sensors:
        return
    named = [band for of in sensors.values() for band in of]
    for band in named:
        if band not in bands or named.count(band) > 1:
            raise ConfigError(
                f"A sensor has a band that {'is not seen' if band not in bands else 'another one has, too'}"
                f"{suggestion(band, bands) if band not in bands else ''}",
                field="samples.sensors",
                got=band,
                expected=f"each of {', '.join(bands)} in one sensor",
            )
    lacking = [band for band in bands if band not in named]
    if lacking or not all(sensors.values()):
        raise ConfigError(
            "Sensors share out all bands.",
            field="samples.sensors",
            got=f"no sensor of {', '.join(lacking)}" if lacking else "a sensor without bands",
            expected=f"each of {', '.join(bands)} in one sensor",
        )
