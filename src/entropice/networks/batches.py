"""Batches read ahead, the same however many processes read them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from entropice.errors import EntropiceError
from entropice.networks.machine import Machine
from entropice.types import BoolArray, Float32Array

PREFETCHED = 2
"""Batches that each process reads ahead."""

Request = tuple[int, Sequence[str]]
"""Epoch and keys."""

Batch = tuple[Tensor, Tensor, Tensor]
"""Inputs, target and scored."""


class Loader(Protocol):
    """Samples as a network takes them; a pure function of keys and epoch, whichever process asks.

    With workers it is sent to processes of their own: it holds what names its data, not the data.
    """

    def load(self, keys: Sequence[str], epoch: int) -> tuple[Float32Array, Any, BoolArray]:
        """Inputs float32, normalised, augmented as in this epoch, NaN where not known; target; scored.

        All have n in front. Inputs are (n, band, row, column) for masks and classes, (n, 2, band, row, column), before
        and after, for change, and (n, time, band, row, column) for frames (`entropice.networks.architecture.Kind`).
        Target and scored have one shape: (n, row, column) for masks and change, (n,) for classes, (n, later time,
        target band, row, column) for frames. Only of masks that are learned with distances the target is
        (n, 2, row, column), mask and distances. `entropice.imagery.loading.TrainingView` is such a loader, and so is
        `TrainingFrames` of `entropice.imagery.frames.view`.

        Parameters
        ----------
        keys
            Of the samples, in the order in which they come out; a batch's part, so at least one.
        epoch
            From 0 on; what is drawn at random in augmentation follows from it and the key.

        Returns
        -------
        tuple
            Inputs; target, whose type is the objective's: whole numbers for masks and classes, float32 for frames and
            distances; scored, bool, False where no loss looks.

        Raises
        ------
        EntropiceError
            What a sample cannot be loaded for; `batches_of` passes it on whole.
        """


Loaded = tuple[Float32Array, Any, BoolArray] | EntropiceError


class _Requested(Dataset[Loaded]):
    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def __getitem__(self, request: Request) -> Loaded:
        """What is loaded, or why it cannot be: torch would carry an error from a worker as text, without its parts."""
        epoch, keys = request
        try:
            return self._loader.load(keys, epoch)
        except EntropiceError as error:
            return error


def batches_of(loader: Loader, requests: Iterable[Request], machine: Machine) -> Iterator[Batch]:
    """Each request's batch, in their order, on the machine's device.

    A batch is inputs, target and scored as the loader gives them, n in front, now tensors. `PREFETCHED` requests are
    asked for ahead by each worker, and each one in turn without workers; so requests are taken earlier than their
    batches.

    Raises
    ------
    EntropiceError
        What the loader raises, when its batch is asked for.

    Examples
    --------
    >>> class Numbers:
    ...     def load(self, keys, epoch):
    ...         numbers = torch.tensor([float(key) for key in keys]).numpy()
    ...         return numbers, numbers * epoch, numbers > 0
    >>> for inputs, target, scored in batches_of(Numbers(), [(0, ["3"]), (2, ["0", "1"])], Machine()):
    ...     print(inputs.tolist(), target.tolist(), scored.tolist())
    [3.0] [0.0] [True]
    [0.0, 1.0] [0.0, 2.0] [False, True]
    """
    device = torch.device(machine.device)
    loaded = DataLoader(
        _Requested(loader),
        batch_size=None,
        sampler=requests,
        num_workers=machine.n_workers,
        prefetch_factor=PREFETCHED if machine.n_workers else None,
        pin_memory=device.type == "cuda",
        # without one of its own, every new iterator draws from the generator that all share
        generator=torch.Generator(),
    )
    for batch in loaded:
        if isinstance(batch, EntropiceError):
            raise batch
        inputs, target, scored = (tensor.to(device, non_blocking=True) for tensor in batch)
        yield inputs, target, scored
