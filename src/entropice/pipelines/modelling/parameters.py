"""Parameters of the modelling pipeline."""

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, ValidationInfo, create_model, field_validator, model_validator
from pydantic_core import PydanticCustomError

from entropice.base_model import StrictModel
from entropice.errors import ConfigError, suggestion
from entropice.learning.models import MODELS
from entropice.learning.models.candidates import candidates_of, check_numbers
from entropice.learning.models.model import BEST, Candidate
from entropice.pipelines.modelling.splitting import FoldParameters


def _check_name(name: str) -> str:
    if name not in MODELS:
        raise ValueError(f"there is no model {name}{suggestion(name, MODELS)}")
    return name


def _check_installed(name: str) -> str:
    required = MODELS[name].requires
    try:
        if required is not None:
            required.check()
    except ConfigError as error:
        raise ValueError(f"{error.what} {error.fix}") from error
    return name


def _check_candidates(name: str, grids: Any) -> Any:
    if grids is not None:
        candidates_of(MODELS[name], grids)
    return grids


if TYPE_CHECKING:
    Candidates = StrictModel
else:
    Candidates = create_model(
        "Candidates",
        __base__=StrictModel,
        __doc__="""What each model may be tuned to.

        Listed values are combined, a single value holds for all; of a list of such grids each is taken.
        """,
        **{
            name: (
                Annotated[Any, AfterValidator(partial(_check_candidates, name))],
                Field(None, description=model.title),
            )
            for name, model in MODELS.items()
            if model.parameters is not None
        },
    )


class TuningParameters(StrictModel):
    """How models choose among their candidates, and where fits are computed."""

    n_inner_folds: int = Field(ge=2, description="spatial folds inside training rows, which compare candidates")
    device: Literal["auto", "cpu", "cuda"] = Field(
        description="where fits are computed, by models that have a choice; only the CPU promises the same bytes again"
    )
    candidates: Candidates = Field(description="what models may be tuned to, each to the same number of candidates")


class DoubtParameters(StrictModel):
    """How sure the map is."""

    n_members: int = Field(ge=5, description="refits of the map's model to resampled blocks, which show its spread")


class DriverParameters(StrictModel):
    """How the importance of features is found and listed."""

    n_folds: int = Field(default=3, ge=2, description="spatial folds of training rows that importances are judged on")
    n_nulls: int = Field(
        ge=3, description="turned copies of all features, whose importances are the null of the drivers"
    )
    n_cell_drivers: int = Field(ge=1, description="drivers listed for each cell and year")


class ModellingParameters(StrictModel):
    """Everything the modelling pipeline can be told; a step takes the sections that it uses, so others redo nothing."""

    features: Literal["all"] | Annotated[tuple[str, ...], Field(strict=False, min_length=1)] = Field(
        default="all",
        description="features that models see: all, or a list of names, where * and ? stand for any characters and "
        "any one",
    )
    n_classes: Literal[2, 3, 4] = Field(description="ordered density classes, the first being no slumps")
    folds: FoldParameters
    tuning: TuningParameters
    models: Annotated[
        tuple[Annotated[str, AfterValidator(_check_name), AfterValidator(_check_installed)], ...], Field(strict=False)
    ] = Field(description="models to compare; the baselines that see no feature are compulsory")
    map_model: str = Field(
        default=BEST, description="what draws the map: best, of models in inner spatial folds, or one of models"
    )
    n_refit_folds: int = Field(
        default=1, ge=0, description="spatial folds in which the leak alarm fits all models again; 0 for none"
    )
    n_bootstrap: int = Field(ge=100, description="block bootstrap replicates behind every 95 % interval")
    doubts: DoubtParameters
    drivers: DriverParameters
    prediction_years: Annotated[tuple[int, ...], Field(strict=False)] = Field(
        min_length=1, description="years to predict; the features must have them"
    )

    @field_validator("prediction_years")
    @classmethod
    def _ascend(cls, years: tuple[int, ...]) -> tuple[int, ...]:
        if list(years) != sorted(set(years)):
            raise ValueError("prediction_years must ascend and occur once")
        return years

    @field_validator("models")
    @classmethod
    def _hold_the_compulsory(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        compulsory = [name for name, model in MODELS.items() if model.is_compulsory]
        if not set(compulsory) <= set(names) or len(set(names)) < len(names):
            raise ValueError(f"models must hold each name once, and {', '.join(compulsory)} always")
        return names

    @field_validator("map_model")
    @classmethod
    def _is_compared(cls, name: str, info: ValidationInfo) -> str:
        if name == BEST:
            return name
        _check_name(name)
        if name not in info.data.get("models", (name,)):
            raise ValueError(f"map_model must be one of the models compared: add {name} to modelling.models")
        return name

    @model_validator(mode="after")
    def _are_comparable(self) -> Self:
        try:
            check_numbers([MODELS[name] for name in self.models], tuned_candidates(self.tuning.candidates))
        except ValueError as error:
            context = {
                "what": str(error),
                "location": ("tuning", "candidates"),
                "expects": "equally many for every model",
            }
            raise PydanticCustomError("candidates", "{what}", context) from error
        return self


def tuned_candidates(candidates: Candidates) -> dict[str, list[Candidate]]:
    """Candidates by the model that they are given for: every combination of the listed values, each complete.

    Models for which none are given are left out. The order is by sorted names of parameters, the last varying first; of
    a list of grids, grid by grid.

    Raises
    ------
    ValueError
        A model has nothing to choose or no value is given, or a parameter is unknown, missing or out of bounds.
    """
    given = candidates.model_dump(exclude_none=True)
    return {name: candidates_of(MODELS[name], grids) for name, grids in given.items()}
