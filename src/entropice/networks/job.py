"""All that training a network needs, as a value that is carried out by whoever keeps its files."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from torch import nn

from entropice.networks.architecture import NetworkSpecification
from entropice.networks.architectures import build_network
from entropice.networks.batches import Loader
from entropice.networks.begun_from import Cleaned, read_cleaned
from entropice.networks.inference import predictor
from entropice.networks.machine import Machine, computing
from entropice.networks.objective import Objective
from entropice.networks.plan import Plan
from entropice.networks.state import TrainingState
from entropice.networks.tensor_files import Tensors
from entropice.networks.tracking.tracking import Tracking
from entropice.networks.training import Training, Validate, carry_out
from entropice.networks.weights import load_encoder_weights


@dataclass(frozen=True)
class TrainingJob:
    """A network, what it learns from, and how.

    Whatever is not told here is told by its own class: what is built, the plan of epochs, loss and counts, where
    samples come from, what is validated, and on what it is computed.

    Attributes
    ----------
    encoder_weights
        Where its encoder's weights come from; None for random ones.
    statistics_sha256
        Of the statistics that its inputs are normalised with.
    tracking
        Where its log is kept beside the CSV.
    begun_from
        File of the whole network's weights, which are in the place of all others; None for none.
    """

    specification: NetworkSpecification
    encoder_weights: str | None
    plan: Plan
    objective: Objective
    loader: Loader
    validate: Validate
    machine: Machine
    statistics_sha256: str
    tracking: Tracking = field(default_factory=Tracking)
    begun_from: str | None = None

    @cached_property
    def begun(self) -> Cleaned | None:
        """What of the file that it begins from is the network's; read once.

        None where it begins from no file.

        Raises
        ------
        InputFileError
            There is no such file, it is damaged or needs pickle, or it has not all weights of this network.
        """
        if self.begun_from is None:
            return None
        return read_cleaned(Path(self.begun_from), build_network(self.specification, self.plan.seed).state_dict())

    def network(self) -> nn.Module:
        """The network that training begins with; what is random in it follows from the plan's seed.

        A new one every time, on the processor. Weights of `begun_from` replace all others, those of the encoder too.

        Raises
        ------
        ConfigError
            It cannot be built, or its encoder's weights are of another encoder or come with a package that is not
            installed.
        InputFileError
            A file of weights is missing, damaged or of another network.
        """
        specification = self.specification
        network = build_network(specification, self.plan.seed)
        if self.encoder_weights is not None:
            load_encoder_weights(network, specification.encoder, specification.bands, self.encoder_weights)
        if self.begun is not None:
            nn.Module.load_state_dict(network, dict(self.begun.weights))
        return network

    def validated(self, weights: Tensors, epoch: int) -> dict[str, float]:
        """Measures by name, of the network with these weights after an epoch (from 1 on).

        Measures are those of `validate`, as plain floats, NaN where one is not defined. A network is built anew for it,
        and that of the training is not touched.
        """
        predict = predictor(self.network().to(self.machine.device), weights, self.machine)
        with computing(self.machine):
            return {name: float(value) for name, value in self.validate(predict, epoch).items()}

    def carried_out(self, state: TrainingState | None) -> Iterator[Training]:
        """Training after every step, from a state on or from the beginning.

        The network is built at once; steps are done as they are asked for.

        Raises
        ------
        ConfigError
            The plan cannot be carried out, or the network cannot be built.
        InputFileError
            A file of weights is missing, damaged or of another network.
        RunStateError
            The state is not of this plan and machine, or training diverges.
        """
        return carry_out(self.plan, self.network(), self.objective, self.loader, self.validate, self.machine, state)
