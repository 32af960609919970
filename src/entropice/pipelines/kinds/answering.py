"""Whether network and losses of a task answer what its kind asks."""

from entropice.errors import ConfigError
from entropice.networks.architecture import Kind
from entropice.networks.architectures import ARCHITECTURES, architecture_named
from entropice.networks.loss_registry import loss_named, require_learnable
from entropice.pipelines.tasks.names import wrong_value
from entropice.pipelines.tasks.rules import TaskRules


def require_answering(rules: TaskRules, kind: Kind) -> None:
    """Pass only an architecture of the kind, and losses that it can learn by; a fault of their parameter otherwise."""
    if architecture_named(rules.network.architecture).kind != kind:
        known = ", ".join(one.name for one in ARCHITECTURES if one.kind == kind)
        raise wrong_value(f"networks of this architecture do not answer with {kind}", known, "network", "architecture")
    for number, loss in enumerate(rules.training.losses):
        try:
            require_learnable(loss_named(loss.name), kind)
        except ConfigError as error:
            raise wrong_value(error.what, str(error.expected), "training", "losses", str(number), "name") from error
