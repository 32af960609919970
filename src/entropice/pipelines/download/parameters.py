"""Parameters of the download: where each source is published. No address stands in code."""

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, RootModel, model_validator

from entropice.base_model import StrictModel

Url = Annotated[str, Field(pattern=r"^https?://[^\s]+$", description="address over HTTP")]
Year = Annotated[int, Field(ge=1940, le=2100)]
Years = Annotated[tuple[Year, ...], Field(strict=False, min_length=1)]
Names = Annotated[tuple[str, ...], Field(strict=False, min_length=1)]
Kind = Field(discriminator="kind")


class TransferParameters(StrictModel):
    """How files are fetched; results do not depend on it."""

    n_parallel: int = Field(default=8, ge=1, le=64, description="files, or chunks of a store, fetched at a time")
    n_tries: int = Field(default=8, ge=1, description="failures in a row without a byte gained, then the run ends")
    first_wait_s: float = Field(default=1.0, ge=0, description="wait after the first failure; doubles from then on")
    longest_wait_s: float = Field(default=120.0, ge=0, description="no wait is longer, whatever a server asks for")
    timeout_s: float = Field(default=60.0, gt=0, description="silence after which a connection counts as dropped")
    max_gb: float = Field(default=100.0, gt=0, description="a source that would transfer more is refused")
    margin_km: float = Field(default=100.0, ge=0, description="beyond the region: cells reach across its edge")


class FileParameters(StrictModel):
    """One published file."""

    url: Url
    name: str = Field(pattern=r"^[^/\\]+$", description="what it is called here")
    sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$", description="as published")
    md5: str | None = Field(default=None, pattern=r"^[0-9a-f]{32}$", description="as published")
    n_bytes: int | None = Field(default=None, gt=0, description="as published")


Files = Annotated[tuple[FileParameters, ...], Field(strict=False, min_length=1)]


class FilesParameters(StrictModel):
    """Files that are taken whole, whatever the region."""

    kind: Literal["files"] = "files"
    files: Files


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


class ClimateParameters(RootModel[Annotated[ZarrClimateParameters | CdsClimateParameters | FilesParameters, Kind]]):
    """One of the three ways to have ERA5."""

    model_config = ConfigDict(frozen=True, strict=True)


class ElevationParameters(StrictModel):
    """Tiles of a STAC collection, of an API or of static files."""

    collection: Url
    asset: str = Field(default="dem", min_length=1, description="which file of an item")


class EmbeddingsParameters(StrictModel):
    """AlphaEarth's annual files, by their index."""

    index: Url
    files: Url = Field(description="address below which <year>/<zone>/<name> stand")
    years: Years
    resolution_m: float | None = Field(
        default=80.0, gt=0, description="the overview that is fetched alone, by range requests; null: whole files"
    )


class DownloadParameters(StrictModel):
    """Where the sources are published; region and margin are those of the grid."""

    transfer: TransferParameters = TransferParameters()
    land: FilesParameters
    labels: FilesParameters
    climate: ClimateParameters
    elevation: ElevationParameters
    embeddings: EmbeddingsParameters
