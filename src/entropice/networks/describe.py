"""What a network and its training are, told item by item."""

from collections.abc import Iterator
from dataclasses import dataclass

from torch import nn

from entropice.networks.architecture import NetworkSpecification
from entropice.networks.architectures import architecture_named
from entropice.networks.fusion import fusion_named
from entropice.networks.parameter_groups import fixed_modules
from entropice.networks.plan import Plan


@dataclass(frozen=True)
class ParameterCount:
    """How many numbers a network learns: all of them, those that learn at present, and those of its encoder.

    Those of the encoder are counted whether they learn or not; buffers, such as running means, are not counted.
    """

    total: int
    trainable: int
    encoder: int


def count_parameters(network: nn.Module, n_trainable_modules: int | None = None) -> ParameterCount:
    """Of all parameters, those that learn at present and are of a module that ever does, and those of the encoder.

    Parameters
    ----------
    n_trainable_modules
        Modules of the encoder that ever learn, counted from its end; None for all, see `fixed_modules`.

    Examples
    --------
    Two layers of the encoder and the head have a weight and a bias each; the encoder's last one alone learns.

    >>> layers = nn.Sequential(nn.Linear(1, 1), nn.Linear(1, 1))
    >>> network = nn.ModuleDict({"encoder": layers, "head": nn.Linear(1, 1)})
    >>> count_parameters(network, n_trainable_modules=1)
    ParameterCount(total=6, trainable=4, encoder=4)
    """
    fixed = fixed_modules(network, n_trainable_modules)
    counted = [
        (name, parameter.numel(), parameter.requires_grad and name.rpartition(".")[0] not in fixed)
        for name, parameter in network.named_parameters()
    ]
    return ParameterCount(
        total=sum(n for _, n, _ in counted),
        trainable=sum(n for _, n, learns in counted if learns),
        encoder=sum(n for name, n, _ in counted if name.startswith("encoder.")),
    )


def described(specification: NetworkSpecification, network: nn.Module, plan: Plan) -> Iterator[tuple[str, str]]:
    """Names and values of all that can be told before a step is done; asks for every epoch's batches.

    They come in the order in which they are shown: the network's (``architecture`` to ``parameters``, options with
    ``option`` before their names), then the plan's, see `Plan.items`. Values are texts for people.

    Raises
    ------
    ConfigError
        The architecture, an option or the fusion is not known; or an epoch of the plan has no batch, or one that cannot
        be cut into equal parts.
    """
    architecture = architecture_named(specification.architecture)
    n = count_parameters(network, plan.schedule.n_trainable_modules)
    options = architecture.read_options(specification.options)
    yield "architecture", f"{architecture.title} ({architecture.source})"
    yield "kind", architecture.kind
    yield "encoder", specification.encoder or "none"
    yield "bands", ", ".join(specification.bands)
    yield "fusion", fusion_named(specification.fusion).title
    edges = (specification.n_pixels, specification.n_pixels)
    yield "input", " × ".join(map(str, (*options.moments, specification.n_bands, *edges)))
    yield "outputs", options.outputs(specification.n_outputs)
    yield from ((f"option {name}", _told(value)) for name, value in options.model_dump().items())
    yield "parameters", f"{n.total:,}, {n.trainable:,} of them learn, {n.encoder:,} are the encoder's"
    yield from plan.items()


def _told(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else f"{value}"
