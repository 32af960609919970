"""Parameters that downloads share: how files are fetched, and files taken whole. No address stands in code."""

from typing import Annotated, Literal

from pydantic import Field

from entropice.base_model import StrictModel

Url = Annotated[
    str,
    Field(
        pattern=r"^(https://|http://(localhost|127\.0\.0\.1|\[::1\])[:/])[^\s@]+$",
        description="address over HTTPS; plain HTTP from this machine only",
    ),
]
Year = Annotated[int, Field(ge=1940, le=2100)]


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
