"""Where ERA5 is published, in one of three ways."""

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, RootModel, model_validator

from entropice.base_model import StrictModel
from entropice.pipelines.download.parameters import FilesParameters, Url, Year

Names = Annotated[tuple[str, ...], Field(strict=False, min_length=1)]
Kind = Field(discriminator="kind")


class _PeriodParameters(StrictModel):
    """Variables and whole years."""

    url: Url
    variables: Names = Field(description="by the long names of requests")
    first_year: Year
    last_year: Year

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.last_year < self.first_year:
            raise ValueError(f"last_year {self.last_year} lies before first_year {self.first_year}")
        return self


class ZarrClimateParameters(_PeriodParameters):
    """Hours from a Zarr store such as ARCO-ERA5; needs no key."""

    kind: Literal["zarr"]


class CdsClimateParameters(_PeriodParameters):
    """Monthly means from the Climate Data Store; the key is CDSAPI_KEY in the environment."""

    kind: Literal["cds"]
    dataset: str = Field(min_length=1)


class ClimateDownloadParameters(
    RootModel[Annotated[ZarrClimateParameters | CdsClimateParameters | FilesParameters, Kind]]
):
    """One of the three ways to have ERA5."""

    model_config = ConfigDict(frozen=True, strict=True)
