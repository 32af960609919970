"""Parameters of a network and its training."""

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Self

from pydantic import Field, NonNegativeFloat, PositiveFloat, PositiveInt, ValidationError, create_model, model_validator
from pydantic_core import PydanticCustomError

from entropice.base_model import StrictModel
from entropice.errors import ConfigError
from entropice.networks.architecture import Kind
from entropice.networks.architectures import ARCHITECTURES, architecture_named, require_encoder
from entropice.networks.fusion import FUSIONS
from entropice.networks.log import require_soup
from entropice.networks.loss_registry import LOSSES, loss_named, need_distances, require_learnable
from entropice.networks.plateaus import Plateau
from entropice.networks.schedules import Schedule
from entropice.networks.tracking.registry import TRACKERS
from entropice.pipelines.tasks.names import one_of, wrong_value


class NetworkParameters(StrictModel):
    """What is trained."""

    architecture: Annotated[str, one_of("architecture", (one.name for one in ARCHITECTURES))]
    encoder: str | None = Field(
        default=None, description="an encoder of segmentation_models_pytorch, or tu- and a model of timm"
    )
    encoder_weights: str | None = Field(
        default=None, description="name of packaged weights, or a file; null: random ones"
    )
    begun_from: str | None = Field(
        default=None, description="file of the whole network's weights, such as an earlier training's; null: none"
    )
    fusion: Annotated[str, one_of("fusion", (one.name for one in FUSIONS))] = Field(
        default="stacked", description="how other bands are joined with red, green and blue"
    )
    options: dict[str, Any] = Field(default={}, description="what the architecture lets choose, where not the usual")

    @property
    def settings(self) -> dict[str, Any]:
        """All options, the usual ones included, as plain JSON values.

        Raises
        ------
        ConfigError
            An option is not known, is missing, or has a value that it cannot have.
        """
        return architecture_named(self.architecture).read_options(self.options).model_dump(mode="json")

    @model_validator(mode="after")
    def _goes_together(self) -> Self:
        architecture = architecture_named(self.architecture)
        if self.fusion not in architecture.fusions:
            raise wrong_value(
                f"{architecture.title} cannot join bands in this way", ", ".join(architecture.fusions), "fusion"
            )
        if self.encoder_weights is not None and self.encoder is None:
            raise wrong_value("there is no encoder that these weights could be of", "null", "encoder_weights")
        if self.encoder_weights is not None and self.begun_from is not None:
            raise wrong_value("the whole network's weights are its encoder's, too", "null", "encoder_weights")
        try:
            require_encoder(architecture, self.encoder)
            _ = self.settings
        except ConfigError as error:
            raise _of_field(error) from error
        return self


class LossParameters(StrictModel):
    """A term of the loss."""

    name: Annotated[str, one_of("loss", (one.name for one in LOSSES))]
    weight: PositiveFloat = 1.0
    parameters: dict[str, Any] | None = Field(default=None, description="where they are not the usual ones")

    @property
    def settings(self) -> dict[str, Any]:
        """All that the loss is given, the usual parameters included.

        Raises
        ------
        ValueError
            A parameter is not known, or has a value that it cannot have.
        """
        return loss_named(self.name).parameters.model_validate(self.parameters or {}).model_dump()

    @model_validator(mode="after")
    def _has_what_the_loss_takes(self) -> Self:
        kind = loss_named(self.name)
        try:
            _ = self.settings
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(map(str, first["loc"]))
            known = ", ".join(kind.parameters.model_fields)
            raise wrong_value(f"{kind.title}, {name}: {first['msg']}", known, "parameters", name) from error
        return self


class TrackedExperiment(StrictModel):
    """Where the log of a training is kept beside its CSV."""

    experiment: str = Field(default="entropice", min_length=1, description="name of what belongs together")

    @property
    def places(self) -> dict[str, str]:
        """What each tracker that is named is given, an address or a folder, by its name; empty where none is."""
        given = {kind.name: getattr(self, kind.name) for kind in TRACKERS}
        return {name: where for name, where in given.items() if where is not None}


_PLACES: Final[dict[str, Any]] = {
    kind.name: (str | None, Field(default=None, min_length=1, description=kind.where)) for kind in TRACKERS
}

if TYPE_CHECKING:
    TrackingParameters = TrackedExperiment
else:
    TrackingParameters = create_model(
        "TrackingParameters",
        __base__=TrackedExperiment,
        __module__=__name__,
        __doc__="Where the log of a training is kept beside its CSV: an experiment, and a place for each tracker.",
        **_PLACES,
    )


class PlateauParameters(StrictModel):
    """When the rate falls, in place of a cosine."""

    factor: float = Field(default=0.1, gt=0, lt=1, description="the rate after a fall over that before")
    patience: int = Field(default=10, ge=0, description="validations without a rise that are borne")


class TrainingParameters(StrictModel):
    """How it is trained.

    Where it is tracked says nothing about the results, and so is excluded from what they are made with.
    """

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
    n_trainable_modules: int | None = Field(
        default=None, ge=0, description="modules of the encoder that learn, counted from its end; null: all"
    )
    plateau: PlateauParameters | None = Field(
        default=None, description="how the rate falls where the metric no longer rises; null: by half a cosine"
    )
    restarts: Annotated[tuple[PositiveInt, ...], Field(strict=False)] = Field(
        default=(), description="epochs after which warm-up and cosine begin anew"
    )
    weight_decay: NonNegativeFloat = Field(description="of AdamW; 0 is Adam")
    clip_norm: PositiveFloat
    average_decay: float = Field(ge=0, lt=1, description="of the moving average of the weights")
    soup_epochs: Annotated[tuple[PositiveInt, ...], Field(strict=False, min_length=1)] | None = Field(
        default=None, description="epochs whose mean is the network; null: the best epoch is"
    )
    validated_every: PositiveInt = Field(description="epochs from one validation to the next")
    metric: str = Field(description="of the validation, which chooses the epoch and ends training")
    patience: PositiveInt
    min_delta: NonNegativeFloat
    seed: int = Field(ge=0)
    device: str = Field(description="as torch names it: cpu, cuda, cuda:1; auto: a GPU where there is one")
    precision: Literal["fp32", "bf16", "fp16"]
    n_threads: PositiveInt = Field(description="another number gives other bits")
    n_workers: int = Field(ge=0, description="processes that read batches ahead")
    is_deterministic: bool
    tracking: TrackingParameters = Field(default=TrackingParameters(), exclude=True)

    @property
    def schedule(self) -> Schedule:
        """The rates of learning, epoch by epoch; nothing is learned by it.

        Raises
        ------
        ConfigError
            They do not go together.
        """
        return Schedule(
            n_epochs=self.n_epochs,
            rate=self.rate,
            lowest_rate=self.lowest_rate,
            warmup_epochs=self.warmup_epochs,
            frozen_epochs=self.frozen_epochs,
            frozen_rate=self.frozen_rate,
            encoder_share=self.encoder_share,
            layer_decay=self.layer_decay,
            plateau=None if self.plateau is None else Plateau(self.plateau.factor, self.plateau.patience),
            n_trainable_modules=self.n_trainable_modules,
            restarts=self.restarts,
        )

    @property
    def needs_distances(self) -> bool:
        """Whether a loss learns from distances to the edges of labels."""
        return need_distances(loss.name for loss in self.losses)

    @model_validator(mode="after")
    def _can_be_carried_out(self) -> Self:
        if self.batch_size % self.n_parts:
            raise wrong_value(
                f"a batch of {self.batch_size} cannot be cut into {self.n_parts} equal parts",
                "a divisor of batch_size",
                "n_parts",
            )
        try:
            _ = self.schedule
            require_soup(self.soup_epochs or (), self.n_epochs)
        except ConfigError as error:
            raise _of_field(error) from error
        return self


def _of_field(error: ConfigError) -> PydanticCustomError:
    """The same fault of the value that its first field names."""
    return wrong_value(error.what, str(error.expected), *str(error.field).split(", ")[0].split("."))


def require_together(network: NetworkParameters, training: TrainingParameters, kind: Kind) -> None:
    """Pass only a network that answers so, with a training that it can have; for validators of a task's parameters.

    The first fault alone is told, with the field that it is of.

    Raises
    ------
    PydanticCustomError
        The architecture or a loss is of another kind, or the training keeps an encoder from learning that there is none
        of. It is a ValueError.
    ConfigError
        The rates of learning do not go together, which their own parameters tell before.
    """
    architecture = architecture_named(network.architecture)
    if architecture.kind != kind:
        known = ", ".join(one.name for one in ARCHITECTURES if one.kind == kind)
        raise wrong_value(f"networks of this architecture do not answer with {kind}", known, "network", "architecture")
    for number, loss in enumerate(training.losses):
        try:
            require_learnable(loss_named(loss.name), kind)
        except ConfigError as error:
            raise wrong_value(error.what, str(error.expected), "training", "losses", str(number), "name") from error
    if training.schedule.needs_encoder and not architecture.has_encoder:
        raise wrong_value(
            "a network without an encoder has nothing that could be kept from learning",
            "frozen_epochs 0 and n_trainable_modules null",
            *("training", "frozen_epochs" if training.frozen_epochs else "n_trainable_modules"),
        )
