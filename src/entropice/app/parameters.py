"""All parameters of a run as one strict model, so that a typo anywhere stops it before the first node."""

import difflib
from typing import Any

from pydantic import Field, ValidationError, field_validator
from pydantic_core import ErrorDetails

from entropice.base_model import StrictModel
from entropice.errors import ConfigError, GridError
from entropice.grid_keys import check_grid_key
from entropice.pipelines.download.parameters import DownloadParameters
from entropice.pipelines.features.parameters import FeatureParameters
from entropice.pipelines.grids.parameters import GridParameters
from entropice.pipelines.labels.parameters import LabelParameters
from entropice.pipelines.modelling.parameters import ModellingParameters
from entropice.pipelines.reporting.parameters import ReportingParameters
from entropice.pipelines.virtual_arctic.parameters import VirtualArcticParameters
from entropice.tiles.parameters import ClusterParameters, TileParameters


class Parameters(StrictModel):
    """The content of every ``parameters.yml`` together with ``--params``.

    What ``model_dump`` leaves out (``exclude``) says nothing about the results.
    """

    grid: str = Field(description="key of the discrete global grid, such as h3_4 or healpix_7")
    random_seed: int = Field(ge=0, description="seed of everything random after the sources")
    data_root: str | None = Field(
        default=None, exclude=True, description="folder of the source files, where not the default"
    )
    force: bool = Field(default=False, exclude=True, description="run every step, also those that are up to date")
    tiles: TileParameters = Field(default=TileParameters(), exclude=True)
    cluster: ClusterParameters = Field(default=ClusterParameters(), exclude=True)
    download: DownloadParameters | None = Field(default=None, description="where the sources are published")
    virtual_arctic: VirtualArcticParameters
    grids: GridParameters
    labels: LabelParameters
    features: FeatureParameters
    modelling: ModellingParameters
    reporting: ReportingParameters

    @field_validator("grid")
    @classmethod
    def _is_known_grid(cls, key: str) -> str:
        try:
            check_grid_key(key)
        except GridError as error:
            raise ValueError(str(error)) from error
        return key


def validate_parameters(raw: dict[str, Any]) -> Parameters:
    """Parse the merged parameters, reporting every fault at once.

    Raises
    ------
    ConfigError
        An unknown key (with the nearest known one), a wrong type, or a value out of range.
    """
    try:
        return Parameters.model_validate(raw)
    except ValidationError as error:
        faults = [_describe(fault) for fault in error.errors()]
        raise ConfigError(
            "The parameters are wrong:\n" + "\n".join(f"  - {fault}" for fault in faults),
            fix="correct conf/<environment>/…/parameters.yml or --params; nothing has been run",
        ) from error


def _describe(fault: ErrorDetails) -> str:
    location = ".".join(map(str, fault["loc"]))
    if fault["type"] == "extra_forbidden":
        return f"unknown parameter {location}{_suggestion(fault['loc'])}"
    got = "" if fault["type"] == "missing" else f" (got {fault['input']!r})"
    return f"{location}: {fault['msg']}{got}"


def _suggestion(location: tuple[int | str, ...]) -> str:
    model: Any = Parameters
    for step in location[:-1]:
        field = getattr(model, "model_fields", {}).get(step)
        model = None if field is None else field.annotation
    known = list(getattr(model, "model_fields", {}))
    matches = difflib.get_close_matches(str(location[-1]), known, n=1)
    return f"; did you mean {matches[0]}?" if matches else f"; known here: {', '.join(known)}"
