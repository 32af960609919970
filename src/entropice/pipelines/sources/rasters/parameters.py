"""Parameters of rasters of the user's own."""

from collections import Counter
from typing import Annotated, Any, Final, Self

from pydantic import Field, field_validator, model_validator

from entropice.base_model import StrictModel
from entropice.pipelines.sources.rasters.names import unit_suffix

FRACTION: Final = "fraction"
KNOWN_FRACTION: Final = "known_fraction"
OTHER: Final = "other"

SnakeCase = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
Statistic = Annotated[
    str, Field(pattern=rf"^(mean|sd|min|max|range|median|q(0[1-9]|[1-9][0-9])|{FRACTION}|{KNOWN_FRACTION})$")
]


class RasterFile(StrictModel):
    """One band of one raster, and what of it becomes features."""

    file: str = Field(min_length=1, description="path inside the folder `raster_files`")
    name: SnakeCase = Field(description="beginning of the features' names")
    band: int = Field(default=1, ge=1, description="counted from 1")
    unit: str | None = Field(
        default=None, description="CF unit of the values, such as m, degC, % or kg m-2; 1 for none"
    )
    statistic: Annotated[tuple[Statistic, ...], Field(strict=False)] = Field(
        default=(FRACTION,),
        min_length=1,
        description="one or several of mean, sd, min, max, range, median, q01 to q99 and known_fraction; of categories "
        "fraction and known_fraction",
    )
    year: int | None = Field(
        default=None, ge=1800, le=2200, description="the calendar year it describes; without one it holds for all years"
    )
    categorical: bool | dict[int, SnakeCase] = Field(
        default=False, description="names of the codes whose shares of area are features; true for every code found"
    )
    long_name: str | None = Field(default=None, min_length=1, description="what it is, for people; else its name")

    @field_validator("statistic", mode="before")
    @classmethod
    def _several(cls, statistic: Any) -> Any:
        return (statistic,) if isinstance(statistic, str) else statistic

    @field_validator("unit")
    @classmethod
    def _has_suffix(cls, unit: str | None) -> str | None:
        if unit is not None:
            unit_suffix(unit)
        return unit

    @field_validator("categorical")
    @classmethod
    def _names_differ(cls, categorical: bool | dict[int, str]) -> bool | dict[int, str]:
        if not isinstance(categorical, dict):
            return categorical
        if not categorical:
            raise ValueError("name one code or more, or write true for every code found")
        repeated = [name for name, n in Counter(categorical.values()).items() if n > 1 or name == OTHER]
        if repeated:
            raise ValueError(f"each name stands once, and `{OTHER}` is for all codes without a name: {repeated}")
        return categorical

    @model_validator(mode="after")
    def _is_one_or_the_other(self) -> Self:
        is_of_categories = set(self.statistic) <= {FRACTION, KNOWN_FRACTION}
        if self.is_categorical and not (is_of_categories and self.unit in {None, "1"}):
            raise ValueError("categories have no unit, and no statistic but fraction and known_fraction")
        if not self.is_categorical and self.unit is None:
            raise ValueError("unit is missing: the unit of the values, or 1 where they have none")
        if not self.is_categorical and FRACTION in self.statistic:
            raise ValueError("statistic is missing, or is `fraction`, which is of categories: mean, sd, min, …")
        return self

    @property
    def is_categorical(self) -> bool:
        """Whether its values are codes, named or all that are found, of which shares of area become features."""
        return self.categorical is not False

    @property
    def meaning(self) -> Any:
        """What rasters of one name, of several years, have in common: unit, statistics, categories and long name."""
        return self.unit, self.statistic, self.categorical, self.long_name


class RasterParameters(StrictModel):
    """Rasters of the user's own, and how they become features."""

    block_px: int = Field(
        default=1024,
        ge=64,
        le=16384,
        description="edge of the squares by which cells are gathered; without effect on results",
    )
    files: Annotated[tuple[RasterFile, ...], Field(strict=False)] = Field(min_length=1)

    @field_validator("files")
    @classmethod
    def _names_are_series(cls, files: tuple[RasterFile, ...]) -> tuple[RasterFile, ...]:
        for name, series in by_name(files).items():
            years = [raster.year for raster in series]
            if len(series) > 1 and (None in years or len(set(years)) < len(years)):
                raise ValueError(f"{name} occurs {len(series)} times: rasters of one name need years that differ")
            if any(raster.meaning != series[0].meaning for raster in series):
                raise ValueError(f"{name}: rasters of one name need the same unit, statistic, categories and long_name")
        return files


def by_name(files: tuple[RasterFile, ...]) -> dict[str, list[RasterFile]]:
    """The rasters of each name, in the order in which the names first occur; those of one name in their order.

    >>> files = [RasterFile(file=f"{n}{y}.tif", name=n, unit="m", statistic="mean") for y in (1, 2) for n in ("b", "a")]
    >>> {name: [each.file for each in series] for name, series in by_name(tuple(files)).items()}
    {'b': ['b1.tif', 'b2.tif'], 'a': ['a1.tif', 'a2.tif']}
    """
    series: dict[str, list[RasterFile]] = {}
    for raster in files:
        series.setdefault(raster.name, []).append(raster)
    return series
