"""All parameters of a run as one strict model, so that a typo anywhere stops it before the first node."""

from typing import TYPE_CHECKING, Any, Final

from pydantic import Field, ValidationError, create_model, field_validator

from entropice.app.configuration.faults import Fault, Location, Origin, faults_of, refusal
from entropice.base_model import StrictModel
from entropice.errors import GridError
from entropice.grid_keys import check_grid_key
from entropice.pipelines.composition import Composition
from entropice.pipelines.registry import PIPELINES
from entropice.pipelines.tasks.parameters import TaskSections, sections_of
from entropice.pipelines.tasks.rules import TaskRules
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
    model: str | None = Field(
        default=None, exclude=True, description="run folder whose model is applied, or whose map is audited; null: none"
    )
    answers: str | None = Field(
        default=None, exclude=True, description="sheet of an audit that was filled in; null: none"
    )
    size: str | None = Field(default=None, exclude=True, description="which of `sizes` holds, where not the default")
    force: bool = Field(default=False, exclude=True, description="run every step, also those that are up to date")
    tiles: TileParameters = Field(default=TileParameters(), exclude=True)
    cluster: ClusterParameters = Field(default=ClusterParameters(), exclude=True)
    tasks: TaskSections = Field(default=TaskSections(), description="a section for each task of imagery")

    def section(self, *path: str) -> Any:
        """The section of a pipeline, or of a source below it; None where there is none.

        `path` are names from the top, such as ``section("features", "years")``: what stands there, a section or a
        value.
        """
        found: Any = self
        for name in path:
            found = found.get(name) if isinstance(found, dict) else getattr(found, name, None)
        return found

    def task(self, name: str) -> TaskRules:
        """The section of a task.

        Raises
        ------
        AttributeError
            The environment has no such task.
        """
        section: TaskRules = getattr(self.tasks, name)
        return section

    @field_validator("grid")
    @classmethod
    def _is_known_grid(cls, key: str) -> str:
        try:
            check_grid_key(key)
        except GridError as error:
            raise ValueError(f"{error.what} {error.fix}") from error
        return key


_SECTIONS: Final[dict[str, Any]] = {
    pipeline.name: (pipeline.parameters | None, Field(default=None, description=f"of the pipeline {pipeline.name}"))
    for pipeline in PIPELINES
    if pipeline.parameters is not None
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


def anywhere(_: Location) -> str:
    """Where parameters come from, when no more is known.

    It names no file; the location is not looked at.
    """
    return "conf/<environment>/…/parameters.yml or --params"


def parameters_of(composition: Composition) -> type[Parameters]:
    """Model of all parameters of an environment with these tasks.

    It has the fields of `RunParameters`, an optional section for each pipeline, and ``tasks`` with a section for
    each task of the composition, which has to be given where there is any.
    """
    tasks: Any = sections_of(composition.tasks)
    given = Field(default=..., description="a section for each task of imagery")
    if not composition.tasks:
        given = Field(default=tasks(), description="this environment has no task")
    return create_model("Parameters", __base__=Parameters, __module__=__name__, tasks=(tasks, given))


def validate_parameters(raw: dict[str, Any], composition: Composition, origin: Origin = anywhere) -> Parameters:
    """Parse the merged parameters, reporting every fault at once.

    `raw` is nested as the files are; `origin` names the file that gives a value. Keys without a default have to be
    given. What the model finds is told first; where it finds nothing, all sections that are missing, and where none is,
    years.

    Raises
    ------
    ConfigError
        An unknown key (with the nearest known one), a wrong type, a value out of range, no section for a pipeline or
        source of the composition, or years that the features do not reach.
    """
    model = parameters_of(composition)
    try:
        parameters = model.model_validate(raw)
    except ValidationError as error:
        raise refusal("parameters", faults_of(error, model), origin) from error
    faults = _missing_sections(parameters, composition) or _years_without_features(parameters, composition)
    if faults:
        raise refusal("parameters", faults, origin)
    return parameters


def _missing_sections(parameters: Parameters, composition: Composition) -> list[Fault]:
    """Sections that the composition needs and that are not there."""
    needed: list[tuple[str, ...]] = [(name,) for name in composition.made_and_run if name in _SECTIONS]
    needed += [
        ("tasks", task, name) for name in composition.made_and_run for task in composition.tasks if _is_of_task(name)
    ]
    if "features" in composition.pipelines:
        sources = composition.feature_sources
        needed += [("features", source.group) for source in sources if source.parameters is not None]
    if composition.is_downloaded:
        needed += [("download", download.section) for download in composition.downloads]
    missing = [path for path in needed if parameters.section(*path) is None]
    return [
        Fault(path, f"{'.'.join(path)}: Field required", "nothing", "a section, for composition.yml asks for it")
        for path in missing
    ]


def _is_of_task(pipeline: str) -> bool:
    """Whether a pipeline of tasks has a section of its own in that of each task."""
    return any(one.name == pipeline and one.has_task_section for one in PIPELINES)


_ASKED_YEARS: Final[dict[tuple[str, ...], str]] = {
    ("labels", "years"): "modelling",
    ("modelling", "prediction_years"): "modelling",
    ("apply", "years"): "apply",
}
"""Parameters of years, each with the pipeline that asks for features of them."""


def _years_without_features(parameters: Parameters, composition: Composition) -> list[Fault]:
    """Years to learn from or to predict that the features will not have."""
    if "features" not in composition.pipelines:
        return []
    known = parameters.section("features", "years")
    asked = {
        path: parameters.section(*path) or ()
        for path, pipeline in _ASKED_YEARS.items()
        if pipeline in composition.pipelines
    }
    return [
        Fault(
            path,
            f"{'.'.join(path)}: no features for {', '.join(map(str, lacking))}; add them to features.years, or take "
            f"them out here",
            str(list(years)),
            f"years among features.years {list(known)}",
        )
        for path, years in asked.items()
        if (lacking := sorted(set(years) - set(known)))
    ]
