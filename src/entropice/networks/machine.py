"""On what and how a network is computed."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any, Final

import torch

from entropice.errors import ConfigError

PRECISIONS: Final[dict[str, torch.dtype | None]] = {"fp32": None, "bf16": torch.bfloat16, "fp16": torch.float16}
"""What products are computed in, by name; None where nothing is cast."""

AUTOMATIC: Final = "auto"
"""In place of a device: a GPU where there is one."""


def device_named(name: str) -> str:
    """The device that a name stands for, as torch names it.

    `AUTOMATIC` is ``cuda`` where torch finds a GPU, else ``cpu``; any other name is given back, known to torch or not.

    Examples
    --------
    >>> device_named("cuda:1")
    'cuda:1'
    """
    if name != AUTOMATIC:
        return name
    return "cuda" if torch.cuda.is_available() else "cpu"


@dataclass(frozen=True)
class Machine:
    """Where and how training and prediction run. Other values give other bits, all but `n_workers`.

    Attributes
    ----------
    device
        As torch names it: ``cpu``, ``cuda``, ``cuda:1``. A name that it does not know is refused where it is first used
        (RuntimeError, of torch).
    precision
        Name of `PRECISIONS`.
    n_threads
        Of the processor's arithmetic.
    n_workers
        Processes that load batches ahead; 0 loads them where they are used.
    is_deterministic
        Whether only algorithms that give the same bits each time are allowed, as the records of a run promise; a search
        that throws its networks away may do without, which is faster on a GPU.

    Raises
    ------
    ConfigError
        The precision is not known, or is fp16 on a processor; threads are below 1 or workers below 0.
    """

    device: str = "cpu"
    precision: str = "fp32"
    n_threads: int = 1
    n_workers: int = 0
    is_deterministic: bool = True

    def __post_init__(self) -> None:
        if self.precision not in PRECISIONS:
            raise ConfigError(
                "There is no such precision.", field="precision", got=self.precision, expected=", ".join(PRECISIONS)
            )
        if self.precision == "fp16" and self.is_on_processor:
            raise ConfigError(
                "fp16 needs a GPU: a processor's half precision has no range for gradients and no gain in speed.",
                field="precision",
                got="fp16 on cpu",
                expected="fp32 or bf16",
            )
        if self.n_threads < 1 or self.n_workers < 0:
            raise ConfigError(
                "Threads are 1 or more, workers 0 or more.",
                field="n_threads, n_workers",
                got=(self.n_threads, self.n_workers),
            )

    @property
    def is_on_processor(self) -> bool:
        """Whether no accelerator computes."""
        return torch.device(self.device).type == "cpu"

    @property
    def casting(self) -> AbstractContextManager[Any]:
        """A context in which a network computes, torch's autocast, made anew every time; does nothing with fp32."""
        dtype = PRECISIONS[self.precision]
        if dtype is None:
            return nullcontext()
        return torch.autocast(torch.device(self.device).type, dtype=dtype)

    def record(self) -> dict[str, Any]:
        """All that a result's bits depend on: the kind of device, and which of them is not asked.

        The keys are ``device`` (``cpu``, ``cuda``), ``computed_by`` (the GPU's name, or the processor's instructions
        such as AVX2), ``precision``, ``n_threads``, ``is_deterministic`` and ``torch_version``; `n_workers` changes no
        bits.
        """
        return {
            "device": torch.device(self.device).type,
            "computed_by": _computed_by(torch.device(self.device)),
            "precision": self.precision,
            "n_threads": self.n_threads,
            "is_deterministic": self.is_deterministic,
            "torch_version": torch.__version__,
        }


def _computed_by(device: torch.device) -> str:
    """The GPU's name, or the instructions that the processor is used with: others sum in another order."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return torch.backends.cpu.get_cpu_capability()


def best_precision(device: str) -> str:
    """The fastest precision that a device computes natively and that needs no care: bf16, or else fp32.

    bf16 on GPUs that have it in hardware; fp16, which needs scaled gradients, is never named.
    """
    kind = torch.device(device).type
    return "bf16" if kind == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False) else "fp32"


@contextmanager
def computing(machine: Machine) -> Iterator[None]:
    """Compute as a machine says; afterwards torch is set as it was before.

    What is set: threads, whether only deterministic algorithms are allowed, and cuDNN's choice among its own. The
    environment variable CUBLAS_WORKSPACE_CONFIG is set once, where it is not, and stays.

    Examples
    --------
    >>> before = torch.are_deterministic_algorithms_enabled()
    >>> with computing(Machine(is_deterministic=True)):
    ...     torch.are_deterministic_algorithms_enabled(), torch.get_num_threads()
    (True, 1)
    >>> torch.are_deterministic_algorithms_enabled() == before
    True
    """
    before = (
        torch.get_num_threads(),
        torch.are_deterministic_algorithms_enabled(),
        torch.backends.cudnn.deterministic,
        torch.backends.cudnn.benchmark,
    )
    if machine.is_deterministic:
        # read when the first product runs on a GPU; without it torch refuses those that may differ
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    try:
        _set(machine.n_threads, machine.is_deterministic, machine.is_deterministic, not machine.is_deterministic)
        yield
    finally:
        _set(*before)


def _set(n_threads: int, is_deterministic: bool, is_cudnn_deterministic: bool, is_benchmarked: bool) -> None:
    torch.set_num_threads(n_threads)
    torch.use_deterministic_algorithms(is_deterministic)
    torch.backends.cudnn.deterministic = is_cudnn_deterministic
    torch.backends.cudnn.benchmark = is_benchmarked
