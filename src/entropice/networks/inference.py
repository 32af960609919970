"""Logits of a trained network."""

from collections.abc import Callable

import numpy as np
import torch
from torch import nn

from entropice.networks.machine import Machine, computing
from entropice.networks.tensor_files import Tensors
from entropice.types import Float32Array

Predictor = Callable[[Float32Array], Float32Array]
"""Inputs to outputs of the network's kind, both float32 with n in front."""


def predictor(network: nn.Module, weights: Tensors, machine: Machine, batch_size: int = 8) -> Predictor:
    """What a network says with these weights, usually the averaged ones.

    The network itself, its own weights and whether it is training stay as they are. Inputs are normalised with the
    statistics that it was trained with.

    The function that is given takes float32 inputs (n, …), at least one, shaped as the network's kind has them
    (`entropice.networks.architecture.Kind`), with NaN where a value is not known, and gives float32 outputs (n, …):
    logits of masks and classes, standardised frames. They are computed as the machine says, and cast to float32 in the
    end.

    Parameters
    ----------
    batch_size
        Inputs that are computed at once; results don't depend on it but for rounding.

    Examples
    --------
    >>> network = nn.Linear(1, 1, bias=False)
    >>> says = predictor(network, {"weight": torch.tensor([[3.0]])}, Machine(), batch_size=2)
    >>> says(np.array([[1], [2], [np.nan]], np.float32)).tolist(), network.training
    ([[3.0], [6.0], [nan]], True)
    """
    device = torch.device(machine.device)
    # Passed to the network at each call, not loaded: training goes on with its own weights.
    used = {name: value.to(device) for name, value in weights.items()}

    def predict(inputs: Float32Array) -> Float32Array:
        parts = [inputs[start : start + batch_size] for start in range(0, len(inputs), batch_size)]
        modes = {module: module.training for module in network.modules()}
        with computing(machine), torch.inference_mode(), machine.casting:
            network.eval()
            logits = [
                torch.func.functional_call(network, used, (torch.as_tensor(part, device=device),)) for part in parts
            ]
        # Module by module: frozen parts of a network in training are in another mode than the rest.
        for module, was_training in modes.items():
            module.training = was_training
        return np.concatenate([part.float().cpu().numpy() for part in logits])

    return predict
