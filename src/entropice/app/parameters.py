"""All parameters of a run as one strict model, so that a typo anywhere stops it before the first node."""

from types import NoneType
from typing import TYPE_CHECKING, Any, Final, get_args

from pydantic import Field, ValidationError, create_model, field_validator
from pydantic_core import ErrorDetails

from entropice.base_model import StrictModel
from entropice.errors import ConfigError, GridError, suggestion
from entropice.grid_keys import check_grid_key
from entropice.pipelines.composition import Composition
from entropice.pipelines.registry import PIPELINES
from entropice.tiles.parameters import ClusterParameters, TileParameters


class RunParameters(StrictModel):
    """What concerns no single pipeline.

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

    def section(self, *path: str) -> Any:
        """The section of a pipeline, or of a source below it; None where there is none."""
        found: Any = self
        for name in path:
            found = getattr(found, name, None)
        return found

    @field_validator("grid")
    @classmethod
    def _is_known_grid(cls, key: str) -> str:
        try:
            check_grid_key(key)
        except GridError as error:
            raise ValueError(str(error)) from error
        return key


_SECTIONS: Final[dict[str, Any]] = {
    pipeline.name: (pipeline.parameters | None, Field(default=None, description=f"of the pipeline {pipeline.name}"))
    for pipeline in PIPELINES
}

if TYPE_CHECKING:
    Parameters = RunParameters
else:
    Parameters = create_model(
        "Parameters",
        __base__=RunParameters,
        __module__=__name__,
        __doc__="The content of every ``parameters.yml`` together with ``--params``: one section a pipeline.",
        **_SECTIONS,
    )


def validate_parameters(raw: dict[str, Any], composition: Composition) -> Parameters:
    """Parse the merged parameters, reporting every fault at once.

    Raises
    ------
    ConfigError
        An unknown key (with the nearest known one), a wrong type, a value out of range, or no section for a pipeline or
        source of the composition.
    """
    try:
        parameters = Parameters.model_validate(raw)
    except ValidationError as error:
        raise _wrong([_describe(fault) for fault in error.errors()]) from error
    missing = _missing_sections(parameters, composition)
    if missing:
        raise _wrong([f"{section}: Field required" for section in missing])
    return parameters


def _wrong(faults: list[str]) -> ConfigError:
    return ConfigError(
        "The parameters are wrong:\n" + "\n".join(f"  - {fault}" for fault in faults),
        fix="correct conf/<environment>/…/parameters.yml or --params; nothing has been run",
    )


def _missing_sections(parameters: Parameters, composition: Composition) -> list[str]:
    """Sections that the composition needs and that are not there."""
    needed: list[tuple[str, ...]] = [(name,) for name in composition.made_and_run]
    if "features" in composition.pipelines:
        sources = composition.feature_sources
        needed += [("features", source.group) for source in sources if source.parameters is not None]
    if composition.is_downloaded:
        needed += [("download", s.download.section) for s in composition.sources if s.download is not None]
    return [".".join(path) for path in needed if parameters.section(*path) is None]


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
        model = None if field is None else _model_in(field.annotation)
    known = list(getattr(model, "model_fields", {}))
    return suggestion(str(location[-1]), known)


def _model_in(annotation: Any) -> Any:
    """The model of a section that may be left out."""
    return next((one for one in get_args(annotation) if one is not NoneType), annotation)
