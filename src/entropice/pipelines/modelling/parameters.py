"""Parameters of the modelling pipeline."""

from typing import Annotated, Final, Literal

from pydantic import Field, field_validator

from entropice.base_model import StrictModel


class BlockLevels(StrictModel):
    """Level of the parent cells that are kept whole, by grid; about 300 km wide by default on either."""

    h3: int = Field(default=2, ge=0, le=6, description="H3 level of the blocks")
    healpix: int = Field(default=4, ge=0, le=10, description="HEALPix level of the blocks")

    def of(self, grid_name: str) -> int:
        """Level for the grid called ``h3`` or ``healpix``."""
        return {"h3": self.h3, "healpix": self.healpix}[grid_name]


class FoldParameters(StrictModel):
    """How cells are split into training and test."""

    n_folds: int = Field(default=5, ge=2, le=50, description="number of folds in each scheme")
    buffer_m: float = Field(
        default=100_000.0, ge=0, description="training cells whose outline may be this close to a test cell's sit out"
    )
    block_level: BlockLevels = Field(default=BlockLevels(), description="size of the spatial blocks")


ModelName = Literal["espa", "espa_ensemble", "logistic", "prevalence", "knn_coordinates"]
COMPULSORY: Final[tuple[ModelName, ...]] = ("espa", "prevalence", "knn_coordinates")

Counts = Annotated[tuple[Annotated[int, Field(ge=2)], ...], Field(strict=False, min_length=1)]
Strengths = Annotated[tuple[Annotated[float, Field(gt=0)], ...], Field(strict=False, min_length=1)]


class EspaParameters(StrictModel):
    """Hyper-parameters of eSPA in the convention "plain", for features scaled to [0, 1].

    Of several values the best combination is chosen by spatial folds inside the training rows.
    """

    n_boxes: Counts = Field(description="boxes to start with; empty ones are dropped")
    eps_entropy: Strengths = Field(description="strength of the entropy of the feature weights")
    eps_class: Strengths = Field(description="strength of the label term")
    pseudo_count: float = Field(ge=0, description="pseudo-weight of every class in every box, of a total of 1")
    n_init: int = Field(ge=1, description="random starts; the lowest objective is kept")
    n_inner_folds: int = Field(ge=2, description="inner folds that compare the combinations")
    n_init_search: int = Field(ge=1, description="random starts while combinations are compared")
    device: Literal["auto", "cpu", "cuda"] = Field(
        description="where fits are computed; only the CPU promises the same bytes again"
    )


class ModellingParameters(StrictModel):
    """Everything the modelling pipeline can be told."""

    features: Annotated[tuple[str, ...], Field(strict=False)] = Field(
        min_length=1, description="names of the features that models see; * and ? stand for any characters and any one"
    )
    n_classes: Literal[2, 3, 4] = Field(description="ordered density classes, the first being no slumps")
    folds: FoldParameters
    espa: EspaParameters
    models: Annotated[tuple[ModelName, ...], Field(strict=False)] = Field(
        description="models to compare; eSPA and the baselines that see no feature are compulsory"
    )
    n_bootstrap: int = Field(ge=100, description="block bootstrap replicates behind every 95 % interval")
    n_null_refits: int = Field(ge=1, description="refits to permuted labels behind the null of the drivers")
    n_cell_drivers: int = Field(ge=1, description="drivers listed for each cell and year")
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
    def _include_baselines(cls, models: tuple[ModelName, ...]) -> tuple[ModelName, ...]:
        missing = [name for name in COMPULSORY if name not in models]
        if missing or len(set(models)) < len(models):
            raise ValueError(f"models must hold each name once, and {', '.join(COMPULSORY)} always")
        return models
