"""Parameters of a network and its training."""

from typing import Annotated, Any, Literal

from pydantic import Field, NonNegativeFloat, PositiveFloat, PositiveInt

from entropice.base_model import StrictModel


class NetworkParameters(StrictModel):
    """What is trained."""

    architecture: str = Field(description="name of an architecture of entropice.networks")
    encoder: str = Field(description="an encoder of segmentation_models_pytorch, or tu- and a model of timm")
    encoder_weights: str | None = Field(description="name of packaged weights, or a file; null: random ones")
    fusion: str = Field(description="how other bands are joined with red, green and blue")


class LossParameters(StrictModel):
    """A term of the loss."""

    name: str = Field(description="name of a loss of entropice.networks")
    weight: PositiveFloat = 1.0
    parameters: dict[str, Any] | None = Field(default=None, description="where they are not the usual ones")


class TrainingParameters(StrictModel):
    """How it is trained."""

    losses: Annotated[tuple[LossParameters, ...], Field(strict=False, min_length=1)]
    n_epochs: PositiveInt
    batch_size: PositiveInt
    n_parts: PositiveInt = Field(description="parts of a batch whose gradients are averaged")
    rate: PositiveFloat
    lowest_rate: PositiveFloat
    warmup_epochs: int = Field(ge=0)
    frozen_epochs: int = Field(ge=0, description="epochs in which the encoder keeps its weights")
    frozen_rate: PositiveFloat = Field(description="rate of all others in these epochs")
    encoder_share: float = Field(gt=0, le=1, description="the encoder's rate over that of the others")
    layer_decay: float = Field(gt=0, le=1, description="rate of an encoder's layer over that of the one above")
    weight_decay: NonNegativeFloat
    clip_norm: PositiveFloat
    average_decay: float = Field(ge=0, lt=1, description="of the moving average of the weights")
    validated_every: PositiveInt = Field(description="epochs from one validation to the next")
    metric: str = Field(description="of the validation, which chooses the epoch and ends training")
    patience: PositiveInt
    min_delta: NonNegativeFloat
    seed: int = Field(ge=0)
    device: str = Field(description="as torch names it: cpu, cuda, cuda:1")
    precision: Literal["fp32", "bf16", "fp16"]
    n_threads: PositiveInt = Field(description="another number gives other bits")
    n_workers: int = Field(ge=0, description="processes that read batches ahead")
    is_deterministic: bool
