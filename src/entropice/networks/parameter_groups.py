"""A network's parameters in groups that learn at rates of their own."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from torch import nn

from entropice.errors import ConfigError
from entropice.networks.schedules import Schedule

ENCODER = "encoder."


@dataclass(frozen=True)
class ParameterGroup:
    """Names of parameters, and their rate over that of all that is no encoder."""

    names: tuple[str, ...]
    share: float


def parameter_groups(network: nn.Module, schedule: Schedule) -> tuple[ParameterGroup, ...]:
    """All parameters, each once: the decoder's, then the encoder's layer by layer from the input on.

    The top layer of the encoder has its whole share, and every one below `Schedule.layer_decay` of the next; where all
    learn equally, the encoder is one group.

    Shares are factors of the rate: 1 for all that is not of the encoder, e d^k for its layer k below the top, with e
    `Schedule.encoder_share` and d `Schedule.layer_decay`. Of two encoders that are joined late each has layers of its
    own. Groups without parameters are left out.

    Examples
    --------
    >>> layers = nn.Sequential(nn.Linear(1, 1), nn.Linear(1, 1))
    >>> network = nn.ModuleDict({"encoder": layers, "head": nn.Linear(1, 1)})
    >>> groups = parameter_groups(network, Schedule(20, encoder_share=0.1, layer_decay=0.5))
    >>> [(group.names[0], group.share) for group in groups]
    [('head.weight', 1.0), ('encoder.0.weight', 0.05), ('encoder.1.weight', 0.1)]
    """
    names = [name for name, _ in network.named_parameters()]
    groups = [ParameterGroup(tuple(name for name in names if not name.startswith(ENCODER)), 1.0)]
    for branch in _gathered(names, branch_of).values():
        layers = list(_gathered(branch, layer_of).values()) if schedule.layer_decay < 1 else [branch]
        shares = (schedule.encoder_share * schedule.layer_decay**above for above in reversed(range(len(layers))))
        groups += [ParameterGroup(tuple(layer), share) for layer, share in zip(layers, shares, strict=True)]
    return tuple(group for group in groups if group.names)


def _gathered(names: Iterable[str], part_of: Callable[[str], str]) -> dict[str, list[str]]:
    """Names of the encoder by the part that they are of, in the order of the parts."""
    parts: dict[str, list[str]] = {}
    for name in names:
        if name.startswith(ENCODER):
            parts.setdefault(part_of(name), []).append(name)
    return parts


def branch_of(name: str) -> str:
    """Which of the encoders that are joined late a parameter is of; one name for all where there is one encoder.

    Names that are not of an encoder give ``encoder.``, too.

    Examples
    --------
    >>> [branch_of(name) for name in ("encoder.rgb.conv.weight", "encoder.conv.weight")]
    ['encoder.rgb.', 'encoder.']
    """
    found = re.match(r"encoder\.(rgb|others|joins)\.", name)
    return found.group() if found else ENCODER


def layer_of(name: str) -> str:
    """The layer of a parameter: its name up to the first number, or its module where there is none.

    ``encoder.model.blocks.3.0.conv_pw.weight`` is of ``encoder.model.blocks.3``; embeddings are one layer, of however
    many sensors they are.

    Examples
    --------
    >>> names = ("encoder.model.blocks.3.0.conv_pw.weight", "encoder.embeddings.register", "encoder.head.weight")
    >>> [layer_of(name) for name in names]
    ['encoder.model.blocks.3', 'encoder.embeddings', 'encoder.head']
    """
    layer = re.match(r".*?(embeddings|[._]\d+)(?=\.)", name)
    return layer.group() if layer else name.rpartition(".")[0]


def optimiser_groups(network: nn.Module, groups: Iterable[ParameterGroup]) -> list[dict[str, Any]]:
    """The groups as torch's optimisers take them.

    One dictionary a group with the one key ``params``, the network's own parameters, in the groups' order.

    Raises
    ------
    KeyError
        A name is not of this network.

    Examples
    --------
    >>> network = nn.Linear(2, 1)
    >>> groups = optimiser_groups(network, [ParameterGroup(("bias",), 1.0), ParameterGroup(("weight",), 0.1)])
    >>> [(list(group), [parameter.numel() for parameter in group["params"]]) for group in groups]
    [(['params'], [1]), (['params'], [2])]
    """
    parameters = dict(network.named_parameters())
    return [{"params": [parameters[name] for name in group.names]} for group in groups]


def require_encoder(network: nn.Module, schedule: Schedule) -> None:
    """Pass only a network with an encoder where the schedule keeps one, or a part of it, from learning.

    A schedule with frozen epochs, or with a number of modules that learn, needs one; any other passes.

    Raises
    ------
    ConfigError
        There is none.
    """
    if schedule.needs_encoder and not any(name == "encoder" for name, _ in network.named_children()):
        raise ConfigError(
            "A network without an encoder has nothing that could be kept from learning.",
            field="frozen_epochs, n_trainable_modules",
            got=(schedule.frozen_epochs, schedule.n_trainable_modules),
            expected="0 and null",
        )


def fixed_modules(network: nn.Module, n_trainable_modules: int | None) -> frozenset[str]:
    """Names of the encoder's modules that never learn: all with parameters of their own but the last so many.

    They are counted in the order in which they are declared.

    None of them where `n_trainable_modules` is None or not below their number; all for 0. Names are those of
    ``named_modules`` of the whole network, beginning with ``encoder.``.

    Raises
    ------
    AttributeError
        A number is given and the network has no encoder (of torch).

    Examples
    --------
    >>> layers = nn.Sequential(nn.Linear(1, 1), nn.ReLU(), nn.Linear(1, 1))
    >>> network = nn.ModuleDict({"encoder": layers, "head": nn.Linear(1, 1)})
    >>> [sorted(fixed_modules(network, n)) for n in (None, 0, 1, 2)]
    [[], ['encoder.0', 'encoder.2'], ['encoder.0'], []]
    """
    if n_trainable_modules is None:
        return frozenset()
    encoder = network.get_submodule("encoder")
    names = [name for name, module in encoder.named_modules() if any(True for _ in module.parameters(recurse=False))]
    return frozenset(ENCODER + name for name in names[: max(len(names) - n_trainable_modules, 0)])
